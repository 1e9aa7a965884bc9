import type { Bucket as ListedBucket } from '@aws-sdk/client-s3';
import { type Call, decodeToken, encodeToken, notImplemented, type Operation } from '../../kernel';
import { bucketArn, canonicalId, openBucket } from './access';
import { checkAclAllowed, grantsAsked, ownerGrants } from './acl';
import { release } from './body';
import { accessDenied, invalidArgument, s3Error } from './errors';
import { headErrors } from './get-object';
import { bucketRegion, checkBucketName } from './names';
import type { Bucket } from './records';
import { refuse } from './refuse';
import { prefixRange, stateOf, uploadKey } from './store';
import { checkTags } from './tags';

/** Every object is encrypted, with S3's own keys where nobody said otherwise. */
export const DEFAULT_ENCRYPTION: Bucket['encryption'] = {
  ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
  BucketKeyEnabled: false,
};

/** New buckets are private since April 2023. https://aws.amazon.com/about-aws/whats-new/2022/12/amazon-s3-automatically-enable-block-public-access-disable-access-control-lists-buckets-april-2023/ */
const PRIVATE = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

export const createBucket: Operation<'s3', 'CreateBucket'> = (input, call) => {
  if (call.principal.type === 'anonymous') throw accessDenied();
  const name = input.Bucket ?? '';
  checkBucketName(name);
  const asked = input.CreateBucketConfiguration;
  if (asked?.Bucket ?? asked?.Location) throw notImplemented('S3 directory buckets');
  refuse('CreateBucket', input, ['BucketNamespace']);
  const region = bucketRegion(call, asked?.LocationConstraint);
  const { account } = call.principal;
  const ownership = input.ObjectOwnership ?? 'BucketOwnerEnforced';
  if (!['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'].includes(ownership)) {
    throw invalidArgument('Invalid x-amz-object-ownership header', 'x-amz-object-ownership', ownership);
  }
  const state = stateOf(call);
  const existing = state.buckets.get(name);
  if (existing) return again(call, existing, account, region);
  const tags = checkTags(asked?.Tags ?? [], 'bucket');
  const grants = grantsAsked(call, input, account);
  const bucket: Bucket = {
    name,
    account,
    region,
    created: call.clock.millis(),
    encryption: DEFAULT_ENCRYPTION,
    publicAccessBlock: PRIVATE,
    ownership,
    acl: grants ?? ownerGrants(account),
    ...(tags.length > 0 ? { tags } : {}),
    ...(input.ObjectLockEnabledForBucket ? { objectLock: {}, versioning: 'Enabled' as const } : {}),
  };
  if (grants && ownership === 'BucketOwnerEnforced' && input.ACL !== 'private') {
    throw s3Error(
      'InvalidBucketAclWithObjectOwnership',
      400,
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  }
  if (ownership !== 'BucketOwnerEnforced') checkAclAllowed(bucket, input, grants);
  state.buckets.put(name, bucket);
  return { Location: locationOf(bucket), BucketArn: bucketArn(name) };
};

function locationOf(bucket: Bucket): string {
  return bucket.region === 'us-east-1' ? `/${bucket.name}` : `http://${bucket.name}.s3.amazonaws.com/`;
}

function again(call: Call, existing: Bucket, account: string, region: string) {
  const { name } = existing;
  if (existing.account !== account) {
    throw s3Error(
      'BucketAlreadyExists',
      409,
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      { BucketName: name },
    );
  }
  // us-east-1 keeps an old kindness: to make one's own bucket again succeeds.
  if (existing.region === 'us-east-1' && call.region === 'us-east-1' && region === 'us-east-1') {
    return { Location: locationOf(existing), BucketArn: bucketArn(name) };
  }
  throw s3Error(
    'BucketAlreadyOwnedByYou',
    409,
    'Your previous request to create the named bucket succeeded and you already own it.',
    { BucketName: name },
  );
}

export const deleteBucket: Operation<'s3', 'DeleteBucket'> = (input, call) => {
  const bucket = openBucket(call, input);
  const state = stateOf(call);
  const [object] = state.objects.entries({ ...prefixRange(bucket.name), limit: 1 });
  if (object) {
    throw s3Error(
      'BucketNotEmpty',
      409,
      bucket.versioning
        ? 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.'
        : 'The bucket you tried to delete is not empty',
      { BucketName: bucket.name },
    );
  }
  // Uploads that were never completed do not keep a bucket; their parts go with it.
  const uploads = [...state.uploads.entries(prefixRange(bucket.name))].map(({ value }) => value);
  const contents = uploads.flatMap(({ id }) =>
    [...state.parts.values({ prefix: [id] })].map((part) => part.content),
  );
  state.transaction(() => {
    for (const { key, id } of uploads) {
      state.uploads.remove(uploadKey(bucket.name, key, id));
      state.parts.clear({ prefix: [id] });
    }
    state.buckets.remove(bucket.name);
  });
  release(call, contents);
  return {};
};

export const headBucket: Operation<'s3', 'HeadBucket'> = (input, call) => {
  const bucket = headErrors(() => openBucket(call, input));
  return { BucketArn: bucketArn(bucket.name), BucketRegion: bucket.region, AccessPointAlias: false };
};

export const getBucketLocation: Operation<'s3', 'GetBucketLocation'> = (input, call) => {
  // us-east-1 knows where every bucket lies.
  const bucket = openBucket(call, input, { anyRegion: call.region === 'us-east-1' });
  // us-east-1 is the region without a constraint.
  return bucket.region === 'us-east-1'
    ? {}
    : { LocationConstraint: bucket.region as NonNullable<ReturnType<typeof constraint>> };
};

const constraint = (asked: { LocationConstraint?: 'eu-west-1' }) => asked.LocationConstraint;

export const listBuckets: Operation<'s3', 'ListBuckets'> = (input, call) => {
  if (call.principal.type === 'anonymous') throw accessDenied();
  const limit = input.MaxBuckets ?? 10_000;
  if (limit < 1 || limit > 10_000) {
    throw invalidArgument(
      'Argument max-buckets must be an integer between 1 and 10000.',
      'max-buckets',
      String(limit),
    );
  }
  const { account } = call.principal;
  const token = input.ContinuationToken ? decodeToken(input.ContinuationToken) : undefined;
  if (input.ContinuationToken && !token) {
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token');
  }
  const paged =
    input.MaxBuckets !== undefined ||
    input.ContinuationToken !== undefined ||
    input.Prefix !== undefined ||
    input.BucketRegion !== undefined;
  const prefix = input.Prefix ?? '';
  const found: ListedBucket[] = [];
  let next: string | undefined;
  for (const bucket of stateOf(call).buckets.values(token ? { after: token } : {})) {
    if (bucket.account !== account || !bucket.name.startsWith(prefix)) continue;
    if (input.BucketRegion !== undefined && bucket.region !== input.BucketRegion) continue;
    if (found.length === limit) {
      next = encodeToken(found.at(-1)?.Name ?? '');
      break;
    }
    found.push({
      Name: bucket.name,
      CreationDate: new Date(bucket.created),
      BucketArn: bucketArn(bucket.name),
      ...(paged ? { BucketRegion: bucket.region } : {}),
    });
  }
  return {
    Buckets: found,
    Owner: { ID: canonicalId(account) },
    ...(next === undefined ? {} : { ContinuationToken: next }),
    ...(input.Prefix === undefined ? {} : { Prefix: prefix }),
  };
};
