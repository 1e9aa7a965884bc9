import { AwsError, type Call } from '../../kernel';
import { headerNotImplemented, noSuchKey, preconditionFailed } from './errors';
import type { ObjectVersion } from './records';

const unquoted = (etag: string): string => etag.trim().replace(/^(W\/)?"?|"$/g, '');

function etagMatches(header: string, etag: string): boolean {
  return header.split(',').some((one) => one.trim() === '*' || unquoted(one) === etag);
}

/** HTTP dates have no milliseconds. */
const seconds = (millis: number): number => Math.floor(millis / 1000);

export interface ReadConditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
  IfModifiedSince?: Date | undefined;
  IfUnmodifiedSince?: Date | undefined;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html */
export function checkRead(call: Call, object: ObjectVersion, input: ReadConditions): void {
  const modified = seconds(object.modified);
  const since = (date: Date | undefined) => (date ? seconds(date.getTime()) : undefined);
  if (input.IfMatch !== undefined) {
    if (!etagMatches(input.IfMatch, object.etag)) throw preconditionFailed('If-Match');
  } else {
    const unmodified = since(input.IfUnmodifiedSince);
    if (unmodified !== undefined && modified > unmodified) throw preconditionFailed('If-Unmodified-Since');
  }
  const ifModified = since(input.IfModifiedSince);
  const same =
    input.IfNoneMatch !== undefined
      ? etagMatches(input.IfNoneMatch, object.etag)
      : ifModified !== undefined && ifModified <= seconds(call.clock.millis()) && modified <= ifModified;
  if (same) {
    call.response.headers.ETag = `"${object.etag}"`;
    call.response.headers['Last-Modified'] = new Date(object.modified).toUTCString();
    throw new AwsError('NotModified', 'Not Modified', { status: 304 });
  }
}

export interface SourceConditions {
  CopySourceIfMatch?: string | undefined;
  CopySourceIfNoneMatch?: string | undefined;
  CopySourceIfModifiedSince?: Date | undefined;
  CopySourceIfUnmodifiedSince?: Date | undefined;
}

/** A copy fails where a read would have answered "not modified". */
export function checkSource(call: Call, source: ObjectVersion, input: SourceConditions): void {
  const modified = seconds(source.modified);
  const header = (name: string) => preconditionFailed(`x-amz-copy-source-${name}`);
  const unmodified = input.CopySourceIfUnmodifiedSince?.getTime();
  const ifModified = input.CopySourceIfModifiedSince?.getTime();
  if (input.CopySourceIfMatch !== undefined) {
    if (!etagMatches(input.CopySourceIfMatch, source.etag)) throw header('If-Match');
  } else if (unmodified !== undefined && modified > seconds(unmodified)) {
    throw header('If-Unmodified-Since');
  }
  if (input.CopySourceIfNoneMatch !== undefined) {
    if (etagMatches(input.CopySourceIfNoneMatch, source.etag)) throw header('If-None-Match');
  } else if (
    ifModified !== undefined &&
    ifModified <= call.clock.millis() &&
    modified <= seconds(ifModified)
  ) {
    throw header('If-Modified-Since');
  }
}

export interface WriteConditions {
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
}

/** Refuses what S3 takes no such condition of. */
export function checkWriteHeaders({ IfMatch: match, IfNoneMatch: none }: WriteConditions): void {
  if (match !== undefined && none !== undefined) {
    throw headerNotImplemented(
      'If-Match,If-None-Match',
      'Multiple conditional request headers present in the request',
    );
  }
  const refused = (header: string) =>
    headerNotImplemented(header, `We don't accept the provided value of ${header} header for this API`);
  if (none !== undefined && none !== '*') throw refused('If-None-Match');
  if (match === '*') throw refused('If-Match');
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function checkWrite(
  current: ObjectVersion | undefined,
  key: string,
  { IfMatch: match, IfNoneMatch: none }: WriteConditions,
): void {
  if (none !== undefined && current) throw preconditionFailed('If-None-Match');
  if (match === undefined) return;
  if (!current) throw noSuchKey(key);
  if (!etagMatches(match, current.etag)) throw preconditionFailed('If-Match');
}
