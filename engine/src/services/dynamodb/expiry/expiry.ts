import type { Store } from '../../../storage';
import type { TableRecord } from '../tables/record';
import type { Item } from '../values/value';

/**
 * Which items expire when, in order of time: found without reading the table.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */
export function expiries(store: Store, table: Pick<TableRecord, 'id'>) {
  return store.bytes<true>(`expiry/${table.id}`);
}

const SECONDS_BYTES = 6;
/** AWS leaves alone what would have expired longer ago: a guard against mistaken numbers. */
const FIVE_YEARS = 5 * 365 * 24 * 60 * 60;

/** The second in which an item expires, by the table's TTL attribute; undefined if it never does. */
function expiresAt(record: TableRecord, item: Item): number | undefined {
  const text = record.ttl && item[record.ttl.attribute]?.N;
  const seconds = text === undefined ? Number.NaN : Math.floor(Number(text));
  return seconds >= 0 && seconds < 2 ** (8 * SECONDS_BYTES) ? seconds : undefined;
}

function entryKey(seconds: number, itemKey: Uint8Array): Buffer {
  const head = Buffer.allocUnsafe(SECONDS_BYTES);
  head.writeUIntBE(seconds, 0, SECONDS_BYTES);
  return Buffer.concat([head, itemKey]);
}

/** Keeps the order of expiry in step with a write, in its transaction. True if something is to expire that was not. */
export function noteExpiry(
  store: Store,
  record: TableRecord,
  itemKey: Uint8Array,
  old: Item | undefined,
  next: Item | undefined,
): boolean {
  const before = old && expiresAt(record, old);
  const after = next && expiresAt(record, next);
  if (before === after) return false;
  const entries = expiries(store, record);
  if (before !== undefined) entries.remove(entryKey(before, itemKey));
  if (after === undefined) return false;
  entries.put(entryKey(after, itemKey), true);
  return true;
}

/** The earliest expiry that is still due, in seconds; what is older than five years is passed over. */
export function nextExpiry(store: Store, record: TableRecord, now: number): number | undefined {
  for (const { key } of expiries(store, record).entries({ gte: oldest(now), limit: 1 }))
    return secondsOf(key);
  return undefined;
}

/** Keys of up to `limit` items that have expired by `now` (seconds), earliest first. */
export function expiredItems(store: Store, record: TableRecord, now: number, limit: number): Buffer[] {
  const range = { gte: oldest(now), lt: entryKey(now + 1, Buffer.alloc(0)), limit };
  return [...expiries(store, record).entries(range)].map(({ key }) =>
    Buffer.from(key.subarray(SECONDS_BYTES)),
  );
}

function oldest(now: number): Buffer {
  return entryKey(Math.max(0, now - FIVE_YEARS), Buffer.alloc(0));
}

function secondsOf(key: Uint8Array): number {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).readUIntBE(0, SECONDS_BYTES);
}
