import type { Call } from '../../../kernel';
import type { BytesCollection } from '../../../storage';
import { itemSize } from '../values/size';
import type { Item } from '../values/value';
import type { Table } from './table';

export interface Counts {
  items: number;
  bytes: number;
}

export interface TableCounts {
  table: Counts;
  indexes: Record<string, Counts>;
}

/** "DynamoDB updates this value approximately every six hours": so does this, so that describing stays cheap. */
const REFRESH = 6 * 60 * 60_000;

/** The table's counts as they were at the latest refresh; nothing for a table younger than that. */
export function countsOf(host: Pick<Call, 'memo' | 'clock'>, table: Table): TableCounts | undefined {
  const known = host.memo('dynamodb:counts', () => new Map<string, { at: number; counts: TableCounts }>());
  const now = host.clock.millis();
  const latest = known.get(table.record.id);
  const at = latest?.at ?? table.record.createdAt.getTime();
  if (now - at < REFRESH) return latest?.counts;
  const counts: TableCounts = {
    table: count(table.items),
    indexes: Object.fromEntries(table.indexes.map((index) => [index.name, count(index.entries)])),
  };
  known.set(table.record.id, { at: now, counts });
  return counts;
}

function count(collection: BytesCollection<Item>): Counts {
  let items = 0;
  let bytes = 0;
  for (const { value } of collection.entries()) {
    items++;
    bytes += itemSize(value);
  }
  return { items, bytes };
}
