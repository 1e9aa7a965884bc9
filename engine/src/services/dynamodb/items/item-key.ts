import { invalid, invalidParameter } from '../errors';
import { keyBytes, partitionKey, sortKey, suffix } from '../keys';
import type { Index, KeyAttribute, KeyShape, Table } from '../tables/table';
import { checkValue } from '../values/check';
import { type Item, tagOf, type Value } from '../values/value';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html (partition and sort keys) */
const MAX_HASH_BYTES = 2048;
const MAX_RANGE_BYTES = 1024;

export interface ItemKey {
  /** The key's attributes in normal form. */
  key: Item;
  bytes: Buffer;
}

/** Checks a `Key` parameter against the table's schema. */
export function checkKey(table: Table, given: Item): ItemKey {
  const { hash, range } = table.key;
  if (Object.keys(given).length !== (range ? 2 : 1)) throw schemaMismatch();
  const key: Item = { [hash.name]: checkKeyAttribute(given, hash, MAX_HASH_BYTES) };
  if (range) key[range.name] = checkKeyAttribute(given, range, MAX_RANGE_BYTES);
  return { key, bytes: bytesOfKey(table.key, key) };
}

function checkKeyAttribute(given: Item, { name, type }: KeyAttribute, limit: number): Value {
  const value = Object.hasOwn(given, name) ? checkValue(given[name]!) : undefined;
  if (value?.[type] === undefined) throw schemaMismatch();
  checkKeyValue(name, value, limit);
  return value;
}

export function schemaMismatch() {
  return invalid('The provided key element does not match the schema');
}

function checkKeyValue(name: string, value: Value, limit: number): void {
  const kind = emptyKind(value);
  if (kind) {
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kind} value. Key: ${name}`,
    );
  }
  checkKeySize(value, limit);
}

/** "string" or "binary" for the values that no key can have. */
function emptyKind(value: Value): 'string' | 'binary' | undefined {
  if (value.S === '') return 'string';
  return value.B?.byteLength === 0 ? 'binary' : undefined;
}

function checkKeySize(value: Value, limit: number): void {
  if (!isTooLong(value, limit)) return;
  throw invalidParameter(
    limit === MAX_HASH_BYTES
      ? // AWS leaves out the blank.
        'Size of hashkey has exceeded the maximum size limit of2048 bytes'
      : 'Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
  );
}

function isTooLong(value: Value, limit: number): boolean {
  // A string of n units has n to 3n bytes: most need no counting.
  if (value.N !== undefined || (value.S !== undefined && value.S.length * 3 <= limit)) return false;
  return keyBytes(value).length > limit;
}

/** Checks the key attributes of a whole item (already in normal form): the table's, then the indexes'. */
export function checkItemKeys(table: Table, item: Item): ItemKey {
  const key: Item = {};
  const check = ({ name, type }: KeyAttribute, limit: number) => {
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    if (!value) throw invalidParameter(`Missing the key ${name} in the item`);
    if (value[type] === undefined) {
      throw invalidParameter(`Type mismatch for key ${name} expected: ${type} actual: ${tagOf(value)}`);
    }
    checkKeyValue(name, value, limit);
    key[name] = value;
  };
  check(table.key.hash, MAX_HASH_BYTES);
  if (table.key.range) check(table.key.range, MAX_RANGE_BYTES);
  checkIndexKeys(table, item);
  return { key, bytes: bytesOfKey(table.key, key) };
}

/** Checks the attributes that are keys of an index; an item without them is simply not in it. */
export function checkIndexKeys(table: Table, item: Item): void {
  for (const index of table.indexes) {
    checkIndexKey(index, index.key.hash, MAX_HASH_BYTES, item);
    if (index.key.range) checkIndexKey(index, index.key.range, MAX_RANGE_BYTES, item);
  }
}

function checkIndexKey(index: Index, { name, type }: KeyAttribute, limit: number, item: Item): void {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  if (!value) return;
  if (value[type] === undefined) throw indexTypeMismatch(index, name, type, value);
  const kind = emptyKind(value);
  if (kind) {
    throw invalid(
      'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
        `The AttributeValue for a key attribute cannot contain an empty ${kind} value. IndexName: ${index.name}, IndexKey: ${name}`,
    );
  }
  checkKeySize(value, limit);
}

function indexTypeMismatch(index: Index, name: string, type: string, value: Value) {
  return invalidParameter(
    `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${tagOf(value)} IndexName: ${index.name}`,
  );
}

/** As checkIndexKeys, for a value that an update expression sets: AWS words an empty one differently. */
export function checkUpdatedIndexKey(table: Table, attribute: string, value: Value): void {
  for (const index of table.indexes) {
    for (const key of [index.key.hash, index.key.range]) {
      if (key?.name !== attribute) continue;
      if (value[key.type] === undefined) throw indexTypeMismatch(index, attribute, key.type, value);
      const kind = emptyKind(value);
      if (kind) {
        throw invalid(
          'One or more parameter values are not valid. The update expression attempted to update a secondary index key ' +
            `to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${kind} value.`,
        );
      }
    }
  }
}

/** The bytes under which a table keeps the item with this key. */
export function bytesOfKey(shape: KeyShape, key: Item): Buffer {
  const partition = partitionKey(key[shape.hash.name]!);
  return shape.range ? Buffer.concat([partition, sortKey(key[shape.range.name]!)]) : partition;
}

/** The bytes under which an index keeps an item; undefined if the item is not in it. */
export function bytesInIndex(index: Index, item: Item, tableKey: Buffer): Buffer | undefined {
  const { hash, range } = index.key;
  const hashValue = indexable(item, hash, MAX_HASH_BYTES);
  if (!hashValue) return undefined;
  if (!range) return Buffer.concat([partitionKey(hashValue), suffix(tableKey)]);
  const rangeValue = indexable(item, range, MAX_RANGE_BYTES);
  return rangeValue && Buffer.concat([partitionKey(hashValue), sortKey(rangeValue), suffix(tableKey)]);
}

/** The value of an index key; items older than the index may have one that no index takes, and stay out of it. */
function indexable(item: Item, { name, type }: KeyAttribute, limit: number): Value | undefined {
  const value = Object.hasOwn(item, name) ? item[name] : undefined;
  if (value?.[type] === undefined || emptyKind(value)) return undefined;
  return isTooLong(value, limit) ? undefined : value;
}
