import type { Subnet } from '@aws-sdk/client-rds';
import { AwsError, arn, type Call, isAwsError, type Operation } from '../../kernel';
import { findSubnetGroup, instances, page, type SubnetGroupRecord, subnetGroups, tags } from './store';
import { checkIdentifier } from './validation';

/** The subnets as EC2 knows them; a group needs two zones at least. */
async function resolveSubnets(
  call: Call,
  ids: readonly string[],
): Promise<{ vpc: string; subnets: Subnet[] }> {
  // By its service-linked role: the caller needs no permission of EC2's.
  const as = call.parts.identity.servicePrincipal('rds.amazonaws.com', call.account);
  const described = await call
    .invoke('ec2', 'DescribeSubnets', { SubnetIds: [...ids] }, { as })
    .catch((error: unknown) => {
      if (isAwsError(error))
        throw new AwsError('InvalidSubnet', `Some input subnets in :[${ids.join(', ')}] are invalid.`);
      throw error;
    });
  const found = described.Subnets ?? [];
  const vpcs = new Set(found.map((subnet) => subnet.VpcId));
  if (vpcs.size > 1)
    throw new AwsError('InvalidSubnet', 'The DB instance and EC2 subnets must be in the same VPC.');
  if (new Set(found.map((subnet) => subnet.AvailabilityZone)).size < 2) {
    throw new AwsError(
      'DBSubnetGroupDoesNotCoverEnoughAZs',
      `The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: ${[...new Set(found.map((subnet) => subnet.AvailabilityZone))].join(', ')}. Add subnets to cover at least 2 AZs.`,
    );
  }
  return {
    vpc: found[0]?.VpcId ?? '',
    subnets: found.map((subnet) => ({
      SubnetIdentifier: subnet.SubnetId,
      SubnetAvailabilityZone: { Name: subnet.AvailabilityZone },
      SubnetOutpost: {},
      SubnetStatus: 'Active',
    })),
  };
}

export const createDBSubnetGroup: Operation<'rds', 'CreateDBSubnetGroup'> = async (input, call) => {
  const name = input.DBSubnetGroupName!.toLowerCase();
  if (name === 'default')
    throw new AwsError('InvalidParameterValue', 'The parameter DBSubnetGroupName is not a valid identifier.');
  if (!/^[a-z0-9 ._-]{1,255}$/.test(name)) checkIdentifier('DBSubnetGroupName', name);
  const { vpc, subnets } = await resolveSubnets(call, input.SubnetIds ?? []);
  if (subnetGroups(call.store).has(name)) {
    throw new AwsError('DBSubnetGroupAlreadyExists', `The DB subnet group '${name}' already exists.`);
  }
  const group: SubnetGroupRecord = {
    DBSubnetGroupName: name,
    DBSubnetGroupDescription: input.DBSubnetGroupDescription,
    VpcId: vpc,
    SubnetGroupStatus: 'Complete',
    Subnets: subnets,
    DBSubnetGroupArn: arn('rds', call.region, call.account, `subgrp:${name}`),
    SupportedNetworkTypes: ['IPV4'],
  };
  call.store.transaction(() => {
    subnetGroups(call.store).put(name, group);
    if (input.Tags?.length) tags(call.store).put(group.DBSubnetGroupArn, input.Tags);
  });
  return { DBSubnetGroup: group };
};

export const describeDBSubnetGroups: Operation<'rds', 'DescribeDBSubnetGroups'> = (input, call) => {
  if (input.DBSubnetGroupName) return { DBSubnetGroups: [findSubnetGroup(call, input.DBSubnetGroupName)] };
  const { values, ...rest } = page(subnetGroups(call.store).entries(), input);
  return { DBSubnetGroups: values, ...rest };
};

export const modifyDBSubnetGroup: Operation<'rds', 'ModifyDBSubnetGroup'> = async (input, call) => {
  const group = findSubnetGroup(call, input.DBSubnetGroupName);
  const { vpc, subnets } = await resolveSubnets(call, input.SubnetIds ?? []);
  if (vpc !== group.VpcId)
    throw new AwsError(
      'InvalidSubnet',
      'The new Subnets are not in the same Vpc as the existing subnet group',
    );
  const next = {
    ...group,
    Subnets: subnets,
    DBSubnetGroupDescription: input.DBSubnetGroupDescription ?? group.DBSubnetGroupDescription,
  };
  subnetGroups(call.store).put(group.DBSubnetGroupName, next);
  return { DBSubnetGroup: next };
};

export const deleteDBSubnetGroup: Operation<'rds', 'DeleteDBSubnetGroup'> = (input, call) => {
  const group = findSubnetGroup(call, input.DBSubnetGroupName);
  for (const { description } of instances(call.store).values()) {
    if (description.DBSubnetGroup?.DBSubnetGroupName === group.DBSubnetGroupName) {
      throw new AwsError(
        'InvalidDBSubnetGroupStateFault',
        `Cannot delete the subnet group '${group.DBSubnetGroupName}' because at least one database instance: ${description.DBInstanceIdentifier} is still using it.`,
      );
    }
  }
  call.store.transaction(() => {
    subnetGroups(call.store).remove(group.DBSubnetGroupName);
    tags(call.store).remove(group.DBSubnetGroupArn);
  });
  return {};
};
