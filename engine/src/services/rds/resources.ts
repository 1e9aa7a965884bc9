import type { CreateDBInstanceCommandInput } from '@aws-sdk/client-rds';
import { AwsError, defineResource, type ResourceContext, type UpdatingResource } from '../../kernel';
import { resourceTags, type Tag, tagChanges, unlessGone } from '../../kernel/tags';
import { settled } from './runtime';
import { resolveVersion } from './validation';

type Tagged = { Tags?: Tag[] };

const allTags = (resource: ResourceContext<Tagged>) => resourceTags(resource, resource.properties.Tags);

type InstanceProperties = Tagged &
  Omit<CreateDBInstanceCommandInput, 'VpcSecurityGroupIds' | 'AllocatedStorage' | 'Port' | 'Tags'> & {
    VPCSecurityGroups?: string[];
    AllocatedStorage?: string;
    Port?: string;
    DeleteAutomatedBackups?: boolean;
    DBSnapshotIdentifier?: string;
  };

function instanceInput(
  properties: InstanceProperties,
): Omit<CreateDBInstanceCommandInput, 'DBInstanceIdentifier'> {
  const {
    VPCSecurityGroups,
    AllocatedStorage,
    Port,
    DeleteAutomatedBackups,
    DBInstanceIdentifier,
    DBSnapshotIdentifier,
    Tags,
    ...same
  } = properties;
  return {
    ...same,
    ...(VPCSecurityGroups ? { VpcSecurityGroupIds: VPCSecurityGroups } : {}),
    ...(AllocatedStorage === undefined ? {} : { AllocatedStorage: Number(AllocatedStorage) }),
    ...(Port === undefined ? {} : { Port: Number(Port) }),
  };
}

/** Waits for what was begun, and reads what the instance has become. */
async function describeInstance({ call }: ResourceContext<InstanceProperties>, identifier: string) {
  const find = async () =>
    (await call.invoke('rds', 'DescribeDBInstances', { DBInstanceIdentifier: identifier })).DBInstances?.[0];
  await settled(call, (await find())?.DBInstanceArn ?? '');
  const instance = await find();
  if (instance?.DBInstanceStatus === 'failed') {
    throw new AwsError(
      'NotStabilized',
      `DB instance ${identifier} is in failed state; the engine's log says why (tierkit logs).`,
    );
  }
  return {
    physicalId: identifier,
    attributes: {
      'Endpoint.Address': instance?.Endpoint?.Address,
      'Endpoint.Port': String(instance?.Endpoint?.Port),
      'Endpoint.HostedZoneId': instance?.Endpoint?.HostedZoneId,
      DBInstanceArn: instance?.DBInstanceArn,
      DbiResourceId: instance?.DbiResourceId,
      DBInstanceStatus: instance?.DBInstanceStatus,
      InstanceCreateTime: instance?.InstanceCreateTime?.toISOString(),
    },
  };
}

