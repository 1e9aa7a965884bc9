import type { Call } from '../../kernel';
import { type PolicyStatement, parsePolicy } from '../../kernel/policy-document';
import { accessDenied } from './errors';
import type { Bucket, ObjectVersion } from './records';
import { objectKey, stateOf } from './store';

/** What anybody can be let do. All else takes a signature. */
const ACTIONS: Readonly<Record<string, string>> = {
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  DeleteObject: 's3:DeleteObject',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  HeadBucket: 's3:ListBucket',
  GetBucketLocation: 's3:GetBucketLocation',
};

export interface AskedOf {
  Key?: string | undefined;
  VersionId?: string | undefined;
}

/**
 * Holds a request without a signature against the bucket's policy and ACLs. A condition that is not understood
 * here counts against the request.
 */
export function checkAnonymous(call: Call, bucket: Bucket, asked: AskedOf): void {
  const base = ACTIONS[call.operation];
  if (base === undefined) throw accessDenied();
  const action = asked.VersionId && /Object$/.test(base) ? `${base}Version` : base;
  const arn = `arn:aws:s3:::${bucket.name}`;
  const byPolicy = (what: string, resource: string) => verdict(call, bucket, what, resource);
  const resource = asked.Key === undefined ? arn : `${arn}/${asked.Key}`;
  const outcome = byPolicy(action, resource);
  const object =
    asked.Key === undefined ? undefined : stateOf(call).objects.get(objectKey(bucket.name, asked.Key));
  if (outcome === 'deny' || (outcome !== 'allow' && !aclAllows(bucket, object, action))) throw accessDenied();
  // Who may not list a bucket is not told which keys are missing.
  if (base !== 's3:GetObject' || (object && !object.deleteMarker)) return;
  if (byPolicy('s3:ListBucket', arn) !== 'allow' && !aclAllows(bucket, undefined, 's3:ListBucket')) {
    throw accessDenied();
  }
}

function aclAllows(bucket: Bucket, object: ObjectVersion | undefined, action: string): boolean {
  if (bucket.publicAccessBlock?.IgnorePublicAcls || bucket.ownership === 'BucketOwnerEnforced') return false;
  const grants = action.startsWith('s3:GetObject') ? (object?.acl ?? []) : bucket.acl;
  const needed = /^s3:(Put|Delete)Object/.test(action) ? 'WRITE' : 'READ';
  return grants.some(
    ({ Grantee, Permission }) =>
      Grantee?.URI === 'http://acs.amazonaws.com/groups/global/AllUsers' &&
      (Permission === needed || Permission === 'FULL_CONTROL'),
  );
}

function verdict(call: Call, bucket: Bucket, action: string, resource: string): 'allow' | 'deny' | undefined {
  if (bucket.policy === undefined) return undefined;
  let allowed: 'allow' | undefined;
  for (const statement of parsePolicy(bucket.policy, 'resource').Statement) {
    if (!everybody(statement)) continue;
    if (!covers(statement.Action, statement.NotAction, action, true)) continue;
    if (!covers(statement.Resource, statement.NotResource, resource, false)) continue;
    if (!conditionsHold(call, statement)) continue;
    if (statement.Effect === 'Deny') return 'deny';
    if (!bucket.publicAccessBlock?.RestrictPublicBuckets) allowed = 'allow';
  }
  return allowed;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function everybody({ Effect, Principal, NotPrincipal }: PolicyStatement): boolean {
  // Nobody is not among those that NotPrincipal names: a Deny reaches them.
  if (NotPrincipal !== undefined) return Effect === 'Deny';
  if (Principal === '*') return true;
  if (typeof Principal !== 'object' || Principal === null) return false;
  return Object.entries(Principal).some(([type, names]) => type === 'AWS' && listOf(names).includes('*'));
}

function covers(
  patterns: string | string[] | undefined,
  except: string | string[] | undefined,
  text: string,
  anyCase: boolean,
): boolean {
  const matches = (pattern: unknown) =>
    new RegExp(
      `^${String(pattern)
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*/g, '[\\s\\S]*')
        .replace(/\?/g, '[\\s\\S]')}$`,
      anyCase ? 'i' : '',
    ).test(text);
  if (patterns !== undefined) return listOf(patterns).some(matches);
  return except !== undefined && !listOf(except).some(matches);
}

/** Only the one condition that CDK puts on every bucket is weighed; others never let anybody in. */
function conditionsHold(call: Call, { Effect, Condition: condition = {} }: PolicyStatement): boolean {
  return Object.entries(condition).every(([operator, tests]) =>
    Object.entries(tests).every(([key, values]) => {
      if (operator === 'Bool' && key.toLowerCase() === 'aws:securetransport') {
        return listOf(values).includes(String(call.http?.secure ?? true));
      }
      return Effect === 'Deny';
    }),
  );
}
