import { type Access, arn, type Call, isAwsError, type Needed, parseArn } from '../../kernel';
import { clusters, groups, tags } from './store';
import { resolveEngine } from './validation';

type Keys = NonNullable<Needed['keys']>;
type Kind = 'cluster' | 'replicationgroup' | 'parametergroup' | 'subnetgroup' | 'snapshot';

/** A need on something by its name; `*` stands for all of its kind. */
function on(call: Call, action: string, kind: Kind, name: string | undefined, keys?: Keys): Needed {
  const resource = arn('elasticache', call.region, call.account, `${kind}:${(name ?? '*').toLowerCase()}`);
  return onArn(call, action, resource, keys);
}

function onArn(call: Call, action: string, resource: string, keys: Keys = {}): Needed {
  const owner = parseArn(resource)?.account;
  return {
    action: `elasticache:${action}`,
    resource,
    keys,
    tags: () =>
      Object.fromEntries(
        (tags(call.store).get(resource) ?? []).map(({ Key = '', Value = '' }) => [Key, Value]),
      ),
    ...(owner ? { owner } : {}),
  };
}

interface Asked {
  AtRestEncryptionEnabled?: boolean | undefined;
  AuthToken?: string | undefined;
  AutomaticFailoverEnabled?: boolean | undefined;
  CacheNodeType?: string | undefined;
  CacheParameterGroupName?: string | undefined;
  CacheSubnetGroupName?: string | undefined;
  Engine?: string | undefined;
  EngineVersion?: string | undefined;
  KmsKeyId?: string | undefined;
  MultiAZEnabled?: boolean | undefined;
  NumNodeGroups?: number | undefined;
  ReplicasPerNodeGroup?: number | undefined;
  SnapshotName?: string | undefined;
  SnapshotRetentionLimit?: number | undefined;
  Tags?: readonly unknown[] | undefined;
  TransitEncryptionEnabled?: boolean | undefined;
}