const instance = defineResource<InstanceProperties>({
  type: 'AWS::RDS::DBInstance',
  properties: {
    AllocatedStorage: true,
    AutoMinorVersionUpgrade: true,
    AvailabilityZone: true,
    BackupRetentionPeriod: true,
    CACertificateIdentifier: true,
    CopyTagsToSnapshot: true,
    DBInstanceClass: true,
    DBInstanceIdentifier: true,
    DBName: true,
    DBParameterGroupName: true,
    DBSnapshotIdentifier: true,
    DBSubnetGroupName: true,
    DeleteAutomatedBackups: true,
    DeletionProtection: true,
    Engine: true,
    EngineVersion: true,
    KmsKeyId: true,
    MasterUserPassword: true,
    MasterUsername: true,
    MaxAllocatedStorage: true,
    MultiAZ: true,
    Port: true,
    PreferredBackupWindow: true,
    PreferredMaintenanceWindow: true,
    PubliclyAccessible: true,
    StorageEncrypted: true,
    StorageType: true,
    Tags: true,
    VPCSecurityGroups: true,
  },
  async create(resource) {
    const identifier = (
      resource.properties.DBInstanceIdentifier ?? resource.name({ maxLength: 63, lowercase: true })
    ).toLowerCase();
    if (resource.properties.DBSnapshotIdentifier) {
      await restore(resource, identifier);
      return describeInstance(resource, identifier);
    }
    await resource.call.invoke('rds', 'CreateDBInstance', {
      ...instanceInput(resource.properties),
      DBInstanceIdentifier: identifier,
      DBInstanceClass: resource.properties.DBInstanceClass,
      Engine: resource.properties.Engine,
      Tags: allTags(resource),
    });
    return describeInstance(resource, identifier);
  },
  async update(resource) {
    const {
      Engine,
      EngineVersion,
      DBName,
      MasterUsername,
      DBSubnetGroupName,
      StorageEncrypted,
      KmsKeyId,
      AvailabilityZone,
      Port,
      ...changes
    } = instanceInput(resource.properties);
    if (resource.previous.MasterUserPassword === resource.properties.MasterUserPassword)
      delete changes.MasterUserPassword;
    await resource.call.invoke('rds', 'ModifyDBInstance', {
      ...changes,
      DBInstanceIdentifier: resource.physicalId,
      ApplyImmediately: true,
    });
    const described = await describeInstance(resource, resource.physicalId);
    await retag(resource, String(described.attributes.DBInstanceArn));
    return described;
  },
  async delete({ call, physicalId }) {
    const deleted = await unlessGone(
      call.invoke('rds', 'DeleteDBInstance', { DBInstanceIdentifier: physicalId, SkipFinalSnapshot: true }),
      'DBInstanceNotFound',
    );
    if (deleted) await settled(call, deleted.DBInstance?.DBInstanceArn ?? '');
  },
  async snapshot({ call, physicalId }, name) {
    await call.invoke('rds', 'CreateDBSnapshot', {
      DBInstanceIdentifier: physicalId,
      DBSnapshotIdentifier: name,
    });
    const { DBInstances } = await call.invoke('rds', 'DescribeDBInstances', {
      DBInstanceIdentifier: physicalId,
    });
    await settled(call, DBInstances?.[0]?.DBInstanceArn ?? '');
    const { DBSnapshots } = await call.invoke('rds', 'DescribeDBSnapshots', { DBSnapshotIdentifier: name });
    if (DBSnapshots?.[0]?.Status !== 'available')
      throw new AwsError(
        'NotStabilized',
        `DB snapshot ${name} failed; the engine's log says why (tierkit logs).`,
      );
  },
});

/** What a snapshot brings with it cannot be asked for besides it. */
const INHERITED = ['DBName', 'KmsKeyId', 'MasterUsername', 'StorageEncrypted'] as const;

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbinstance.html (DBSnapshotIdentifier):
 * what restoring does not take is set afterwards.
 */
async function restore(resource: ResourceContext<InstanceProperties>, identifier: string): Promise<void> {
  const wrong = INHERITED.find((name) => resource.properties[name] !== undefined);
  if (wrong)
    throw new AwsError(
      'InvalidParameterCombination',
      `${wrong} cannot be specified when restoring from a DB snapshot: it is the snapshot's.`,
    );
  const {
    EngineVersion,
    MasterUserPassword,
    BackupRetentionPeriod,
    PreferredBackupWindow,
    PreferredMaintenanceWindow,
    MaxAllocatedStorage,
    ...input
  } = instanceInput(resource.properties);
  const { call } = resource;
  // A restored instance runs what is bundled, as every instance does: what cannot be that is refused.
  if (EngineVersion !== undefined) resolveVersion(EngineVersion, await call.parts.servers.postgresVersion());
  await call.invoke('rds', 'RestoreDBInstanceFromDBSnapshot', {
    ...input,
    DBInstanceIdentifier: identifier,
    DBSnapshotIdentifier: resource.properties.DBSnapshotIdentifier,
    Tags: allTags(resource),
  });
  const changes = {
    MasterUserPassword,
    BackupRetentionPeriod,
    PreferredBackupWindow,
    PreferredMaintenanceWindow,
    MaxAllocatedStorage,
  };
  if (Object.values(changes).every((value) => value === undefined)) return;
  await describeInstance(resource, identifier);
  await call.invoke('rds', 'ModifyDBInstance', {
    ...changes,
    DBInstanceIdentifier: identifier,
    ApplyImmediately: true,
  });
}

