import { AwsError, type Call, type Input, type Operation } from '../../kernel';
import { openBucket } from './access';
import { read } from './body';
import { asMember, asMembers, type ChecksumMembers } from './checksums';
import { checkRead } from './conditions';
import { encryptionMembers, refuseCustomerKeys, unlock } from './encryption';
import { methodNotAllowed, noSuchKey, s3Error } from './errors';
import { headerMembers } from './headers';
import { expirationHeader } from './lifecycle';
import { lockMembers } from './locks';
import { partRange, rangeOf } from './ranges';
import type { Bucket, ObjectVersion } from './records';
import { stateOf } from './store';
import { currentVersion, namedVersion } from './versions';

/** The version a read is for. Delete markers are refused as AWS does, and said to be such. */
export function readable(
  call: Call,
  bucket: Bucket,
  input: { Key?: string | undefined; VersionId?: string | undefined },
  method: string,
): ObjectVersion {
  const state = stateOf(call);
  const key = input.Key!;
  const version = input.VersionId
    ? namedVersion(state, bucket, key, input.VersionId)
    : currentVersion(state, bucket.name, key);
  if (!version) throw noSuchKey(key);
  if (!version.deleteMarker) return version;
  call.response.headers['x-amz-delete-marker'] = 'true';
  call.response.headers['x-amz-version-id'] = version.versionId;
  if (!input.VersionId) throw noSuchKey(key);
  call.response.headers.Allow = 'DELETE';
  call.response.headers['Last-Modified'] = new Date(version.modified).toUTCString();
  throw methodNotAllowed(method, 'DeleteMarker');
}

type ReadInput = Input<'s3', 'GetObject'> | Input<'s3', 'HeadObject'>;

function answer(call: Call, bucket: Bucket, object: ObjectVersion, input: ReadInput) {
  checkRead(call, object, input);
  const range = partRange(object, input) ?? rangeOf(object, input.Range);
  const whole = !range || (range.start === 0 && range.end === object.size - 1);
  const checksums: ChecksumMembers & { ChecksumType?: 'FULL_OBJECT' | 'COMPOSITE' } = {};
  if (input.ChecksumMode === 'ENABLED' && object.checksum) {
    const part = input.PartNumber ? object.parts?.[input.PartNumber - 1] : undefined;
    if (part && object.checksum.kind === 'COMPOSITE') {
      Object.assign(checksums, asMember(part.checksum), { ChecksumType: 'COMPOSITE' });
    } else if (!range || (whole && input.PartNumber !== undefined)) {
      Object.assign(checksums, asMembers(object.checksum));
    }
  }
  if (range) call.response.status = 206;
  return {
    range,
    members: {
      AcceptRanges: 'bytes',
      ContentLength: range ? range.end - range.start + 1 : object.size,
      ...(range ? { ContentRange: `bytes ${range.start}-${range.end}/${object.size}` } : {}),
      ...checksums,
      ETag: `"${object.etag}"`,
      LastModified: new Date(object.modified),
      ...headerMembers(call, object, input),
      ...encryptionMembers(object.encryption),
      ...lockMembers(object),
      ...expirationHeader(bucket, object),
      ...(object.storageClass === 'STANDARD' ? {} : { StorageClass: object.storageClass }),
      ...(object.tags.length > 0 ? { TagCount: object.tags.length } : {}),
      ...(bucket.versioning ? { VersionId: object.versionId } : {}),
      ...(input.PartNumber !== undefined && object.parts ? { PartsCount: object.parts.length } : {}),
    },
  };
}

/** What lies in an archive class must be restored before it can be read. */
export function checkRestored(object: ObjectVersion): void {
  if (object.storageClass !== 'GLACIER' && object.storageClass !== 'DEEP_ARCHIVE') return;
  throw s3Error('InvalidObjectState', 403, "The operation is not valid for the object's storage class", {
    StorageClass: object.storageClass,
  });
}

export const getObject: Operation<'s3', 'GetObject'> = async (input, call) => {
  refuseCustomerKeys(input);
  const bucket = openBucket(call, input);
  const object = readable(call, bucket, input, 'GET');
  const { members, range } = answer(call, bucket, object, input);
  checkRestored(object);
  // Opened before anything is awaited: an overwrite behind it leaves this reader its bytes.
  const body = read(call, object.contents, range);
  try {
    await unlock(call, bucket, object.encryption);
  } catch (error) {
    if (!(body instanceof Uint8Array)) body.destroy();
    throw error;
  }
  return { ...members, Body: body };
};

/** The answers of HEAD have no body: their errors are only a status. */
export function headErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AwsError && error.status === 404) {
      throw new AwsError('NotFound', 'Not Found', { status: 404 });
    }
    throw error;
  }
}

export const headObject: Operation<'s3', 'HeadObject'> = async (input, call) => {
  refuseCustomerKeys(input);
  const { bucket, object, members } = headErrors(() => {
    const bucket = openBucket(call, input);
    const object = readable(call, bucket, input, 'HEAD');
    return { bucket, object, ...answer(call, bucket, object, input) };
  });
  await unlock(call, bucket, object.encryption);
  return members;
};
