import type {
  GlobalSecondaryIndexDescription,
  LocalSecondaryIndexDescription,
  TableDescription,
  TableStatus,
  WarmThroughput,
} from '@aws-sdk/client-dynamodb';
import type { Counts, TableCounts } from './counts';
import { type IndexRecord, isOnDemand, type TableRecord } from './record';

/** What an on-demand table can take at once when it is new. */
const ON_DEMAND_WARM = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_000 };

interface How {
  status: TableStatus;
  counts?: TableCounts;
  /** Indexes that are on their way, by name. */
  changing?: ReadonlyMap<string, 'CREATING' | 'UPDATING' | 'DELETING'>;
}

/** A table as AWS describes it. */
export function describe(record: TableRecord, how: How): TableDescription {
  const described = how.status === 'ACTIVE';
  const counts = how.counts?.table;
  const globals = record.indexes.filter((index) => index.kind === 'global');
  const locals = record.indexes.filter((index) => index.kind === 'local');
  const warm = warmThroughput(record, record, described);
  return {
    AttributeDefinitions: record.attributes,
    TableName: record.name,
    KeySchema: record.keySchema,
    TableStatus: how.status,
    CreationDateTime: record.createdAt,
    ProvisionedThroughput: record.throughput,
    TableSizeBytes: counts?.bytes ?? 0,
    ItemCount: counts?.items ?? 0,
    TableArn: record.arn,
    TableId: record.id,
    DeletionProtectionEnabled: record.deletionProtection,
    ...(record.billing && { BillingModeSummary: record.billing }),
    ...(record.onDemand && { OnDemandThroughput: record.onDemand }),
    ...(warm && { WarmThroughput: { ...warm, Status: described ? 'ACTIVE' : 'UPDATING' } }),
    ...(record.sse && { SSEDescription: record.sse }),
    ...(record.tableClass && { TableClassSummary: classSummary(record.tableClass) }),
    ...(locals.length > 0 && {
      LocalSecondaryIndexes: locals.map((index) =>
        describeLocal(record, index, how.counts?.indexes[index.name]),
      ),
    }),
    ...(globals.length > 0 && {
      GlobalSecondaryIndexes: globals.map((index) => describeGlobal(record, index, how)),
    }),
  };
}

function classSummary({ class: TableClass, changedAt }: NonNullable<TableRecord['tableClass']>) {
  return { TableClass, ...(changedAt && { LastUpdateDateTime: changedAt }) };
}

/** DescribeTable always shows it, CreateTable only what was asked for. */
function warmThroughput(
  record: TableRecord,
  { warm, throughput }: Pick<TableRecord | IndexRecord, 'warm' | 'throughput'>,
  described: boolean,
): WarmThroughput | undefined {
  if (warm || !described) return warm;
  if (isOnDemand(record)) return ON_DEMAND_WARM;
  return {
    ReadUnitsPerSecond: throughput?.ReadCapacityUnits,
    WriteUnitsPerSecond: throughput?.WriteCapacityUnits,
  };
}

function describeIndex(record: TableRecord, index: IndexRecord, counts: Counts | undefined) {
  return {
    IndexName: index.name,
    KeySchema: index.keySchema,
    Projection: index.projection,
    IndexSizeBytes: counts?.bytes ?? 0,
    ItemCount: counts?.items ?? 0,
    IndexArn: `${record.arn}/index/${index.name}`,
  };
}

function describeLocal(
  record: TableRecord,
  index: IndexRecord,
  counts: Counts | undefined,
): LocalSecondaryIndexDescription {
  return describeIndex(record, index, counts);
}

function describeGlobal(record: TableRecord, index: IndexRecord, how: How): GlobalSecondaryIndexDescription {
  const changing = how.status === 'CREATING' ? 'CREATING' : how.changing?.get(index.name);
  const warm = warmThroughput(record, index, how.status === 'ACTIVE');
  return {
    ...describeIndex(record, index, how.counts?.indexes[index.name]),
    IndexStatus: changing ?? 'ACTIVE',
    // A new table has nothing to fill its indexes with.
    ...(changing === 'CREATING' && how.status !== 'CREATING' && { Backfilling: false }),
    ...(index.throughput && { ProvisionedThroughput: index.throughput }),
    ...(index.onDemand && { OnDemandThroughput: index.onDemand }),
    ...(warm && { WarmThroughput: { ...warm, Status: how.status === 'ACTIVE' ? 'ACTIVE' : 'UPDATING' } }),
  };
}
