import type { TableDescription, UpdateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { ExistingResource, Provisioned, ResourceContext, UpdatingResource } from '../../../kernel';
import { AwsError } from '../../../kernel';
import { resourceTags, tagChanges, unlessGone } from '../../../kernel/tags';
import { indexUpdates } from './index-changes';
import { encryption, indexes, numbers, type TableProperties } from './properties';

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
    Tags: resourceTags(resource, Tags as { Key: string; Value: string }[] | undefined),
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
  refuseFixed(properties, previous);
  const updates = indexUpdates(properties, previous);
  // The change of billing mode carries the indexes' throughput with it; AWS takes the rest one by one.
  for (const change of tableChanges(properties, previous)) {
    await call.invoke('dynamodb', 'UpdateTable', { TableName, ...change });
  }
  for (const update of updates) {
    await call.invoke('dynamodb', 'UpdateTable', {
      TableName,
      AttributeDefinitions: properties.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [update],
    });
  }
  await updateRecovery(resource, TableName);
  await updateExpiry(resource, TableName);
  const { Table } = await call.invoke('dynamodb', 'DescribeTable', { TableName });
  await updateTags(resource, Table?.TableArn ?? '');
  return provisioned(Table);
}

export async function deleteTable(resource: ExistingResource<TableProperties>): Promise<void> {
  const TableName = resource.physicalId;
  await unlessGone(
    resource.call.invoke('dynamodb', 'DeleteTable', { TableName }),
    'ResourceNotFoundException',
  );
}

function differs(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

function refuseFixed(after: TableProperties, before: TableProperties): void {
  for (const name of ['KeySchema', 'LocalSecondaryIndexes'] as const) {
    if (!differs(after[name], before[name])) continue;
    throw new AwsError(
      'ValidationException',
      `Updates are not supported for the property ${name} of a table`,
    );
  }
}

/** One UpdateTable for each setting that has changed. */
function tableChanges(after: TableProperties, before: TableProperties): Partial<UpdateTableCommandInput>[] {
  const changes: Partial<UpdateTableCommandInput>[] = [];
  const mode = after.BillingMode ?? 'PROVISIONED';
  const throughput = numbers(after.ProvisionedThroughput);
  if (mode !== (before.BillingMode ?? 'PROVISIONED')) {
    changes.push({
      BillingMode: mode,
      ProvisionedThroughput: throughput,
      ...(mode === 'PROVISIONED' && { GlobalSecondaryIndexUpdates: indexThroughputs(after) }),
    });
  } else if (throughput && differs(after.ProvisionedThroughput, before.ProvisionedThroughput)) {
    changes.push({ ProvisionedThroughput: throughput });
  }
  if (after.OnDemandThroughput && differs(after.OnDemandThroughput, before.OnDemandThroughput)) {
    changes.push({ OnDemandThroughput: numbers(after.OnDemandThroughput) });
  }
  if (after.WarmThroughput && differs(after.WarmThroughput, before.WarmThroughput)) {
    changes.push({ WarmThroughput: numbers(after.WarmThroughput) });
  }
  if (differs(after.SSESpecification, before.SSESpecification)) {
    changes.push({ SSESpecification: encryption(after.SSESpecification) ?? { Enabled: false } });
  }
  if (differs(after.TableClass, before.TableClass))
    changes.push({ TableClass: after.TableClass ?? 'STANDARD' });
  if ((after.DeletionProtectionEnabled ?? false) !== (before.DeletionProtectionEnabled ?? false)) {
    changes.push({ DeletionProtectionEnabled: after.DeletionProtectionEnabled ?? false });
  }
  return changes;
}

function indexThroughputs({ GlobalSecondaryIndexes }: TableProperties) {
  return indexes(GlobalSecondaryIndexes)?.map(({ IndexName, ProvisionedThroughput }) => ({
    Update: { IndexName, ProvisionedThroughput },
  }));
}

async function updateRecovery(
  { call, properties, previous }: UpdatingResource<TableProperties>,
  TableName: string,
): Promise<void> {
  const after = properties.PointInTimeRecoverySpecification;
  if (!differs(after, previous.PointInTimeRecoverySpecification)) return;
  await call.invoke('dynamodb', 'UpdateContinuousBackups', {
    TableName,
    PointInTimeRecoverySpecification: after ?? { PointInTimeRecoveryEnabled: false },
  });
}

async function updateExpiry(
  { call, properties, previous }: UpdatingResource<TableProperties>,
  TableName: string,
): Promise<void> {
  const after = properties.TimeToLiveSpecification;
  const before = previous.TimeToLiveSpecification;
  if (!differs(after, before) || (!after?.Enabled && !before?.Enabled)) return;
  const AttributeName = after?.AttributeName ?? before?.AttributeName;
  await call.invoke('dynamodb', 'UpdateTimeToLive', {
    TableName,
    TimeToLiveSpecification: { Enabled: after?.Enabled ?? false, AttributeName },
  });
}

async function updateTags(
  { call, properties, previous }: UpdatingResource<TableProperties>,
  ResourceArn: string,
): Promise<void> {
  type Tags = { Key: string; Value: string }[] | undefined;
  const { set, removed } = tagChanges(previous.Tags as Tags, properties.Tags as Tags);
  if (removed.length > 0) await call.invoke('dynamodb', 'UntagResource', { ResourceArn, TagKeys: removed });
  if (set.length > 0) await call.invoke('dynamodb', 'TagResource', { ResourceArn, Tags: set });
}
