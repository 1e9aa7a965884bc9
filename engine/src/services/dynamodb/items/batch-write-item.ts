import type { ConsumedCapacity, ItemCollectionMetrics, WriteRequest } from '@aws-sdk/client-dynamodb';
import type { Operation } from '../../../kernel';
import { invalid } from '../errors';
import { useTable } from '../tables/catalog';
import type { Table } from '../tables/table';
import { checkItem } from '../values/check';
import type { Item } from '../values/value';
import { consumed, UnitsSum, wantsCapacity } from './capacity';
import { collectionMetrics } from './collection-metrics';
import { checkItemKeys, checkKey, type ItemKey, schemaMismatch } from './item-key';
import { checkPutSize } from './put-item';
import { write } from './write';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MAX_REQUESTS = 25;

interface Write extends ItemKey {
  next: Item | undefined;
}

export const batchWriteItem: Operation<'dynamodb', 'BatchWriteItem'> = (input, call) => {
  const requests = Object.entries(input.RequestItems ?? {});
  if (requests.length === 0) throw invalid('The requestItems parameter is required for BatchWriteItem');
  const total = requests.reduce((sum, [, list]) => sum + list.length, 0);
  if (total > MAX_REQUESTS) throw invalid('Too many items requested for the BatchWriteItem call');
  const checked = requests.map(([, list]) => list.map(checkRequest));
  const tables = requests.map(([given], i) => {
    const table = useTable(call, given);
    return { given, table, writes: keyed(table, checked[i]!) };
  });
  const mode = input.ReturnConsumedCapacity;
  const measure = wantsCapacity(mode);
  const capacity: ConsumedCapacity[] = [];
  const metrics: Record<string, ItemCollectionMetrics[]> = {};
  call.store.transaction(() => {
    for (const { given, table, writes } of tables) {
      const sum = new UnitsSum();
      for (const { bytes, next } of writes) {
        const units = write(call, { table, bytes, old: table.items.get(bytes), next }, measure);
        if (units) sum.add(units);
      }
      capacity.push(consumed(mode, given, sum));
    }
  });
  for (const { given, table, writes } of tables) {
    const found = writes.flatMap(
      ({ key }) => collectionMetrics(input.ReturnItemCollectionMetrics, table, key) ?? [],
    );
    if (found.length > 0) metrics[given] = found;
  }
  return {
    UnprocessedItems: {},
    ...(Object.keys(metrics).length > 0 && { ItemCollectionMetrics: metrics }),
    ...(measure && { ConsumedCapacity: capacity }),
  };
};

/** What can be said before the table is known. */
function checkRequest({ PutRequest, DeleteRequest }: WriteRequest): { put?: Item; key?: Item } {
  if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  if (!PutRequest) return { key: checkItem(DeleteRequest?.Key ?? {}) };
  const put = checkItem(PutRequest.Item ?? {});
  checkPutSize(put);
  return { put };
}

function keyed(table: Table, requests: readonly { put?: Item; key?: Item }[]): Write[] {
  const writes = requests.map(({ put, key }): Write => {
    if (!put) return { ...checkKey(table, key ?? {}), next: undefined };
    // Unlike PutItem, AWS says only this of a key of the wrong type in a batch.
    for (const attribute of [table.key.hash, table.key.range]) {
      const value = attribute && put[attribute.name];
      if (attribute && value && value[attribute.type] === undefined) throw schemaMismatch();
      if (attribute && !value) throw schemaMismatch();
    }
    return { ...checkItemKeys(table, put), next: put };
  });
  const distinct = new Set(writes.map(({ bytes }) => bytes.toString('latin1')));
  if (distinct.size < writes.length) throw invalid('Provided list of item keys contains duplicates');
  return writes;
}
