import { Decided } from '../../identity/decisions/decided';
import { Context, type Decision, decide, PolicyCache } from '../../identity/policies';
import type { AwsError, Call } from '../../kernel';
import { accessDenied } from './errors';
import { inputKeys } from './permissions/input-keys';
import { requestKeys } from './permissions/request-keys';
import { isPublicPolicy } from './public-policy';
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

/** Holds a request without a signature against the bucket's policy and ACLs. */
export function checkAnonymous(call: Call, bucket: Bucket, asked: AskedOf): void {
  const base = ACTIONS[call.operation];
  if (base === undefined) throw accessDenied();
  const action = asked.VersionId && /Object$/.test(base) ? `${base}Version` : base;
  const arn = `arn:aws:s3:::${bucket.name}`;
  const byPolicy = (what: string, resource: string) => verdict(call, bucket, what, resource, asked);
  const resource = asked.Key === undefined ? arn : `${arn}/${asked.Key}`;
  const outcome = byPolicy(action, resource);
  const object =
    asked.Key === undefined ? undefined : stateOf(call).objects.get(objectKey(bucket.name, asked.Key));
  if (outcome === 'deny' || (outcome !== 'allow' && !aclAllows(bucket, object, action)))
    throw refused(call, bucket, action, resource, asked);
  // Who may not list a bucket is not told which keys are missing.
  if (base !== 's3:GetObject' || (object && !object.deleteMarker)) return;
  if (byPolicy('s3:ListBucket', arn) !== 'allow' && !aclAllows(bucket, undefined, 's3:ListBucket')) {
    throw refused(call, bucket, 's3:ListBucket', arn, asked);
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

/** What the bucket's policy says of strangers. */
function verdict(
  call: Call,
  bucket: Bucket,
  action: string,
  resource: string,
  asked: AskedOf,
): 'allow' | 'deny' | undefined {
  if (bucket.policy === undefined) return undefined;
  const { request, layers, side } = question(call, bucket, action, resource, asked);
  const decision = decide(request, layers, side);
  if (decision.allowed) {
    const restricted = bucket.publicAccessBlock?.RestrictPublicBuckets === true && isPublicPolicy(bucket);
    return restricted ? undefined : 'allow';
  }
  return 'explicit' in decision ? 'deny' : undefined;
}

function question(call: Call, bucket: Bucket, action: string, resource: string, asked: AskedOf) {
  const policies = call.memo('s3.policies', () => new PolicyCache());
  const { policy, name, account } = bucket;
  return {
    request: { caller: call.principal, action, resource, context: contextOf(call, asked) },
    layers: {
      identity: [],
      ...(policy === undefined ? {} : { resource: policies.get(name, 'resource', policy) }),
    },
    side: { account, policy: 'sufficient' as const },
  };
}

/** A stranger is told nothing; whose bucket it is may ask why. */
function refused(call: Call, bucket: Bucket, action: string, resource: string, asked: AskedOf): AwsError {
  const asking = question(call, bucket, action, resource, asked);
  const byPolicy = decide(asking.request, asking.layers, asking.side);
  const decision: Decision = byPolicy.allowed ? { allowed: false, missing: 'resource' } : byPolicy;
  call.parts.events.emit(new Decided(call, { ...asking, at: call.clock.millis(), decision, audit: false }));
  return accessDenied();
}

/** What a stranger's request tells; keys of a caller's identity it has none. */
function contextOf(call: Call, asked: AskedOf): Context {
  const { http, clock } = call;
  const context = new Context()
    .set('aws:PrincipalType', 'Anonymous')
    .set('aws:userid', 'anonymous')
    .set('aws:PrincipalIsAWSService', 'false')
    .set('aws:ViaAWSService', 'false')
    .set('aws:RequestedRegion', call.region)
    .set('aws:CurrentTime', () => [clock.now().toISOString()])
    .set('aws:EpochTime', () => [String(Math.floor(clock.millis() / 1000))])
    .set('aws:SecureTransport', String(http?.secure ?? true))
    .set('aws:SourceIp', http?.sourceIp)
    .set('aws:UserAgent', http?.headers['user-agent'])
    .set('aws:Referer', http?.headers.referer);
  const keys = { ...requestKeys(call), ...inputKeys(asked), 's3:VersionId': asked.VersionId };
  for (const [key, value] of Object.entries(keys)) context.set(key, value);
  return context.set('s3:authType', undefined).set('s3:signatureversion', undefined);
}
