import type { FunctionEventInvokeConfig } from '@aws-sdk/client-lambda';
import { type Call, notImplemented, type Operation, parseArn } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { invalid, notFound } from './errors';
import { findVersion, functionArn, parseFunctionName } from './names';
import { type EventInvokeConfig, lambdaStore } from './store';

type PutInput = Parameters<typeof putFunctionEventInvokeConfig>[0];

/** The key of a configuration, for a function that is there. */
function locate(text: string, qualifier: string | undefined, call: Call): [string, string] {
  const parsed = parseFunctionName(text, call, qualifier);
  if (!findVersion(lambdaStore(call.store), parsed)) throw notFound("The function doesn't exist.");
  return [parsed.name, parsed.qualifier ?? '$LATEST'];
}

function existing(text: string, qualifier: string | undefined, call: Call) {
  const parsed = parseFunctionName(text, call, qualifier);
  const key: [string, string] = [parsed.name, parsed.qualifier ?? '$LATEST'];
  const config = lambdaStore(call.store).eventInvokeConfigs.get(key);
  if (!config) {
    throw notFound(`The function ${functionArn(call, ...key)} doesn't have an EventInvokeConfig`);
  }
  return { key, config };
}

function presented(name: string, config: EventInvokeConfig, call: Call): FunctionEventInvokeConfig {
  return {
    LastModified: config.lastModified,
    FunctionArn: functionArn(call, name, config.qualifier),
    ...(config.maximumRetryAttempts === undefined
      ? {}
      : { MaximumRetryAttempts: config.maximumRetryAttempts }),
    ...(config.maximumEventAge === undefined ? {} : { MaximumEventAgeInSeconds: config.maximumEventAge }),
    DestinationConfig: {
      OnSuccess: config.onSuccess ? { Destination: config.onSuccess } : {},
      OnFailure: config.onFailure ? { Destination: config.onFailure } : {},
    },
  };
}

function checkDestinations(input: PutInput, key: [string, string], call: Call): void {
  const success = input.DestinationConfig?.OnSuccess?.Destination;
  const failure = input.DestinationConfig?.OnFailure?.Destination;
  for (const destination of [success, failure]) {
    if (!destination) continue;
    const arn = parseArn(destination);
    if (arn?.service !== 'lambda') {
      if (arn && ['sqs', 'sns', 'events', 's3'].includes(arn.service)) {
        throw notImplemented(`Lambda destinations in ${arn.service}`);
      }
      const text = (name: string, value: string | undefined) =>
        value ? `${name}(destination=${value})` : 'null';
      throw invalid(
        `The provided destination config DestinationConfig(onSuccess=${text('OnSuccess', success)}, onFailure=${text('OnFailure', failure)}) is invalid.`,
      );
    }
    const [, name = '', qualifier] = arn.resource.split(':');
    if (name === key[0]) throw invalid("You can't specify the function as a destination for itself.");
    if (!findVersion(lambdaStore(call.store), qualifier === undefined ? { name } : { name, qualifier })) {
      throw invalid(`The destination ARN ${destination} is invalid.`);
    }
  }
}

function given(input: PutInput): Partial<EventInvokeConfig> {
  const success = input.DestinationConfig?.OnSuccess?.Destination;
  const failure = input.DestinationConfig?.OnFailure?.Destination;
  return {
    ...(input.MaximumRetryAttempts === undefined ? {} : { maximumRetryAttempts: input.MaximumRetryAttempts }),
    ...(input.MaximumEventAgeInSeconds === undefined
      ? {}
      : { maximumEventAge: input.MaximumEventAgeInSeconds }),
    ...(success ? { onSuccess: success } : {}),
    ...(failure ? { onFailure: failure } : {}),
  };
}

function requireSomething(input: PutInput): void {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
  if (
    MaximumRetryAttempts === undefined &&
    MaximumEventAgeInSeconds === undefined &&
    DestinationConfig === undefined
  ) {
    throw invalid('You must specify at least one of error handling or destination setting.');
  }
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
export const putFunctionEventInvokeConfig: Operation<'lambda', 'PutFunctionEventInvokeConfig'> = (
  input,
  call,
) => {
  requireSomething(input);
  const key = locate(input.FunctionName!, input.Qualifier, call);
  checkDestinations(input, key, call);
  const config: EventInvokeConfig = { qualifier: key[1], lastModified: call.clock.now(), ...given(input) };
  lambdaStore(call.store).eventInvokeConfigs.put(key, config);
  return presented(key[0], config, call);
};

export const updateFunctionEventInvokeConfig: Operation<'lambda', 'UpdateFunctionEventInvokeConfig'> = (
  input,
  call,
) => {
  requireSomething(input);
  const { key, config: before } = existing(input.FunctionName!, input.Qualifier, call);
  checkDestinations(input, key, call);
  const config: EventInvokeConfig = { ...before, lastModified: call.clock.now(), ...given(input) };
  lambdaStore(call.store).eventInvokeConfigs.put(key, config);
  return presented(key[0], config, call);
};

export const getFunctionEventInvokeConfig: Operation<'lambda', 'GetFunctionEventInvokeConfig'> = (
  input,
  call,
) => {
  const { key, config } = existing(input.FunctionName!, input.Qualifier, call);
  return presented(key[0], config, call);
};

export const deleteFunctionEventInvokeConfig: Operation<'lambda', 'DeleteFunctionEventInvokeConfig'> = (
  input,
  call,
) => {
  const { key } = existing(input.FunctionName!, input.Qualifier, call);
  lambdaStore(call.store).eventInvokeConfigs.remove(key);
  return {};
};

export const listFunctionEventInvokeConfigs: Operation<'lambda', 'ListFunctionEventInvokeConfigs'> = (
  input,
  call,
) => {
  const { name } = parseFunctionName(input.FunctionName!, call);
  const store = lambdaStore(call.store);
  if (!store.functions.has(name)) throw notFound("The function doesn't exist.");
  const page = pageOf(store.eventInvokeConfigs, {
    prefix: [name],
    limit: input.MaxItems ?? 50,
    token: input.Marker,
    invalidToken: () => invalid('The marker is not valid.'),
  });
  return {
    FunctionEventInvokeConfigs: page.items.map((config) => presented(name, config, call)),
    ...(page.next === undefined ? {} : { NextMarker: page.next }),
  };
};
