import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { describeNew, visible } from './instance-description';
import { refuseUnimplemented } from './refusals';
import { rebootInstance, removeInstance, startInstance, stopInstance } from './runtime';
import { keepSnapshot, newSnapshot } from './snapshots';
import { findInstance, findParameterGroup, type InstanceRecord, instances, page, tags } from './store';
import {
  checkDatabaseName,
  checkEngine,
  checkIdentifier,
  checkPassword,
  checkStorage,
  checkUser,
  resolveVersion,
} from './validation';

export const createDBInstance: Operation<'rds', 'CreateDBInstance'> = async (input, call) => {
  refuseUnimplemented('CreateDBInstance', input);
  checkEngine(input.Engine);
  const identifier = input.DBInstanceIdentifier!.toLowerCase();
  checkIdentifier('DBInstanceIdentifier', identifier);
  if (!/^db\.[a-z0-9]+\.[a-z0-9]+$/.test(input.DBInstanceClass!)) {
    throw new AwsError('InvalidParameterValue', `Invalid DB Instance class: ${input.DBInstanceClass}`);
  }
  checkStorage(input.AllocatedStorage ?? 0);
  const { MasterUsername: user, MasterUserPassword: password } = input;
  if (!user)
    throw new AwsError(
      'InvalidParameterValue',
      'The parameter MasterUsername must be provided and must not be blank.',
    );
  if (!password)
    throw new AwsError(
      'InvalidParameterValue',
      'The parameter MasterUserPassword must be provided and must not be blank.',
    );
  checkUser(user);
  checkPassword(password);
  if (input.DBName) checkDatabaseName(input.DBName);
  if (instances(call.store).has(identifier)) {
    throw new AwsError('DBInstanceAlreadyExists', 'DB instance already exists', { status: 400 });
  }
  const version = resolveVersion(input.EngineVersion, await call.parts.servers.postgresVersion());
  const record: InstanceRecord = {
    description: describeNew(input, identifier, version, call),
    user,
    password,
    ...(input.DBName ? { database: input.DBName } : {}),
    directory: call.ids.hex(16),
  };
  call.store.transaction(() => {
    instances(call.store).put(identifier, record);
    if (input.Tags?.length) tags(call.store).put(record.description.DBInstanceArn, input.Tags);
  });
  startInstance(call, call.store, record);
  return {
    DBInstance: visible(call, record, {
      PendingModifiedValues: { MasterUserPassword: '****' },
      Endpoint: undefined,
    }),
  };
};

export const describeDBInstances: Operation<'rds', 'DescribeDBInstances'> = (input, call) => {
  if (input.DBInstanceIdentifier)
    return { DBInstances: [visible(call, findInstance(call, input.DBInstanceIdentifier))] };
  const unknown = input.Filters?.find(
    ({ Name }) => !['db-instance-id', 'engine', 'dbi-resource-id'].includes(Name ?? ''),
  );
  if (unknown) throw new AwsError('InvalidParameterValue', `Unrecognized filter name: ${unknown.Name}`);
  const wanted = ({ description }: InstanceRecord) =>
    (input.Filters ?? []).every(({ Name, Values = [] }) => {
      const value =
        Name === 'engine'
          ? description.Engine
          : Name === 'dbi-resource-id'
            ? description.DbiResourceId
            : description.DBInstanceIdentifier;
      return Values.some((one) => one === value || one === description.DBInstanceArn);
    });
  const { values, ...rest } = page(
    [...instances(call.store).entries()].filter(({ value }) => wanted(value)),
    input,
  );
  return { DBInstances: values.map((record) => visible(call, record)), ...rest };
};

