import { invalid, invalidParameter } from '../errors';
import type { Condition, Path } from '../expressions/ast';
import { pathsIn } from '../expressions/walk';
import { type Index, type KeyAttribute, type KeyShape, keyAttributes, type Table } from '../tables/table';
import { checkKeyPaths } from './key-paths';

/** What a Query or a Scan reads: a table, or one of its indexes. */
export interface Source {
  table: Table;
  index?: Index;
  key: KeyShape;
  /** The attributes of its start keys: the table's key, then what the index adds. */
  startKey: KeyAttribute[];
}

export interface ReadRequest {
  IndexName?: string | undefined;
  Select?: string | undefined;
  ConsistentRead?: boolean | undefined;
  ProjectionExpression?: string | undefined;
  AttributesToGet?: string[] | undefined;
}

export function sourceOf(table: Table, request: ReadRequest): Source {
  const own = keyAttributes(table.key);
  if (request.IndexName === undefined) return { table, key: table.key, startKey: own };
  const index = table.indexes.find((each) => each.name === request.IndexName);
  if (!index) throw invalid(`The table does not have the specified index: ${request.IndexName}`);
  if (index.global && request.ConsistentRead) {
    throw invalid('Consistent reads are not supported on global secondary indexes');
  }
  const more = keyAttributes(index.key).filter((key) => own.every((each) => each.name !== key.name));
  return { table, index, key: index.key, startKey: [...own, ...more] };
}

/** Refuses a Select that does not go with the request's other parameters. */
export function checkSelect(request: ReadRequest): void {
  const { Select } = request;
  if (Select === undefined) return;
  const given = request.ProjectionExpression !== undefined ? 'ProjectionExpression' : 'AttributesToGet';
  const isGiven = request[given] !== undefined;
  if (Select === 'SPECIFIC_ATTRIBUTES') {
    if (isGiven) return;
    throw invalid(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (isGiven) {
    const chosen = Select === 'COUNT' ? 'only the Count' : Select;
    throw invalid(`Cannot specify the ${given} when choosing to get ${chosen}`);
  }
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && request.IndexName === undefined) {
    throw invalid('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
}

/** True if the items have to be fetched from the table, since a local index does not hold all that is asked for. */
export function needsTable(
  { index }: Source,
  select: string | undefined,
  projection: readonly Path[] | undefined,
): boolean {
  const held = index?.projected;
  if (!index || !held) return false;
  if (select === 'ALL_ATTRIBUTES') {
    if (!index.global) return true;
    throw invalidParameter(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
  const missing = [...new Set(projection?.map((path) => String(path[0])))].filter((name) => !held.has(name));
  if (missing.length === 0) return false;
  if (!index.global) return true;
  throw invalidParameter(`Global secondary index ${index.name} does not project [${missing.join(', ')}]`);
}

/** Paths in a filter must not go into key attributes; a Query's filter must not name its keys at all. */
export function checkFilter(source: Source, filter: Condition | undefined, forbidKeys?: string): void {
  if (!filter) return;
  const paths = pathsIn(filter);
  if (forbidKeys !== undefined) {
    for (const { name } of keyAttributes(source.key)) {
      if (paths.some((path) => path[0] === name)) {
        throw invalid(
          `${forbidKeys} can only contain non-primary key attributes: Primary key attribute: ${name}`,
        );
      }
    }
  }
  checkKeyPaths(source.table, paths);
}
