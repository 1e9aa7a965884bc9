import type { LifecycleRule, LifecycleRuleFilter } from '@aws-sdk/client-s3';
import { notImplemented, type Operation } from '../../kernel';
import { changeBucket, openBucket } from './access';
import { invalidArgument, invalidRequest, malformedXml, notConfigured } from './errors';
import { DAY, expiryOf } from './lifecycle-rules';
import type { Bucket, ObjectVersion } from './records';

const present = (...values: unknown[]): number => values.filter((value) => value !== undefined).length;

function checkFilter(filter: LifecycleRuleFilter): void {
  const { Prefix, Tag, And, ObjectSizeGreaterThan, ObjectSizeLessThan } = filter;
  if (present(Prefix, Tag, And, ObjectSizeGreaterThan, ObjectSizeLessThan) > 1) throw malformedXml();
  if (!And) return;
  const parts = present(And.Prefix, And.ObjectSizeGreaterThan, And.ObjectSizeLessThan);
  if (parts + (And.Tags?.length ?? 0) < 2) throw malformedXml();
  const keys = (And.Tags ?? []).map((tag) => tag.Key);
  if (new Set(keys).size !== keys.length) throw invalidRequest('Duplicate Tag Keys are not allowed.');
}

function checkDate(date: Date | undefined): void {
  if (date && date.getTime() % DAY !== 0) {
    throw invalidArgument("'Date' must be at midnight GMT", 'Date', date.toISOString());
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html */
function checkRule(rule: LifecycleRule): void {
  if (rule.Status !== 'Enabled' && rule.Status !== 'Disabled') throw malformedXml();
  if (rule.ID !== undefined && rule.ID.length > 255) {
    throw invalidArgument('ID length should not exceed allowed limit of 255', 'ID', rule.ID);
  }
  if ((rule.Filter === undefined) === (rule.Prefix === undefined)) throw malformedXml();
  if (rule.Filter) checkFilter(rule.Filter);
  const { Expiration: expiration, NoncurrentVersionExpiration: noncurrent } = rule;
  const actions = present(
    expiration,
    noncurrent,
    rule.AbortIncompleteMultipartUpload,
    rule.Transitions,
    rule.NoncurrentVersionTransitions,
  );
  if (actions === 0) {
    throw invalidRequest('At least one action needs to be specified in a rule.');
  }
  if (expiration) {
    if (present(expiration.Days, expiration.Date, expiration.ExpiredObjectDeleteMarker) !== 1) {
      throw malformedXml();
    }
    if (expiration.Days !== undefined && expiration.Days <= 0) {
      throw invalidArgument("'Days' for Expiration action must be a positive integer", 'Days');
    }
    checkDate(expiration.Date);
  }
  if (noncurrent && !noncurrent.NoncurrentDays) {
    if (noncurrent.NoncurrentDays === undefined) throw malformedXml();
    throw invalidArgument(
      "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
      'NoncurrentDays',
    );
  }
  if (rule.Transitions?.length || rule.NoncurrentVersionTransitions?.length) {
    throw notImplemented('S3 lifecycle transitions between storage classes');
  }
}

export const putBucketLifecycleConfiguration: Operation<'s3', 'PutBucketLifecycleConfiguration'> = (
  input,
  call,
) => {
  const bucket = openBucket(call, input);
  const minimumSize = input.TransitionDefaultMinimumObjectSize ?? 'all_storage_classes_128K';
  if (minimumSize !== 'all_storage_classes_128K' && minimumSize !== 'varies_by_storage_class') {
    throw invalidRequest(`Invalid TransitionDefaultMinimumObjectSize found: ${minimumSize}`);
  }
  const rules = input.LifecycleConfiguration?.Rules;
  if (!rules?.length || rules.length > 1000) throw malformedXml();
  const named = rules.map((rule) => ({ ...rule, ID: rule.ID ?? call.ids.uuid() }));
  for (const rule of named) checkRule(rule);
  if (new Set(named.map((rule) => rule.ID)).size !== named.length) {
    throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule', 'ID');
  }
  changeBucket(call, bucket, { lifecycle: { rules: named, minimumSize, sweptAt: 0 } });
  return { TransitionDefaultMinimumObjectSize: minimumSize };
};

export const getBucketLifecycleConfiguration: Operation<'s3', 'GetBucketLifecycleConfiguration'> = (
  input,
  call,
) => {
  const bucket = openBucket(call, input);
  if (!bucket.lifecycle) {
    throw notConfigured(
      'NoSuchLifecycleConfiguration',
      bucket.name,
      'The lifecycle configuration does not exist',
    );
  }
  return {
    Rules: bucket.lifecycle.rules,
    TransitionDefaultMinimumObjectSize: bucket.lifecycle.minimumSize,
  };
};

export const deleteBucketLifecycle: Operation<'s3', 'DeleteBucketLifecycle'> = (input, call) => {
  const bucket = openBucket(call, input);
  changeBucket(call, bucket, { lifecycle: undefined });
  return {};
};

/** `x-amz-expiration`: when, and by which rule, the lifecycle will remove an object. */
export function expirationHeader(bucket: Bucket, object: ObjectVersion): { Expiration?: string } {
  if (!bucket.lifecycle) return {};
  const expiry = expiryOf(bucket.lifecycle.rules, object);
  if (!expiry) return {};
  return {
    Expiration: `expiry-date="${new Date(expiry.at).toUTCString()}", rule-id="${encodeURIComponent(expiry.rule)}"`,
  };
}
