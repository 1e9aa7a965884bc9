import type { TableDescription } from '@aws-sdk/client-dynamodb';
import type { Call } from '../../../kernel';
import type { TableProperties } from './properties';

/**
 * The table as it is, in a template's terms. An update goes by this and not by the template before: after a failed
 * update, what that template says has not happened.
 */
export async function actualProperties(
  call: Call,
  TableName: string,
): Promise<{ description: TableDescription; actual: TableProperties }> {
  const { Table: description = {} } = await call.invoke('dynamodb', 'DescribeTable', { TableName });
  const { TimeToLiveDescription: ttl } = await call.invoke('dynamodb', 'DescribeTimeToLive', { TableName });
  const backups = await call.invoke('dynamodb', 'DescribeContinuousBackups', { TableName });
  const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const sse = description.SSEDescription;
  const onDemand = description.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
  const units = (given: TableDescription['ProvisionedThroughput']) => ({
    ReadCapacityUnits: given?.ReadCapacityUnits,
    WriteCapacityUnits: given?.WriteCapacityUnits,
  });
  const actual: TableProperties = {
    KeySchema: description.KeySchema ?? [],
    BillingMode: onDemand ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    ...(!onDemand && { ProvisionedThroughput: units(description.ProvisionedThroughput) }),
    ...(description.OnDemandThroughput && { OnDemandThroughput: description.OnDemandThroughput }),
    GlobalSecondaryIndexes: (description.GlobalSecondaryIndexes ?? []).map((index) => ({
      IndexName: index.IndexName,
      KeySchema: index.KeySchema,
      Projection: index.Projection,
      ...(!onDemand && { ProvisionedThroughput: units(index.ProvisionedThroughput) }),
      ...(index.OnDemandThroughput && { OnDemandThroughput: index.OnDemandThroughput }),
    })),
    LocalSecondaryIndexes: (description.LocalSecondaryIndexes ?? []).map((index) => ({
      IndexName: index.IndexName,
      KeySchema: index.KeySchema,
      Projection: index.Projection,
    })),
    DeletionProtectionEnabled: description.DeletionProtectionEnabled ?? false,
    TableClass: description.TableClassSummary?.TableClass ?? 'STANDARD',
    PointInTimeRecoverySpecification: {
      PointInTimeRecoveryEnabled: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
      ...(recovery?.RecoveryPeriodInDays && { RecoveryPeriodInDays: recovery.RecoveryPeriodInDays }),
    },
    SSESpecification: { SSEEnabled: sse !== undefined, KMSMasterKeyId: sse?.KMSMasterKeyArn ?? '' },
    TimeToLiveSpecification: {
      Enabled: ttl?.TimeToLiveStatus === 'ENABLED',
      AttributeName: ttl?.AttributeName,
    },
  };
  return { description, actual };
}

/** Equal whatever the order of the members, numbers in strings, and members that are not there. */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (typeof member === 'number') return String(member);
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
