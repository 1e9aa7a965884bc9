import { type Call, notImplemented } from '../../kernel';
import { openBucket } from './access';
import { invalidArgument, invalidRequest, noSuchKey } from './errors';
import { checkRestored } from './get-object';
import type { Bucket, ObjectVersion } from './records';
import { stateOf } from './store';
import { currentVersion, namedVersion } from './versions';

export interface Source {
  bucket: Bucket;
  object: ObjectVersion;
}

export interface SourceName {
  Bucket: string;
  Key: string;
  VersionId?: string;
}

/** What `x-amz-copy-source` names: `/bucket/key?versionId=id`, URL-encoded. */
export function sourceName(header: string | undefined): SourceName {
  const text = header ?? '';
  if (text.startsWith('arn:')) throw notImplemented('S3 access points as the source of a copy');
  const [path = '', query] = text.split(/\?versionId=/);
  const decoded = decode(path).replace(/^\//, '');
  const slash = decoded.indexOf('/');
  if (slash < 1 || slash === decoded.length - 1) {
    throw invalidArgument('Invalid copy source object key', 'x-amz-copy-source', text);
  }
  return {
    Bucket: decoded.slice(0, slash),
    Key: decoded.slice(slash + 1),
    ...(query === undefined ? {} : { VersionId: query }),
  };
}

export function copySource(
  call: Call,
  header: string | undefined,
  expectedOwner: string | undefined,
): Source {
  const { Bucket, Key: key, VersionId: query } = sourceName(header);
  const bucket = openBucket(call, { Bucket, ExpectedBucketOwner: expectedOwner });
  const state = stateOf(call);
  const object =
    query === undefined ? currentVersion(state, bucket.name, key) : namedVersion(state, bucket, key, query);
  if (!object) throw noSuchKey(key);
  if (object.deleteMarker) {
    if (query === undefined) throw noSuchKey(key);
    throw invalidRequest(
      'The source of a copy request may not specifically refer to a delete marker by version id.',
    );
  }
  checkRestored(object);
  return { bucket, object };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidArgument('Invalid copy source encoding.', 'x-amz-copy-source', text);
  }
}
