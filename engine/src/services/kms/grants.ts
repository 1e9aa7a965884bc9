import { AwsError, type Call, isAwsError, type Operation } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { checkState, findKeyById } from './find-key';
import {
  type Grant,
  invalidMarker,
  type Key,
  keyArn,
  notFound,
  refuseDryRun,
  stateOf,
  validation,
} from './store';

type CreateInput = Parameters<typeof createGrant>[0];

/** https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
export const createGrant: Operation<'kms', 'CreateGrant'> = async (input, call) => {
  const key = findKeyById(call, input.KeyId!);
  checkState(call, key);
  checkConstraints(key, input);
  for (const principal of [input.GranteePrincipal, input.RetiringPrincipal]) {
    if (principal !== undefined) await checkPrincipal(call, principal);
  }
  refuseDryRun(input.DryRun);
  const { grants } = stateOf(call);
  const grant: Grant = {
    id: call.ids.hex(64),
    key: key.id,
    token: Buffer.from(call.ids.hex(128), 'hex').toString('base64'),
    grantee: input.GranteePrincipal!,
    operations: [...input.Operations!],
    created: call.clock.now(),
    issuer: call.principal.arn,
    ...(input.Name === undefined ? {} : { name: input.Name }),
    ...(input.RetiringPrincipal === undefined ? {} : { retiring: input.RetiringPrincipal }),
    ...(input.Constraints === undefined ? {} : { constraints: input.Constraints }),
  };
  // The same request twice is one grant, if it has a name.
  for (const known of input.Name === undefined ? [] : grants.values({ prefix: key.id })) {
    if (whatItGrants(known) === whatItGrants(grant)) return { GrantId: known.id, GrantToken: known.token };
  }
  grants.put([key.id, grant.id], grant);
  return { GrantId: grant.id, GrantToken: grant.token };
};

function whatItGrants({ name, grantee, retiring, operations, constraints }: Grant): string {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset } = constraints ?? {};
  const pairs = [equals, subset].map((context) => Object.entries(context ?? {}).sort());
  return JSON.stringify([name, grantee, retiring, [...operations].sort(), pairs]);
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html */
function checkConstraints(
  key: Key,
  { Constraints: constraints, Operations: operations = [] }: CreateInput,
): void {
  if (operations.every((operation) => operation === 'CreateGrant')) {
    throw validation('Grants must not contain only the CreateGrant operation.');
  }
  if (constraints?.EncryptionContextEquals && constraints.EncryptionContextSubset) {
    throw validation('More than one constraint supplied');
  }
  if (constraints && key.spec !== 'SYMMETRIC_DEFAULT') {
    throw validation('Grant constraints are supported for symmetric encryption keys only.');
  }
}

/** A role or user of the key's account must be there; who is who in another account is not asked. */
async function checkPrincipal(call: Call, principal: string): Promise<void> {
  const invalid = new AwsError(
    'InvalidArnException',
    `ARN does not refer to a valid principal: ${principal}`,
  );
  if (!/^(arn:aws[a-z-]*:(iam|sts)::\d{12}:.+|\d{12}|[a-z0-9.-]+\.amazonaws\.com)$/.test(principal))
    throw invalid;
  const [, account, kind, path = ''] =
    /^arn:[^:]+:(?:iam|sts)::(\d{12}):([a-z-]+)\/(.+)$/.exec(principal) ?? [];
  if (account !== call.account) return;
  const parts = path.split('/');
  const as = call.parts.identity.servicePrincipal('kms.amazonaws.com', call.account);
  try {
    if (kind === 'user') await call.invoke('iam', 'GetUser', { UserName: parts.at(-1) }, { as });
    if (kind === 'role') await call.invoke('iam', 'GetRole', { RoleName: parts.at(-1) }, { as });
    if (kind === 'assumed-role') await call.invoke('iam', 'GetRole', { RoleName: parts[0] }, { as });
  } catch (error) {
    if (isAwsError(error, 'NoSuchEntity', 'NoSuchEntityException', 'ValidationError')) throw invalid;
    throw error;
  }
}

function show(call: Call, grant: Grant) {
  return {
    KeyId: keyArn(call, grant.key),
    GrantId: grant.id,
    Name: grant.name ?? '',
    CreationDate: grant.created,
    GranteePrincipal: grant.grantee,
    ...(grant.retiring === undefined ? {} : { RetiringPrincipal: grant.retiring }),
    IssuingAccount: `arn:aws:iam::${call.account}:root`,
    Operations: grant.operations as 'Decrypt'[],
    ...(grant.constraints === undefined ? {} : { Constraints: grant.constraints }),
  };
}

export const listGrants: Operation<'kms', 'ListGrants'> = (input, call) => {
  const key = findKeyById(call, input.KeyId!);
  const { items, next } = pageOf(stateOf(call).grants, {
    prefix: key.id,
    limit: input.Limit ?? 50,
    token: input.Marker,
    invalidToken: invalidMarker,
    keep: (grant) =>
      (input.GrantId === undefined || grant.id === input.GrantId) &&
      (input.GranteePrincipal === undefined || grant.grantee === input.GranteePrincipal),
  });
  return {
    Grants: items.map((grant) => show(call, grant)),
    Truncated: next !== undefined,
    ...(next === undefined ? {} : { NextMarker: next }),
  };
};

export const listRetirableGrants: Operation<'kms', 'ListRetirableGrants'> = (input, call) => {
  const { items, next } = pageOf(stateOf(call).grants, {
    limit: input.Limit ?? 50,
    token: input.Marker,
    invalidToken: invalidMarker,
    keep: (grant) => grant.retiring === input.RetiringPrincipal,
  });
  return {
    Grants: items.map((grant) => show(call, grant)),
    Truncated: next !== undefined,
    ...(next === undefined ? {} : { NextMarker: next }),
  };
};

export const revokeGrant: Operation<'kms', 'RevokeGrant'> = (input, call) => {
  const key = findKeyById(call, input.KeyId!);
  if (!stateOf(call).grants.has([key.id, input.GrantId!])) {
    throw notFound(`Grant ID ${input.GrantId} not found`);
  }
  refuseDryRun(input.DryRun);
  stateOf(call).grants.remove([key.id, input.GrantId!]);
  return {};
};

export const retireGrant: Operation<'kms', 'RetireGrant'> = (input, call) => {
  const { grants } = stateOf(call);
  const key = input.KeyId === undefined ? undefined : findKeyById(call, input.KeyId);
  for (const grant of grants.values(key ? { prefix: key.id } : {})) {
    const meant =
      input.GrantToken === undefined ? grant.id === input.GrantId : grant.token === input.GrantToken;
    if (!meant) continue;
    refuseDryRun(input.DryRun);
    grants.remove([grant.key, grant.id]);
    return {};
  }
  if (input.GrantToken !== undefined) throw new AwsError('InvalidGrantTokenException', '');
  throw notFound(`Grant ID ${input.GrantId} not found`);
};
