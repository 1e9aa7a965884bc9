import type { MultipartUpload } from '@aws-sdk/client-s3';
import type { Operation } from '../../kernel';
import { openBucket } from './access';
import { invalidArgument } from './errors';
import { commonPrefix, startOf, urlEncoder, type Walk } from './list-entries';
import { checkEncoding, pageSize } from './list-objects';
import { owners } from './multipart-create';
import type { Upload } from './records';
import { behindPrefix, prefixRange, type State, stateOf, uploadKey } from './store';

type Step = { prefix: string } | Upload;

function* walkUploads(state: State, walk: Walk, uploadMarker: string): Iterable<Step> {
  const { lt } = prefixRange(walk.bucket, walk.prefix);
  // Behind one upload of the marked key, or behind all of them.
  let from =
    walk.after === ''
      ? startOf(walk)
      : uploadMarker === ''
        ? behindUploads(walk)
        : Buffer.concat([uploadKey(walk.bucket, walk.after, uploadMarker), Buffer.of(0)]);
  for (;;) {
    let jump: Buffer | undefined;
    for (const { value } of state.uploads.entries({ gte: from, lt })) {
      const group = commonPrefix(value.key, walk.prefix, walk.delimiter);
      if (group === undefined) {
        yield value;
        continue;
      }
      yield { prefix: group };
      jump = behindPrefix(walk.bucket, group);
      break;
    }
    if (!jump) return;
    from = jump;
  }
}

function behindUploads(walk: Walk): Buffer {
  const group = commonPrefix(walk.after, walk.prefix, walk.delimiter);
  const from =
    group !== undefined && walk.after.startsWith(walk.prefix)
      ? behindPrefix(walk.bucket, group)
      : Buffer.from(`${walk.bucket}\0${walk.after}\u0001`);
  const { gte } = prefixRange(walk.bucket, walk.prefix);
  return Buffer.compare(from, gte) > 0 ? from : gte;
}

export const listMultipartUploads: Operation<'s3', 'ListMultipartUploads'> = (input, call) => {
  const bucket = openBucket(call, input);
  checkEncoding(input.EncodingType);
  const { KeyMarker: after = '', Prefix: prefix = '' } = input;
  // Without a key marker an upload id marker says nothing.
  const uploadMarker = after === '' ? '' : (input.UploadIdMarker ?? '');
  const state = stateOf(call);
  if (uploadMarker !== '' && !state.uploads.get(uploadKey(bucket.name, after, uploadMarker))) {
    throw invalidArgument('Invalid uploadId marker', 'upload-id-marker', uploadMarker);
  }
  const limit = pageSize(input.MaxUploads, 'max-uploads');
  const url = urlEncoder(input.EncodingType);
  const walk = { bucket: bucket.name, prefix, delimiter: input.Delimiter, after };
  const uploads: MultipartUpload[] = [];
  const prefixes: { Prefix: string }[] = [];
  let last: Step | undefined;
  let more = false;
  for (const step of limit > 0 ? walkUploads(state, walk, uploadMarker) : []) {
    if (uploads.length + prefixes.length === limit) {
      more = true;
      break;
    }
    last = step;
    if ('prefix' in step) {
      prefixes.push({ Prefix: url(step.prefix) });
      continue;
    }
    uploads.push({
      Key: url(step.key),
      UploadId: step.id,
      Initiated: new Date(step.initiated),
      StorageClass: step.storageClass,
      ...owners(bucket.account, step.initiator),
      ...(step.checksum
        ? { ChecksumAlgorithm: step.checksum.algorithm, ChecksumType: step.checksum.kind }
        : {}),
    });
  }
  const lastUpload = last && !('prefix' in last) ? last : undefined;
  return {
    Bucket: bucket.name,
    KeyMarker: url(after),
    UploadIdMarker: uploadMarker,
    NextKeyMarker: lastUpload ? url(lastUpload.key) : '',
    NextUploadIdMarker: lastUpload?.id ?? '',
    MaxUploads: limit,
    IsTruncated: more,
    ...(prefix ? { Prefix: url(prefix) } : {}),
    ...(input.Delimiter ? { Delimiter: url(input.Delimiter) } : {}),
    ...(input.EncodingType ? { EncodingType: 'url' as const } : {}),
    ...(uploads.length > 0 ? { Uploads: uploads } : {}),
    ...(prefixes.length > 0 ? { CommonPrefixes: prefixes } : {}),
  };
};
