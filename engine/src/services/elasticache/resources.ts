import { defineResource, type ResourceContext, type UpdatingResource } from '../../kernel';
import { resourceTags, type Tag, tagChanges, unlessGone } from '../../kernel/tags';
import { settled } from './runtime';

type Tagged = { Tags?: Tag[] };

const allTags = (resource: ResourceContext<Tagged>) => resourceTags(resource, resource.properties.Tags);

async function retag(resource: UpdatingResource<Tagged>, ResourceName: string): Promise<void> {
  const { set, removed } = tagChanges(resource.previous.Tags, allTags(resource));
  if (removed.length)
    await resource.call.invoke('elasticache', 'RemoveTagsFromResource', { ResourceName, TagKeys: removed });
  if (set.length) await resource.call.invoke('elasticache', 'AddTagsToResource', { ResourceName, Tags: set });
}

interface GroupProperties extends Tagged {
  ReplicationGroupId?: string;
  ReplicationGroupDescription: string;
  Engine?: string;
  EngineVersion?: string;
  CacheNodeType?: string;
  NumCacheClusters?: number;
  NumNodeGroups?: number;
  ReplicasPerNodeGroup?: number;
  CacheParameterGroupName?: string;
  CacheSubnetGroupName?: string;
  SecurityGroupIds?: string[];
  Port?: number;
  AutomaticFailoverEnabled?: boolean;
  MultiAZEnabled?: boolean;
  TransitEncryptionEnabled?: boolean;
  AtRestEncryptionEnabled?: boolean;
  AuthToken?: string;
  KmsKeyId?: string;
  PreferredMaintenanceWindow?: string;
  AutoMinorVersionUpgrade?: boolean;
}

async function describeGroup({ call }: ResourceContext<GroupProperties>, id: string) {
  const find = async () =>
    (await call.invoke('elasticache', 'DescribeReplicationGroups', { ReplicationGroupId: id }))
      .ReplicationGroups?.[0];
  await settled(call, (await find())?.ARN ?? '');
  const group = await find();
  const node = group?.NodeGroups?.[0];
  const members = node?.NodeGroupMembers ?? [];
  return {
    physicalId: id,
    arn: group?.ARN ?? '',
    attributes: {
      'PrimaryEndPoint.Address': node?.PrimaryEndpoint?.Address,
      'PrimaryEndPoint.Port': String(node?.PrimaryEndpoint?.Port),
      'ReaderEndPoint.Address': node?.ReaderEndpoint?.Address,
      'ReaderEndPoint.Port': String(node?.ReaderEndpoint?.Port),
      'ReadEndPoint.Addresses': members.map((member) => member.ReadEndpoint?.Address).join(','),
      'ReadEndPoint.Ports': members.map((member) => member.ReadEndpoint?.Port).join(','),
      'ReadEndPoint.Addresses.List': members.map((member) => member.ReadEndpoint?.Address),
      'ReadEndPoint.Ports.List': members.map((member) => String(member.ReadEndpoint?.Port)),
    },
  };
}

const replicationGroup = defineResource<GroupProperties>({
  type: 'AWS::ElastiCache::ReplicationGroup',
  properties: {
    AtRestEncryptionEnabled: true,
    AuthToken: true,
    AutoMinorVersionUpgrade: true,
    AutomaticFailoverEnabled: true,
    CacheNodeType: true,
    CacheParameterGroupName: true,
    CacheSubnetGroupName: true,
    Engine: true,
    EngineVersion: true,
    KmsKeyId: true,
    MultiAZEnabled: true,
    NumCacheClusters: true,
    NumNodeGroups: true,
    Port: true,
    PreferredMaintenanceWindow: true,
    ReplicasPerNodeGroup: true,
    ReplicationGroupDescription: true,
    ReplicationGroupId: true,
    SecurityGroupIds: true,
    Tags: true,
    TransitEncryptionEnabled: true,
  },
  async create(resource) {
    const id = (
      resource.properties.ReplicationGroupId ?? resource.name({ maxLength: 40, lowercase: true })
    ).toLowerCase();
    await resource.call.invoke('elasticache', 'CreateReplicationGroup', {
      ...resource.properties,
      ReplicationGroupId: id,
      Tags: allTags(resource),
    });
    return describeGroup(resource, id);
  },
  async update(resource) {
    const { properties, previous, physicalId } = resource;
    const changed = <K extends keyof GroupProperties>(key: K) =>
      properties[key] === previous[key] ? {} : { [key]: properties[key] };
    await resource.call.invoke('elasticache', 'ModifyReplicationGroup', {
      ReplicationGroupId: physicalId,
      ReplicationGroupDescription: properties.ReplicationGroupDescription,
      ApplyImmediately: true,
      ...(properties.SecurityGroupIds ? { SecurityGroupIds: properties.SecurityGroupIds } : {}),
      ...changed('CacheNodeType'),
      ...changed('CacheParameterGroupName'),
      ...changed('AutoMinorVersionUpgrade'),
      ...changed('PreferredMaintenanceWindow'),
      ...changed('EngineVersion'),
      ...changed('AutomaticFailoverEnabled'),
      ...changed('MultiAZEnabled'),
      ...changed('AuthToken'),
      ...changed('TransitEncryptionEnabled'),
    });
    const described = await describeGroup(resource, physicalId);
    await retag(resource, described.arn);
    return described;
  },
  async delete({ call, physicalId }) {
    const deleted = await unlessGone(
      call.invoke('elasticache', 'DeleteReplicationGroup', { ReplicationGroupId: physicalId }),
      'ReplicationGroupNotFoundFault',
    );
    await settled(call, deleted?.ReplicationGroup?.ARN ?? '');
  },
});

