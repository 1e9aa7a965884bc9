import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import { AwsError, arn, type Call, type Host, notImplemented, type Operation } from '../../kernel';
import type { Store } from '../../storage';
import { parametersOf, resolveParameterGroup } from './parameter-groups';
import { type Fleet, startFleet, stopFleet } from './runtime';
import {
  endpointSuffix,
  findGroup,
  findSubnetGroup,
  type GroupRecord,
  groups,
  type NodeRecord,
  page,
  shortRegion,
  tags,
} from './store';
import { checkAuthToken, checkIdentifier, checkNodeType, refuseOthers, resolveEngine } from './validation';

const IMPLEMENTED = new Set([
  'ReplicationGroupId',
  'ReplicationGroupDescription',
  'Engine',
  'EngineVersion',
  'CacheNodeType',
  'NumCacheClusters',
  'NumNodeGroups',
  'ReplicasPerNodeGroup',
  'CacheParameterGroupName',
  'CacheSubnetGroupName',
  'SecurityGroupIds',
  'Port',
  'AutomaticFailoverEnabled',
  'MultiAZEnabled',
  'TransitEncryptionEnabled',
  'TransitEncryptionMode',
  'AtRestEncryptionEnabled',
  'AuthToken',
  'Tags',
  'PreferredMaintenanceWindow',
  'AutoMinorVersionUpgrade',
  'KmsKeyId',
  'PreferredCacheClusterAZs',
  'ApplyImmediately',
]);

function fleetOf(store: Store, record: GroupRecord): Fleet {
  return {
    arn: record.description.ARN,
    nodes: record.nodes,
    port: record.port,
    parameters: parametersOf(store, record.parameterGroup),
    ...(record.password ? { password: record.password } : {}),
    tls: record.description.TransitEncryptionEnabled ?? false,
  };
}

/** Starts a group's servers and says so in its status. */
export function startGroup(host: Host, store: Store, record: GroupRecord): void {
  startFleet(host, fleetOf(store, record), () => {
    const current = groups(store).get(record.description.ReplicationGroupId);
    if (!current) return;
    current.description.Status = 'available';
    groups(store).put(record.description.ReplicationGroupId, current);
  });
}

export const createReplicationGroup: Operation<'elasticache', 'CreateReplicationGroup'> = async (
  input,
  call,
) => {
  refuseOthers('CreateReplicationGroup', input, IMPLEMENTED);
  const id = input.ReplicationGroupId!.toLowerCase();
  checkIdentifier('ReplicationGroupId', id, 40);
  const { engine, version, family } = resolveEngine(input.Engine, input.EngineVersion);
  checkNodeType(input.CacheNodeType);
  if ((input.NumNodeGroups ?? 1) > 1)
    throw notImplemented('elasticache:CreateReplicationGroup NumNodeGroups above 1 (cluster mode)');
  const count = input.NumCacheClusters ?? (input.ReplicasPerNodeGroup ?? 0) + 1;
  if (count < 1 || count > 6)
    throw new AwsError(
      'InvalidParameterValue',
      'The number of replicas per node group must be between 0 and 5.',
    );
  if (input.AutomaticFailoverEnabled && count < 2) {
    throw new AwsError(
      'InvalidParameterCombination',
      'Replication group with automatic failover needs at least 2 cache clusters.',
    );
  }
  if (input.MultiAZEnabled && !input.AutomaticFailoverEnabled) {
    throw new AwsError(
      'InvalidParameterCombination',
      'Must have automatic failover enabled to enable Multi-AZ.',
    );
  }
  const tls = input.TransitEncryptionEnabled ?? false;
  checkAuthToken(input.AuthToken, tls);
  if (input.TransitEncryptionMode === 'preferred')
    throw notImplemented("elasticache:CreateReplicationGroup TransitEncryptionMode 'preferred'");
  if (input.CacheSubnetGroupName) findSubnetGroup(call, input.CacheSubnetGroupName);
  if (groups(call.store).has(id))
    throw new AwsError('ReplicationGroupAlreadyExists', `Replication group ${id} already exists.`);
  const port = input.Port ?? 6379;
  const record: GroupRecord = {
    description: describeNew(call, input, id, count, port, engine),
    nodes: Array.from({ length: count }, (_, index) => node(call, id, index, tls)),
    port,
    engine,
    engineVersion: version,
    parameterGroup: resolveParameterGroup(call, input.CacheParameterGroupName, family),
    ...(input.CacheSubnetGroupName ? { subnetGroup: input.CacheSubnetGroupName.toLowerCase() } : {}),
    securityGroups: input.SecurityGroupIds ?? [],
    ...(input.AuthToken ? { password: input.AuthToken } : {}),
  };
  call.store.transaction(() => {
    groups(call.store).put(id, record);
    if (input.Tags?.length) tags(call.store).put(record.description.ARN, input.Tags);
  });
  startGroup(call, call.store, record);
  return { ReplicationGroup: record.description };
};

