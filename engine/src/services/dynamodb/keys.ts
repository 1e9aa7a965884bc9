import { createHash } from 'node:crypto';
import { encodeNumber } from './values/number';
import type { Value } from './values/value';

/**
 * How items lie in the store: `hash(partition key) partition key [sort key] [the item's own key]`.
 *
 * The hash scatters partitions as DynamoDB does, and cuts a table into segments for parallel scans. The sort key
 * is written so that memcmp orders it as DynamoDB does. Index entries end with the table's key, so that
 * items with the same index key lie side by side.
 */

/** Longer partition keys are replaced by their digest: their order means nothing. */
const MAX_PARTITION = 512;
/** As above, for the table's key at the end of an index entry. */
const MAX_SUFFIX = 600;

/** The bytes of a key attribute whose type has been checked. */
export function keyBytes(value: Value): Buffer {
  if (value.S !== undefined) return Buffer.from(value.S, 'utf8');
  if (value.N !== undefined) return encodeNumber(value.N);
  const bytes = value.B ?? new Uint8Array();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Where a partition's items begin, and what all their keys begin with. */
export function partitionKey(value: Value): Buffer {
  const bytes = keyBytes(value);
  const long = bytes.length > MAX_PARTITION;
  const part = long ? createHash('sha256').update(bytes).digest() : bytes;
  const out = Buffer.allocUnsafe(6 + part.length);
  out.writeUInt32BE(hash32(bytes), 0);
  out.writeUInt16BE(long ? 0xffff : part.length, 4);
  part.copy(out, 6);
  return out;
}

/** FNV-1a, stirred so that its high bits are spread too. */
function hash32(bytes: Buffer): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The sort key with its zeros escaped: still in order, and what begins with it is what its value begins with. */
export function sortKeyStart(value: Value): Buffer {
  const bytes = keyBytes(value);
  if (!bytes.includes(0)) return bytes;
  const out: number[] = [];
  for (const byte of bytes) {
    out.push(byte);
    if (byte === 0) out.push(0xff);
  }
  return Buffer.from(out);
}

const END = Buffer.of(0, 0);

/** The whole sort key: its end sorts before anything that could follow. */
export function sortKey(value: Value): Buffer {
  return Buffer.concat([sortKeyStart(value), END]);
}

/** The table's key as the end of an index entry's key. */
export function suffix(tableKey: Buffer): Buffer {
  if (tableKey.length <= MAX_SUFFIX) return Buffer.concat([Buffer.of(0), tableKey]);
  return Buffer.concat([Buffer.of(1), createHash('sha256').update(tableKey).digest()]);
}

/** The least key behind all that begin with `prefix`; undefined if there is none. */
export function behind(prefix: Buffer): Buffer | undefined {
  let end = prefix.length;
  while (end > 0 && prefix[end - 1] === 0xff) end--;
  if (end === 0) return undefined;
  const out = Buffer.from(prefix.subarray(0, end));
  out[end - 1]!++;
  return out;
}

/** The bounds of one of `total` segments of a table. */
export function segmentBounds(segment: number, total: number): { gte: Buffer; lt?: Buffer } {
  const at = (index: number) => {
    const out = Buffer.allocUnsafe(4);
    out.writeUInt32BE(Math.floor((index * 0x1_0000_0000) / total), 0);
    return out;
  };
  return segment + 1 < total ? { gte: at(segment), lt: at(segment + 1) } : { gte: at(segment) };
}
