import type {
  DeleteItemCommandInput,
  GetItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { invalid } from '../errors';
import { sourceOf } from '../items/source';
import { keyAttributes, type Table } from '../tables/table';
import type { Item } from '../values/value';
import type { Delete, Insert, Select, Update } from './statement';
import type { Conjunct } from './where';

/** The key a WHERE names in full, and the conditions it has besides. */
function keyIn(table: Table, where: readonly Conjunct[]): { key: Item; rest: Conjunct[] } | undefined {
  const key: Item = {};
  const used = new Set<Conjunct>();
  for (const { name } of keyAttributes(table.key)) {
    const part = where.find((each) => each.attribute === name && each.operator === '=');
    if (!part) return undefined;
    key[name] = part.values[0]!;
    used.add(part);
  }
  return { key, rest: where.filter((part) => !used.has(part)) };
}

function requiredKey(table: Table, where: readonly Conjunct[]) {
  const found = keyIn(table, where);
  if (found) return found;
  throw invalid('Where clause does not contain a mandatory equality on all key attributes');
}

export function putOf(table: Table, { table: TableName, item, placeholders }: Insert): PutItemCommandInput {
  const ConditionExpression = `attribute_not_exists(${placeholders.path([table.key.hash.name])})`;
  return { TableName, Item: item, ConditionExpression, ...placeholders.parameters(ConditionExpression) };
}

export function updateOf(table: Table, statement: Update): UpdateItemCommandInput {
  const { table: TableName, placeholders, expression, where } = statement;
  const { key: Key, rest } = requiredKey(table, where);
  // PartiQL updates what is there; it makes no new items.
  const exists = `attribute_exists(${placeholders.path([table.key.hash.name])})`;
  const ConditionExpression = joined([{ text: exists, values: [] }, ...rest]);
  const parameters = placeholders.parameters(expression, ConditionExpression);
  return { TableName, Key, UpdateExpression: expression, ConditionExpression, ...parameters };
}

export function deleteOf(
  table: Table,
  { table: TableName, placeholders, where }: Delete,
): DeleteItemCommandInput {
  const { key: Key, rest } = requiredKey(table, where);
  const ConditionExpression = joined(rest);
  return { TableName, Key, ConditionExpression, ...placeholders.parameters(ConditionExpression) };
}

export function getOf(table: Table, statement: Select): GetItemCommandInput {
  const { key: Key, rest } = requiredKey(table, statement.where);
  if (rest.length > 0 || statement.index !== undefined) {
    throw invalid(
      'Select statements within a batch or a transaction must specify the primary key in the where clause.',
    );
  }
  const { columns: ProjectionExpression, placeholders, table: TableName } = statement;
  return { TableName, Key, ProjectionExpression, ...placeholders.parameters(ProjectionExpression) };
}

const KEY_OPERATORS = new Set(['=', '<', '<=', '>', '>=', 'BETWEEN', 'begins_with']);

export type Read = { query: QueryCommandInput } | { scan: ScanCommandInput };

/** A query where the partition key is given, else a scan. */
export function readOf(table: Table, statement: Select): Read {
  const { table: TableName, index: IndexName, columns: ProjectionExpression, placeholders } = statement;
  const { key } = sourceOf(table, { IndexName });
  const common = { TableName, IndexName, ProjectionExpression };
  const hash = statement.where.find((part) => part.attribute === key.hash.name && part.operator === '=');
  const range = statement.where.find(
    (part) => part.attribute === key.range?.name && KEY_OPERATORS.has(part.operator ?? ''),
  );
  const rest = statement.where.filter((part) => part !== hash && part !== range);
  // A query's filter must not name the keys.
  const names = keyAttributes(key).map(({ name }) => placeholders.path([name]));
  const mixed = rest.some((part) => names.some((name) => new RegExp(`${name}(?![0-9])`).test(part.text)));
  if (!hash || mixed) {
    if (statement.order) {
      throw invalid('Must have WHERE clause in the statement when using ORDER BY clause.');
    }
    const FilterExpression = joined(statement.where);
    const parameters = placeholders.parameters(FilterExpression, ProjectionExpression);
    return { scan: { ...common, FilterExpression, ...parameters } };
  }
  if (statement.order && statement.order.attribute !== (key.range?.name ?? key.hash.name)) {
    throw invalid(
      `Variable reference ${statement.order.attribute} in ORDER BY clause must be part of the primary key`,
    );
  }
  const KeyConditionExpression = joined(range ? [hash, range] : [hash]);
  const FilterExpression = joined(rest);
  return {
    query: {
      ...common,
      KeyConditionExpression,
      FilterExpression,
      ScanIndexForward: !statement.order?.descending,
      ...placeholders.parameters(KeyConditionExpression, FilterExpression, ProjectionExpression),
    },
  };
}

function joined(parts: readonly Conjunct[]): string | undefined {
  return parts.length > 0 ? parts.map((part) => part.text).join(' AND ') : undefined;
}
