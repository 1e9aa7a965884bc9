import type { BytesCollection } from '../../../storage';
import type { Item, KeyType } from '../values/value';
import type { IndexRecord, TableRecord } from './record';

export interface KeyAttribute {
  name: string;
  type: KeyType;
}

/** The keys of a table or an index. */
export interface KeyShape {
  hash: KeyAttribute;
  range?: KeyAttribute;
}

export interface Index {
  record: IndexRecord;
  name: string;
  global: boolean;
  key: KeyShape;
  /** The attributes its entries hold; undefined means all. */
  projected: ReadonlySet<string> | undefined;
  entries: BytesCollection<Item>;
}

/** A table ready for use: its record, what follows from it, and its collections. */
export interface Table {
  record: TableRecord;
  key: KeyShape;
  /** By name, which is also the order in which AWS checks them. */
  indexes: readonly Index[];
  items: BytesCollection<Item>;
}

export function keyAttributes(key: KeyShape): KeyAttribute[] {
  return key.range ? [key.hash, key.range] : [key.hash];
}

export function keyShape(record: TableRecord, schema: TableRecord['keySchema']): KeyShape {
  const attribute = (kind: 'HASH' | 'RANGE'): KeyAttribute | undefined => {
    const name = schema.find((element) => element.KeyType === kind)?.AttributeName;
    const type = record.attributes.find((each) => each.AttributeName === name)?.AttributeType;
    return name !== undefined && type !== undefined ? { name, type } : undefined;
  };
  const hash = attribute('HASH');
  if (!hash) throw new Error(`table ${record.name} has a key schema without a hash key`);
  const range = attribute('RANGE');
  return range ? { hash, range } : { hash };
}

/** Every attribute an index holds besides what its projection names: its keys and the table's. */
export function projectedAttributes(
  record: TableRecord,
  index: IndexRecord,
): ReadonlySet<string> | undefined {
  if (index.projection.ProjectionType === 'ALL') return undefined;
  const keys = [...record.keySchema, ...index.keySchema].map((element) => element.AttributeName ?? '');
  return new Set([...keys, ...(index.projection.NonKeyAttributes ?? [])]);
}
