import { type SweepScope, scheduleSweep } from '../expiry/appointments';
import { noteExpiry } from '../expiry/expiry';
import type { Index, Table } from '../tables/table';
import { equalItems } from '../values/compare';
import { itemSize } from '../values/size';
import type { Item } from '../values/value';
import { type IndexUnits, type Units, writeUnits } from './capacity';
import { bytesInIndex } from './item-key';

/** A write of one item: what was there, and what is to be there (undefined for nothing). */
export interface Change {
  table: Table;
  /** The table's key for the item. */
  bytes: Buffer;
  old: Item | undefined;
  next: Item | undefined;
}

/**
 * Writes the item and its index entries; to be called within a transaction.
 * `measure` also works out what it costs, which takes about as long as the write.
 */
export function write(scope: SweepScope, change: Change, measure: boolean): Units | undefined {
  const { table, bytes, old, next } = change;
  const indexes: IndexUnits[] = [];
  if (next) table.items.put(bytes, next);
  else if (old) table.items.remove(bytes);
  for (const index of table.indexes) {
    const units = writeEntry(index, change, measure);
    if (units > 0) indexes.push({ name: index.name, global: index.global, units });
  }
  if (table.record.ttl && noteExpiry(scope.store, table.record, bytes, old, next)) {
    scheduleSweep(scope, table.record);
  }
  if (!measure) return undefined;
  const size = Math.max(old ? itemSize(old) : 0, next ? itemSize(next) : 0);
  return { table: writeUnits(size), indexes };
}

/** Brings one index up to date, and gives the write units it takes: none where its view has not changed. */
function writeEntry(index: Index, { bytes, old, next }: Change, measure: boolean): number {
  const oldKey = old && bytesInIndex(index, old, bytes);
  const nextKey = next && bytesInIndex(index, next, bytes);
  const oldEntry = oldKey && old && projectItem(index, old);
  const nextEntry = nextKey && next && projectItem(index, next);
  const cost = (entry: Item | undefined) => (measure && entry ? writeUnits(itemSize(entry)) : 0);
  if (oldKey && nextKey && oldKey.equals(nextKey)) {
    if (equalItems(oldEntry!, nextEntry!)) return 0;
    index.entries.put(nextKey, nextEntry!);
    return Math.max(cost(oldEntry), cost(nextEntry));
  }
  if (oldKey) index.entries.remove(oldKey);
  if (nextKey) index.entries.put(nextKey, nextEntry!);
  return cost(oldEntry) + cost(nextEntry);
}

/** The attributes of `item` that the index holds. */
export function projectItem(index: Index, item: Item): Item {
  if (!index.projected) return item;
  const entry: Item = {};
  for (const name of index.projected) {
    if (Object.hasOwn(item, name)) entry[name] = item[name]!;
  }
  return entry;
}
