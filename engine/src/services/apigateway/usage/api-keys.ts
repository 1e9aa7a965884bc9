import { createHash } from 'node:crypto';
import type { ApiKey } from '@aws-sdk/client-api-gateway';
import { type Call, notImplemented, type Operation } from '../../../kernel';
import { badRequest, conflict, notFound, requireApi } from '../errors';
import { page } from '../pages';
import { type Patch, patches } from '../patch';
import { wholeSeconds } from '../rest-apis/rest-apis';
import { tables } from '../store';
import { type ApiKeyRecord, usageCollections } from './store';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html: 20 to 128 characters. */
const VALUE_LENGTH = { shortest: 20, longest: 128, generated: 40 };
const LONGEST_DESCRIPTION = 125_000;

export const digestOf = (value: string): string => createHash('sha256').update(value).digest('hex');

export function requireKey(call: Call, id: string | undefined): ApiKeyRecord {
  const key = usageCollections(call.store).keys.get(id ?? '');
  if (!key) throw notFound('Invalid API Key identifier specified');
  return key;
}

/** A key as it is shown: its value only to who asks for it, its tags always. */
function shown({ value, ...key }: ApiKeyRecord, withValue: boolean | undefined): ApiKey {
  return { ...key, ...(withValue ? { value } : {}), tags: key.tags ?? {} };
}

function checkValue(call: Call, value: string): void {
  if (value.length < VALUE_LENGTH.shortest)
    throw badRequest(`API Key value should be at least ${VALUE_LENGTH.shortest} characters`);
  if (value.length > VALUE_LENGTH.longest)
    throw badRequest(`API Key value should be at most ${VALUE_LENGTH.longest} characters`);
  if (usageCollections(call.store).keyOfValue.has(digestOf(value))) throw conflict('API Key already exists');
}

function checkDescription(description: string | undefined): void {
  if ((description?.length ?? 0) > LONGEST_DESCRIPTION)
    throw badRequest('Invalid API Key description specified.');
}

interface NewKey {
  name?: string | undefined;
  description?: string | undefined;
  enabled?: boolean | undefined;
  value?: string | undefined;
  customerId?: string | undefined;
  tags?: Record<string, string> | undefined;
  generateDistinctId?: boolean | undefined;
  stageKeys?: readonly { restApiId?: string | undefined; stageName?: string | undefined }[] | undefined;
}

/**
 * From before usage plans, where a key opened stages by itself. It opens nothing any more, but is shown.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html#apigw-CreateApiKey-request-stageKeys
 */
function stagesOf(call: Call, given: NewKey['stageKeys']): string[] {
  return (given ?? []).map(({ restApiId = '', stageName = '' }) => {
    requireApi(call, restApiId);
    if (!tables(call).stages.has([restApiId, stageName]))
      throw notFound('Invalid stage identifier specified');
    return `${restApiId}/${stageName}`;
  });
}

export function makeKey(call: Call, input: NewKey): ApiKeyRecord {
  checkDescription(input.description);
  const value = input.value ?? call.ids.of(ALPHABET, VALUE_LENGTH.generated);
  checkValue(call, value);
  const { keys, keyOfValue } = usageCollections(call.store);
  const now = wholeSeconds(call);
  const key: ApiKeyRecord = {
    // https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html#apigw-CreateApiKey-request-generateDistinctId
    id: input.generateDistinctId === false ? value : call.ids.lower(10),
    value,
    name: input.name,
    customerId: input.customerId,
    description: input.description,
    enabled: input.enabled ?? false,
    createdDate: now,
    lastUpdatedDate: now,
    stageKeys: stagesOf(call, input.stageKeys),
    ...(input.tags && Object.keys(input.tags).length > 0 ? { tags: input.tags } : {}),
  };
  call.store.transaction(() => {
    keys.put(key.id, key);
    keyOfValue.put(digestOf(value), key.id);
  });
  return key;
}

export const createApiKey: Operation<'apigateway', 'CreateApiKey'> = (input, call) => makeKey(call, input);

export const getApiKey: Operation<'apigateway', 'GetApiKey'> = (input, call) =>
  shown(requireKey(call, input.apiKey), input.includeValue);

export const getApiKeys: Operation<'apigateway', 'GetApiKeys'> = (input, call) => {
  const chosen = [...usageCollections(call.store).keys.values()].filter(
    (key) =>
      (input.nameQuery === undefined || key.name?.startsWith(input.nameQuery)) &&
      (input.customerId === undefined || key.customerId === input.customerId),
  );
  const { items, position } = page(chosen, (key) => key.id, input);
  return { items: items.map((key) => shown(key, input.includeValues)), position };
};

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateApiKey-Patch */
const PATHS = ['/name', '/description', '/enabled', '/customerId', '/labels', '/stages'];

export const updateApiKey: Operation<'apigateway', 'UpdateApiKey'> = (input, call) => {
  const key = { ...requireKey(call, input.apiKey) };
  for (const patch of patches(input.patchOperations)) apply(key, patch);
  key.lastUpdatedDate = wholeSeconds(call);
  usageCollections(call.store).keys.put(key.id, key);
  return shown(key, false);
};

function apply(key: ApiKeyRecord, { op, path, value = '' }: Patch): void {
  if (!PATHS.includes(path) || op !== 'replace') {
    const what = PATHS.includes(path)
      ? 'Please choose supported operations'
      : `Must be one of: [${PATHS.join(', ')}]`;
    throw badRequest(`Invalid patch path  '${path}' specified for op '${op}'. ${what}`);
  }
  if (path === '/name') key.name = value;
  else if (path === '/enabled') key.enabled = value.toLowerCase() === 'true';
  else if (path === '/customerId') key.customerId = value;
  else if (path === '/description') {
    checkDescription(value);
    key.description = value;
  } else throw notImplemented(`API Gateway UpdateApiKey ${path} (use a usage plan)`);
}

export const deleteApiKey: Operation<'apigateway', 'DeleteApiKey'> = (input, call) => {
  const key = requireKey(call, input.apiKey);
  const { keys, keyOfValue, planKeys, plansOfKey } = usageCollections(call.store);
  call.store.transaction(() => {
    for (const planId of plansOfKey.values({ prefix: key.id })) planKeys.remove([planId, key.id]);
    plansOfKey.clear({ prefix: key.id });
    keyOfValue.remove(digestOf(key.value));
    keys.remove(key.id);
  });
  return {};
};
