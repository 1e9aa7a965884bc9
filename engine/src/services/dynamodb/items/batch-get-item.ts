import type { ConsumedCapacity, KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import type { Operation } from '../../../kernel';
import { invalid } from '../errors';
import type { Path } from '../expressions/ast';
import { checkParameters, readExpressions } from '../expressions/parameters';
import { project } from '../expressions/paths';
import { attributesToGet } from '../legacy/attributes-to-get';
import { useTable } from '../tables/catalog';
import type { Table } from '../tables/table';
import { checkItem } from '../values/check';
import { itemSize } from '../values/size';
import type { Item } from '../values/value';
import { consumed, readUnits, wantsCapacity } from './capacity';
import { checkKey, type ItemKey } from './item-key';
import { checkKeyPaths } from './key-paths';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const MAX_KEYS = 100;
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

interface TableRead {
  given: string;
  request: KeysAndAttributes;
  table: Table;
  keys: ItemKey[];
  projection: Path[] | undefined;
}

export const batchGetItem: Operation<'dynamodb', 'BatchGetItem'> = (input, call) => {
  const requests = Object.entries(input.RequestItems ?? {});
  if (requests.length === 0) throw invalid('The requestItems parameter is required for BatchGetItem');
  const total = requests.reduce((sum, [, request]) => sum + (request.Keys?.length ?? 0), 0);
  if (total > MAX_KEYS) throw invalid('Too many items requested for the BatchGetItem call');
  const projections = requests.map(([, request]) => readProjection(request));
  const reads = requests.map(([given, request], i): TableRead => {
    const table = useTable(call, given);
    const keys = (request.Keys ?? []).map((key) => checkKey(table, checkItem(key)));
    refuseDuplicates(keys);
    const projection = projections[i];
    if (projection) checkKeyPaths(table, projection);
    return { given, request, table, keys, projection };
  });
  return answer(reads, input.ReturnConsumedCapacity);
};

function readProjection(request: KeysAndAttributes): Path[] | undefined {
  checkParameters(request, ['ProjectionExpression'], ['AttributesToGet']);
  return attributesToGet(request.AttributesToGet) ?? readExpressions(request).projection;
}

function refuseDuplicates(keys: readonly ItemKey[]): void {
  const distinct = new Set(keys.map((key) => key.bytes.toString('latin1')));
  if (distinct.size < keys.length) throw invalid('Provided list of item keys contains duplicates');
}

function answer(reads: readonly TableRead[], mode: Parameters<typeof consumed>[0]) {
  const Responses: Record<string, Item[]> = {};
  const UnprocessedKeys: Record<string, KeysAndAttributes> = {};
  const capacity: ConsumedCapacity[] = [];
  let bytes = 0;
  for (const { given, request, table, keys, projection } of reads) {
    const items: Item[] = [];
    const left: Item[] = [];
    let units = 0;
    for (const { key, bytes: position } of keys) {
      const item = bytes < MAX_RESPONSE_BYTES ? table.items.get(position) : undefined;
      const size = item ? itemSize(item) : 0;
      if (bytes + size > MAX_RESPONSE_BYTES || bytes >= MAX_RESPONSE_BYTES) {
        // Once the answer is full, all that follows is left for another call.
        bytes = MAX_RESPONSE_BYTES;
        left.push(key);
        continue;
      }
      bytes += size;
      units += readUnits(size, request.ConsistentRead);
      if (item) items.push(projection ? project(item, projection) : item);
    }
    Responses[given] = items;
    if (left.length > 0) UnprocessedKeys[given] = { ...request, Keys: left };
    capacity.push(consumed(mode, given, { table: units, indexes: [] }));
  }
  return { Responses, UnprocessedKeys, ...(wantsCapacity(mode) && { ConsumedCapacity: capacity }) };
}
