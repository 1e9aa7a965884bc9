import type { Operation } from '../../kernel';
import { changeBucket, openBucket } from './access';
import {
  invalidArgument,
  invalidRequest,
  malformedXml,
  notConfigured,
  objectLocked,
  s3Error,
} from './errors';
import { readable } from './get-object';
import { retentionOf } from './locks';
import type { Bucket } from './records';
import { changeVersion } from './versions';

function needsLock(bucket: Bucket): void {
  if (!bucket.objectLock) throw invalidRequest('Bucket is missing Object Lock Configuration');
}

const notLocked = () =>
  s3Error(
    'NoSuchObjectLockConfiguration',
    404,
    'The specified object does not have a ObjectLock configuration',
  );

export const putObjectLockConfiguration: Operation<'s3', 'PutObjectLockConfiguration'> = (input, call) => {
  const bucket = openBucket(call, input);
  if (bucket.versioning !== 'Enabled') {
    throw s3Error(
      'InvalidBucketState',
      409,
      "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
    );
  }
  const asked = input.ObjectLockConfiguration;
  if (asked?.ObjectLockEnabled !== 'Enabled') throw malformedXml();
  const retention = asked.Rule?.DefaultRetention;
  if (asked.Rule) {
    const { Mode: mode, Days: days, Years: years } = retention ?? {};
    if (!mode || (days === undefined) === (years === undefined)) throw malformedXml();
    if ((days ?? years ?? 0) <= 0) {
      throw invalidArgument('Default retention period must be a positive integer value.', 'Days');
    }
  }
  changeBucket(call, bucket, { objectLock: asked.Rule ? { rule: asked.Rule } : {} });
  return {};
};

export const getObjectLockConfiguration: Operation<'s3', 'GetObjectLockConfiguration'> = (input, call) => {
  const bucket = openBucket(call, input);
  if (!bucket.objectLock) {
    throw notConfigured(
      'ObjectLockConfigurationNotFoundError',
      bucket.name,
      'Object Lock configuration does not exist for this bucket',
    );
  }
  const { rule } = bucket.objectLock;
  return {
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', ...(rule ? { Rule: rule } : {}) },
  };
};

export const putObjectRetention: Operation<'s3', 'PutObjectRetention'> = (input, call) => {
  const bucket = openBucket(call, input);
  needsLock(bucket);
  const object = readable(call, bucket, input, 'PUT');
  const { Mode: mode, RetainUntilDate: until } = input.Retention ?? {};
  if ((mode === undefined) !== (until === undefined)) throw malformedXml();
  const next = mode !== undefined && until ? retentionOf(call, mode, until) : undefined;
  const held = object.retention;
  if (held && held.until > call.clock.millis()) {
    const bypass = held.mode === 'GOVERNANCE' && input.BypassGovernanceRetention === true;
    const stronger =
      next !== undefined &&
      next.until >= held.until &&
      (next.mode === held.mode || next.mode === 'COMPLIANCE');
    if (!stronger && !bypass) throw objectLocked();
  }
  changeVersion(call, object, { retention: next });
  return {};
};

export const getObjectRetention: Operation<'s3', 'GetObjectRetention'> = (input, call) => {
  const bucket = openBucket(call, input);
  needsLock(bucket);
  const { retention } = readable(call, bucket, input, 'GET');
  if (!retention) throw notLocked();
  return { Retention: { Mode: retention.mode, RetainUntilDate: new Date(retention.until) } };
};

export const putObjectLegalHold: Operation<'s3', 'PutObjectLegalHold'> = (input, call) => {
  const bucket = openBucket(call, input);
  needsLock(bucket);
  const object = readable(call, bucket, input, 'PUT');
  const status = input.LegalHold?.Status;
  if (status !== 'ON' && status !== 'OFF') throw malformedXml();
  changeVersion(call, object, { legalHold: status });
  return {};
};

export const getObjectLegalHold: Operation<'s3', 'GetObjectLegalHold'> = (input, call) => {
  const bucket = openBucket(call, input);
  needsLock(bucket);
  const { legalHold } = readable(call, bucket, input, 'GET');
  if (!legalHold) throw notLocked();
  return { LegalHold: { Status: legalHold } };
};
