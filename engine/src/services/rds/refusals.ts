import { notImplemented } from '../../kernel';

/** Members of CreateDBInstance and ModifyDBInstance that the engine acts on or truthfully describes. */
const IMPLEMENTED = new Set([
  'DBInstanceIdentifier',
  'DBInstanceClass',
  'Engine',
  'EngineVersion',
  'AllocatedStorage',
  'MasterUsername',
  'MasterUserPassword',
  'DBName',
  'Port',
  'VpcSecurityGroupIds',
  'DBSubnetGroupName',
  'DBParameterGroupName',
  'AvailabilityZone',
  'PreferredBackupWindow',
  'PreferredMaintenanceWindow',
  'BackupRetentionPeriod',
  'MultiAZ',
  'AutoMinorVersionUpgrade',
  'PubliclyAccessible',
  'StorageType',
  'Iops',
  'StorageThroughput',
  'MaxAllocatedStorage',
  'StorageEncrypted',
  'KmsKeyId',
  'CACertificateIdentifier',
  'CopyTagsToSnapshot',
  'DeletionProtection',
  'Tags',
  'ApplyImmediately',
  'DeleteAutomatedBackups',
]);

/** Off-values that say no more than leaving the member out. */
const HARMLESS = new Set<unknown>([undefined, false, 0, '']);

/** Refuses by name what would otherwise be accepted and ignored. */
export function refuseUnimplemented(operation: string, input: object): void {
  for (const [member, value] of Object.entries(input)) {
    if (IMPLEMENTED.has(member) || HARMLESS.has(value)) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    throw notImplemented(`rds:${operation} ${member}`);
  }
}