/** The names of a group's first node are its primary's, those of the second its readers'. */
function node(call: Call, id: string, index: number, tls: boolean): NodeRecord {
  const { primary, reader, member } = names(call, id, tls);
  const own = member(index);
  return {
    id: `${id}-${String(index + 1).padStart(3, '0')}`,
    names: index === 0 ? [primary, own, reader] : index === 1 ? [own, reader] : [own],
    ...(index === 0 ? {} : { replicaOf: `${id}-001` }),
    directory: call.ids.hex(16),
  };
}

function names(call: Call, id: string, tls: boolean) {
  const suffix = endpointSuffix(call);
  const end = `${shortRegion(call.region)}.cache.amazonaws.com`;
  const member = (index: number) => {
    const name = `${id}-${String(index + 1).padStart(3, '0')}`;
    return tls ? `${name}.${id}.${suffix}.${end}` : `${name}.${suffix}.0001.${end}`;
  };
  return tls
    ? { primary: `master.${id}.${suffix}.${end}`, reader: `replica.${id}.${suffix}.${end}`, member }
    : { primary: `${id}.${suffix}.ng.0001.${end}`, reader: `${id}-ro.${suffix}.ng.0001.${end}`, member };
}

function describeNew(
  call: Call,
  input: Parameters<typeof createReplicationGroup>[0],
  id: string,
  count: number,
  port: number,
  engine: string,
): GroupRecord['description'] {
  const tls = input.TransitEncryptionEnabled ?? false;
  const { primary, reader, member } = names(call, id, tls);
  const members = Array.from({ length: count }, (_, index) => `${id}-${String(index + 1).padStart(3, '0')}`);
  return {
    ReplicationGroupId: id,
    Description: input.ReplicationGroupDescription,
    GlobalReplicationGroupInfo: {},
    Status: 'creating',
    PendingModifiedValues: {},
    MemberClusters: members,
    NodeGroups: [
      {
        NodeGroupId: '0001',
        Status: 'available',
        PrimaryEndpoint: { Address: primary, Port: port },
        ReaderEndpoint: { Address: reader, Port: port },
        NodeGroupMembers: members.map((CacheClusterId, index) => ({
          CacheClusterId,
          CacheNodeId: '0001',
          ReadEndpoint: { Address: member(index), Port: port },
          PreferredAvailabilityZone:
            input.PreferredCacheClusterAZs?.[index] ?? `${call.region}${'abcdef'[index % 3]}`,
          CurrentRole: index === 0 ? 'primary' : 'replica',
        })),
      },
    ],
    AutomaticFailover: input.AutomaticFailoverEnabled ? 'enabled' : 'disabled',
    MultiAZ: input.MultiAZEnabled ? 'enabled' : 'disabled',
    SnapshotRetentionLimit: 0,
    SnapshotWindow: '05:00-06:00',
    ClusterEnabled: false,
    CacheNodeType: input.CacheNodeType,
    AuthTokenEnabled: input.AuthToken !== undefined,
    TransitEncryptionEnabled: tls,
    ...(tls ? { TransitEncryptionMode: 'required' as const } : {}),
    AtRestEncryptionEnabled: input.AtRestEncryptionEnabled ?? false,
    ...(input.KmsKeyId ? { KmsKeyId: input.KmsKeyId } : {}),
    ARN: arn('elasticache', call.region, call.account, `replicationgroup:${id}`),
    ReplicationGroupCreateTime: call.clock.now(),
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    NetworkType: 'ipv4',
    IpDiscovery: 'ipv4',
    ClusterMode: 'disabled',
    Engine: engine,
  };
}

