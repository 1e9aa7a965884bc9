import { AwsError, type Call, type Operation } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { checkState, findKeyById } from './find-key';
import { type Grant, invalidMarker, keyArn, notFound, refuseDryRun, stateOf } from './store';

/** https://docs.aws.amazon.com/kms/latest/developerguide/grants.html */
export const createGrant: Operation<'kms', 'CreateGrant'> = (input, call) => {
  const key = findKeyById(call, input.KeyId!);
  checkState(call, key);
  for (const principal of [input.GranteePrincipal, input.RetiringPrincipal]) {
    if (principal === undefined) continue;
    const known = /^(arn:aws[a-z-]*:(iam|sts)::\d{12}:.+|\d{12}|[a-z0-9.-]+\.amazonaws\.com)$/.test(
      principal,
    );
    if (!known)
      throw new AwsError('InvalidArnException', `ARN does not refer to a valid principal: ${principal}`);
  }
  refuseDryRun(input.DryRun);
  const { grants } = stateOf(call);
  // The same request twice is one grant, if it has a name.
  if (input.Name !== undefined) {
    for (const grant of grants.values({ prefix: key.id })) {
      if (grant.name === input.Name && grant.grantee === input.GranteePrincipal) {
        return { GrantId: grant.id, GrantToken: grant.token };
      }
    }
  }
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
  grants.put([key.id, grant.id], grant);
  return { GrantId: grant.id, GrantToken: grant.token };
};

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
