import type { FunctionCodeLocation } from '@aws-sdk/client-lambda';
import type { Call, Operation } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { codeLocation } from './code-location';
import { reservationsChanged } from './concurrency';
import { readable, retireGrants } from './environment';
import { conflict, invalid, notFound } from './errors';
import { functionArn, isVersionNumber, parseFunctionName, requireFunction, resolveFunction } from './names';
import { configuration, listed } from './present';
import { type FunctionVersion, lambdaStore, versionKey } from './store';

function codeOf({ image, codeBlob }: FunctionVersion, call: Call): FunctionCodeLocation {
  if (!image) return { RepositoryType: 'S3', Location: codeLocation(call, codeBlob) };
  return { RepositoryType: 'ECR', ImageUri: image.uri, ResolvedImageUri: image.resolvedUri };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html */
export const getFunction: Operation<'lambda', 'GetFunction'> = async (input, call) => {
  const { version } = resolveFunction(input.FunctionName!, call, input.Qualifier);
  const record = lambdaStore(call.store).functions.get(version.functionName);
  const qualifier = parseFunctionName(input.FunctionName!, call, input.Qualifier).qualifier;
  const tags = record?.tags ?? {};
  const reserved = record?.reservedConcurrency;
  return {
    Configuration: configuration(await readable(version, call), call, qualifier),
    Code: codeOf(version, call),
    ...(Object.keys(tags).length ? { Tags: tags } : {}),
    ...(reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved } }),
  };
};

export const getFunctionConfiguration: Operation<'lambda', 'GetFunctionConfiguration'> = async (
  input,
  call,
) => {
  const { version } = resolveFunction(input.FunctionName!, call, input.Qualifier);
  const { qualifier } = parseFunctionName(input.FunctionName!, call, input.Qualifier);
  return configuration(await readable(version, call), call, qualifier);
};

const allReadable = (versions: readonly FunctionVersion[], call: Call) =>
  Promise.all(versions.map((version) => readable(version, call)));

const badMarker = () => invalid('The marker is not valid.');

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html: 50 a page at most. */
export const listFunctions: Operation<'lambda', 'ListFunctions'> = async (input, call) => {
  const all = input.FunctionVersion === 'ALL';
  const page = pageOf(lambdaStore(call.store).versions, {
    limit: Math.min(input.MaxItems ?? 50, 50),
    token: input.Marker,
    keep: (version) => all || version.version === '$LATEST',
    invalidToken: badMarker,
  });
  return {
    Functions: (await allReadable(page.items, call)).map((version) =>
      listed(version, call, all ? version.version : undefined),
    ),
    ...(page.next === undefined ? {} : { NextMarker: page.next }),
  };
};

export const listVersionsByFunction: Operation<'lambda', 'ListVersionsByFunction'> = async (input, call) => {
  const { name } = requireFunction(input.FunctionName!, call);
  const page = pageOf(lambdaStore(call.store).versions, {
    prefix: [name],
    limit: Math.min(input.MaxItems ?? 50, 50),
    token: input.Marker,
    invalidToken: badMarker,
  });
  return {
    Versions: (await allReadable(page.items, call)).map((version) => listed(version, call, version.version)),
    ...(page.next === undefined ? {} : { NextMarker: page.next }),
  };
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html */
export const deleteFunction: Operation<'lambda', 'DeleteFunction'> = async (input, call) => {
  const store = lambdaStore(call.store);
  const { name, qualifier } = parseFunctionName(input.FunctionName!, call, input.Qualifier);
  const arn = functionArn(call, name);
  if (!store.functions.has(name)) throw notFound(`Function not found: ${arn}`);
  if (qualifier === '$LATEST') {
    throw invalid('$LATEST version cannot be deleted without deleting the function.');
  }
  if (qualifier !== undefined) {
    if (!isVersionNumber(qualifier)) {
      throw invalid('Deletion of aliases is not currently supported.');
    }
    const pointing = [...store.aliases.values({ prefix: [name] })].filter(
      (alias) => alias.functionVersion === qualifier || alias.weights?.[qualifier] !== undefined,
    );
    if (pointing.length) {
      const names = pointing.map((alias) => alias.name).join(', ');
      throw conflict(`Unable to delete version because the following aliases reference it: [${names}]`);
    }
    // A version that is not there is as good as deleted.
    store.versions.remove(versionKey(name, qualifier));
    store.policies.remove([name, qualifier]);
    await call.parts.functions.retire(functionArn(call, name, qualifier));
    return { StatusCode: 204 };
  }
  const versions = [...store.versions.values({ prefix: [name] })];
  const blobs = new Set(versions.filter((version) => !version.image).map((version) => version.codeBlob));
  store.transaction(() => {
    store.functions.remove(name);
    const { versions, aliases, policies, eventInvokeConfigs } = store;
    for (const collection of [versions, aliases, policies, eventInvokeConfigs]) {
      collection.clear({ prefix: [name] });
    }
  });
  reservationsChanged(call);
  await call.parts.functions.retire(arn);
  for (const blob of blobs) await call.parts.blobs.remove(blob);
  await retireGrants(versions, call);
  return { StatusCode: 204 };
};