export const describeReplicationGroups: Operation<'elasticache', 'DescribeReplicationGroups'> = (
  input,
  call,
) => {
  if (input.ReplicationGroupId)
    return { ReplicationGroups: [findGroup(call, input.ReplicationGroupId).description] };
  const { values, ...rest } = page(groups(call.store).entries(), input);
  return { ReplicationGroups: values.map(({ description }): ReplicationGroup => description), ...rest };
};

const MODIFIABLE = new Set([
  'ReplicationGroupId',
  'ReplicationGroupDescription',
  'CacheNodeType',
  'SecurityGroupIds',
  'PreferredMaintenanceWindow',
  'AutoMinorVersionUpgrade',
  'CacheParameterGroupName',
  'ApplyImmediately',
]);

export const modifyReplicationGroup: Operation<'elasticache', 'ModifyReplicationGroup'> = (input, call) => {
  refuseOthers('ModifyReplicationGroup', input, MODIFIABLE);
  const record = findGroup(call, input.ReplicationGroupId);
  if (record.description.Status !== 'available')
    throw new AwsError(
      'InvalidReplicationGroupState',
      `Replication group ${input.ReplicationGroupId} is not in a valid state.`,
    );
  if (input.CacheNodeType) checkNodeType(input.CacheNodeType);
  Object.assign(record.description, {
    Description: input.ReplicationGroupDescription ?? record.description.Description,
    CacheNodeType: input.CacheNodeType ?? record.description.CacheNodeType,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? record.description.AutoMinorVersionUpgrade,
  });
  if (input.SecurityGroupIds) record.securityGroups = input.SecurityGroupIds;
  if (input.CacheParameterGroupName) {
    record.parameterGroup = resolveParameterGroup(
      call,
      input.CacheParameterGroupName,
      resolveEngine(record.engine, record.engineVersion).family,
    );
    record.description.Status = 'modifying';
  }
  groups(call.store).put(record.description.ReplicationGroupId, record);
  if (input.CacheParameterGroupName) {
    stopFleet(call, fleetOf(call.store, record), () => {});
    startGroup(call, call.store, record);
  }
  return { ReplicationGroup: record.description };
};

export const deleteReplicationGroup: Operation<'elasticache', 'DeleteReplicationGroup'> = (input, call) => {
  if (input.FinalSnapshotIdentifier)
    throw notImplemented('elasticache:DeleteReplicationGroup FinalSnapshotIdentifier');
  const record = findGroup(call, input.ReplicationGroupId);
  if (record.description.Status === 'deleting')
    throw new AwsError(
      'InvalidReplicationGroupState',
      `Replication group ${input.ReplicationGroupId} has status deleting which is not valid for this operation.`,
    );
  record.description.Status = 'deleting';
  groups(call.store).put(record.description.ReplicationGroupId, record);
  removeGroup(call, call.store, record);
  return { ReplicationGroup: record.description };
};

export function removeGroup(host: Host, store: Store, record: GroupRecord): void {
  stopFleet(host, fleetOf(store, record), () => {
    store.transaction(() => {
      groups(store).remove(record.description.ReplicationGroupId);
      tags(store).remove(record.description.ARN);
    });
  });
}
