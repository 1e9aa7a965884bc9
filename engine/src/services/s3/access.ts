import { createHash } from 'node:crypto';
import type { Call } from '../../kernel';
import { checkAnonymous } from './anonymous';
import { corsHeaders } from './cors';
import { accessDenied, noSuchBucket, s3Error } from './errors';
import { sweepIfDue } from './lifecycle-sweep';
import type { Bucket } from './records';
import { stateOf } from './store';

/** What every operation on a bucket may say about it. */
export interface BucketInput {
  Bucket?: string | undefined;
  ExpectedBucketOwner?: string | undefined;
  RequestPayer?: string | undefined;
  Key?: string | undefined;
  VersionId?: string | undefined;
}

/** The bucket a request is for, once everything that stands before the operation itself lets it through. */
export function openBucket(call: Call, input: BucketInput, options: { anyRegion?: boolean } = {}): Bucket {
  const name = input.Bucket ?? '';
  checkOwner(input.ExpectedBucketOwner);
  const bucket = stateOf(call).buckets.get(name);
  if (!bucket) throw noSuchBucket(name);
  if (bucket.region !== call.region && call.http && !options.anyRegion) {
    call.response.headers['x-amz-bucket-region'] = bucket.region;
    throw s3Error(
      'PermanentRedirect',
      301,
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      { Endpoint: `${name}.s3.${bucket.region}.amazonaws.com`, Bucket: name },
    );
  }
  if (input.ExpectedBucketOwner !== undefined && input.ExpectedBucketOwner !== bucket.account) {
    throw accessDenied();
  }
  if (
    bucket.requesterPays &&
    call.principal.account !== bucket.account &&
    input.RequestPayer !== 'requester'
  ) {
    throw accessDenied();
  }
  corsHeaders(call, bucket);
  if (call.principal.type === 'anonymous') checkAnonymous(call, bucket, input);
  sweepIfDue(call, bucket);
  return bucket;
}

function checkOwner(account: string | undefined): void {
  if (account === undefined || /^\d{12}$/.test(account)) return;
  throw s3Error(
    'InvalidBucketOwnerAWSAccountID',
    400,
    `The value of the expected bucket owner parameter must be an AWS Account ID... [${account}]`,
  );
}

/** Changes a bucket's record; what lies between reading and writing it cannot be interleaved. */
export function changeBucket(call: Call, bucket: Bucket, change: Partial<Bucket>): void {
  const { buckets } = stateOf(call);
  const current = buckets.get(bucket.name);
  if (!current) throw noSuchBucket(bucket.name);
  buckets.put(bucket.name, { ...current, ...change });
}

/** The canonical user id of an account, the same whenever it is asked for. */
export function canonicalId(account: string): string {
  return createHash('sha256').update(`canonical user of ${account}`).digest('hex');
}

export function bucketArn(name: string): string {
  return `arn:aws:s3:::${name}`;
}
