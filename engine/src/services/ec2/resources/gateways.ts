import { defineResource, notImplemented } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';
import { specification, TAGS, type Tagged, updateTags } from './tagging';

export const internetGateway = defineResource<Tagged>({
  type: 'AWS::EC2::InternetGateway',
  properties: { Tags: TAGS },

  async create(resource) {
    const { InternetGateway } = await resource.call.invoke('ec2', 'CreateInternetGateway', {
      ...specification(resource, 'internet-gateway'),
    });
    const id = InternetGateway!.InternetGatewayId!;
    return { physicalId: id, attributes: { InternetGatewayId: id } };
  },

  async update(resource) {
    await updateTags(resource, resource.physicalId);
    return { physicalId: resource.physicalId, attributes: resource.attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('ec2', 'DeleteInternetGateway', { InternetGatewayId: physicalId }),
      'InvalidInternetGatewayID.NotFound',
    );
  },
});

interface AttachmentProperties {
  InternetGatewayId?: string;
  VpcId: string;
}

export const vpcGatewayAttachment = defineResource<AttachmentProperties>({
  type: 'AWS::EC2::VPCGatewayAttachment',
  properties: { InternetGatewayId: true, VpcId: true },

  async create({ call, properties }) {
    if (properties.InternetGatewayId === undefined) {
      throw notImplemented('AWS::EC2::VPCGatewayAttachment without an InternetGatewayId');
    }
    await call.invoke('ec2', 'AttachInternetGateway', {
      InternetGatewayId: properties.InternetGatewayId,
      VpcId: properties.VpcId,
    });
    return { physicalId: `IGW|${properties.VpcId}`, attributes: { AttachmentType: 'IGW' } };
  },

  async update({ call, properties, previous, physicalId, attributes }) {
    await call.invoke('ec2', 'DetachInternetGateway', {
      InternetGatewayId: previous.InternetGatewayId,
      VpcId: previous.VpcId,
    });
    await call.invoke('ec2', 'AttachInternetGateway', {
      InternetGatewayId: properties.InternetGatewayId,
      VpcId: properties.VpcId,
    });
    return { physicalId, attributes };
  },

  async delete({ call, properties }) {
    await unlessGone(
      call.invoke('ec2', 'DetachInternetGateway', {
        InternetGatewayId: properties.InternetGatewayId,
        VpcId: properties.VpcId,
      }),
      'Gateway.NotAttached',
      'InvalidInternetGatewayID.NotFound',
      'InvalidVpcID.NotFound',
    );
  },
});

interface EipProperties extends Tagged {
  Domain?: 'vpc';
}

export const eip = defineResource<EipProperties>({
  type: 'AWS::EC2::EIP',
  properties: { Domain: true, Tags: TAGS },

  async create(resource) {
    const { AllocationId, PublicIp } = await resource.call.invoke('ec2', 'AllocateAddress', {
      Domain: 'vpc',
      ...specification(resource, 'elastic-ip'),
    });
    return { physicalId: PublicIp!, attributes: { AllocationId, PublicIp } };
  },

  async update(resource) {
    await updateTags(resource, String(resource.attributes.AllocationId));
    return { physicalId: resource.physicalId, attributes: resource.attributes };
  },

  async delete({ call, attributes }) {
    await unlessGone(
      call.invoke('ec2', 'ReleaseAddress', { AllocationId: String(attributes.AllocationId) }),
      'InvalidAllocationID.NotFound',
    );
  },
});

interface NatProperties extends Tagged {
  AllocationId?: string;
  ConnectivityType?: 'public' | 'private';
  PrivateIpAddress?: string;
  SubnetId: string;
}

export const natGateway = defineResource<NatProperties>({
  type: 'AWS::EC2::NatGateway',
  properties: {
    AllocationId: true,
    ConnectivityType: true,
    PrivateIpAddress: true,
    SubnetId: true,
    Tags: TAGS,
  },

  async create(resource) {
    const { Tags: _tags, ...properties } = resource.properties;
    const { NatGateway } = await resource.call.invoke('ec2', 'CreateNatGateway', {
      ...properties,
      ...specification(resource, 'natgateway'),
    });
    const id = NatGateway!.NatGatewayId!;
    return {
      physicalId: id,
      attributes: { NatGatewayId: id, EniId: NatGateway!.NatGatewayAddresses?.[0]?.NetworkInterfaceId },
    };
  },

  async update(resource) {
    await updateTags(resource, resource.physicalId);
    return { physicalId: resource.physicalId, attributes: resource.attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('ec2', 'DeleteNatGateway', { NatGatewayId: physicalId }),
      'NatGatewayNotFound',
    );
  },
});
