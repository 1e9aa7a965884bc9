import type { CacheCluster } from '@aws-sdk/client-elasticache';
import { AwsError, arn, type Call, type Host, notImplemented, type Operation } from '../../kernel';
import type { Store } from '../../storage';
import { parametersOf, resolveParameterGroup } from './parameter-groups';
import { type Fleet, startFleet, stopFleet } from './runtime';
import {
  type ClusterRecord,
  clusters,
  endpointSuffix,
  findCluster,
  findSubnetGroup,
  type GroupRecord,
  groups,
  page,
  shortRegion,
  tags,
} from './store';
import { checkIdentifier, checkNodeType, refuseOthers, resolveEngine } from './validation';

const IMPLEMENTED = new Set([
  'CacheClusterId',
  'Engine',
  'EngineVersion',
  'CacheNodeType',
  'NumCacheNodes',
  'CacheParameterGroupName',
  'CacheSubnetGroupName',
  'SecurityGroupIds',
  'Port',
  'PreferredAvailabilityZone',
  'PreferredMaintenanceWindow',
  'AutoMinorVersionUpgrade',
  'Tags',
  'AZMode',
]);

function fleetOfCluster(store: Store, record: ClusterRecord): Fleet {
  return {
    arn: record.description.ARN,
    nodes: record.nodes,
    port: record.port,
    parameters: parametersOf(store, record.parameterGroup),
    tls: false,
  };
}

export function startCluster(host: Host, store: Store, record: ClusterRecord): void {
  startFleet(host, fleetOfCluster(store, record), () => {
    const current = clusters(store).get(record.description.CacheClusterId);
    if (!current) return;
    current.description.CacheClusterStatus = 'available';
    clusters(store).put(record.description.CacheClusterId, current);
  });
}

export const createCacheCluster: Operation<'elasticache', 'CreateCacheCluster'> = (input, call) => {
  refuseOthers('CreateCacheCluster', input, IMPLEMENTED);
  const id = input.CacheClusterId!.toLowerCase();
  checkIdentifier('CacheClusterId', id, 50);
  if (input.Engine === 'valkey') {
    throw new AwsError(
      'InvalidParameterValue',
      'Valkey is not supported for CreateCacheCluster. Use CreateReplicationGroup instead.',
    );
  }
  const { engine, version, family } = resolveEngine(input.Engine, input.EngineVersion);
  checkNodeType(input.CacheNodeType);
  if ((input.NumCacheNodes ?? 1) !== 1)
    throw new AwsError(
      'InvalidParameterValue',
      `Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1.`,
    );
  if (input.CacheSubnetGroupName) findSubnetGroup(call, input.CacheSubnetGroupName);
  if (clusters(call.store).has(id))
    throw new AwsError('CacheClusterAlreadyExists', 'Cache cluster already exists');
  const port = input.Port ?? 6379;
  const name = `${id}.${endpointSuffix(call)}.0001.${shortRegion(call.region)}.cache.amazonaws.com`;
  const parameterGroup = resolveParameterGroup(call, input.CacheParameterGroupName, family);
  const zone = input.PreferredAvailabilityZone ?? `${call.region}a`;
  const record: ClusterRecord = {
    description: {
      CacheClusterId: id,
      ClientDownloadLandingPage: 'https://console.aws.amazon.com/elasticache/home#client-download:',
      CacheNodeType: input.CacheNodeType,
      Engine: engine,
      EngineVersion: version,
      CacheClusterStatus: 'creating',
      NumCacheNodes: 1,
      PreferredAvailabilityZone: zone,
      CacheClusterCreateTime: call.clock.now(),
      PreferredMaintenanceWindow: input.PreferredMaintenanceWindow ?? 'sun:05:00-sun:06:00',
      PendingModifiedValues: {},
      CacheSecurityGroups: [],
      CacheParameterGroup: {
        CacheParameterGroupName: parameterGroup,
        ParameterApplyStatus: 'in-sync',
        CacheNodeIdsToReboot: [],
      },
      ...(input.CacheSubnetGroupName
        ? { CacheSubnetGroupName: input.CacheSubnetGroupName.toLowerCase() }
        : {}),
      CacheNodes: [
        {
          CacheNodeId: '0001',
          CacheNodeStatus: 'available',
          CacheNodeCreateTime: call.clock.now(),
          Endpoint: { Address: name, Port: port },
          ParameterGroupStatus: 'in-sync',
          CustomerAvailabilityZone: zone,
        },
      ],
      AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
      SecurityGroups: (input.SecurityGroupIds ?? []).map((SecurityGroupId) => ({
        SecurityGroupId,
        Status: 'active',
      })),
      SnapshotRetentionLimit: 0,
      SnapshotWindow: '06:30-07:30',
      AuthTokenEnabled: false,
      TransitEncryptionEnabled: false,
      AtRestEncryptionEnabled: false,
      ARN: arn('elasticache', call.region, call.account, `cluster:${id}`),
      ReplicationGroupLogDeliveryEnabled: false,
      NetworkType: 'ipv4',
      IpDiscovery: 'ipv4',
    },
    nodes: [{ id, names: [name], directory: call.ids.hex(16) }],
    port,
    parameterGroup,
  };
  call.store.transaction(() => {
    clusters(call.store).put(id, record);
    if (input.Tags?.length) tags(call.store).put(record.description.ARN, input.Tags);
  });
  startCluster(call, call.store, record);
  return { CacheCluster: visible(record.description, false) };
};

