import type { FunctionUrlConfig } from '@aws-sdk/client-lambda';
import type { Call, Operation } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { conflict, invalid, notFound } from './errors';
import { findVersion, functionArn, isVersionNumber, parseFunctionName } from './names';
import { timestamp } from './present';
import { lambdaStore, type UrlConfig } from './store';

// https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html

interface Located {
  name: string;
  key: [string, string];
  arn: string;
}

/** A URL belongs to a function or an alias, never to a version. */
function locate(text: string, qualifier: string | undefined, call: Call): Located {
  const parsed = parseFunctionName(text, call, qualifier);
  if (parsed.qualifier && (isVersionNumber(parsed.qualifier) || parsed.qualifier === '$LATEST')) {
    throw invalid(
      'Function URLs are supported for the $LATEST version and aliases: name the function or an alias.',
    );
  }
  return {
    name: parsed.name,
    key: [parsed.name, parsed.qualifier ?? ''],
    arn: functionArn(call, parsed.name, parsed.qualifier),
  };
}

function existing(text: string, qualifier: string | undefined, call: Call): Located & { config: UrlConfig } {
  const located = locate(text, qualifier, call);
  const config = lambdaStore(call.store).urls.get(located.key);
  if (!config) throw notFound('The resource you requested does not exist.');
  return { ...located, config };
}

const urlOf = (config: UrlConfig, call: Call) => `https://${config.urlId}.lambda-url.${call.region}.on.aws/`;

function presented(arn: string, config: UrlConfig, call: Call): Omit<FunctionUrlConfig, 'InvokeMode'> {
  return {
    FunctionUrl: urlOf(config, call),
    FunctionArn: arn,
    AuthType: config.authType,
    ...(config.cors ? { Cors: config.cors } : {}),
    CreationTime: config.created,
    LastModifiedTime: config.modified,
  };
}

export const createFunctionUrlConfig: Operation<'lambda', 'CreateFunctionUrlConfig'> = (input, call) => {
  const { name, key, arn } = locate(input.FunctionName!, input.Qualifier, call);
  const store = lambdaStore(call.store);
  const target = key[1] ? { name, qualifier: key[1] } : { name };
  if (!findVersion(store, target)) throw notFound('Function does not exist');
  if (store.urls.has(key)) {
    throw conflict(
      `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    );
  }
  const now = timestamp(call.clock.now());
  const config: UrlConfig = {
    qualifier: key[1],
    urlId: call.ids.lower(32),
    authType: input.AuthType!,
    ...(input.Cors ? { cors: input.Cors } : {}),
    invokeMode: input.InvokeMode ?? 'BUFFERED',
    created: now,
    modified: now,
  };
  store.urls.put(key, config);
  const { LastModifiedTime: _no, CreationTime, ...rest } = presented(arn, config, call);
  return { ...rest, CreationTime, ...(input.InvokeMode ? { InvokeMode: input.InvokeMode } : {}) };
};

export const getFunctionUrlConfig: Operation<'lambda', 'GetFunctionUrlConfig'> = (input, call) => {
  const { arn, config } = existing(input.FunctionName!, input.Qualifier, call);
  return { ...presented(arn, config, call), InvokeMode: config.invokeMode };
};

export const updateFunctionUrlConfig: Operation<'lambda', 'UpdateFunctionUrlConfig'> = (input, call) => {
  const { arn, key, config: before } = existing(input.FunctionName!, input.Qualifier, call);
  const config: UrlConfig = {
    ...before,
    authType: input.AuthType ?? before.authType,
    ...(input.Cors ? { cors: input.Cors } : {}),
    invokeMode: input.InvokeMode ?? before.invokeMode,
    modified: timestamp(call.clock.now()),
  };
  lambdaStore(call.store).urls.put(key, config);
  return { ...presented(arn, config, call), ...(input.InvokeMode ? { InvokeMode: input.InvokeMode } : {}) };
};

export const deleteFunctionUrlConfig: Operation<'lambda', 'DeleteFunctionUrlConfig'> = (input, call) => {
  const { key } = existing(input.FunctionName!, input.Qualifier, call);
  lambdaStore(call.store).urls.remove(key);
  return {};
};

export const listFunctionUrlConfigs: Operation<'lambda', 'ListFunctionUrlConfigs'> = (input, call) => {
  const { name } = parseFunctionName(input.FunctionName!, call);
  const store = lambdaStore(call.store);
  if (!store.functions.has(name)) throw notFound('Function does not exist');
  const page = pageOf(store.urls, {
    prefix: [name],
    limit: input.MaxItems ?? 50,
    token: input.Marker,
    invalidToken: () => invalid('The marker is not valid.'),
  });
  return {
    FunctionUrlConfigs: page.items.map((config) => ({
      ...presented(functionArn(call, name, config.qualifier || undefined), config, call),
      InvokeMode: config.invokeMode,
    })),
    ...(page.next === undefined ? {} : { NextMarker: page.next }),
  } as Awaited<ReturnType<Operation<'lambda', 'ListFunctionUrlConfigs'>>>;
};
