import { AwsError, arn, type Operation } from '../../../kernel';
import { invalidParameter } from '../errors';
import { findTable, saveTable, tableName } from './catalog';
import { checkSchema } from './check-schema';
import { describe } from './describe';
import { encryption } from './encryption';
import { newGlobal } from './new-global';
import type { IndexRecord, TableRecord } from './record';
import { refuseMissing, refuseStream, requireMembers } from './refusals';
import { checkTableName } from './table-name';
import { checkTags } from './tags';
import { checkThroughput, newThroughput } from './throughput';

export const createTable: Operation<'dynamodb', 'CreateTable'> = async (input, call) => {
  refuseMissing('CreateTable', input, [
    'ResourcePolicy',
    'GlobalTableSourceArn',
    'GlobalTableSettingsReplicationMode',
    'VectorIndexes',
  ]);
  checkTableName(input.TableName ?? '', 'tableName', 3);
  requireMembers(input, ['attributeDefinitions', 'keySchema']);
  const mode = input.BillingMode ?? 'PROVISIONED';
  checkThroughput(mode, input.ProvisionedThroughput);
  checkSchema(input, mode);
  checkTags(input.Tags);
  if (input.OnDemandThroughput && mode !== 'PAY_PER_REQUEST') {
    throw invalidParameter('OnDemandThroughput can only be specified when BillingMode is PAY_PER_REQUEST');
  }
  refuseStream('CreateTable', input.StreamSpecification);
  const name = tableName(input.TableName);
  const sse = await encryption(call, input.SSESpecification);
  // After the last await: two calls at once must not both find the name free.
  if (findTable(call, name)) {
    throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
  }
  const record: TableRecord = {
    name,
    id: call.ids.uuid(),
    arn: arn('dynamodb', call.region, call.account, `table/${name}`),
    createdAt: call.clock.now(),
    attributes: input.AttributeDefinitions ?? [],
    keySchema: input.KeySchema ?? [],
    indexes: [
      ...(input.LocalSecondaryIndexes ?? []).map(
        (index): IndexRecord => ({
          kind: 'local',
          name: index.IndexName ?? '',
          keySchema: index.KeySchema ?? [],
          projection: index.Projection ?? {},
        }),
      ),
      ...(input.GlobalSecondaryIndexes ?? []).map(newGlobal),
    ],
    throughput: newThroughput(input.ProvisionedThroughput),
    deletionProtection: input.DeletionProtectionEnabled ?? false,
    tags: input.Tags ?? [],
    ...(mode === 'PAY_PER_REQUEST' && { billing: { BillingMode: mode } }),
    ...(input.OnDemandThroughput && { onDemand: input.OnDemandThroughput }),
    ...(input.WarmThroughput && { warm: input.WarmThroughput }),
    ...(input.TableClass && { tableClass: { class: input.TableClass } }),
    ...(sse && { sse }),
  };
  const TableDescription = describe(record, { status: 'CREATING' });
  if (record.billing) {
    record.billing = { ...record.billing, LastUpdateToPayPerRequestDateTime: record.createdAt };
  }
  saveTable(call, record);
  return { TableDescription };
};
