import { AwsError, type Operation } from '../../kernel';
import { describeNew, visible } from './instance-description';
import { refuseUnimplemented } from './refusals';
import { startInstance } from './runtime';
import { findSnapshot, type InstanceRecord, instances, tags } from './store';
import { checkEngine, checkIdentifier, checkStorage } from './validation';

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceFromDBSnapshot.html */
export const restoreDBInstanceFromDBSnapshot: Operation<'rds', 'RestoreDBInstanceFromDBSnapshot'> = (
  input,
  call,
) => {
  const { DBSnapshotIdentifier, ...asked } = input;
  refuseUnimplemented('RestoreDBInstanceFromDBSnapshot', asked);
  const identifier = input.DBInstanceIdentifier!.toLowerCase();
  checkIdentifier('DBInstanceIdentifier', identifier);
  if (input.Engine !== undefined) checkEngine(input.Engine);
  if (input.DBName)
    throw new AwsError('InvalidParameterValue', 'DBName must be null when restoring for this Engine.');
  if (instances(call.store).has(identifier)) {
    throw new AwsError('DBInstanceAlreadyExists', 'DB instance already exists', { status: 400 });
  }
  if (!DBSnapshotIdentifier)
    throw new AwsError('InvalidParameterValue', 'The parameter DBSnapshotIdentifier must be provided.');
  const snapshot = findSnapshot(call, DBSnapshotIdentifier);
  const { description: from } = snapshot;
  if (from.Status !== 'available') {
    throw new AwsError(
      'InvalidDBSnapshotState',
      'Cannot restore from the snapshot because it is not currently in the available state.',
    );
  }
  if (input.AllocatedStorage !== undefined) {
    checkStorage(input.AllocatedStorage);
    if (input.AllocatedStorage < (from.AllocatedStorage ?? 0))
      throw new AwsError(
        'InvalidParameterCombination',
        'Requested size cannot be smaller than the size of the snapshot.',
      );
  }
  const description = describeNew(
    {
      ...asked,
      DBInstanceIdentifier: identifier,
      DBInstanceClass: input.DBInstanceClass ?? snapshot.instanceClass,
      Engine: 'postgres',
      MasterUsername: from.MasterUsername,
      AllocatedStorage: input.AllocatedStorage ?? from.AllocatedStorage,
      Port: input.Port ?? from.Port,
      StorageType: input.StorageType ?? from.StorageType,
      Iops: input.Iops ?? from.Iops,
      StorageEncrypted: from.Encrypted,
      KmsKeyId: from.KmsKeyId,
      ...(snapshot.database ? { DBName: snapshot.database } : {}),
    },
    identifier,
    from.EngineVersion ?? '',
    call,
  );
  const record: InstanceRecord = {
    description,
    user: snapshot.user,
    password: snapshot.password,
    ...(snapshot.database ? { database: snapshot.database } : {}),
    directory: call.ids.hex(16),
    restoring: snapshot.directory,
  };
  call.store.transaction(() => {
    instances(call.store).put(identifier, record);
    if (input.Tags?.length) tags(call.store).put(description.DBInstanceArn, input.Tags);
  });
  startInstance(call, call.store, record);
  return { DBInstance: visible(call, record, { Endpoint: undefined }) };
};
