import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import type { Call } from '../../../kernel';
import { badRequest } from '../errors';
import { invalidOperation, invalidPath, type Patch, patches } from '../patch';
import type { ApiRecord } from '../store';
import { patchEndpointConfiguration } from './endpoint-configuration';
import { policyFor } from './resource-policy';

const MAX_COMPRESSION = 10_485_760;

export function compressionSize(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > MAX_COMPRESSION) {
    throw badRequest(`Invalid minimum compression size, must be between 0 and ${MAX_COMPRESSION}`);
  }
  return value;
}

const TEXTS = ['name', 'description', 'version'] as const;

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateRestApi-Patch */
export function patchRestApi(
  call: Call,
  api: ApiRecord,
  operations: readonly PatchOperation[] | undefined,
): ApiRecord {
  // A copy already: collections copy what they give.
  const updated = { ...api };
  for (const patch of patches(operations)) apply(call, updated, patch);
  return updated;
}

function apply(call: Call, api: ApiRecord, patch: Patch): void {
  const [first, second] = patch.parts;
  if (first === 'binaryMediaTypes') {
    patchBinaryMediaTypes(api, patch);
    return;
  }
  if (first === 'endpointConfiguration') {
    api.endpointConfiguration = patchEndpointConfiguration(api.endpointConfiguration, patch);
    return;
  }
  if (second !== undefined) throw invalidPath(patch.path);
  const text = TEXTS.find((name) => name === first);
  const known =
    text !== undefined ||
    ['apiKeySource', 'minimumCompressionSize', 'disableExecuteApiEndpoint', 'policy'].includes(first ?? '');
  if (!known) throw invalidPath(patch.path);
  if (text === 'description' && (patch.op === 'add' || patch.op === 'remove')) {
    api.description = patch.op === 'add' ? patch.value : undefined;
    return;
  }
  if (patch.op !== 'replace') throw invalidOperation(['replace']);
  if (text === 'name' && !patch.value) throw badRequest('API name cannot be blank');
  if (text === 'name') api.name = patch.value ?? '';
  else if (text) api[text] = patch.value;
  else if (first === 'policy') api.policy = policyFor(call, api.id, patch.value);
  else if (first === 'minimumCompressionSize') {
    api.minimumCompressionSize = patch.value ? compressionSize(Number(patch.value)) : undefined;
  } else if (first === 'disableExecuteApiEndpoint') api.disableExecuteApiEndpoint = patch.value === 'true';
  else api.apiKeySource = apiKeySource(patch.value);
}

function apiKeySource(value: string | undefined): 'HEADER' | 'AUTHORIZER' {
  if (value !== 'HEADER' && value !== 'AUTHORIZER') {
    throw badRequest('Invalid apiKeySource specified. Must be one of: [HEADER, AUTHORIZER]');
  }
  return value;
}

function patchBinaryMediaTypes(api: ApiRecord, patch: Patch): void {
  const type = patch.parts[1];
  if (type === undefined || patch.parts.length > 2) throw invalidPath(patch.path);
  const types = api.binaryMediaTypes ?? [];
  if (patch.op === 'add') api.binaryMediaTypes = [...types.filter((one) => one !== type), type];
  else if (patch.op === 'remove') api.binaryMediaTypes = types.filter((one) => one !== type);
  else if (patch.op === 'replace') {
    api.binaryMediaTypes = types.map((one) => (one === type ? (patch.value ?? one) : one));
  } else throw invalidOperation(['add', 'remove', 'replace']);
  if (api.binaryMediaTypes.length === 0) api.binaryMediaTypes = undefined;
}
