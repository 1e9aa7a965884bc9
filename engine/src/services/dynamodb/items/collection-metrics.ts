import type { ItemCollectionMetrics, ReturnItemCollectionMetrics } from '@aws-sdk/client-dynamodb';
import { behind, partitionKey } from '../keys';
import type { Table } from '../tables/table';
import { itemSize } from '../values/size';
import type { Item } from '../values/value';

const GIGABYTE = 1024 ** 3;

/** The size of an item's collection, where it was asked for and the table has local indexes (else there is none). */
export function collectionMetrics(
  mode: ReturnItemCollectionMetrics | undefined,
  table: Table,
  key: Item,
): ItemCollectionMetrics | undefined {
  const locals = table.indexes.filter((index) => !index.global);
  if (mode !== 'SIZE' || locals.length === 0) return undefined;
  const hash = table.key.hash.name;
  const prefix = partitionKey(key[hash]!);
  const end = behind(prefix);
  let size = 0;
  for (const collection of [table.items, ...locals.map((index) => index.entries)]) {
    for (const { value } of collection.entries({ gte: prefix, ...(end && { lt: end }) }))
      size += itemSize(value);
  }
  const gigabytes = Math.floor(size / GIGABYTE);
  return { ItemCollectionKey: { [hash]: key[hash]! }, SizeEstimateRangeGB: [gigabytes, gigabytes + 1] };
}
