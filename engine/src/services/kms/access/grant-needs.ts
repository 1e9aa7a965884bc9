import type { CreateGrantCommandInput, RetireGrantCommandInput } from '@aws-sdk/client-kms';
import { type Call, type Needed, parseArn } from '../../../kernel';
import { type Grant, stateOf } from '../store';
import { mayRetire } from './grants';
import { contextKeys, onKey } from './key-needs';

export function toCreateGrant(input: CreateGrantCommandInput, call: Call): Needed {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = input.Constraints ?? {};
  return onKey(call, 'CreateGrant', input.KeyId, {
    ...contextKeys(equals ?? subset),
    'kms:GrantConstraintType': equals
      ? 'EncryptionContextEquals'
      : subset
        ? 'EncryptionContextSubset'
        : undefined,
    'kms:GrantOperations': input.Operations,
    'kms:GranteePrincipal': input.GranteePrincipal,
    'kms:RetiringPrincipal': input.RetiringPrincipal,
    'kms:GrantIsForAWSResource': String(call.principal.calledVia !== undefined),
  });
}

/**
 * Whoever a grant lets retire it needs nothing else.
 * https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html
 */
export function toRetireGrant(input: RetireGrantCommandInput, call: Call): Needed | [] {
  const grant = findGrant(input, call);
  if (!grant || mayRetire(call, grant)) return [];
  return onKey(call, 'RetireGrant', grant.key);
}

function findGrant(input: RetireGrantCommandInput, call: Call): Grant | undefined {
  const id = parseArn(input.KeyId ?? '')?.resource.slice('key/'.length) ?? input.KeyId;
  for (const grant of stateOf(call).grants.values(id === undefined ? {} : { prefix: id })) {
    if (input.GrantToken === undefined ? grant.id === input.GrantId : grant.token === input.GrantToken)
      return grant;
  }
  return undefined;
}
