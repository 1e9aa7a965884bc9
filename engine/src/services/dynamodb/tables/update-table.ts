import type { UpdateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { Call, Operation, OperationName } from '../../../kernel';
import { invalid, invalidParameter } from '../errors';
import { describedTable, saveTable } from './catalog';
import { describe } from './describe';
import { encryption } from './encryption';
import { backfill, updateIndexes } from './index-updates';
import { isOnDemand, type TableRecord } from './record';
import { refuseMissing, refuseStream } from './refusals';
import { changedThroughput, checkBounds, checkThroughput, newThroughput } from './throughput';

const OPERATION: OperationName<'dynamodb'> = 'UpdateTable';
const CHANGES = [
  'ProvisionedThroughput',
  'BillingMode',
  'StreamSpecification',
  'GlobalSecondaryIndexUpdates',
  'SSESpecification',
  'TableClass',
  'DeletionProtectionEnabled',
  'OnDemandThroughput',
  'WarmThroughput',
] as const;

export const updateTable: Operation<'dynamodb', 'UpdateTable'> = async (input, call) => {
  refuseMissing(OPERATION, input, [
    'ReplicaUpdates',
    'MultiRegionConsistency',
    'GlobalTableWitnessUpdates',
    'GlobalTableSettingsReplicationMode',
    'DisassociationProtectionEnabled',
    'VectorIndexUpdates',
  ]);
  if (CHANGES.every((name) => input[name] === undefined)) {
    throw invalid(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
    );
  }
  refuseStream(OPERATION, input.StreamSpecification);
  const sse = await encryption(call, input.SSESpecification);
  const { record } = describedTable(call, input.TableName);
  if (input.StreamSpecification) throw invalid('Table is already disabled for streams');
  let next: TableRecord = { ...record };
  updateBilling(next, input, call);
  updateSettings(next, input, call);
  if (input.SSESpecification) {
    const { sse: _before, ...rest } = next;
    next = { ...rest, ...(sse && { sse }) };
  }
  const { changing, created, removed } = updateIndexes(next, input);
  const table = describedTable(call, input.TableName);
  call.store.transaction(() => {
    for (const name of removed) table.indexes.find((index) => index.name === name)?.entries.clear();
    const saved = saveTable(call, next);
    for (const name of created) backfill(saved, name);
  });
  // An index that goes away is still there in this answer.
  const shown = {
    ...next,
    indexes: [...next.indexes, ...record.indexes.filter((index) => removed.has(index.name))],
  };
  return { TableDescription: describe(shown, { status: 'UPDATING', changing }) };
};

function updateBilling(next: TableRecord, input: UpdateTableCommandInput, call: Call): void {
  const wanted = input.ProvisionedThroughput;
  const before = isOnDemand(next) ? 'PAY_PER_REQUEST' : 'PROVISIONED';
  const mode = input.BillingMode ?? before;
  const now = call.clock.now();
  if (input.BillingMode === 'PROVISIONED' && !wanted) {
    throw invalidParameter('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  }
  if (wanted) {
    checkThroughput(mode, wanted);
    checkBounds(wanted);
    if (mode === before) refuseSame(next, wanted);
  }
  if (mode !== before) {
    next.billing = {
      ...next.billing,
      BillingMode: mode,
      ...(mode === 'PAY_PER_REQUEST' && { LastUpdateToPayPerRequestDateTime: now }),
    };
    if (mode === 'PROVISIONED') {
      delete next.onDemand;
      refuseUncovered(next, input);
    } else {
      next.indexes = next.indexes.map((index) =>
        index.kind === 'global' ? { ...index, throughput: newThroughput(undefined) } : index,
      );
    }
  }
  if (wanted || mode !== before) next.throughput = changedThroughput(next.throughput, wanted, now);
}

function refuseSame(
  { throughput }: TableRecord,
  wanted: NonNullable<UpdateTableCommandInput['ProvisionedThroughput']>,
): void {
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = throughput;
  if (wanted.ReadCapacityUnits !== read || wanted.WriteCapacityUnits !== write) return;
  throw invalid(
    'The provisioned throughput for the table will not change. The requested value equals the current value. ' +
      `Current ReadCapacityUnits provisioned for the table: ${read}. Requested ReadCapacityUnits: ${wanted.ReadCapacityUnits}. ` +
      `Current WriteCapacityUnits provisioned for the table: ${write}. Requested WriteCapacityUnits: ${wanted.WriteCapacityUnits}. ` +
      'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
  );
}

/** A table that becomes provisioned needs a throughput for each of its global indexes. */
function refuseUncovered(next: TableRecord, input: UpdateTableCommandInput): void {
  const covered = new Set(
    (input.GlobalSecondaryIndexUpdates ?? []).flatMap(({ Update, Delete }) => [
      Update?.ProvisionedThroughput && Update.IndexName,
      Delete?.IndexName,
    ]),
  );
  const left = next.indexes.filter((index) => index.kind === 'global' && !covered.has(index.name));
  if (left.length === 0) return;
  throw invalidParameter(
    `ProvisionedThroughput must be specified for index: ${left.map((index) => index.name).join(',')}`,
  );
}

function updateSettings(next: TableRecord, input: UpdateTableCommandInput, call: Call): void {
  if (input.DeletionProtectionEnabled !== undefined) {
    next.deletionProtection = input.DeletionProtectionEnabled;
  }
  if (input.TableClass && input.TableClass !== (next.tableClass?.class ?? 'STANDARD')) {
    next.tableClass = { class: input.TableClass, changedAt: call.clock.now() };
  }
  if (input.OnDemandThroughput) {
    if (!isOnDemand(next)) {
      throw invalidParameter('OnDemandThroughput can only be specified when BillingMode is PAY_PER_REQUEST');
    }
    next.onDemand = { ...next.onDemand, ...input.OnDemandThroughput };
  }
  if (input.WarmThroughput) next.warm = { ...next.warm, ...input.WarmThroughput };
}
