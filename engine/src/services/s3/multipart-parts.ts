import type { Part as ListedPart } from '@aws-sdk/client-s3';
import type { Call, Operation } from '../../kernel';
import { openBucket } from './access';
import { keep, orDiscard, type Received, read, receive, release } from './body';
import { asMember, type Checksum, hasher } from './checksums';
import { checkSource } from './conditions';
import { copySource } from './copy-source';
import { encryptionMembers, etagOf, refuseCustomerKeys, unlock } from './encryption';
import { invalidArgument, invalidRequest } from './errors';
import { takeBody } from './incoming';
import { openUpload, owners } from './multipart-create';
import type { Upload, UploadedPart } from './records';
import { refuse } from './refuse';
import { stateOf } from './store';

function checkNumber(number: number | undefined): number {
  if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
  throw invalidArgument(
    'Part number must be an integer between 1 and 10000, inclusive',
    'partNumber',
    String(number),
  );
}

/** Keeps a part; one that was uploaded under the same number before is replaced. */
async function keepPart(
  call: Call,
  upload: Upload,
  number: number,
  received: Received,
  checksum: Checksum,
): Promise<UploadedPart> {
  const state = stateOf(call);
  const part: UploadedPart = {
    number,
    size: received.content.size,
    etag: etagOf(call, upload.encryption, received.md5),
    checksum,
    content: received.content,
    modified: call.clock.millis(),
  };
  const replaced = await orDiscard(call, received, () =>
    state.transaction(() => {
      // Aborted or completed while the bytes came in.
      openUpload(call, { Bucket: upload.bucket, Key: upload.key, UploadId: upload.id });
      const before = state.parts.get([upload.id, number]);
      keep(state, received);
      state.parts.put([upload.id, number], part);
      return before;
    }),
  );
  if (replaced) release(call, [replaced.content]);
  return part;
}

export const uploadPart: Operation<'s3', 'UploadPart'> = async (input, call) => {
  refuseCustomerKeys(input);
  openBucket(call, input);
  const number = checkNumber(input.PartNumber);
  const upload = openUpload(call, input);
  const wanted = upload.checksum?.algorithm;
  const { received, algorithm, digests } = await takeBody(call, input, { wanted, upload: true });
  const kept = wanted ?? 'CRC64NVME';
  const part = await keepPart(call, upload, number, received, {
    algorithm: kept,
    value: digests.get(kept)!,
    kind: 'FULL_OBJECT',
  });
  return {
    ETag: `"${part.etag}"`,
    ...asMember({ algorithm, value: digests.get(algorithm)! }),
    ...encryptionMembers(upload.encryption),
  };
};

function sourceRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  if (header === undefined) return undefined;
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  const [start, end] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || end < start) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      header,
    );
  }
  if (end >= size) {
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${size}`,
      'x-amz-copy-source-range',
      header,
    );
  }
  return { start, end };
}

const MAX_PART = 5 * 1024 ** 3;

export const uploadPartCopy: Operation<'s3', 'UploadPartCopy'> = async (input, call) => {
  refuse('UploadPartCopy', input, ['CopySourceSSECustomerAlgorithm', 'CopySourceSSECustomerKey']);
  refuseCustomerKeys(input);
  openBucket(call, input);
  const number = checkNumber(input.PartNumber);
  const upload = openUpload(call, input);
  const source = copySource(call, input.CopySource, input.ExpectedSourceBucketOwner);
  checkSource(call, source.object, input);
  const range = sourceRange(input.CopySourceRange, source.object.size);
  const size = range ? range.end - range.start + 1 : source.object.size;
  if (size > MAX_PART) {
    throw invalidRequest(
      'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
    );
  }
  const algorithm = upload.checksum?.algorithm ?? 'CRC64NVME';
  const hash = hasher(algorithm);
  const body = read(call, source.object.contents, range);
  await unlock(call, source.bucket, source.object.encryption);
  const received = await receive(call, body, (chunk) => hash.update(chunk));
  const part = await keepPart(call, upload, number, received, {
    algorithm,
    value: hash.digest().toString('base64'),
    kind: 'FULL_OBJECT',
  });
  return {
    CopyPartResult: {
      ETag: `"${part.etag}"`,
      LastModified: new Date(part.modified),
      ...(upload.checksum ? asMember(part.checksum) : {}),
    },
    ...(source.bucket.versioning ? { CopySourceVersionId: source.object.versionId } : {}),
    ...encryptionMembers(upload.encryption),
  };
};

export const listParts: Operation<'s3', 'ListParts'> = (input, call) => {
  refuseCustomerKeys(input);
  const bucket = openBucket(call, input);
  const upload = openUpload(call, input);
  const limit = Math.min(input.MaxParts ?? 1000, 1000);
  const marker = Number(input.PartNumberMarker ?? 0);
  if (limit < 0 || !Number.isInteger(marker)) {
    throw invalidArgument('Argument max-parts must be an integer between 0 and 2147483647', 'max-parts');
  }
  const state = stateOf(call);
  const found = [
    ...state.parts.values({ prefix: [upload.id], after: [upload.id, marker], limit: limit + 1 }),
  ];
  const parts: ListedPart[] = found.slice(0, limit).map((part) => ({
    PartNumber: part.number,
    LastModified: new Date(part.modified),
    ETag: `"${part.etag}"`,
    Size: part.size,
    ...(upload.checksum ? asMember(part.checksum) : {}),
  }));
  return {
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(parts.at(-1)?.PartNumber ?? 0),
    MaxParts: limit,
    IsTruncated: found.length > limit,
    ...(parts.length > 0 ? { Parts: parts } : {}),
    ...owners(bucket.account, upload.initiator),
    StorageClass: upload.storageClass,
    ...(upload.checksum
      ? { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.kind }
      : {}),
  };
};