interface ClusterProperties extends Tagged {
  ClusterName?: string;
  Engine: string;
  EngineVersion?: string;
  CacheNodeType: string;
  NumCacheNodes: number;
  CacheParameterGroupName?: string;
  CacheSubnetGroupName?: string;
  VpcSecurityGroupIds?: string[];
  Port?: number;
  PreferredAvailabilityZone?: string;
  PreferredMaintenanceWindow?: string;
  AutoMinorVersionUpgrade?: boolean;
}

const cluster = defineResource<ClusterProperties>({
  type: 'AWS::ElastiCache::CacheCluster',
  properties: {
    AutoMinorVersionUpgrade: true,
    CacheNodeType: true,
    CacheParameterGroupName: true,
    CacheSubnetGroupName: true,
    ClusterName: true,
    Engine: true,
    EngineVersion: true,
    NumCacheNodes: true,
    Port: true,
    PreferredAvailabilityZone: true,
    PreferredMaintenanceWindow: true,
    Tags: true,
    VpcSecurityGroupIds: true,
  },
  async create(resource) {
    const { ClusterName, VpcSecurityGroupIds, ...same } = resource.properties;
    const id = (ClusterName ?? resource.name({ maxLength: 50, lowercase: true })).toLowerCase();
    const { CacheCluster } = await resource.call.invoke('elasticache', 'CreateCacheCluster', {
      ...same,
      CacheClusterId: id,
      ...(VpcSecurityGroupIds ? { SecurityGroupIds: VpcSecurityGroupIds } : {}),
      Tags: allTags(resource),
    });
    await settled(resource.call, CacheCluster?.ARN ?? '');
    const { CacheClusters } = await resource.call.invoke('elasticache', 'DescribeCacheClusters', {
      CacheClusterId: id,
      ShowCacheNodeInfo: true,
    });
    const endpoint = CacheClusters?.[0]?.CacheNodes?.[0]?.Endpoint;
    return {
      physicalId: id,
      attributes: {
        'RedisEndpoint.Address': endpoint?.Address,
        'RedisEndpoint.Port': String(endpoint?.Port),
      },
    };
  },
  async delete({ call, physicalId }) {
    const deleted = await unlessGone(
      call.invoke('elasticache', 'DeleteCacheCluster', { CacheClusterId: physicalId }),
      'CacheClusterNotFound',
    );
    await settled(call, deleted?.CacheCluster?.ARN ?? '');
  },
});

interface SubnetGroupProperties extends Tagged {
  CacheSubnetGroupName?: string;
  Description: string;
  SubnetIds: string[];
}

const subnetGroup = defineResource<SubnetGroupProperties>({
  type: 'AWS::ElastiCache::SubnetGroup',
  properties: { CacheSubnetGroupName: true, Description: true, SubnetIds: true, Tags: true },
  async create(resource) {
    const { Description, SubnetIds } = resource.properties;
    const name = (
      resource.properties.CacheSubnetGroupName ?? resource.name({ maxLength: 255, lowercase: true })
    ).toLowerCase();
    await resource.call.invoke('elasticache', 'CreateCacheSubnetGroup', {
      CacheSubnetGroupName: name,
      CacheSubnetGroupDescription: Description,
      SubnetIds,
      Tags: allTags(resource),
    });
    return { physicalId: name };
  },
  async update(resource) {
    const { Description, SubnetIds } = resource.properties;
    const { CacheSubnetGroup } = await resource.call.invoke('elasticache', 'ModifyCacheSubnetGroup', {
      CacheSubnetGroupName: resource.physicalId,
      CacheSubnetGroupDescription: Description,
      SubnetIds,
    });
    await retag(resource, CacheSubnetGroup?.ARN ?? '');
    return { physicalId: resource.physicalId };
  },
  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('elasticache', 'DeleteCacheSubnetGroup', { CacheSubnetGroupName: physicalId }),
      'CacheSubnetGroupNotFoundFault',
    );
  },
});

interface ParameterGroupProperties extends Tagged {
  CacheParameterGroupFamily: string;
  Description: string;
  Properties?: Record<string, string>;
}

const parameterGroup = defineResource<ParameterGroupProperties>({
  type: 'AWS::ElastiCache::ParameterGroup',
  properties: { CacheParameterGroupFamily: true, Description: true, Properties: true, Tags: true },
  async create(resource) {
    const { CacheParameterGroupFamily, Description } = resource.properties;
    const name = resource.name({ maxLength: 255, lowercase: true });
    await resource.call.invoke('elasticache', 'CreateCacheParameterGroup', {
      CacheParameterGroupName: name,
      CacheParameterGroupFamily,
      Description,
      Tags: allTags(resource),
    });
    await setParameters(resource, name);
    return { physicalId: name, attributes: { CacheParameterGroupName: name } };
  },
  async update(resource) {
    await setParameters(resource, resource.physicalId);
    return { physicalId: resource.physicalId, attributes: { CacheParameterGroupName: resource.physicalId } };
  },
  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('elasticache', 'DeleteCacheParameterGroup', { CacheParameterGroupName: physicalId }),
      'CacheParameterGroupNotFound',
    );
  },
});

async function setParameters(
  { call, properties }: ResourceContext<ParameterGroupProperties>,
  CacheParameterGroupName: string,
): Promise<void> {
  const ParameterNameValues = Object.entries(properties.Properties ?? {}).map(([ParameterName, value]) => ({
    ParameterName,
    ParameterValue: String(value),
  }));
  if (ParameterNameValues.length)
    await call.invoke('elasticache', 'ModifyCacheParameterGroup', {
      CacheParameterGroupName,
      ParameterNameValues,
    });
}

export default [replicationGroup, cluster, subnetGroup, parameterGroup];
