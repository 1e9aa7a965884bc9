import { createHash } from 'node:crypto';
import type { CompletedPart } from '@aws-sdk/client-s3';
import { type Call, type Input, notImplemented, type Operation } from '../../kernel';
import { openBucket } from './access';
import { release } from './body';
import {
  ALGORITHMS,
  type Algorithm,
  asMembers,
  type Checksum,
  type ChecksumKind,
  checksumMember,
  digestOf,
} from './checksums';
import { checkWrite, checkWriteHeaders } from './conditions';
import { combineCrcs, isCombinable } from './crc-combine';
import { encryptionMembers, etagOf, refuseCustomerKeys } from './encryption';
import { invalidRequest, malformedXml, s3Error } from './errors';
import { expirationHeader } from './lifecycle';
import { openUpload } from './multipart-create';
import { notify } from './notify';
import type { ObjectVersion, Upload, UploadedPart } from './records';
import { stateOf, uploadKey } from './store';
import { commit, currentVersion } from './versions';

const MIN_PART = 5 * 1024 * 1024;

type CompleteInput = Input<'s3', 'CompleteMultipartUpload'>;

function invalidPart(upload: Upload, number: number, etag: string): Error {
  return s3Error(
    'InvalidPart',
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { ETag: etag, PartNumber: String(number), UploadId: upload.id },
  );
}

