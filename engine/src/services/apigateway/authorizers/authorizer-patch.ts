import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { badRequest } from '../errors';
import { invalidOperation, invalidPath, type Patch, patches } from '../patch';
import type { AuthorizerRecord } from '../store';

const TEXTS = [
  'authType',
  'authorizerCredentials',
  'authorizerUri',
  'identitySource',
  'identityValidationExpression',
  'name',
] as const;

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateAuthorizer-Patch */
export function patchAuthorizer(
  authorizer: AuthorizerRecord,
  operations: readonly PatchOperation[] | undefined,
): void {
  for (const patch of patches(operations)) apply(authorizer, patch);
}

function apply(authorizer: AuthorizerRecord, patch: Patch): void {
  const [name = ''] = patch.parts;
  if (patch.parts.length !== 1) throw invalidPath(patch.path);
  if (name === 'providerARNs') {
    patchProviders(authorizer, patch);
    return;
  }
  const text = TEXTS.find((one) => one === name);
  if (!text && name !== 'authorizerResultTtlInSeconds' && name !== 'type') throw invalidPath(patch.path);
  if (patch.op !== 'replace') throw invalidOperation(['replace']);
  if (text === 'name') authorizer.name = patch.value ?? '';
  else if (text) authorizer[text] = patch.value || undefined;
  else if (name === 'type') authorizer.type = typeOf(patch.value);
  else authorizer.authorizerResultTtlInSeconds = Number(patch.value || Number.NaN);
}

function typeOf(value: string | undefined) {
  if (value === 'TOKEN' || value === 'REQUEST' || value === 'COGNITO_USER_POOLS') return value;
  throw badRequest('Invalid authorizer type specified. Must be one of: [TOKEN, REQUEST, COGNITO_USER_POOLS]');
}

/** One pool's ARN at a time. */
function patchProviders(authorizer: AuthorizerRecord, { op, value = '' }: Patch): void {
  const others = (authorizer.providerARNs ?? []).filter((one) => one !== value);
  if (op === 'add') authorizer.providerARNs = [...others, value];
  else if (op === 'remove') authorizer.providerARNs = others;
  else throw invalidOperation(['add', 'remove']);
}