const text = (value: number | boolean | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/IAM.ConditionKeys.html */
const keysOf = (input: Asked): Keys => ({
  'elasticache:AtRestEncryptionEnabled': text(input.AtRestEncryptionEnabled),
  'elasticache:AuthTokenEnabled': text(input.AuthToken === undefined ? undefined : true),
  'elasticache:AutomaticFailoverEnabled': text(input.AutomaticFailoverEnabled),
  'elasticache:CacheNodeType': input.CacheNodeType,
  'elasticache:CacheParameterGroupName': input.CacheParameterGroupName,
  'elasticache:EngineType': input.Engine,
  'elasticache:EngineVersion': input.EngineVersion,
  'elasticache:KmsKeyId': input.KmsKeyId,
  'elasticache:MultiAZEnabled': text(input.MultiAZEnabled),
  'elasticache:NumNodeGroups': text(input.NumNodeGroups),
  'elasticache:ReplicasPerNodeGroup': text(input.ReplicasPerNodeGroup),
  'elasticache:SnapshotRetentionLimit': text(input.SnapshotRetentionLimit),
  'elasticache:TransitEncryptionEnabled': text(input.TransitEncryptionEnabled),
});

/** The name of the group that is used where none is asked for; nothing where the engine is none. */
function parameterGroupOf(input: Asked): string {
  if (input.CacheParameterGroupName !== undefined) return input.CacheParameterGroupName;
  try {
    return `default.${resolveEngine(input.Engine, input.EngineVersion).family}`;
  } catch (error) {
    if (isAwsError(error)) return 'default';
    throw error;
  }
}

/**
 * What is born with tags needs AddTagsToResource too.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Tagging-Resources.html
 */
function made(call: Call, action: string, kind: Kind, name: string | undefined, input: Asked): Needed[] {
  const need = on(call, action, kind, name ?? '', keysOf(input));
  return input.Tags?.length ? [need, { ...need, action: 'elasticache:AddTagsToResource' }] : [need];
}

/** Servers are made in their groups, also those that they get unasked. */
const around = (call: Call, action: string, input: Asked): Needed[] => [
  on(call, action, 'parametergroup', parameterGroupOf(input), keysOf(input)),
  on(call, action, 'subnetgroup', input.CacheSubnetGroupName ?? 'default', keysOf(input)),
  ...(input.SnapshotName === undefined ? [] : [on(call, action, 'snapshot', input.SnapshotName)]),
];

const cluster =
  (action: string) =>
  (input: { CacheClusterId?: string | undefined }, call: Call): Needed => {
    const id = input.CacheClusterId;
    const found = id === undefined ? undefined : clusters(call.store).get(id.toLowerCase());
    return on(call, action, 'cluster', id, found && keysOf(found.description));
  };

const replicationGroup =
  (action: string) =>
  (input: { ReplicationGroupId?: string | undefined }, call: Call): Needed => {
    const id = input.ReplicationGroupId;
    const found = id === undefined ? undefined : groups(call.store).get(id.toLowerCase());
    const { CacheNodeType, KmsKeyId } = found?.description ?? {};
    const known = found && keysOf({ CacheNodeType, KmsKeyId, Engine: found.engine });
    return on(call, action, 'replicationgroup', id, known);
  };

const parameterGroup =
  (action: string) =>
  (input: { CacheParameterGroupName?: string | undefined }, call: Call): Needed =>
    on(call, action, 'parametergroup', input.CacheParameterGroupName, {
      'elasticache:CacheParameterGroupName': input.CacheParameterGroupName,
    });

const subnetGroup =
  (action: string) =>
  (input: { CacheSubnetGroupName?: string | undefined }, call: Call): Needed =>
    on(call, action, 'subnetgroup', input.CacheSubnetGroupName);

const tagging =
  (action: string) =>
  (input: { ResourceName?: string | undefined }, call: Call): Needed =>
    onArn(call, action, input.ResourceName ?? '');

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticache.html */
const access: Access<'elasticache'> = {
  AddTagsToResource: tagging('AddTagsToResource'),
  ListTagsForResource: tagging('ListTagsForResource'),
  RemoveTagsFromResource: tagging('RemoveTagsFromResource'),
  CreateCacheCluster: (input, call) => [
    ...made(call, 'CreateCacheCluster', 'cluster', input.CacheClusterId, input),
    ...around(call, 'CreateCacheCluster', input),
    ...(input.ReplicationGroupId === undefined ? [] : [replicationGroup('CreateCacheCluster')(input, call)]),
  ],
  DeleteCacheCluster: cluster('DeleteCacheCluster'),
  DescribeCacheClusters: cluster('DescribeCacheClusters'),
  CreateReplicationGroup: (input, call) => [
    ...made(call, 'CreateReplicationGroup', 'replicationgroup', input.ReplicationGroupId, input),
    ...around(call, 'CreateReplicationGroup', input),
    ...(input.PrimaryClusterId === undefined
      ? []
      : [on(call, 'CreateReplicationGroup', 'cluster', input.PrimaryClusterId)]),
  ],
  DeleteReplicationGroup: replicationGroup('DeleteReplicationGroup'),
  DescribeReplicationGroups: replicationGroup('DescribeReplicationGroups'),
  ModifyReplicationGroup: (input, call) => [
    replicationGroup('ModifyReplicationGroup')(input, call),
    ...(input.CacheParameterGroupName === undefined
      ? []
      : [parameterGroup('ModifyReplicationGroup')(input, call)]),
  ],
  CreateCacheParameterGroup: (input, call) =>
    made(call, 'CreateCacheParameterGroup', 'parametergroup', input.CacheParameterGroupName, input),
  DeleteCacheParameterGroup: parameterGroup('DeleteCacheParameterGroup'),
  DescribeCacheParameterGroups: parameterGroup('DescribeCacheParameterGroups'),
  ModifyCacheParameterGroup: parameterGroup('ModifyCacheParameterGroup'),
  CreateCacheSubnetGroup: (input, call) =>
    made(call, 'CreateCacheSubnetGroup', 'subnetgroup', input.CacheSubnetGroupName, input),
  DeleteCacheSubnetGroup: subnetGroup('DeleteCacheSubnetGroup'),
  DescribeCacheSubnetGroups: subnetGroup('DescribeCacheSubnetGroups'),
  ModifyCacheSubnetGroup: subnetGroup('ModifyCacheSubnetGroup'),
};

export default access;
