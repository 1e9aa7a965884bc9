import type { TableDescription } from '@aws-sdk/client-dynamodb';
import type { Call, ExistingResource, Provisioned, ResourceContext, UpdatingResource } from '../../../kernel';
import { AwsError } from '../../../kernel';
import { resourceTags, type Tag, tagChanges, unlessGone } from '../../../kernel/tags';
import { actualProperties, same } from './actual';
import { indexUpdates } from './index-changes';
import { encryption, indexes, numbers, type TableProperties } from './properties';
import { tableChanges } from './table-changes';

/** What the table types give to GetAtt. */
function provisioned(description: TableDescription | undefined): Provisioned {
  const { TableName = '', TableArn, TableId } = description ?? {};
  return { physicalId: TableName, attributes: { Arn: TableArn, TableId } };
}

export async function createTable(resource: ResourceContext<TableProperties>): Promise<Provisioned> {
  const { call, properties } = resource;
  const {
    TimeToLiveSpecification,
    PointInTimeRecoverySpecification,
    SSESpecification,
    GlobalSecondaryIndexes,
    ProvisionedThroughput,
    OnDemandThroughput,
    WarmThroughput,
    Tags,
    ...plain
  } = properties;
  const TableName = properties.TableName ?? resource.name({ maxLength: 255 });
  const { TableDescription: created } = await call.invoke('dynamodb', 'CreateTable', {
    ...plain,
    TableName,
    Tags: resourceTags(resource, Tags as Tag[] | undefined),
    GlobalSecondaryIndexes: indexes(GlobalSecondaryIndexes),
    ProvisionedThroughput: numbers(ProvisionedThroughput),
    OnDemandThroughput: numbers(OnDemandThroughput),
    WarmThroughput: numbers(WarmThroughput),
    SSESpecification: encryption(SSESpecification),
  });
  if (TimeToLiveSpecification?.Enabled) {
    await call.invoke('dynamodb', 'UpdateTimeToLive', { TableName, TimeToLiveSpecification });
  }
  if (PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled) {
    await call.invoke('dynamodb', 'UpdateContinuousBackups', { TableName, PointInTimeRecoverySpecification });
  }
  return provisioned(created);
}

export async function updateTable(resource: UpdatingResource<TableProperties>): Promise<Provisioned> {
  const { call, properties, previous, physicalId: TableName } = resource;
  const { description, actual } = await actualProperties(call, TableName);
  refuseFixed(properties, actual);
  const updates = indexUpdates(properties, actual);
  for (const change of tableChanges(properties, previous, actual)) {
    await call.invoke('dynamodb', 'UpdateTable', { TableName, ...change });
  }
  for (const update of updates) {
    await call.invoke('dynamodb', 'UpdateTable', {
      TableName,
      AttributeDefinitions: properties.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [update],
    });
  }
  await updateRecovery(call, TableName, properties, actual);
  await updateExpiry(call, TableName, properties, actual);
  await updateTags(resource, description.TableArn ?? '');
  return provisioned(description);
}

export async function deleteTable(resource: ExistingResource<TableProperties>): Promise<void> {
  const TableName = resource.physicalId;
  await unlessGone(
    resource.call.invoke('dynamodb', 'DeleteTable', { TableName }),
    'ResourceNotFoundException',
  );
}

function refuseFixed(after: TableProperties, actual: TableProperties): void {
  for (const name of ['KeySchema', 'LocalSecondaryIndexes'] as const) {
    if (same(after[name] ?? [], actual[name] ?? [])) continue;
    throw new AwsError(
      'ValidationException',
      `Updates are not supported for the property ${name} of a table`,
    );
  }
}

async function updateRecovery(
  call: Call,
  TableName: string,
  after: TableProperties,
  actual: TableProperties,
): Promise<void> {
  const is = actual.PointInTimeRecoverySpecification;
  const wanted = after.PointInTimeRecoverySpecification ?? { PointInTimeRecoveryEnabled: false };
  // A period that is not asked for stays as it is.
  if (same(wanted.PointInTimeRecoveryEnabled ? { ...is, ...wanted } : wanted, is)) return;
  const input = { TableName, PointInTimeRecoverySpecification: wanted };
  await call.invoke('dynamodb', 'UpdateContinuousBackups', input);
}

async function updateExpiry(
  call: Call,
  TableName: string,
  after: TableProperties,
  actual: TableProperties,
): Promise<void> {
  const is = actual.TimeToLiveSpecification;
  const wanted = after.TimeToLiveSpecification;
  if (!wanted?.Enabled && !is?.Enabled) return;
  if (wanted?.Enabled && same(wanted, is)) return;
  const AttributeName = wanted?.Enabled ? wanted.AttributeName : is?.AttributeName;
  await call.invoke('dynamodb', 'UpdateTimeToLive', {
    TableName,
    TimeToLiveSpecification: { Enabled: wanted?.Enabled ?? false, AttributeName },
  });
}

async function updateTags(
  { call, properties, previous }: UpdatingResource<TableProperties>,
  ResourceArn: string,
): Promise<void> {
  const { set, removed } = tagChanges(
    previous.Tags as Tag[] | undefined,
    properties.Tags as Tag[] | undefined,
  );
  if (removed.length > 0) await call.invoke('dynamodb', 'UntagResource', { ResourceArn, TagKeys: removed });
  if (set.length > 0) await call.invoke('dynamodb', 'TagResource', { ResourceArn, Tags: set });
}
