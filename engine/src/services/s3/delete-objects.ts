import type { DeletedObject, _Error as DeleteError } from '@aws-sdk/client-s3';
import { type Call, isAwsError, type Operation } from '../../kernel';
import { openBucket } from './access';
import {
  headerNotImplemented,
  invalidArgument,
  malformedXml,
  noSuchVersion,
  preconditionFailed,
} from './errors';
import { checkUnlocked } from './locks';
import { notify } from './notify';
import { refusalsOf } from './permissions/delete-objects';
import type { Bucket } from './records';
import { stateOf } from './store';
import { commit, currentVersion, deleteMarker, findVersion, removeVersion } from './versions';

interface Target {
  key: string;
  versionId?: string | undefined;
  etag?: string | undefined;
  bypass?: boolean | undefined;
}

interface Outcome {
  deleteMarker?: boolean;
  versionId?: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html */
function remove(call: Call, bucket: Bucket, target: Target, unknownVersion: () => Error): Outcome {
  const state = stateOf(call);
  const { key, versionId } = target;
  const current = currentVersion(state, bucket.name, key);
  if (target.etag !== undefined && current && !current.deleteMarker) {
    if (target.etag !== '*' && target.etag.replaceAll('"', '') !== current.etag) {
      throw preconditionFailed('If-Match');
    }
  }
  if (versionId === undefined && bucket.versioning) {
    const { version } = commit(call, bucket.name, key, deleteMarker());
    notify(call, bucket, 'ObjectRemoved:DeleteMarkerCreated', version);
    return { deleteMarker: true, versionId: version.versionId };
  }
  if (versionId !== undefined && versionId !== 'null' && !bucket.versioning) throw unknownVersion();
  const version = versionId === undefined ? current : findVersion(state, bucket.name, key, versionId);
  if (!version) {
    if (versionId !== undefined && current) throw unknownVersion();
    return {};
  }
  checkUnlocked(call, version, target.bypass);
  removeVersion(call, version);
  notify(call, bucket, 'ObjectRemoved:Delete', version);
  return {
    ...(version.deleteMarker ? { deleteMarker: true } : {}),
    ...(bucket.versioning && versionId !== undefined ? { versionId } : {}),
  };
}

export const deleteObject: Operation<'s3', 'DeleteObject'> = (input, call) => {
  // Of directory buckets only: AWS answers the same.
  if (input.IfMatchLastModifiedTime !== undefined) {
    throw headerNotImplemented('x-amz-if-match-last-modified-time');
  }
  if (input.IfMatchSize !== undefined) throw headerNotImplemented('x-amz-if-match-size');
  const bucket = openBucket(call, input);
  const outcome = remove(
    call,
    bucket,
    {
      key: input.Key!,
      versionId: input.VersionId,
      etag: input.IfMatch,
      bypass: input.BypassGovernanceRetention,
    },
    () => invalidArgument('Invalid version id specified', 'versionId', input.VersionId),
  );
  return {
    ...(outcome.deleteMarker ? { DeleteMarker: true } : {}),
    ...(outcome.versionId === undefined ? {} : { VersionId: outcome.versionId }),
  };
};

const MAX_KEYS = 1000;

export const deleteObjects: Operation<'s3', 'DeleteObjects'> = (input, call) => {
  const bucket = openBucket(call, input);
  const objects = input.Delete?.Objects;
  if (!objects?.length || objects.length > MAX_KEYS) throw malformedXml();
  const Deleted: DeletedObject[] = [];
  const Errors: DeleteError[] = [];
  const refused = refusalsOf(call);
  for (const [place, object] of objects.entries()) {
    const { Key: key = '', VersionId: versionId } = object;
    if (key === '') throw malformedXml();
    if (object.LastModifiedTime !== undefined)
      throw headerNotImplemented('x-amz-if-match-last-modified-time');
    if (object.Size !== undefined) throw headerNotImplemented('x-amz-if-match-size');
    try {
      const refusal = refused.get(place);
      if (refusal) throw refusal;
      const outcome = remove(
        call,
        bucket,
        { key, versionId, etag: object.ETag, bypass: input.BypassGovernanceRetention },
        () => noSuchVersion(key, versionId ?? ''),
      );
      if (versionId !== undefined && bucket.versioning && outcome.versionId === undefined) {
        throw noSuchVersion(key, versionId);
      }
      if (input.Delete?.Quiet) continue;
      Deleted.push({
        Key: key,
        ...(versionId === undefined ? {} : { VersionId: versionId }),
        ...(outcome.deleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: outcome.versionId } : {}),
      });
    } catch (error) {
      if (!isAwsError(error)) throw error;
      Errors.push({
        Key: key,
        Code: error.code,
        Message: error.message,
        ...(versionId === undefined ? {} : { VersionId: versionId }),
      });
    }
  }
  return {
    ...(Deleted.length > 0 ? { Deleted } : {}),
    ...(Errors.length > 0 ? { Errors } : {}),
  };
};
