import type { Operation } from '../../kernel';
import { canonicalId, changeBucket, openBucket } from './access';
import { checkAclAllowed, grantsAsked } from './acl';
import { methodNotAllowed, s3Error } from './errors';
import { readable } from './get-object';
import { notify } from './notify';
import { stateOf } from './store';
import { changeVersion, currentVersion } from './versions';

const missing = () =>
  s3Error('MissingSecurityHeader', 400, 'Your request was missing a required header', {
    MissingHeaderName: 'x-amz-acl',
  });

export const getBucketAcl: Operation<'s3', 'GetBucketAcl'> = (input, call) => {
  const bucket = openBucket(call, input);
  return { Owner: { ID: canonicalId(bucket.account) }, Grants: bucket.acl };
};

export const putBucketAcl: Operation<'s3', 'PutBucketAcl'> = (input, call) => {
  const bucket = openBucket(call, input);
  const grants = grantsAsked(call, input, bucket.account);
  if (!grants) throw missing();
  checkAclAllowed(bucket, input, grants);
  changeBucket(call, bucket, { acl: grants });
  return {};
};

export const getObjectAcl: Operation<'s3', 'GetObjectAcl'> = (input, call) => {
  const bucket = openBucket(call, input);
  const object = readable(call, bucket, input, 'GET');
  return { Owner: { ID: canonicalId(bucket.account) }, Grants: object.acl };
};

export const putObjectAcl: Operation<'s3', 'PutObjectAcl'> = (input, call) => {
  const bucket = openBucket(call, input);
  if (!input.VersionId && currentVersion(stateOf(call), bucket.name, input.Key!)?.deleteMarker) {
    throw methodNotAllowed('PUT', 'DeleteMarker');
  }
  const object = readable(call, bucket, input, 'PUT');
  const grants = grantsAsked(call, input, bucket.account);
  if (!grants) throw missing();
  checkAclAllowed(bucket, input, grants);
  changeVersion(call, object, { acl: grants });
  notify(call, bucket, 'ObjectAcl:Put', object);
  return {};
};
