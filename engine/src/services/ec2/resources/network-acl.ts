import { defineResource } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';
import { specification, TAGS, type Tagged, updateTags } from './tagging';
import { truth } from './vpc';

interface AclProperties extends Tagged {
  VpcId: string;
}

export const networkAcl = defineResource<AclProperties>({
  type: 'AWS::EC2::NetworkAcl',
  properties: { VpcId: true, Tags: TAGS },

  async create(resource) {
    const { NetworkAcl } = await resource.call.invoke('ec2', 'CreateNetworkAcl', {
      VpcId: resource.properties.VpcId,
      ...specification(resource, 'network-acl'),
    });
    const id = NetworkAcl!.NetworkAclId!;
    return { physicalId: id, attributes: { Id: id } };
  },

  async update(resource) {
    await updateTags(resource, resource.physicalId);
    return { physicalId: resource.physicalId, attributes: resource.attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('ec2', 'DeleteNetworkAcl', { NetworkAclId: physicalId }),
      'InvalidNetworkAclID.NotFound',
    );
  },
});

interface EntryProperties {
  CidrBlock?: string;
  Egress?: boolean | string;
  Icmp?: { Code?: number; Type?: number };
  Ipv6CidrBlock?: string;
  NetworkAclId: string;
  PortRange?: { From?: number; To?: number };
  Protocol: number | string;
  RuleAction: 'allow' | 'deny';
  RuleNumber: number | string;
}

function entryOf(properties: EntryProperties) {
  const { Icmp, PortRange } = properties;
  return {
    NetworkAclId: properties.NetworkAclId,
    Egress: truth(properties.Egress, false),
    Protocol: String(properties.Protocol),
    RuleAction: properties.RuleAction,
    RuleNumber: Number(properties.RuleNumber),
    ...(properties.CidrBlock === undefined ? {} : { CidrBlock: properties.CidrBlock }),
    ...(properties.Ipv6CidrBlock === undefined ? {} : { Ipv6CidrBlock: properties.Ipv6CidrBlock }),
    ...(Icmp ? { IcmpTypeCode: { Type: Number(Icmp.Type), Code: Number(Icmp.Code) } } : {}),
    ...(PortRange ? { PortRange: { From: Number(PortRange.From), To: Number(PortRange.To) } } : {}),
  };
}

export const networkAclEntry = defineResource<EntryProperties>({
  type: 'AWS::EC2::NetworkAclEntry',
  properties: {
    CidrBlock: true,
    Egress: true,
    Icmp: true,
    Ipv6CidrBlock: true,
    NetworkAclId: true,
    PortRange: true,
    Protocol: true,
    RuleAction: true,
    RuleNumber: true,
  },

  async create(resource) {
    await resource.call.invoke('ec2', 'CreateNetworkAclEntry', entryOf(resource.properties));
    const physicalId = resource.name({ maxLength: 64 });
    return { physicalId, attributes: { Id: physicalId } };
  },

  async update({ call, properties, physicalId, attributes }) {
    await call.invoke('ec2', 'ReplaceNetworkAclEntry', entryOf(properties));
    return { physicalId, attributes };
  },

  async delete({ call, properties }) {
    const { NetworkAclId, Egress, RuleNumber } = entryOf(properties);
    await unlessGone(
      call.invoke('ec2', 'DeleteNetworkAclEntry', { NetworkAclId, Egress, RuleNumber }),
      'InvalidNetworkAclEntry.NotFound',
      'InvalidNetworkAclID.NotFound',
    );
  },
});

interface AssociationProperties {
  NetworkAclId: string;
  SubnetId: string;
}

export const subnetNetworkAclAssociation = defineResource<AssociationProperties>({
  type: 'AWS::EC2::SubnetNetworkAclAssociation',
  properties: { NetworkAclId: true, SubnetId: true },

  async create({ call, properties }) {
    const { NetworkAcls } = await call.invoke('ec2', 'DescribeNetworkAcls', {
      Filters: [{ Name: 'association.subnet-id', Values: [properties.SubnetId] }],
    });
    const held = NetworkAcls?.[0]?.Associations?.find(({ SubnetId }) => SubnetId === properties.SubnetId);
    const { NewAssociationId } = await call.invoke('ec2', 'ReplaceNetworkAclAssociation', {
      AssociationId: held?.NetworkAclAssociationId ?? '',
      NetworkAclId: properties.NetworkAclId,
    });
    return { physicalId: NewAssociationId!, attributes: { AssociationId: NewAssociationId } };
  },

  async delete({ call, properties, physicalId }) {
    const { Subnets } = await call.invoke('ec2', 'DescribeSubnets', {
      Filters: [{ Name: 'subnet-id', Values: [properties.SubnetId] }],
    });
    const VpcId = Subnets?.[0]?.VpcId;
    if (VpcId === undefined) return;
    // A subnet cannot be without a list: it goes back to the VPC's default one.
    const { NetworkAcls } = await call.invoke('ec2', 'DescribeNetworkAcls', {
      Filters: [
        { Name: 'vpc-id', Values: [VpcId] },
        { Name: 'default', Values: ['true'] },
      ],
    });
    await unlessGone(
      call.invoke('ec2', 'ReplaceNetworkAclAssociation', {
        AssociationId: physicalId,
        NetworkAclId: NetworkAcls![0]!.NetworkAclId,
      }),
      'InvalidAssociationID.NotFound',
    );
  },
});
