import { AwsError, type Call, parseArn } from '../../../kernel';
import type { Store } from '../../../storage';
import type { Item } from '../values/value';
import type { TableRecord } from './record';
import { type Index, keyShape, projectedAttributes, type Table } from './table';
import { checkTableName } from './table-name';

/** What a catalogue needs of a call. */
export type Scope = Pick<Call, 'store' | 'account' | 'region' | 'memo'>;

/** Where records are kept; catalogues below only remember what follows from them. */
function records(store: Store) {
  return store.collection<TableRecord>('tables');
}

function remembered(scope: Scope): Map<string, Table> {
  return scope.memo(`dynamodb:tables:${scope.account}:${scope.region}`, () => new Map<string, Table>());
}

/** The name in a `TableName` parameter, which may be an ARN too. */
export function tableName(given: string | undefined): string {
  const text = given ?? '';
  if (!text.startsWith('arn:')) return text;
  const [, name] = (parseArn(text)?.resource ?? '').split('/');
  return name ?? text;
}

export function findTable(scope: Scope, given: string | undefined): Table | undefined {
  const name = tableName(given);
  // An ARN of another account or region names a table that is not here.
  const arn = given?.startsWith('arn:') ? parseArn(given) : undefined;
  if (arn && (arn.account !== scope.account || arn.region !== scope.region)) return undefined;
  const known = remembered(scope).get(name);
  if (known) return known;
  const record = records(scope.store).get(name);
  return record && remember(scope, record);
}

/** For operations on items, whose refusal does not say which table. */
export function useTable(scope: Scope, given: string | undefined, path?: string): Table {
  const table = findTable(scope, given);
  if (table) return table;
  checkTableName(given ?? '', path);
  throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
}

/** For operations on tables. */
export function describedTable(scope: Scope, given: string | undefined): Table {
  const table = findTable(scope, given);
  if (table) return table;
  checkTableName(given ?? '');
  const message = `Requested resource not found: Table: ${tableName(given)} not found`;
  throw new AwsError('ResourceNotFoundException', message);
}

export function tableRecords(store: Store, after?: string): Iterable<TableRecord> {
  return records(store).values(after === undefined ? {} : { after });
}

export function saveTable(scope: Scope, record: TableRecord): Table {
  records(scope.store).put(record.name, record);
  return remember(scope, record);
}

export function forgetTable(scope: Scope, record: TableRecord): void {
  records(scope.store).remove(record.name);
  remembered(scope).delete(record.name);
}

function remember(scope: Scope, record: TableRecord): Table {
  const table = openTable(scope.store, record);
  remembered(scope).set(record.name, table);
  return table;
}

function openTable(store: Store, record: TableRecord): Table {
  const indexes = record.indexes.map(
    (index): Index => ({
      record: index,
      name: index.name,
      global: index.kind === 'global',
      key: keyShape(record, index.keySchema),
      projected: projectedAttributes(record, index),
      entries: store.bytes<Item>(`index/${record.id}/${index.name}`),
    }),
  );
  return {
    record,
    key: keyShape(record, record.keySchema),
    indexes: indexes.sort((a, b) => (a.name < b.name ? -1 : 1)),
    items: store.bytes<Item>(`items/${record.id}`),
  };
}