export const modifyDBInstance: Operation<'rds', 'ModifyDBInstance'> = (input, call) => {
  refuseUnimplemented('ModifyDBInstance', input);
  const record = findInstance(call, input.DBInstanceIdentifier);
  requireStatus(record, 'available', 'stopped');
  const { description } = record;
  if (input.AllocatedStorage !== undefined) {
    checkStorage(input.AllocatedStorage);
    if (input.AllocatedStorage < (description.AllocatedStorage ?? 0)) {
      throw new AwsError(
        'InvalidParameterCombination',
        'Requested size cannot be smaller than the current size.',
      );
    }
  }
  if (input.MasterUserPassword !== undefined) checkPassword(input.MasterUserPassword);
  const group =
    input.DBParameterGroupName &&
    findParameterGroup(call, input.DBParameterGroupName).description.DBParameterGroupName;
  Object.assign(
    description,
    definedOnly({
      AllocatedStorage: input.AllocatedStorage,
      DBInstanceClass: input.DBInstanceClass,
      BackupRetentionPeriod: input.BackupRetentionPeriod,
      DeletionProtection: input.DeletionProtection,
      AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade,
      CopyTagsToSnapshot: input.CopyTagsToSnapshot,
      MultiAZ: input.MultiAZ,
      PreferredBackupWindow: input.PreferredBackupWindow,
      PreferredMaintenanceWindow: input.PreferredMaintenanceWindow,
      PubliclyAccessible: input.PubliclyAccessible,
      StorageType: input.StorageType,
      Iops: input.Iops,
      MaxAllocatedStorage: input.MaxAllocatedStorage,
      CACertificateIdentifier: input.CACertificateIdentifier,
      VpcSecurityGroups: input.VpcSecurityGroupIds?.map((VpcSecurityGroupId) => ({
        VpcSecurityGroupId,
        Status: 'active',
      })),
      DBParameterGroups: group
        ? [{ DBParameterGroupName: group, ParameterApplyStatus: 'pending-reboot' }]
        : undefined,
    }),
  );
  const password = input.MasterUserPassword;
  if (password !== undefined && description.DBInstanceStatus === 'stopped') throw invalidState(record);
  if (password !== undefined) {
    record.password = password;
    description.DBInstanceStatus = 'resetting-master-credentials';
  }
  instances(call.store).put(description.DBInstanceIdentifier, record);
  // Setting it restarts the server: RDS does without, see docs/parity.md.
  if (password !== undefined) rebootInstance(call, call.store, record, password);
  return {
    DBInstance: visible(
      call,
      record,
      password === undefined ? {} : { PendingModifiedValues: { MasterUserPassword: '****' } },
    ),
  };
};

function definedOnly<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

export const deleteDBInstance: Operation<'rds', 'DeleteDBInstance'> = (input, call) => {
  const record = findInstance(call, input.DBInstanceIdentifier);
  const { description } = record;
  if (description.DeletionProtection) {
    throw new AwsError(
      'InvalidParameterCombination',
      'Cannot delete protected DB Instance, please disable deletion protection and try again.',
    );
  }
  if (!input.SkipFinalSnapshot) {
    if (!input.FinalDBSnapshotIdentifier) {
      throw new AwsError(
        'InvalidParameterCombination',
        'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
      );
    }
  } else if (input.FinalDBSnapshotIdentifier) {
    throw new AwsError(
      'InvalidParameterCombination',
      'FinalDBSnapshotIdentifier can not be specified when deleting with SkipFinalSnapshot.',
    );
  }
  if (description.DBInstanceStatus === 'deleting') throw invalidState(record, 'is already being deleted.');
  const last = input.FinalDBSnapshotIdentifier
    ? newSnapshot(call, record, input.FinalDBSnapshotIdentifier, 'FinalDBSnapshotIdentifier')
    : undefined;
  description.DBInstanceStatus = 'deleting';
  call.store.transaction(() => {
    if (last) keepSnapshot(call, record, last);
    instances(call.store).put(description.DBInstanceIdentifier, record);
    tags(call.store).remove(description.DBInstanceArn);
  });
  removeInstance(call, call.store, record, last);
  return { DBInstance: visible(call, record) };
};

export const stopDBInstance: Operation<'rds', 'StopDBInstance'> = (input, call) => {
  if (input.DBSnapshotIdentifier) throw notImplemented('rds:StopDBInstance DBSnapshotIdentifier');
  const record = change(call, input.DBInstanceIdentifier, 'available', 'stopping');
  stopInstance(call, call.store, record);
  return { DBInstance: visible(call, record) };
};

export const startDBInstance: Operation<'rds', 'StartDBInstance'> = (input, call) => {
  const record = change(call, input.DBInstanceIdentifier, 'stopped', 'starting');
  startInstance(call, call.store, record);
  return { DBInstance: visible(call, record) };
};

export const rebootDBInstance: Operation<'rds', 'RebootDBInstance'> = (input, call) => {
  const record = change(call, input.DBInstanceIdentifier, 'available', 'rebooting');
  for (const group of record.description.DBParameterGroups ?? []) group.ParameterApplyStatus = 'in-sync';
  instances(call.store).put(record.description.DBInstanceIdentifier, record);
  rebootInstance(call, call.store, record);
  return { DBInstance: visible(call, record) };
};

function change(call: Call, identifier: string | undefined, from: string, to: string): InstanceRecord {
  const record = findInstance(call, identifier);
  requireStatus(record, from);
  record.description.DBInstanceStatus = to;
  instances(call.store).put(record.description.DBInstanceIdentifier, record);
  return record;
}

function requireStatus(record: InstanceRecord, ...statuses: string[]): void {
  if (!statuses.includes(record.description.DBInstanceStatus ?? '')) throw invalidState(record);
}

function invalidState({ description }: InstanceRecord, why?: string): AwsError {
  return new AwsError(
    'InvalidDBInstanceState',
    why
      ? `Instance ${description.DBInstanceIdentifier} ${why}`
      : `Instance ${description.DBInstanceIdentifier} is not in available state.`,
  );
}
