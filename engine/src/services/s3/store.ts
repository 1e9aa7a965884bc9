import type { Host } from '../../kernel';
import type { Store } from '../../storage';
import type { Bucket, ObjectVersion, Upload, UploadedPart } from './records';

const NUL = Buffer.of(0);
/** No byte of UTF-8 is this high: it sorts behind every key. */
const BEHIND_ALL = Buffer.of(0xff);

/**
 * Where S3 keeps things. Buckets and objects lie in the world's store: bucket names are unique in it, and a
 * bucket can be used from other accounts. Keys of objects are bytes, so that they list in UTF-8 order as on AWS.
 */
export class State {
  readonly buckets;
  /** The current version of each key (delete markers too). */
  readonly objects;
  /** The versions behind the current ones, newest first for each key. */
  readonly archive;
  readonly uploads;
  readonly parts;
  /** Contents that are too small for a file of their own. */
  readonly bodies;
  readonly transaction;

  constructor(store: Store) {
    this.buckets = store.collection<Bucket>('buckets');
    this.objects = store.bytes<ObjectVersion>('objects');
    this.archive = store.bytes<ObjectVersion>('archive');
    this.uploads = store.bytes<Upload>('uploads');
    this.parts = store.collection<UploadedPart>('parts');
    this.bodies = store.collection<Uint8Array>('bodies');
    this.transaction = <T>(work: () => T): T => store.transaction(work);
  }
}

/** The state behind a call; opened once for an engine. */
export function stateOf(call: Host & { worldStore: Store }): State {
  return call.memo('s3.state', () => new State(call.worldStore));
}

export function objectKey(bucket: string, key: string): Buffer {
  return Buffer.from(`${bucket}\0${key}`);
}

/** All keys of a bucket that begin with `prefix`. */
export function prefixRange(bucket: string, prefix = ''): { gte: Buffer; lt: Buffer } {
  const low = objectKey(bucket, prefix);
  return { gte: low, lt: Buffer.concat([low, BEHIND_ALL]) };
}

/** Behind every key that begins with `prefix`. */
export function behindPrefix(bucket: string, prefix: string): Buffer {
  return Buffer.concat([objectKey(bucket, prefix), BEHIND_ALL]);
}

const HIGHEST = 0xffff_ffff_ffff_ffffn;

/** Newer versions sort first. */
export function archiveKey(version: { bucket: string; key: string; seq: number }): Buffer {
  const order = Buffer.alloc(8);
  order.writeBigUInt64BE(HIGHEST - BigInt(version.seq));
  return Buffer.concat([objectKey(version.bucket, version.key), NUL, order]);
}

/** The archived versions of one key, newest first. */
export function archiveRange(bucket: string, key: string): { gte: Buffer; lt: Buffer } {
  const start = objectKey(bucket, key);
  return { gte: Buffer.concat([start, NUL]), lt: Buffer.concat([start, Buffer.of(1)]) };
}

export function uploadKey(bucket: string, key: string, uploadId: string): Buffer {
  return Buffer.from(`${bucket}\0${key}\0${uploadId}`);
}
