import { AwsError, arn, type Call, isAwsError, type Operation } from '../../kernel';
import { clusters, findSubnetGroup, groups, page, type SubnetGroupRecord, subnetGroups, tags } from './store';

async function resolveSubnets(call: Call, ids: readonly string[]) {
  // By its service-linked role: the caller needs no permission of EC2's.
  const as = call.parts.identity.servicePrincipal('elasticache.amazonaws.com', call.account);
  const described = await call
    .invoke('ec2', 'DescribeSubnets', { SubnetIds: [...ids] }, { as })
    .catch((error: unknown) => {
      if (isAwsError(error))
        throw new AwsError('InvalidSubnet', `Some input subnets in :[${ids.join(', ')}] are invalid.`);
      throw error;
    });
  const found = described.Subnets ?? [];
  if (new Set(found.map((subnet) => subnet.VpcId)).size > 1)
    throw new AwsError('InvalidSubnet', 'All subnets must be in the same VPC.');
  return {
    VpcId: found[0]?.VpcId ?? '',
    Subnets: found.map((subnet) => ({
      SubnetIdentifier: subnet.SubnetId,
      SubnetAvailabilityZone: { Name: subnet.AvailabilityZone },
      SupportedNetworkTypes: ['ipv4' as const],
    })),
  };
}

export const createCacheSubnetGroup: Operation<'elasticache', 'CreateCacheSubnetGroup'> = async (
  input,
  call,
) => {
  const name = input.CacheSubnetGroupName!.toLowerCase();
  if (!/^[a-z0-9-]{1,255}$/.test(name) || name === 'default') {
    throw new AwsError(
      'InvalidParameterValue',
      'The parameter CacheSubnetGroupName must be provided and must not be blank.',
    );
  }
  const subnets = await resolveSubnets(call, input.SubnetIds ?? []);
  if (subnetGroups(call.store).has(name))
    throw new AwsError('CacheSubnetGroupAlreadyExists', `Cache subnet group ${name} already exists.`);
  const group: SubnetGroupRecord = {
    CacheSubnetGroupName: name,
    CacheSubnetGroupDescription: input.CacheSubnetGroupDescription,
    ...subnets,
    ARN: arn('elasticache', call.region, call.account, `subnetgroup:${name}`),
    SupportedNetworkTypes: ['ipv4'],
  };
  call.store.transaction(() => {
    subnetGroups(call.store).put(name, group);
    if (input.Tags?.length) tags(call.store).put(group.ARN, input.Tags);
  });
  return { CacheSubnetGroup: group };
};

export const describeCacheSubnetGroups: Operation<'elasticache', 'DescribeCacheSubnetGroups'> = (
  input,
  call,
) => {
  if (input.CacheSubnetGroupName)
    return { CacheSubnetGroups: [findSubnetGroup(call, input.CacheSubnetGroupName)] };
  const { values, ...rest } = page(subnetGroups(call.store).entries(), input);
  return { CacheSubnetGroups: values, ...rest };
};

export const modifyCacheSubnetGroup: Operation<'elasticache', 'ModifyCacheSubnetGroup'> = async (
  input,
  call,
) => {
  const group = findSubnetGroup(call, input.CacheSubnetGroupName);
  const next = {
    ...group,
    ...(input.SubnetIds ? await resolveSubnets(call, input.SubnetIds) : {}),
    CacheSubnetGroupDescription: input.CacheSubnetGroupDescription ?? group.CacheSubnetGroupDescription,
  };
  subnetGroups(call.store).put(group.CacheSubnetGroupName, next);
  return { CacheSubnetGroup: next };
};

export const deleteCacheSubnetGroup: Operation<'elasticache', 'DeleteCacheSubnetGroup'> = (input, call) => {
  const { CacheSubnetGroupName: name, ARN } = findSubnetGroup(call, input.CacheSubnetGroupName);
  const used =
    [...groups(call.store).values()].some((group) => group.subnetGroup === name) ||
    [...clusters(call.store).values()].some(({ description }) => description.CacheSubnetGroupName === name);
  if (used)
    throw new AwsError(
      'CacheSubnetGroupInUse',
      `The cache subnet group ${name} is currently in use by a cache cluster.`,
    );
  call.store.transaction(() => {
    subnetGroups(call.store).remove(name);
    tags(call.store).remove(ARN);
  });
  return {};
};
