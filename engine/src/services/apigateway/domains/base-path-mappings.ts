import type { BasePathMapping } from '@aws-sdk/client-api-gateway';
import type { Call, Operation } from '../../../kernel';
import { badRequest, conflict, notFound } from '../errors';
import { page } from '../pages';
import { invalidOperation, invalidPath, patches } from '../patch';
import {
  createPrivateMapping,
  deletePrivateMapping,
  getPrivateMapping,
  getPrivateMappings,
  updatePrivateMapping,
} from '../private-domains/mappings';
import { tables } from '../store';
import { checkKey, keyOf, NONE } from './base-path';
import { mappingsOf, ofDomains } from './shared';

interface Shown {
  ApiMappingKey?: string | undefined;
  ApiId?: string | undefined;
  Stage?: string | undefined;
}

const shown = (mapping: Shown): BasePathMapping => ({
  basePath: mapping.ApiMappingKey || NONE,
  restApiId: mapping.ApiId,
  stage: mapping.Stage || undefined,
});

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateBasePathMapping.html#apigw-CreateBasePathMapping-request-stage */
function checkTarget(call: Call, restApiId: string | undefined, stage: string): void {
  const { apis, stages } = tables(call);
  if (!apis.has(restApiId ?? '')) throw badRequest('Invalid REST API identifier specified');
  if (stage !== '' && !stages.has([restApiId ?? '', stage]))
    throw badRequest('Invalid stage identifier specified');
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
  if (input.domainNameId !== undefined) return createPrivateMapping(call, input);
  const key = keyOf(input.basePath);
  checkKey(key);
  await checkFree(call, input.domainName, key);
  // Without a stage callers name it behind the base path.
  const stage = keyOf(input.stage);
  checkTarget(call, input.restApiId, stage);
  const made = await ofDomains(call, 'CreateApiMapping', {
    DomainName: input.domainName,
    ApiId: input.restApiId,
    Stage: stage,
    ApiMappingKey: key,
  });
  return shown(made);
};

export const getBasePathMapping: Operation<'apigateway', 'GetBasePathMapping'> = async (input, call) =>
  input.domainNameId !== undefined
    ? getPrivateMapping(call, input)
    : shown(await requireMapping(call, input.domainName, input.basePath));

export const getBasePathMappings: Operation<'apigateway', 'GetBasePathMappings'> = async (input, call) => {
  if (input.domainNameId !== undefined) return getPrivateMappings(call, input);
  const all = (await mappingsOf(call, input.domainName)).map(shown);
  return page(all, (mapping) => mapping.basePath ?? '', input);
};

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateBasePathMapping-Patch */
export const updateBasePathMapping: Operation<'apigateway', 'UpdateBasePathMapping'> = async (
  input,
  call,
) => {
  if (input.domainNameId !== undefined) return updatePrivateMapping(call, input);
  const mapping = await requireMapping(call, input.domainName, input.basePath);
  const updated = { ...mapping };
  for (const { op, path, value } of patches(input.patchOperations)) {
    if (op !== 'replace') throw invalidOperation(['replace']);
    if (path === '/basePath') updated.ApiMappingKey = keyOf(value);
    else if (path === '/restapiId' || path === '/restApiId') updated.ApiId = value;
    else if (path === '/stage') updated.Stage = keyOf(value);
    else throw invalidPath(path);
  }
  const key = updated.ApiMappingKey ?? '';
  if (key !== (mapping.ApiMappingKey ?? '')) {
    checkKey(key);
    await checkFree(call, input.domainName, key);
  }
  checkTarget(call, updated.ApiId, updated.Stage ?? '');
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
  if (input.domainNameId !== undefined) return deletePrivateMapping(call, input);
  const { ApiMappingId } = await requireMapping(call, input.domainName, input.basePath);
  await ofDomains(call, 'DeleteApiMapping', { DomainName: input.domainName, ApiMappingId });
  return {};
};
