import { defineResource, type ResourceContext } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';
import { specification, TAGS, type Tagged, updateTags } from './tagging';
import { truth } from './vpc';

interface SubnetProperties extends Tagged {
  AvailabilityZone?: string;
  AvailabilityZoneId?: string;
  CidrBlock?: string;
  MapPublicIpOnLaunch?: boolean | string;
  VpcId: string;
}

type Call = ResourceContext['call'];

async function mapPublicIp(call: Call, SubnetId: string, properties: SubnetProperties): Promise<void> {
  const Value = truth(properties.MapPublicIpOnLaunch, false);
  await call.invoke('ec2', 'ModifySubnetAttribute', { SubnetId, MapPublicIpOnLaunch: { Value } });
}

export const subnet = defineResource<SubnetProperties>({
  type: 'AWS::EC2::Subnet',
  properties: {
    AvailabilityZone: true,
    AvailabilityZoneId: true,
    CidrBlock: true,
    MapPublicIpOnLaunch: true,
    Tags: TAGS,
    VpcId: true,
  },

  async create(resource) {
    const { call, properties } = resource;
    const { Subnet } = await call.invoke('ec2', 'CreateSubnet', {
      VpcId: properties.VpcId,
      CidrBlock: properties.CidrBlock,
      ...(properties.AvailabilityZone === undefined ? {} : { AvailabilityZone: properties.AvailabilityZone }),
      ...(properties.AvailabilityZoneId === undefined
        ? {}
        : { AvailabilityZoneId: properties.AvailabilityZoneId }),
      ...specification(resource, 'subnet'),
    });
    const id = Subnet!.SubnetId!;
    await mapPublicIp(call, id, properties);
    const { NetworkAcls } = await call.invoke('ec2', 'DescribeNetworkAcls', {
      Filters: [{ Name: 'association.subnet-id', Values: [id] }],
    });
    const association = NetworkAcls?.[0]?.Associations?.find(({ SubnetId }) => SubnetId === id);
    return {
      physicalId: id,
      attributes: {
        SubnetId: id,
        AvailabilityZone: Subnet!.AvailabilityZone,
        AvailabilityZoneId: Subnet!.AvailabilityZoneId,
        CidrBlock: Subnet!.CidrBlock,
        Ipv6CidrBlocks: [],
        NetworkAclAssociationId: association?.NetworkAclAssociationId,
        OutpostArn: '',
        VpcId: Subnet!.VpcId,
      },
    };
  },

  async update(resource) {
    await mapPublicIp(resource.call, resource.physicalId, resource.properties);
    await updateTags(resource, resource.physicalId);
    return { physicalId: resource.physicalId, attributes: resource.attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('ec2', 'DeleteSubnet', { SubnetId: physicalId }),
      'InvalidSubnetID.NotFound',
    );
  },
});
