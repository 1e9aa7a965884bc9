import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { canonical, contains, formatCidr, overlap, parseCidr, sizeOf } from './cidr';
import { describe, type Filters } from './describe';
import { combination, invalidValue, missing } from './errors';
import { all, collectionOf, ec2Arn, find, findAll, hasDependencies, newId, put } from './kinds';
import { associationId } from './make-vpc';
import type { Subnet, Vpc } from './records';
import { zonesOf } from './regions';
import { addTags, removeTags, tagsFor, tagsOf } from './tag-store';

/** AWS keeps the first four addresses and the last. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED = 5;

function checkCidr(call: Call, vpc: Vpc, text: string): string {
  const parsed = parseCidr(text);
  if (!parsed) {
    throw invalidValue(`Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  }
  const cidr = canonical(parsed);
  const inside = vpc.cidrs.some((block) => contains(parseCidr(block.cidr)!, cidr));
  if (!inside || cidr.bits < 16 || cidr.bits > 28) {
    throw new AwsError('InvalidSubnet.Range', `The CIDR '${text}' is invalid.`);
  }
  for (const other of all(call, 'subnet')) {
    if (other.vpc === vpc.id && overlap(parseCidr(other.cidr)!, cidr)) {
      throw new AwsError('InvalidSubnet.Conflict', `The CIDR '${text}' conflicts with another subnet`);
    }
  }
  return formatCidr(cidr);
}

function chooseZone(call: Call, name: string | undefined, id: string | undefined) {
  const zones = zonesOf(call.region);
  if (name !== undefined && id !== undefined) {
    throw combination('Only one of AvailabilityZone or AvailabilityZoneId can be specified');
  }
  const zone =
    name !== undefined
      ? zones.find((candidate) => candidate.name === name)
      : id !== undefined
        ? zones.find((candidate) => candidate.id === id)
        : zones[0];
  if (zone) return zone;
  const list = zones.map((candidate) => (name !== undefined ? candidate.name : candidate.id)).join(', ');
  const parameter = name !== undefined ? 'availabilityZone' : 'availabilityZoneId';
  throw invalidValue(
    `Value (${name ?? id}) for parameter ${parameter} is invalid. Subnets can currently only be created in the following availability zones: ${list}.`,
  );
}

export const createSubnet: Operation<'ec2', 'CreateSubnet'> = (input, call) => {
  for (const option of [
    'Ipv6CidrBlock',
    'Ipv6Native',
    'OutpostArn',
    'Ipv4IpamPoolId',
    'Ipv4NetmaskLength',
    'Ipv6IpamPoolId',
    'Ipv6NetmaskLength',
  ] as const) {
    if (input[option]) throw notImplemented(`EC2 CreateSubnet ${option}`);
  }
  const vpc = find(call, 'vpc', input.VpcId!);
  if (input.CidrBlock === undefined) throw missing('cidrBlock');
  const zone = chooseZone(call, input.AvailabilityZone, input.AvailabilityZoneId);
  const cidr = checkCidr(call, vpc, input.CidrBlock);
  const subnet: Subnet = {
    id: newId(call, 'subnet'),
    vpc: vpc.id,
    cidr,
    zone: zone.name,
    zoneId: zone.id,
    mapPublicIp: false,
    defaultForZone: false,
    dns64: false,
    hostnameType: 'ip-name',
    resourceNameA: false,
    resourceNameAAAA: false,
  };
  const tags = tagsFor('subnet', input.TagSpecifications);
  const acl = all(call, 'acl').find((candidate) => candidate.vpc === vpc.id && candidate.isDefault)!;
  call.store.transaction(() => {
    put(call, 'subnet', subnet);
    addTags(call, subnet.id, tags);
    put(call, 'acl', {
      ...acl,
      associations: [...acl.associations, { id: associationId(call, 'aclassoc'), subnet: subnet.id }],
    });
  });
  return { Subnet: showSubnet(call, subnet, 0) };
};

const FILTERS: Filters<Subnet> = {
  'availability-zone': (subnet) => subnet.zone,
  availabilityZone: (subnet) => subnet.zone,
  'availability-zone-id': (subnet) => subnet.zoneId,
  availabilityZoneId: (subnet) => subnet.zoneId,
  cidr: (subnet) => subnet.cidr,
  cidrBlock: (subnet) => subnet.cidr,
  'cidr-block': (subnet) => subnet.cidr,
  'default-for-az': (subnet) => subnet.defaultForZone,
  defaultForAz: (subnet) => subnet.defaultForZone,
  'enable-dns64': (subnet) => subnet.dns64,
  'ipv6-native': () => false,
  'map-public-ip-on-launch': (subnet) => subnet.mapPublicIp,
  state: () => 'available',
  'subnet-id': (subnet) => subnet.id,
  'vpc-id': (subnet) => subnet.vpc,
};

export const describeSubnets: Operation<'ec2', 'DescribeSubnets'> = (input, call) => {
  const subnets = input.SubnetIds?.length ? findAll(call, 'subnet', input.SubnetIds) : all(call, 'subnet');
  const used = new Map<string, number>();
  for (const { subnet } of all(call, 'networkInterface')) used.set(subnet, (used.get(subnet) ?? 0) + 1);
  const more: Filters<Subnet> = {
    ...FILTERS,
    'owner-id': () => call.account,
    'subnet-arn': (subnet) => ec2Arn(call, 'subnet', subnet.id),
    'available-ip-address-count': (subnet) => freeAddresses(subnet, used.get(subnet.id) ?? 0),
  };
  const { items, next } = describe(call, input, subnets, more);
  return { Subnets: items.map((subnet) => showSubnet(call, subnet, used.get(subnet.id) ?? 0)), ...next };
};

export const deleteSubnet: Operation<'ec2', 'DeleteSubnet'> = (input, call) => {
  const subnet = find(call, 'subnet', input.SubnetId!);
  if (all(call, 'networkInterface').some((held) => held.subnet === subnet.id)) {
    throw hasDependencies('subnet', subnet.id);
  }
  call.store.transaction(() => {
    const others = (association: { subnet?: string }) => association.subnet !== subnet.id;
    for (const table of all(call, 'routeTable').filter(({ associations }) => !associations.every(others))) {
      put(call, 'routeTable', { ...table, associations: table.associations.filter(others) });
    }
    for (const acl of all(call, 'acl').filter(({ associations }) => !associations.every(others))) {
      put(call, 'acl', { ...acl, associations: acl.associations.filter(others) });
    }
    collectionOf(call, 'subnet').remove(subnet.id);
    removeTags(call, subnet.id, undefined);
  });
  return {};
};

export const modifySubnetAttribute: Operation<'ec2', 'ModifySubnetAttribute'> = (input, call) => {
  const subnet = { ...find(call, 'subnet', input.SubnetId!) };
  if (input.MapPublicIpOnLaunch?.Value !== undefined) subnet.mapPublicIp = input.MapPublicIpOnLaunch.Value;
  else if (input.EnableResourceNameDnsARecordOnLaunch?.Value !== undefined) {
    subnet.resourceNameA = input.EnableResourceNameDnsARecordOnLaunch.Value;
  } else if (input.PrivateDnsHostnameTypeOnLaunch !== undefined) {
    subnet.hostnameType = input.PrivateDnsHostnameTypeOnLaunch;
  } else throw notImplemented('EC2 ModifySubnetAttribute of anything but MapPublicIpOnLaunch and host names');
  put(call, 'subnet', subnet);
  return {};
};

function freeAddresses(subnet: Subnet, used: number): number {
  return sizeOf(parseCidr(subnet.cidr)!) - RESERVED - used;
}

function showSubnet(call: Call, subnet: Subnet, used: number) {
  return {
    AvailabilityZoneId: subnet.zoneId,
    MapCustomerOwnedIpOnLaunch: false,
    OwnerId: call.account,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    Tags: tagsOf(call, subnet.id),
    SubnetArn: ec2Arn(call, 'subnet', subnet.id),
    EnableDns64: subnet.dns64,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: subnet.hostnameType,
      EnableResourceNameDnsARecord: subnet.resourceNameA,
      EnableResourceNameDnsAAAARecord: subnet.resourceNameAAAA,
    },
    SubnetId: subnet.id,
    State: 'available' as const,
    VpcId: subnet.vpc,
    CidrBlock: subnet.cidr,
    AvailableIpAddressCount: freeAddresses(subnet, used),
    AvailabilityZone: subnet.zone,
    DefaultForAz: subnet.defaultForZone,
    MapPublicIpOnLaunch: subnet.mapPublicIp,
  };
}
