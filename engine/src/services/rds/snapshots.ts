import type { DBSnapshot, Tag } from '@aws-sdk/client-rds';
import { AwsError, arn, type Call, type Operation } from '../../kernel';
import { removeSnapshot, snapshotInstance } from './runtime';
import {
  findInstance,
  findSnapshot,
  type InstanceRecord,
  instances,
  page,
  type SnapshotRecord,
  snapshots,
  tags,
} from './store';
import { checkIdentifier } from './validation';

/** A snapshot that is about to be taken of an available instance. */
export function newSnapshot(
  call: Call,
  instance: InstanceRecord,
  name: string,
  parameter = 'DBSnapshotIdentifier',
): SnapshotRecord {
  const identifier = name.toLowerCase();
  checkIdentifier(parameter, identifier, 255);
  if (snapshots(call.store).has(identifier)) {
    throw new AwsError(
      'DBSnapshotAlreadyExists',
      `Cannot create the snapshot because a snapshot with the identifier ${identifier} already exists.`,
    );
  }
  const { description: of } = instance;
  if (of.DBInstanceStatus !== 'available') {
    throw new AwsError(
      'InvalidDBInstanceState',
      `Cannot create a snapshot because the database instance ${of.DBInstanceIdentifier} is not currently in the available state.`,
    );
  }
  return {
    description: {
      DBSnapshotIdentifier: identifier,
      DBInstanceIdentifier: of.DBInstanceIdentifier,
      Engine: of.Engine,
      AllocatedStorage: of.AllocatedStorage,
      Status: 'creating',
      Port: of.Endpoint?.Port,
      AvailabilityZone: of.AvailabilityZone,
      ...(of.DBSubnetGroup?.VpcId ? { VpcId: of.DBSubnetGroup.VpcId } : {}),
      InstanceCreateTime: of.InstanceCreateTime,
      MasterUsername: of.MasterUsername,
      EngineVersion: of.EngineVersion,
      LicenseModel: of.LicenseModel,
      SnapshotType: 'manual',
      ...(of.Iops === undefined ? {} : { Iops: of.Iops }),
      OptionGroupName: of.OptionGroupMemberships?.[0]?.OptionGroupName,
      PercentProgress: 0,
      StorageType: of.StorageType,
      Encrypted: of.StorageEncrypted,
      ...(of.KmsKeyId ? { KmsKeyId: of.KmsKeyId } : {}),
      DBSnapshotArn: arn('rds', call.region, call.account, `snapshot:${identifier}`),
      IAMDatabaseAuthenticationEnabled: false,
      ProcessorFeatures: [],
      DbiResourceId: of.DbiResourceId,
      SnapshotTarget: 'region',
      StorageThroughput: of.StorageThroughput,
      DedicatedLogVolume: false,
    },
    user: instance.user,
    password: instance.password,
    ...(instance.database ? { database: instance.database } : {}),
    ...(of.DBInstanceClass ? { instanceClass: of.DBInstanceClass } : {}),
    directory: call.ids.hex(16),
  };
}

/** Keeps a new snapshot, with the tags it was given and, where the instance says so, the instance's. */
export function keepSnapshot(
  call: Call,
  { description: of }: InstanceRecord,
  snapshot: SnapshotRecord,
  own: readonly Tag[] = [],
): void {
  const inherited = of.CopyTagsToSnapshot ? (tags(call.store).get(of.DBInstanceArn) ?? []) : [];
  const all = [...inherited.filter(({ Key }) => !own.some((tag) => tag.Key === Key)), ...own];
  snapshots(call.store).put(snapshot.description.DBSnapshotIdentifier, snapshot);
  if (all.length > 0) tags(call.store).put(snapshot.description.DBSnapshotArn, all);
}

function visible(call: Call, { description }: SnapshotRecord): DBSnapshot {
  return { ...description, TagList: tags(call.store).get(description.DBSnapshotArn) ?? [] };
}

export const createDBSnapshot: Operation<'rds', 'CreateDBSnapshot'> = (input, call) => {
  const instance = findInstance(call, input.DBInstanceIdentifier);
  const snapshot = newSnapshot(call, instance, input.DBSnapshotIdentifier!);
  instance.description.DBInstanceStatus = 'backing-up';
  call.store.transaction(() => {
    keepSnapshot(call, instance, snapshot, input.Tags);
    instances(call.store).put(instance.description.DBInstanceIdentifier, instance);
  });
  snapshotInstance(call, call.store, instance, snapshot);
  return { DBSnapshot: visible(call, snapshot) };
};

const FILTERS: Readonly<Record<string, (snapshot: SnapshotRecord['description']) => (string | undefined)[]>> =
  {
    'db-instance-id': ({ DBInstanceIdentifier }) => [DBInstanceIdentifier],
    'db-snapshot-id': ({ DBSnapshotIdentifier }) => [DBSnapshotIdentifier],
    'dbi-resource-id': ({ DbiResourceId }) => [DbiResourceId],
    'snapshot-type': ({ SnapshotType }) => [SnapshotType],
    engine: ({ Engine }) => [Engine],
  };

export const describeDBSnapshots: Operation<'rds', 'DescribeDBSnapshots'> = (input, call) => {
  const unknown = input.Filters?.find(({ Name }) => !Object.hasOwn(FILTERS, Name ?? ''));
  if (unknown) throw new AwsError('InvalidParameterValue', `Unrecognized filter name: ${unknown.Name}`);
  if (input.SnapshotType && !/^(automated|manual|shared|public|awsbackup)$/.test(input.SnapshotType))
    throw new AwsError('InvalidParameterValue', `Invalid snapshot type: ${input.SnapshotType}`);
  const of = input.DBInstanceIdentifier?.replace(/^arn:.*:db:/, '').toLowerCase();
  const wanted = ({ description }: SnapshotRecord) =>
    (of === undefined || description.DBInstanceIdentifier === of) &&
    (!input.DbiResourceId || description.DbiResourceId === input.DbiResourceId) &&
    (!input.SnapshotType || description.SnapshotType === input.SnapshotType) &&
    (input.Filters ?? []).every(({ Name = '', Values = [] }) =>
      FILTERS[Name]?.(description).some((value) => value !== undefined && Values.includes(value)),
    );
  if (input.DBSnapshotIdentifier) {
    const found = findSnapshot(call, input.DBSnapshotIdentifier);
    return { DBSnapshots: wanted(found) ? [visible(call, found)] : [] };
  }
  const all = [...snapshots(call.store).entries()].filter(({ value }) => wanted(value));
  const { values, ...rest } = page(all, input);
  return { DBSnapshots: values.map((snapshot) => visible(call, snapshot)), ...rest };
};

export const deleteDBSnapshot: Operation<'rds', 'DeleteDBSnapshot'> = async (input, call) => {
  const snapshot = findSnapshot(call, input.DBSnapshotIdentifier);
  const { description, directory } = snapshot;
  const inUse = [...instances(call.store).values()].some(({ restoring }) => restoring === directory);
  if (inUse || !['available', 'failed'].includes(description.Status ?? '')) {
    throw new AwsError(
      'InvalidDBSnapshotState',
      'Cannot delete the snapshot because it is not currently in the available state.',
    );
  }
  const before = visible(call, snapshot);
  call.store.transaction(() => {
    snapshots(call.store).remove(description.DBSnapshotIdentifier);
    tags(call.store).remove(description.DBSnapshotArn);
  });
  await removeSnapshot(call, snapshot);
  return { DBSnapshot: { ...before, Status: 'deleted' } };
};
