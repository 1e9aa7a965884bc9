import type { Call, Needed } from '../../../kernel';
import { bucketArn } from '../access';
import { isPublicPolicy } from '../public-policy';
import type { Bucket, ObjectVersion } from '../records';
import { stateOf } from '../store';
import { currentVersion, findVersion } from '../versions';
import { requestKeys } from './request-keys';

/** Condition keys beyond those of every request to S3. */
export type More = Pick<Needed, 'keys' | 'families' | 'refused'>;

export interface ObjectName {
  Bucket?: string | undefined;
  Key?: string | undefined;
  VersionId?: string | undefined;
}

/** Of a bucket that is not there nothing is needed: S3 says first that it is not. */
export function onBucket(call: Call, name: string | undefined, action: string, more: More = {}): Needed[] {
  const bucket = stateOf(call).buckets.get(name ?? '');
  return bucket ? [need(call, bucket, action, bucketArn(bucket.name), more)] : [];
}

/** `GetObject` is `GetObjectVersion` where a version is named, and so are its kin. */
export function onObject(
  call: Call,
  { Bucket, Key = '', VersionId }: ObjectName,
  action: string,
  more: More = {},
): Needed[] {
  const bucket = stateOf(call).buckets.get(Bucket ?? '');
  if (!bucket) return [];
  const resource = `${bucketArn(bucket.name)}/${Key}`;
  if (VersionId === undefined || !VERSIONED.has(action)) return [need(call, bucket, action, resource, more)];
  const keys = { ...more.keys, 's3:VersionId': VersionId };
  return [need(call, bucket, action.replace('Object', 'ObjectVersion'), resource, { ...more, keys })];
}

const VERSIONED = new Set([
  'GetObject',
  'GetObjectAcl',
  'GetObjectAttributes',
  'GetObjectTagging',
  'PutObjectAcl',
  'PutObjectTagging',
  'DeleteObject',
  'DeleteObjectTagging',
]);

/**
 * To read something of an object. Who may not list a bucket is not told that a key is missing.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function reading(call: Call, object: ObjectName, ...actions: string[]): Needed[] {
  const { Bucket = '', Key = '', VersionId } = object;
  const families = existingTags(call, object);
  const needed = actions.flatMap((action) => onObject(call, object, action, { families }));
  if (VersionId !== undefined) return needed;
  const current = currentVersion(stateOf(call), Bucket, Key);
  return current && !current.deleteMarker ? needed : [...needed, ...onBucket(call, Bucket, 'ListBucket')];
}

/** The object's tags as they are, for policies that ask. */
export function existingTags(call: Call, object: ObjectName): NonNullable<Needed['families']> {
  return {
    's3:ExistingObjectTag/': (name) => versionOf(call, object)?.tags?.find((tag) => tag.Key === name)?.Value,
  };
}

export function versionOf(
  call: Call,
  { Bucket = '', Key = '', VersionId }: ObjectName,
): ObjectVersion | undefined {
  const state = stateOf(call);
  return VersionId === undefined
    ? currentVersion(state, Bucket, Key)
    : findVersion(state, Bucket, Key, VersionId);
}

function need(call: Call, bucket: Bucket, action: string, resource: string, more: More): Needed {
  return {
    ...more,
    action: `s3:${action}`,
    resource,
    keys: { ...requestKeys(call), 's3:ResourceAccount': bucket.account, ...more.keys },
    policy: { text: policyFor(call, bucket), rule: 'sufficient', of: bucketArn(bucket.name) },
    owner: bucket.account,
  };
}

/**
 * RestrictPublicBuckets takes a public policy's effect from everybody but the account's own and AWS's services.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
function policyFor(call: Call, bucket: Bucket): string | undefined {
  const { principal } = call;
  const own = principal.account === bucket.account || principal.type === 'service';
  const restricted = !own && bucket.publicAccessBlock?.RestrictPublicBuckets === true;
  return restricted && isPublicPolicy(bucket) ? undefined : bucket.policy;
}
