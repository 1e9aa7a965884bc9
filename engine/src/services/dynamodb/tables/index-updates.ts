import type { AttributeDefinition, UpdateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../kernel';
import { invalidParameter } from '../errors';
import { bytesInIndex, bytesOfKey } from '../items/item-key';
import { projectItem } from '../items/write';
import { checkGlobal } from './check-schema';
import { newGlobal } from './new-global';
import { isOnDemand, type TableRecord } from './record';
import type { Table } from './table';
import { checkBounds, newThroughput } from './throughput';

export interface IndexChanges {
  changing: Map<string, 'CREATING' | 'UPDATING' | 'DELETING'>;
  created: Set<string>;
  removed: Set<string>;
}

/** Carries out GlobalSecondaryIndexUpdates on `next`, and says which indexes they are about. */
export function updateIndexes(next: TableRecord, input: UpdateTableCommandInput): IndexChanges {
  const changes: IndexChanges = { changing: new Map(), created: new Set(), removed: new Set() };
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  for (const update of updates) {
    const name = update.Update?.IndexName ?? update.Create?.IndexName ?? update.Delete?.IndexName;
    if (name === undefined) {
      throw invalidParameter(
        'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
      );
    }
    if (changes.changing.has(name)) {
      throw invalidParameter(
        `Only one global secondary index update per index is allowed simultaneously. Index: ${name}`,
      );
    }
    changes.changing.set(name, update.Create ? 'CREATING' : update.Delete ? 'DELETING' : 'UPDATING');
  }
  refuseSeveral(changes.changing);
  next.attributes = mergeDefinitions(next.attributes, input.AttributeDefinitions);
  for (const { Create, Delete, Update } of updates) {
    if (Create) create(next, Create, changes);
    else if (Delete) remove(next, Delete.IndexName, changes);
    else if (Update) change(next, Update);
  }
  next.attributes = usedDefinitions(next);
  return changes;
}

function refuseSeveral(changing: IndexChanges['changing']): void {
  const online = [...changing.values()].filter((status) => status !== 'UPDATING');
  if (online.length <= 1) return;
  throw new AwsError(
    'LimitExceededException',
    'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
  );
}

type Updates = NonNullable<UpdateTableCommandInput['GlobalSecondaryIndexUpdates']>[number];

function create(next: TableRecord, index: NonNullable<Updates['Create']>, { created }: IndexChanges): void {
  const mode = isOnDemand(next) ? 'PAY_PER_REQUEST' : 'PROVISIONED';
  const definitions = next.attributes.map((each) => each.AttributeName ?? '');
  checkGlobal(index, definitions, mode);
  const name = index.IndexName ?? '';
  if (next.indexes.some((each) => each.name === name))
    throw invalidParameter(`Duplicate index name: ${name}`);
  if (next.indexes.filter((each) => each.kind === 'global').length >= 20) {
    throw invalidParameter('GlobalSecondaryIndex count exceeds the per-table limit of 20');
  }
  next.indexes = [...next.indexes, newGlobal(index)];
  created.add(name);
}

function remove(next: TableRecord, name: string | undefined, { removed }: IndexChanges): void {
  requireGlobal(next, name);
  next.indexes = next.indexes.filter((index) => index.name !== name);
  removed.add(name ?? '');
}

function change(next: TableRecord, update: NonNullable<Updates['Update']>): void {
  requireGlobal(next, update.IndexName);
  const wanted = update.ProvisionedThroughput;
  if (wanted && isOnDemand(next)) {
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${update.IndexName} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (wanted) checkBounds(wanted);
  next.indexes = next.indexes.map((index) =>
    index.name === update.IndexName
      ? {
          ...index,
          ...(wanted && { throughput: newThroughput(wanted) }),
          ...(update.OnDemandThroughput && { onDemand: update.OnDemandThroughput }),
          ...(update.WarmThroughput && { warm: update.WarmThroughput }),
        }
      : index,
  );
}

function requireGlobal(table: TableRecord, name: string | undefined): void {
  if (table.indexes.some((index) => index.kind === 'global' && index.name === name)) return;
  throw new AwsError(
    'ResourceNotFoundException',
    `Requested resource not found: Index: ${name} of table: ${table.name} not found`,
  );
}

function mergeDefinitions(
  current: readonly AttributeDefinition[],
  given: readonly AttributeDefinition[] | undefined,
): AttributeDefinition[] {
  const merged = new Map(current.map((each) => [each.AttributeName, each]));
  for (const each of given ?? []) {
    const known = merged.get(each.AttributeName);
    if (known && known.AttributeType !== each.AttributeType) {
      throw invalidParameter(
        `Attribute ${each.AttributeName} is defined as ${known.AttributeType} already: its type cannot be changed`,
      );
    }
    merged.set(each.AttributeName, each);
  }
  return [...merged.values()];
}

/** The definitions that a key still uses: they go with the last index that needs them. */
function usedDefinitions(table: TableRecord): AttributeDefinition[] {
  const keys = [table.keySchema, ...table.indexes.map((index) => index.keySchema)].flat();
  const used = new Set(keys.map((key) => key.AttributeName));
  return table.attributes.filter((each) => used.has(each.AttributeName));
}

/** Fills a new index with the table's items; those whose keys it does not take stay out, as on AWS. */
export function backfill(table: Table, name: string): void {
  const index = table.indexes.find((each) => each.name === name);
  if (!index) return;
  for (const { value } of table.items.entries()) {
    const key = bytesInIndex(index, value, bytesOfKey(table.key, value));
    if (key) index.entries.put(key, projectItem(index, value));
  }
}
