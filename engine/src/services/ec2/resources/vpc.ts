import { defineResource, type ResourceContext } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';
import { specification, TAGS, type Tagged, updateTags } from './tagging';

interface VpcProperties extends Tagged {
  CidrBlock?: string;
  EnableDnsHostnames?: boolean | string;
  EnableDnsSupport?: boolean | string;
  InstanceTenancy?: 'default' | 'dedicated';
}

type Call = ResourceContext['call'];

/** Templates may say true as text. */
export function truth(value: boolean | string | undefined, otherwise: boolean): boolean {
  return value === undefined ? otherwise : String(value) === 'true';
}

async function setDns(call: Call, VpcId: string, properties: VpcProperties): Promise<void> {
  await call.invoke('ec2', 'ModifyVpcAttribute', {
    VpcId,
    EnableDnsSupport: { Value: truth(properties.EnableDnsSupport, true) },
  });
  await call.invoke('ec2', 'ModifyVpcAttribute', {
    VpcId,
    EnableDnsHostnames: { Value: truth(properties.EnableDnsHostnames, false) },
  });
}

async function attributesOf(call: Call, id: string) {
  const Filters = [{ Name: 'vpc-id', Values: [id] }];
  const { Vpcs } = await call.invoke('ec2', 'DescribeVpcs', { VpcIds: [id] });
  const acls = await call.invoke('ec2', 'DescribeNetworkAcls', {
    Filters: [...Filters, { Name: 'default', Values: ['true'] }],
  });
  const groups = await call.invoke('ec2', 'DescribeSecurityGroups', {
    Filters: [...Filters, { Name: 'group-name', Values: ['default'] }],
  });
  return {
    VpcId: id,
    CidrBlock: Vpcs?.[0]?.CidrBlock,
    CidrBlockAssociations: (Vpcs?.[0]?.CidrBlockAssociationSet ?? []).map(
      ({ AssociationId }) => AssociationId,
    ),
    DefaultNetworkAcl: acls.NetworkAcls?.[0]?.NetworkAclId,
    DefaultSecurityGroup: groups.SecurityGroups?.[0]?.GroupId,
    Ipv6CidrBlocks: [],
  };
}

export const vpc = defineResource<VpcProperties>({
  type: 'AWS::EC2::VPC',
  properties: {
    CidrBlock: true,
    EnableDnsHostnames: true,
    EnableDnsSupport: true,
    InstanceTenancy: true,
    Tags: TAGS,
  },

  async create(resource) {
    const { call, properties } = resource;
    const { Vpc } = await call.invoke('ec2', 'CreateVpc', {
      CidrBlock: properties.CidrBlock,
      InstanceTenancy: properties.InstanceTenancy ?? 'default',
      ...specification(resource, 'vpc'),
    });
    const id = Vpc!.VpcId!;
    await setDns(call, id, properties);
    return { physicalId: id, attributes: await attributesOf(call, id) };
  },

  async update(resource) {
    await setDns(resource.call, resource.physicalId, resource.properties);
    await updateTags(resource, resource.physicalId);
    return { physicalId: resource.physicalId, attributes: resource.attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(call.invoke('ec2', 'DeleteVpc', { VpcId: physicalId }), 'InvalidVpcID.NotFound');
  },
});

interface CidrProperties {
  VpcId: string;
  CidrBlock?: string;
}

export const vpcCidrBlock = defineResource<CidrProperties>({
  type: 'AWS::EC2::VPCCidrBlock',
  properties: { VpcId: true, CidrBlock: true },

  async create({ call, properties }) {
    const { CidrBlockAssociation } = await call.invoke('ec2', 'AssociateVpcCidrBlock', {
      VpcId: properties.VpcId,
      CidrBlock: properties.CidrBlock,
    });
    const id = CidrBlockAssociation!.AssociationId!;
    return { physicalId: id, attributes: { Id: id } };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('ec2', 'DisassociateVpcCidrBlock', { AssociationId: physicalId }),
      'InvalidVpcCidrBlockAssociationID.NotFound',
    );
  },
});

interface DhcpProperties extends Tagged {
  DomainName?: string;
  DomainNameServers?: string[];
  NetbiosNameServers?: string[];
  NetbiosNodeType?: number;
  NtpServers?: string[];
}

export const dhcpOptions = defineResource<DhcpProperties>({
  type: 'AWS::EC2::DHCPOptions',
  properties: {
    DomainName: true,
    DomainNameServers: true,
    NetbiosNameServers: true,
    NetbiosNodeType: true,
    NtpServers: true,
    Tags: TAGS,
  },

  async create(resource) {
    const { call, properties } = resource;
    const values: [string, string[] | undefined][] = [
      ['domain-name', properties.DomainName === undefined ? undefined : [properties.DomainName]],
      ['domain-name-servers', properties.DomainNameServers],
      ['netbios-name-servers', properties.NetbiosNameServers],
      [
        'netbios-node-type',
        properties.NetbiosNodeType === undefined ? undefined : [String(properties.NetbiosNodeType)],
      ],
      ['ntp-servers', properties.NtpServers],
    ];
    const { DhcpOptions } = await call.invoke('ec2', 'CreateDhcpOptions', {
      DhcpConfigurations: values.flatMap(([Key, Values]) => (Values ? [{ Key, Values }] : [])),
      ...specification(resource, 'dhcp-options'),
    });
    const id = DhcpOptions!.DhcpOptionsId!;
    return { physicalId: id, attributes: { DhcpOptionsId: id } };
  },

  async update(resource) {
    await updateTags(resource, resource.physicalId);
    return { physicalId: resource.physicalId, attributes: resource.attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('ec2', 'DeleteDhcpOptions', { DhcpOptionsId: physicalId }),
      'InvalidDhcpOptionID.NotFound',
    );
  },
});

interface DhcpAssociationProperties {
  DhcpOptionsId: string;
  VpcId: string;
}

export const dhcpAssociation = defineResource<DhcpAssociationProperties>({
  type: 'AWS::EC2::VPCDHCPOptionsAssociation',
  properties: { DhcpOptionsId: true, VpcId: true },

  async create({ call, properties }) {
    await call.invoke('ec2', 'AssociateDhcpOptions', properties);
    return { physicalId: `${properties.DhcpOptionsId}|${properties.VpcId}` };
  },

  async update({ call, properties, physicalId }) {
    await call.invoke('ec2', 'AssociateDhcpOptions', properties);
    return { physicalId };
  },

  async delete({ call, properties }) {
    await unlessGone(
      call.invoke('ec2', 'AssociateDhcpOptions', { DhcpOptionsId: 'default', VpcId: properties.VpcId }),
      'InvalidVpcID.NotFound',
    );
  },
});
