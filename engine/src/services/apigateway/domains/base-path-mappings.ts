import type { BasePathMapping } from '@aws-sdk/client-api-gateway';
import { type Call, notImplemented, type Operation } from '../../../kernel';
import { badRequest, conflict, notFound } from '../errors';
import { page } from '../pages';
import { invalidOperation, invalidPath, patches } from '../patch';
import { tables } from '../store';
import { mappingsOf, ofDomains } from './shared';

/** What stands for no base path at all. */
const NONE = '(none)';

interface Shown {
  ApiMappingKey?: string | undefined;
  ApiId?: string | undefined;
  Stage?: string | undefined;
}

const shown = (mapping: Shown): BasePathMapping => ({
  basePath: mapping.ApiMappingKey || NONE,
  restApiId: mapping.ApiId,
  stage: mapping.Stage,
});

const keyOf = (basePath: string | undefined): string => (basePath === NONE ? '' : (basePath ?? ''));

function checkKey(key: string): void {
  if (key.includes('/')) {
    throw badRequest(
      "API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2.",
    );
  }
}

function checkTarget(call: Call, restApiId: string | undefined, stage: string | undefined): void {
  const { apis, stages } = tables(call);
  if (!apis.has(restApiId ?? '')) throw badRequest('Invalid REST API identifier specified');
  if (!stage) throw notImplemented('API Gateway base path mappings without a stage');
  if (!stages.has([restApiId ?? '', stage])) throw badRequest('Invalid stage identifier specified');
}

async function requireMapping(call: Call, domainName: string | undefined, basePath: string | undefined) {
  const key = keyOf(basePath);
  const mapping = (await mappingsOf(call, domainName)).find((one) => (one.ApiMappingKey ?? '') === key);
  if (!mapping) throw notFound('Invalid base path mapping identifier specified');
  return mapping;
}

async function checkFree(call: Call, domainName: string | undefined, key: string): Promise<void> {
  const taken = (await mappingsOf(call, domainName)).some((one) => (one.ApiMappingKey ?? '') === key);
  if (taken) throw conflict('Base path already exists for this domain name');
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateBasePathMapping.html */
export const createBasePathMapping: Operation<'apigateway', 'CreateBasePathMapping'> = async (
  input,
  call,
) => {
  const key = keyOf(input.basePath);
  checkKey(key);
  await checkFree(call, input.domainName, key);
  checkTarget(call, input.restApiId, input.stage);
  const made = await ofDomains(call, 'CreateApiMapping', {
    DomainName: input.domainName,
    ApiId: input.restApiId,
    Stage: input.stage,
    ApiMappingKey: key,
  });
  return shown(made);
};

export const getBasePathMapping: Operation<'apigateway', 'GetBasePathMapping'> = async (input, call) =>
  shown(await requireMapping(call, input.domainName, input.basePath));

export const getBasePathMappings: Operation<'apigateway', 'GetBasePathMappings'> = async (input, call) => {
  const all = (await mappingsOf(call, input.domainName)).map(shown);
  return page(all, (mapping) => mapping.basePath ?? '', input);
};

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateBasePathMapping-Patch */
export const updateBasePathMapping: Operation<'apigateway', 'UpdateBasePathMapping'> = async (
  input,
  call,
) => {
  const mapping = await requireMapping(call, input.domainName, input.basePath);
  const updated = { ...mapping };
  for (const { op, path, value } of patches(input.patchOperations)) {
    if (op !== 'replace') throw invalidOperation(['replace']);
    if (path === '/basePath') updated.ApiMappingKey = keyOf(value);
    else if (path === '/restapiId' || path === '/restApiId') updated.ApiId = value;
    else if (path === '/stage') updated.Stage = value;
    else throw invalidPath(path);
  }
  const key = updated.ApiMappingKey ?? '';
  if (key !== (mapping.ApiMappingKey ?? '')) {
    checkKey(key);
    await checkFree(call, input.domainName, key);
  }
  checkTarget(call, updated.ApiId, updated.Stage);
  const made = await ofDomains(call, 'UpdateApiMapping', {
    DomainName: input.domainName,
    ApiMappingId: mapping.ApiMappingId,
    ApiId: updated.ApiId,
    Stage: updated.Stage,
    ApiMappingKey: key,
  });
  return shown(made);
};

export const deleteBasePathMapping: Operation<'apigateway', 'DeleteBasePathMapping'> = async (
  input,
  call,
) => {
  const { ApiMappingId } = await requireMapping(call, input.domainName, input.basePath);
  await ofDomains(call, 'DeleteApiMapping', { DomainName: input.domainName, ApiMappingId });
  return {};
};