async function retag(resource: UpdatingResource<Tagged>, ResourceName: string): Promise<void> {
  const { set, removed } = tagChanges(resource.previous.Tags, allTags(resource));
  if (removed.length)
    await resource.call.invoke('rds', 'RemoveTagsFromResource', { ResourceName, TagKeys: removed });
  if (set.length) await resource.call.invoke('rds', 'AddTagsToResource', { ResourceName, Tags: set });
}

interface SubnetGroupProperties extends Tagged {
  DBSubnetGroupName?: string;
  DBSubnetGroupDescription: string;
  SubnetIds: string[];
}

const subnetGroup = defineResource<SubnetGroupProperties>({
  type: 'AWS::RDS::DBSubnetGroup',
  properties: { DBSubnetGroupDescription: true, DBSubnetGroupName: true, SubnetIds: true, Tags: true },
  async create(resource) {
    const { DBSubnetGroupDescription, SubnetIds } = resource.properties;
    const name = (
      resource.properties.DBSubnetGroupName ?? resource.name({ maxLength: 255, lowercase: true })
    ).toLowerCase();
    await resource.call.invoke('rds', 'CreateDBSubnetGroup', {
      DBSubnetGroupName: name,
      DBSubnetGroupDescription,
      SubnetIds,
      Tags: allTags(resource),
    });
    return { physicalId: name };
  },
  async update(resource) {
    const { DBSubnetGroupDescription, SubnetIds } = resource.properties;
    const { DBSubnetGroup } = await resource.call.invoke('rds', 'ModifyDBSubnetGroup', {
      DBSubnetGroupName: resource.physicalId,
      DBSubnetGroupDescription,
      SubnetIds,
    });
    await retag(resource, DBSubnetGroup?.DBSubnetGroupArn ?? '');
    return { physicalId: resource.physicalId };
  },
  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('rds', 'DeleteDBSubnetGroup', { DBSubnetGroupName: physicalId }),
      'DBSubnetGroupNotFoundFault',
    );
  },
});

interface ParameterGroupProperties extends Tagged {
  DBParameterGroupName?: string;
  Description: string;
  Family: string;
  Parameters?: Record<string, string>;
}

function parameters(values: Record<string, string> = {}) {
  return Object.entries(values).map(([ParameterName, value]) => ({
    ParameterName,
    ParameterValue: String(value),
    ApplyMethod: 'pending-reboot' as const,
  }));
}

const parameterGroup = defineResource<ParameterGroupProperties>({
  type: 'AWS::RDS::DBParameterGroup',
  properties: { DBParameterGroupName: true, Description: true, Family: true, Parameters: true, Tags: true },
  async create(resource) {
    const { Description, Family, Parameters } = resource.properties;
    const name = (
      resource.properties.DBParameterGroupName ?? resource.name({ maxLength: 255, lowercase: true })
    ).toLowerCase();
    await resource.call.invoke('rds', 'CreateDBParameterGroup', {
      DBParameterGroupName: name,
      Description,
      DBParameterGroupFamily: Family,
      Tags: allTags(resource),
    });
    if (Parameters)
      await resource.call.invoke('rds', 'ModifyDBParameterGroup', {
        DBParameterGroupName: name,
        Parameters: parameters(Parameters),
      });
    return { physicalId: name, attributes: { DBParameterGroupName: name } };
  },
  async update({ call, physicalId, properties, previous }) {
    const removed = Object.keys(previous.Parameters ?? {}).filter(
      (name) => !(name in (properties.Parameters ?? {})),
    );
    if (removed.length) {
      await call.invoke('rds', 'ResetDBParameterGroup', {
        DBParameterGroupName: physicalId,
        Parameters: removed.map((ParameterName) => ({
          ParameterName,
          ApplyMethod: 'pending-reboot' as const,
        })),
      });
    }
    await call.invoke('rds', 'ModifyDBParameterGroup', {
      DBParameterGroupName: physicalId,
      Parameters: parameters(properties.Parameters),
    });
    return { physicalId, attributes: { DBParameterGroupName: physicalId } };
  },
  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('rds', 'DeleteDBParameterGroup', { DBParameterGroupName: physicalId }),
      'DBParameterGroupNotFound',
    );
  },
});

export default [instance, subnetGroup, parameterGroup];