/** Nodes are shown on demand only. */
function visible(description: CacheCluster, nodes: boolean | undefined): CacheCluster {
  const { CacheNodes, ...rest } = description;
  return nodes ? description : rest;
}

/** A replication group's members are cache clusters too. */
function members(call: Call, group: GroupRecord): CacheCluster[] {
  const { description } = group;
  return (description.NodeGroups?.[0]?.NodeGroupMembers ?? []).map((member) => ({
    CacheClusterId: member.CacheClusterId,
    CacheNodeType: description.CacheNodeType,
    Engine: group.engine,
    EngineVersion: group.engineVersion,
    CacheClusterStatus: description.Status,
    NumCacheNodes: 1,
    PreferredAvailabilityZone: member.PreferredAvailabilityZone,
    CacheClusterCreateTime: description.ReplicationGroupCreateTime,
    PendingModifiedValues: {},
    CacheParameterGroup: {
      CacheParameterGroupName: group.parameterGroup,
      ParameterApplyStatus: 'in-sync',
      CacheNodeIdsToReboot: [],
    },
    ...(group.subnetGroup ? { CacheSubnetGroupName: group.subnetGroup } : {}),
    CacheNodes: [
      {
        CacheNodeId: '0001',
        CacheNodeStatus: 'available',
        Endpoint: member.ReadEndpoint ?? {},
        ParameterGroupStatus: 'in-sync',
      },
    ],
    SecurityGroups: group.securityGroups.map((SecurityGroupId) => ({ SecurityGroupId, Status: 'active' })),
    ReplicationGroupId: description.ReplicationGroupId,
    TransitEncryptionEnabled: description.TransitEncryptionEnabled,
    AtRestEncryptionEnabled: description.AtRestEncryptionEnabled,
    AuthTokenEnabled: description.AuthTokenEnabled,
    ARN: arn('elasticache', call.region, call.account, `cluster:${member.CacheClusterId}`),
  }));
}

export const describeCacheClusters: Operation<'elasticache', 'DescribeCacheClusters'> = (input, call) => {
  const all = [
    ...[...clusters(call.store).values()].map(({ description }): CacheCluster => description),
    ...(input.ShowCacheClustersNotInReplicationGroups
      ? []
      : [...groups(call.store).values()].flatMap((group) => members(call, group))),
  ];
  if (input.CacheClusterId) {
    const found = all.find((cluster) => cluster.CacheClusterId === input.CacheClusterId?.toLowerCase());
    if (!found) findCluster(call, input.CacheClusterId);
    return { CacheClusters: found ? [visible(found, input.ShowCacheNodeInfo)] : [] };
  }
  const sorted = all
    .map((value) => ({ key: [value.CacheClusterId ?? ''], value }))
    .sort((a, b) => (a.key[0]! < b.key[0]! ? -1 : 1));
  const { values, ...rest } = page(sorted, input);
  return { CacheClusters: values.map((cluster) => visible(cluster, input.ShowCacheNodeInfo)), ...rest };
};

export const deleteCacheCluster: Operation<'elasticache', 'DeleteCacheCluster'> = (input, call) => {
  if (input.FinalSnapshotIdentifier)
    throw notImplemented('elasticache:DeleteCacheCluster FinalSnapshotIdentifier');
  const record = findCluster(call, input.CacheClusterId);
  record.description.CacheClusterStatus = 'deleting';
  clusters(call.store).put(record.description.CacheClusterId, record);
  removeCluster(call, call.store, record);
  return { CacheCluster: visible(record.description, false) };
};

export function removeCluster(host: Host, store: Store, record: ClusterRecord): void {
  stopFleet(host, fleetOfCluster(store, record), () => {
    store.transaction(() => {
      clusters(store).remove(record.description.CacheClusterId);
      tags(store).remove(record.description.ARN);
    });
  });
}
