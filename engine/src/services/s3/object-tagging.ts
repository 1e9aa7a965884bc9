import type { Operation } from '../../kernel';
import { openBucket } from './access';
import { readable } from './get-object';
import { notify } from './notify';
import { checkTags } from './tags';
import { changeVersion } from './versions';

export const getObjectTagging: Operation<'s3', 'GetObjectTagging'> = (input, call) => {
  const bucket = openBucket(call, input);
  const object = readable(call, bucket, input, 'GET');
  return { TagSet: object.tags, ...(bucket.versioning ? { VersionId: object.versionId } : {}) };
};

export const putObjectTagging: Operation<'s3', 'PutObjectTagging'> = (input, call) => {
  const bucket = openBucket(call, input);
  const tags = checkTags(input.Tagging?.TagSet ?? [], 'object');
  const object = readable(call, bucket, input, 'PUT');
  changeVersion(call, object, { tags });
  notify(call, bucket, 'ObjectTagging:Put', object);
  return bucket.versioning ? { VersionId: object.versionId } : {};
};

export const deleteObjectTagging: Operation<'s3', 'DeleteObjectTagging'> = (input, call) => {
  const bucket = openBucket(call, input);
  const object = readable(call, bucket, input, 'DELETE');
  changeVersion(call, object, { tags: [] });
  notify(call, bucket, 'ObjectTagging:Delete', object);
  return bucket.versioning ? { VersionId: object.versionId } : {};
};
