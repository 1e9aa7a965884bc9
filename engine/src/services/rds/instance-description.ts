import type { CreateDBInstanceCommandInput, DBInstance } from '@aws-sdk/client-rds';
import { arn, type Call } from '../../kernel';
import { findParameterGroup, findSubnetGroup, type InstanceRecord, tags } from './store';

/** A new instance as it is described: what was asked for, and what RDS adds. */
export function describeNew(
  input: CreateDBInstanceCommandInput,
  identifier: string,
  version: string,
  call: Call,
): InstanceRecord['description'] {
  const family = `postgres${version.split('.')[0]}`;
  const group = input.DBParameterGroupName
    ? findParameterGroup(call, input.DBParameterGroupName).description.DBParameterGroupName
    : `default.${family}`;
  const subnetGroup = input.DBSubnetGroupName ? findSubnetGroup(call, input.DBSubnetGroupName) : undefined;
  // One suffix an account and region, as on AWS.
  const suffixes = call.store.collection<string>('endpoint-suffix');
  const suffix = suffixes.get('suffix') ?? call.ids.lower(12);
  suffixes.put('suffix', suffix);
  return {
    DBInstanceIdentifier: identifier,
    DBInstanceClass: input.DBInstanceClass,
    Engine: 'postgres',
    DBInstanceStatus: 'creating',
    MasterUsername: input.MasterUsername,
    ...(input.DBName ? { DBName: input.DBName } : {}),
    Endpoint: {
      Address: `${identifier}.${suffix}.${call.region}.rds.amazonaws.com`,
      Port: input.Port ?? 5432,
      HostedZoneId: 'Z2R2ITUGPM61AM',
    },
    AllocatedStorage: input.AllocatedStorage,
    InstanceCreateTime: call.clock.now(),
    PreferredBackupWindow: input.PreferredBackupWindow ?? '03:00-03:30',
    BackupRetentionPeriod: input.BackupRetentionPeriod ?? 1,
    DBSecurityGroups: [],
    VpcSecurityGroups: (input.VpcSecurityGroupIds ?? []).map((VpcSecurityGroupId) => ({
      VpcSecurityGroupId,
      Status: 'active',
    })),
    DBParameterGroups: [{ DBParameterGroupName: group, ParameterApplyStatus: 'in-sync' }],
    AvailabilityZone: input.AvailabilityZone ?? `${call.region}a`,
    ...(subnetGroup ? { DBSubnetGroup: subnetGroup } : {}),
    PreferredMaintenanceWindow: input.PreferredMaintenanceWindow ?? 'sun:04:00-sun:04:30',
    PendingModifiedValues: {},
    MultiAZ: input.MultiAZ ?? false,
    EngineVersion: version,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    ReadReplicaDBInstanceIdentifiers: [],
    LicenseModel: 'postgresql-license',
    ...(input.Iops === undefined ? {} : { Iops: input.Iops }),
    OptionGroupMemberships: [
      { OptionGroupName: `default:postgres-${version.split('.')[0]}`, Status: 'in-sync' },
    ],
    PubliclyAccessible: input.PubliclyAccessible ?? false,
    StorageType: input.StorageType ?? 'gp2',
    DbInstancePort: 0,
    StorageEncrypted: input.StorageEncrypted ?? false,
    ...(input.KmsKeyId ? { KmsKeyId: input.KmsKeyId } : {}),
    DbiResourceId: `db-${call.ids.upper(26)}`,
    CACertificateIdentifier: input.CACertificateIdentifier ?? 'rds-ca-rsa2048-g1',
    DomainMemberships: [],
    CopyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    MonitoringInterval: 0,
    DBInstanceArn: arn('rds', call.region, call.account, `db:${identifier}`),
    IAMDatabaseAuthenticationEnabled: false,
    PerformanceInsightsEnabled: false,
    DeletionProtection: input.DeletionProtection ?? false,
    AssociatedRoles: [],
    ...(input.MaxAllocatedStorage === undefined ? {} : { MaxAllocatedStorage: input.MaxAllocatedStorage }),
    CustomerOwnedIpEnabled: false,
    BackupTarget: 'region',
    NetworkType: 'IPV4',
    StorageThroughput: input.StorageThroughput ?? 0,
  };
}

export function visible(
  call: Call,
  { description }: InstanceRecord,
  overrides: Partial<DBInstance> = {},
): DBInstance {
  // An instance has no address before it is there.
  const early = description.DBInstanceStatus === 'creating' ? { Endpoint: undefined } : {};
  return {
    ...description,
    ...early,
    TagList: tags(call.store).get(description.DBInstanceArn) ?? [],
    ...overrides,
  };
}