/** The parts that a request puts together, each held against what was uploaded. */
function chosenParts(call: Call, upload: Upload, asked: CompletedPart[]): UploadedPart[] {
  const uploaded = new Map(
    [...stateOf(call).parts.values({ prefix: [upload.id] })].map((part) => [part.number, part]),
  );
  let before = 0;
  const chosen: UploadedPart[] = [];
  for (const { PartNumber: number = 0 } of asked) {
    if (number <= before) {
      throw s3Error(
        'InvalidPartOrder',
        400,
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
        { UploadId: upload.id },
      );
    }
    before = number;
  }
  for (const part of asked) {
    const number = part.PartNumber ?? 0;
    const etag = (part.ETag ?? '').replaceAll('"', '');
    const found = uploaded.get(number);
    if (!found || found.etag !== etag) throw invalidPart(upload, number, etag);
    const given = ALGORITHMS.find((algorithm) => part[checksumMember(algorithm)] !== undefined);
    const expected = upload.checksum?.algorithm;
    if (given && (given !== expected || part[checksumMember(given)] !== found.checksum?.value)) {
      throw invalidPart(upload, number, etag);
    }
    if (!given && expected && upload.checksum?.kind === 'COMPOSITE') {
      throw invalidRequest(
        `The upload was created using a ${expected.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
      );
    }
    chosen.push(found);
  }
  chosen.slice(0, -1).forEach((part, index) => {
    if (part.size >= MIN_PART) return;
    throw s3Error('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size', {
      ETag: part.etag,
      MinSizeAllowed: String(MIN_PART),
      PartNumber: String(asked[index]?.PartNumber),
      ProposedSize: String(part.size),
    });
  });
  return chosen;
}

function checksumOf(upload: Upload, parts: UploadedPart[]): Checksum {
  const algorithm: Algorithm = upload.checksum?.algorithm ?? 'CRC64NVME';
  const kind: ChecksumKind = upload.checksum?.kind ?? 'FULL_OBJECT';
  const values = parts.map((part) => ({ value: part.checksum?.value ?? '', size: part.size }));
  if (kind === 'FULL_OBJECT') {
    if (!isCombinable(algorithm)) throw new Error(`no full-object checksum of ${algorithm}`);
    return { algorithm, kind, value: combineCrcs(algorithm, values) };
  }
  const all = Buffer.concat(values.map(({ value }) => Buffer.from(value, 'base64')));
  return { algorithm, kind, value: `${digestOf(algorithm, all).toString('base64')}-${parts.length}` };
}

function checkChecksum(upload: Upload, input: CompleteInput, checksum: Checksum): void {
  const kind = upload.checksum?.kind;
  if (input.ChecksumType !== undefined && input.ChecksumType !== kind) {
    throw invalidRequest(
      `The upload was created using the ${kind ?? 'null'} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  const given = ALGORITHMS.find((algorithm) => input[checksumMember(algorithm)] !== undefined);
  if (!given) return;
  const value = input[checksumMember(given)];
  const same =
    given === checksum.algorithm &&
    (value === checksum.value || (checksum.kind === 'COMPOSITE' && value === checksum.value.split('-')[0]));
  if (!same) {
    throw s3Error(
      'BadDigest',
      400,
      `The ${checksum.algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    );
  }
}

/** A write to the key since the upload began is a conflict for a conditional completion. */
function checkConflict(upload: Upload, current: ObjectVersion | undefined, input: CompleteInput): void {
  const conflict = (condition: string) =>
    s3Error(
      'ConditionalRequestConflict',
      409,
      'The conditional request cannot succeed due to a conflicting operation against this resource.',
      { Condition: condition, Key: upload.key },
    );
  const began = Number.parseInt(upload.id.slice(0, 11), 36);
  if (input.IfMatch !== undefined && current && !current.deleteMarker && current.seq > began) {
    throw conflict('If-Match');
  }
  if (
    input.IfNoneMatch !== undefined &&
    (current?.deleteMarker ? current.seq : (upload.deletedAt ?? 0)) > began
  ) {
    throw conflict('If-None-Match');
  }
}

export const completeMultipartUpload: Operation<'s3', 'CompleteMultipartUpload'> = (input, call) => {
  refuseCustomerKeys(input);
  const bucket = openBucket(call, input);
  checkWriteHeaders(input);
  const upload = openUpload(call, input);
  const asked = input.MultipartUpload?.Parts;
  if (!asked?.length) throw malformedXml();
  for (const name of Object.keys(input)) {
    if (/^Checksum(MD5|SHA512|XXHASH)/.test(name)) throw notImplemented(`S3 ${name}`);
  }
  const state = stateOf(call);
  const now = currentVersion(state, bucket.name, upload.key);
  checkWrite(now?.deleteMarker ? undefined : now, upload.key, input);
  checkConflict(upload, now, input);
  const parts = chosenParts(call, upload, asked);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const claimed = input.MpuObjectSize;
  if (claimed !== undefined && Number(claimed) !== size) {
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${claimed} does not match what was computed: ${size}`,
    );
  }
  const checksum = checksumOf(upload, parts);
  checkChecksum(upload, input, checksum);
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'));
  const all = [...state.parts.values({ prefix: [upload.id] })];
  const {
    id,
    bucket: _bucket,
    key,
    initiated: _at,
    initiator: _by,
    deletedAt: _deleted,
    ...described
  } = upload;
  const { version } = state.transaction(() => {
    const committed = commit(
      call,
      bucket.name,
      key,
      {
        ...described,
        contents: parts.map((part) => part.content),
        size,
        etag: `${etagOf(call, upload.encryption, md5.digest('hex'))}-${parts.length}`,
        checksum,
        parts: parts.map(({ content: _content, modified: _modified, ...part }) => part),
      },
      { check: (current) => checkWrite(current, key, input) },
    );
    state.uploads.remove(uploadKey(bucket.name, key, id));
    state.parts.clear({ prefix: [id] });
    return committed;
  });
  const used = new Set(parts.map((part) => part.content.id));
  release(
    call,
    all.map((part) => part.content).filter((content) => !used.has(content.id)),
  );
  notify(call, bucket, 'ObjectCreated:CompleteMultipartUpload', version);
  return {
    Bucket: bucket.name,
    Key: key,
    Location: location(call, bucket.name, key),
    ETag: `"${version.etag}"`,
    ...asMembers(checksum),
    ...encryptionMembers(upload.encryption),
    ...expirationHeader(bucket, version),
    ...(bucket.versioning === 'Enabled' ? { VersionId: version.versionId } : {}),
  };
};

/** Where the object answers: below the address the request came to. */
export function location(call: Call, bucket: string, key: string): string {
  const path = encodeURIComponent(key);
  const { http } = call;
  if (!http) return `https://${bucket}.s3.${call.region}.amazonaws.com/${path}`;
  const scheme = http.secure ? 'https' : 'http';
  const virtualHost = http.host.startsWith(`${bucket}.`);
  return `${scheme}://${http.host}/${virtualHost ? '' : `${bucket}/`}${path}`;
}
