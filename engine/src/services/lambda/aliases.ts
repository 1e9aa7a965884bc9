import type { AliasConfiguration } from '@aws-sdk/client-lambda';
import type { Call, Operation } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { conflict, invalid, notFound, preconditionFailed } from './errors';
import { functionArn, requireFunction } from './names';
import { type Alias, lambdaStore, versionKey } from './store';

function presented(functionName: string, alias: Alias, call: Call): AliasConfiguration {
  return {
    AliasArn: functionArn(call, functionName, alias.name),
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description,
    ...(alias.weights ? { RoutingConfig: { AdditionalVersionWeights: alias.weights } } : {}),
    RevisionId: alias.revisionId,
  };
}

function checkVersion(functionName: string, version: string, call: Call): void {
  if (!lambdaStore(call.store).versions.has(versionKey(functionName, version))) {
    throw notFound(`Function not found: ${functionArn(call, functionName, version)}`);
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html */
function checkWeights(
  functionName: string,
  version: string,
  weights: Record<string, number> | undefined,
  call: Call,
): Record<string, number> | undefined {
  const entries = Object.entries(weights ?? {});
  if (entries.length === 0) return undefined;
  if (entries.length > 1)
    throw invalid('Number of items in AdditionalVersionWeights cannot be greater than 1');
  const [[other, weight]] = entries as [[string, number]];
  if (weight < 0 || weight > 1) throw invalid('Weights must be between 0 and 1.');
  if (version === '$LATEST' || other === '$LATEST') {
    throw invalid('$LATEST is not supported for an alias pointing to more than 1 version');
  }
  if (other === version) {
    throw invalid(
      `Invalid function version ${other}. Function version ${other} is already included in routing configuration.`,
    );
  }
  checkVersion(functionName, other, call);
  return weights;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html */
export const createAlias: Operation<'lambda', 'CreateAlias'> = (input, call) => {
  const { name } = requireFunction(input.FunctionName!, call);
  const { aliases } = lambdaStore(call.store);
  checkVersion(name, input.FunctionVersion!, call);
  const weights = checkWeights(
    name,
    input.FunctionVersion!,
    input.RoutingConfig?.AdditionalVersionWeights,
    call,
  );
  if (aliases.has([name, input.Name!])) {
    throw conflict(`Alias already exists: ${functionArn(call, name, input.Name)}`);
  }
  const alias: Alias = {
    name: input.Name!,
    description: input.Description ?? '',
    functionVersion: input.FunctionVersion!,
    ...(weights ? { weights } : {}),
    revisionId: call.ids.uuid(),
  };
  aliases.put([name, alias.name], alias);
  return presented(name, alias, call);
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html */
export const updateAlias: Operation<'lambda', 'UpdateAlias'> = (input, call) => {
  const { name } = requireFunction(input.FunctionName!, call);
  const { aliases } = lambdaStore(call.store);
  const before = aliases.get([name, input.Name!]);
  if (!before) throw notFound(`Alias not found: ${functionArn(call, name, input.Name)}`);
  if (input.RevisionId !== undefined && input.RevisionId !== before.revisionId) {
    throw preconditionFailed('GetFunction/GetAlias');
  }
  const functionVersion = input.FunctionVersion ?? before.functionVersion;
  if (input.FunctionVersion !== undefined) checkVersion(name, input.FunctionVersion, call);
  const wanted = input.RoutingConfig ? (input.RoutingConfig.AdditionalVersionWeights ?? {}) : before.weights;
  const weights = checkWeights(name, functionVersion, wanted, call);
  const alias: Alias = {
    name: before.name,
    description: input.Description ?? before.description,
    functionVersion,
    ...(weights ? { weights } : {}),
    revisionId: call.ids.uuid(),
  };
  aliases.put([name, alias.name], alias);
  return presented(name, alias, call);
};

export const getAlias: Operation<'lambda', 'GetAlias'> = (input, call) => {
  const { name } = requireFunction(input.FunctionName!, call);
  const alias = lambdaStore(call.store).aliases.get([name, input.Name!]);
  if (!alias) throw notFound(`Cannot find alias arn: ${functionArn(call, name, input.Name)}`);
  return presented(name, alias, call);
};

export const listAliases: Operation<'lambda', 'ListAliases'> = (input, call) => {
  const { name } = requireFunction(input.FunctionName!, call);
  const page = pageOf(lambdaStore(call.store).aliases, {
    prefix: [name],
    limit: input.MaxItems ?? 50,
    token: input.Marker,
    keep: (alias) =>
      input.FunctionVersion === undefined ||
      alias.functionVersion === input.FunctionVersion ||
      alias.weights?.[input.FunctionVersion] !== undefined,
    invalidToken: () => invalid('The marker is not valid.'),
  });
  return {
    Aliases: page.items.map((alias) => presented(name, alias, call)),
    ...(page.next === undefined ? {} : { NextMarker: page.next }),
  };
};

/** An alias that is not there is as good as deleted. */
export const deleteAlias: Operation<'lambda', 'DeleteAlias'> = (input, call) => {
  const { name } = requireFunction(input.FunctionName!, call);
  const { aliases, policies, eventInvokeConfigs } = lambdaStore(call.store);
  aliases.remove([name, input.Name!]);
  policies.remove([name, input.Name!]);
  eventInvokeConfigs.remove([name, input.Name!]);
  return {};
};
