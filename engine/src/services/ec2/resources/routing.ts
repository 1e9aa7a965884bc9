import { defineResource } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';
import { specification, TAGS, type Tagged, updateTags } from './tagging';

interface RouteTableProperties extends Tagged {
  VpcId: string;
}

export const routeTable = defineResource<RouteTableProperties>({
  type: 'AWS::EC2::RouteTable',
  properties: { VpcId: true, Tags: TAGS },

  async create(resource) {
    const { RouteTable } = await resource.call.invoke('ec2', 'CreateRouteTable', {
      VpcId: resource.properties.VpcId,
      ...specification(resource, 'route-table'),
    });
    const id = RouteTable!.RouteTableId!;
    return { physicalId: id, attributes: { RouteTableId: id } };
  },

  async update(resource) {
    await updateTags(resource, resource.physicalId);
    return { physicalId: resource.physicalId, attributes: resource.attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('ec2', 'DeleteRouteTable', { RouteTableId: physicalId }),
      'InvalidRouteTableID.NotFound',
    );
  },
});

interface RouteProperties {
  RouteTableId: string;
  DestinationCidrBlock?: string;
  DestinationIpv6CidrBlock?: string;
  GatewayId?: string;
  NatGatewayId?: string;
  NetworkInterfaceId?: string;
}

function destination({ DestinationCidrBlock, DestinationIpv6CidrBlock }: RouteProperties) {
  return DestinationCidrBlock === undefined ? { DestinationIpv6CidrBlock } : { DestinationCidrBlock };
}

export const route = defineResource<RouteProperties>({
  type: 'AWS::EC2::Route',
  properties: {
    RouteTableId: true,
    DestinationCidrBlock: true,
    DestinationIpv6CidrBlock: true,
    GatewayId: true,
    NatGatewayId: true,
    NetworkInterfaceId: true,
  },

  async create({ call, properties }) {
    await call.invoke('ec2', 'CreateRoute', properties);
    const cidr = properties.DestinationCidrBlock ?? properties.DestinationIpv6CidrBlock;
    return { physicalId: `${properties.RouteTableId}|${cidr}`, attributes: { CidrBlock: cidr } };
  },

  async update({ call, properties, physicalId, attributes }) {
    await call.invoke('ec2', 'ReplaceRoute', properties);
    return { physicalId, attributes };
  },

  async delete({ call, properties }) {
    await unlessGone(
      call.invoke('ec2', 'DeleteRoute', {
        RouteTableId: properties.RouteTableId,
        ...destination(properties),
      }),
      'InvalidRoute.NotFound',
      'InvalidRouteTableID.NotFound',
    );
  },
});

interface AssociationProperties {
  RouteTableId: string;
  SubnetId: string;
}

export const subnetRouteTableAssociation = defineResource<AssociationProperties>({
  type: 'AWS::EC2::SubnetRouteTableAssociation',
  properties: { RouteTableId: true, SubnetId: true },

  async create({ call, properties }) {
    const { AssociationId } = await call.invoke('ec2', 'AssociateRouteTable', properties);
    return { physicalId: AssociationId!, attributes: { Id: AssociationId } };
  },

  async update({ call, properties, physicalId }) {
    const { NewAssociationId } = await call.invoke('ec2', 'ReplaceRouteTableAssociation', {
      AssociationId: physicalId,
      RouteTableId: properties.RouteTableId,
    });
    return { physicalId: NewAssociationId!, attributes: { Id: NewAssociationId } };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('ec2', 'DisassociateRouteTable', { AssociationId: physicalId }),
      'InvalidAssociationID.NotFound',
    );
  },
});
