import type { Call, Input, Operation } from '../../kernel';
import { canonicalId, openBucket } from './access';
import { release } from './body';
import { type Algorithm, type ChecksumKind, isAlgorithm } from './checksums';
import { describe } from './draft';
import { encryptionFor, encryptionMembers } from './encryption';
import { invalidRequest, noSuchUpload } from './errors';
import { checkKey } from './headers';
import { badAlgorithm } from './incoming';
import type { Upload } from './records';
import { stateOf, uploadKey } from './store';
import { nextSeq } from './versions';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';

/** The checksum an upload is made with, and whether it is of the whole object or of the parts' checksums. */
function checksumOf(
  input: Input<'s3', 'CreateMultipartUpload'>,
): { algorithm: Algorithm; kind: ChecksumKind } | undefined {
  const { ChecksumAlgorithm: name, ChecksumType: kind } = input;
  if (name === undefined) {
    if (kind === undefined) return undefined;
    throw invalidRequest(
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const algorithm = name.toUpperCase();
  if (!isAlgorithm(algorithm)) throw badAlgorithm(algorithm);
  if (kind !== undefined && kind !== 'FULL_OBJECT' && kind !== 'COMPOSITE') {
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  }
  const wrong =
    (kind === 'COMPOSITE' && algorithm === 'CRC64NVME') ||
    (kind === 'FULL_OBJECT' && algorithm.startsWith('SHA'));
  if (wrong) {
    throw invalidRequest(
      `The ${kind} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, kind: kind ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE') };
}

export const createMultipartUpload: Operation<'s3', 'CreateMultipartUpload'> = async (input, call) => {
  const bucket = openBucket(call, input);
  const key = input.Key!;
  checkKey(key);
  const checksum = checksumOf(input);
  const described = describe(call, bucket, input);
  const encryption = await encryptionFor(call, bucket, key, input);
  const upload: Upload = {
    ...described,
    // Uploads of a key list in the order in which they began: the id begins with it.
    id: nextSeq(call).toString(36).padStart(11, '0') + call.ids.of(ALPHABET, 117),
    bucket: bucket.name,
    key,
    initiated: call.clock.millis(),
    initiator: call.principal.arn,
    encryption,
    ...(checksum ? { checksum } : {}),
  };
  stateOf(call).uploads.put(uploadKey(bucket.name, key, upload.id), upload);
  return {
    Bucket: bucket.name,
    Key: key,
    UploadId: upload.id,
    ...encryptionMembers(encryption),
    ...(checksum ? { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.kind } : {}),
  };
};

export function openUpload(
  call: Call,
  input: { Bucket?: string | undefined; Key?: string | undefined; UploadId?: string | undefined },
): Upload {
  const uploadId = input.UploadId ?? '';
  const upload = stateOf(call).uploads.get(uploadKey(input.Bucket ?? '', input.Key ?? '', uploadId));
  if (!upload) throw noSuchUpload(uploadId);
  return upload;
}

export const abortMultipartUpload: Operation<'s3', 'AbortMultipartUpload'> = (input, call) => {
  const bucket = openBucket(call, input);
  const upload = openUpload(call, input);
  const state = stateOf(call);
  const contents = [...state.parts.values({ prefix: [upload.id] })].map((part) => part.content);
  state.transaction(() => {
    state.uploads.remove(uploadKey(bucket.name, upload.key, upload.id));
    state.parts.clear({ prefix: [upload.id] });
  });
  release(call, contents);
  return {};
};

export function owners(account: string, initiator: string) {
  return {
    Initiator: { ID: initiator, DisplayName: initiator.slice(initiator.lastIndexOf('/') + 1) },
    Owner: { ID: canonicalId(account) },
  };
}
