import type { _Object } from '@aws-sdk/client-s3';
import { type Call, decodeToken, encodeToken, type Operation } from '../../kernel';
import { canonicalId, openBucket } from './access';
import { invalidArgument } from './errors';
import { urlEncoder, walkObjects } from './list-entries';
import type { Bucket, ObjectVersion } from './records';
import { stateOf } from './store';

const MOST = 1000;

/** How many entries a page has: at most 1,000, whatever is asked for. */
export function pageSize(asked: number | undefined, name = 'max-keys'): number {
  if (asked !== undefined && (asked < 0 || !Number.isInteger(asked))) {
    throw invalidArgument(
      `Argument ${name} must be an integer between 0 and 2147483647`,
      name,
      String(asked),
    );
  }
  return Math.min(asked ?? MOST, MOST);
}

export function checkEncoding(encoding: string | undefined): void {
  if (encoding !== undefined && encoding !== 'url') {
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding);
  }
}

export function describeListed(object: ObjectVersion, url: (text: string) => string): _Object {
  return {
    Key: url(object.key),
    LastModified: new Date(object.modified),
    ETag: `"${object.etag}"`,
    Size: object.size,
    StorageClass: object.storageClass as _Object['StorageClass'],
    ...(object.checksum
      ? { ChecksumAlgorithm: [object.checksum.algorithm], ChecksumType: object.checksum.kind }
      : {}),
  };
}

interface ListInput {
  Prefix?: string | undefined;
  Delimiter?: string | undefined;
  EncodingType?: string | undefined;
  MaxKeys?: number | undefined;
}

function page(call: Call, bucket: Bucket, input: ListInput, after: string, owners: boolean) {
  checkEncoding(input.EncodingType);
  const prefix = input.Prefix ?? '';
  const limit = pageSize(input.MaxKeys);
  const url = urlEncoder(input.EncodingType);
  const owner = { ID: canonicalId(bucket.account) };
  const contents: _Object[] = [];
  const prefixes: { Prefix: string }[] = [];
  let last: string | undefined;
  let more = false;
  const walk = { bucket: bucket.name, prefix, delimiter: input.Delimiter, after };
  for (const entry of limit > 0 ? walkObjects(stateOf(call), walk) : []) {
    if (contents.length + prefixes.length === limit) {
      more = true;
      break;
    }
    if ('prefix' in entry) {
      prefixes.push({ Prefix: url(entry.prefix) });
      last = entry.prefix;
    } else {
      contents.push({ ...describeListed(entry.value, url), ...(owners ? { Owner: owner } : {}) });
      last = entry.key;
    }
  }
  return {
    last: more ? last : undefined,
    members: {
      Name: bucket.name,
      Prefix: url(prefix),
      MaxKeys: limit,
      IsTruncated: more,
      ...(contents.length > 0 ? { Contents: contents } : {}),
      ...(prefixes.length > 0 ? { CommonPrefixes: prefixes } : {}),
      ...(input.Delimiter ? { Delimiter: url(input.Delimiter) } : {}),
      ...(input.EncodingType ? { EncodingType: 'url' as const } : {}),
    },
  };
}

export const listObjects: Operation<'s3', 'ListObjects'> = (input, call) => {
  const bucket = openBucket(call, input);
  const marker = input.Marker ?? '';
  const { members, last } = page(call, bucket, input, marker, true);
  const url = urlEncoder(input.EncodingType);
  return {
    ...members,
    Marker: url(marker),
    // Without a delimiter the last key is the next marker, and AWS leaves it to the reader.
    ...(last !== undefined && input.Delimiter ? { NextMarker: url(last) } : {}),
  };
};

export const listObjectsV2: Operation<'s3', 'ListObjectsV2'> = (input, call) => {
  const bucket = openBucket(call, input);
  let after = input.StartAfter ?? '';
  if (input.ContinuationToken !== undefined) {
    const key = decodeToken(input.ContinuationToken)?.[0];
    if (typeof key !== 'string') {
      throw invalidArgument('The continuation token provided is incorrect', 'continuation-token');
    }
    after = key;
  }
  const { members, last } = page(call, bucket, input, after, input.FetchOwner === true);
  const url = urlEncoder(input.EncodingType);
  return {
    ...members,
    KeyCount: (members.Contents?.length ?? 0) + (members.CommonPrefixes?.length ?? 0),
    ...(input.ContinuationToken === undefined ? {} : { ContinuationToken: input.ContinuationToken }),
    ...(last === undefined ? {} : { NextContinuationToken: encodeToken(last) }),
    ...(input.StartAfter && input.ContinuationToken === undefined
      ? { StartAfter: url(input.StartAfter) }
      : {}),
  };
};
