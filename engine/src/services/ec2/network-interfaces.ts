import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { contains, formatAddress, parseAddress, parseCidr, sizeOf } from './cidr';
import { describe, type Filters } from './describe';
import { invalidValue } from './errors';
import { all, collectionOf, find, findAll, newId, put } from './kinds';
import type { NetworkInterface, Subnet } from './records';
import { addTags, removeTags, tagsFor, tagsOf } from './tag-store';

/** Gives a new interface an address of its subnet: the first that is free behind the four that AWS keeps. */
export function makeInterface(
  call: Call,
  subnet: Subnet,
  options: Pick<NetworkInterface, 'description' | 'groups' | 'type' | 'requesterManaged'> & {
    privateIp?: string;
  },
): NetworkInterface {
  const made: NetworkInterface = {
    id: newId(call, 'networkInterface'),
    subnet: subnet.id,
    vpc: subnet.vpc,
    macAddress: `02:${(call.ids.hex(10).match(/../g) ?? []).join(':')}`,
    sourceDestCheck: options.type === 'interface',
    ...options,
    privateIp: chooseAddress(call, subnet, options.privateIp),
  };
  put(call, 'networkInterface', made);
  return made;
}

function chooseAddress(call: Call, subnet: Subnet, asked: string | undefined): string {
  const cidr = parseCidr(subnet.cidr)!;
  const used = new Set(
    all(call, 'networkInterface')
      .filter((other) => other.subnet === subnet.id)
      .map((other) => other.privateIp),
  );
  if (asked !== undefined) {
    const address = parseAddress(asked);
    if (address === undefined) {
      throw invalidValue(`Value (${asked}) for parameter privateIpAddress is invalid. Invalid IPv4 address.`);
    }
    if (!contains(cidr, { base: address, bits: 32 })) {
      throw invalidValue("Address does not fall within the subnet's address range");
    }
    if (address < cidr.base + 4 || address === cidr.base + sizeOf(cidr) - 1) {
      throw invalidValue("Address is in subnet's reserved address range");
    }
    if (used.has(asked)) throw new AwsError('InvalidIPAddress.InUse', `Address ${asked} is in use.`);
    return asked;
  }
  for (let address = cidr.base + 4; address < cidr.base + sizeOf(cidr) - 1; address += 1) {
    const text = formatAddress(address);
    if (!used.has(text)) return text;
  }
  throw new AwsError(
    'InsufficientFreeAddressesInSubnet',
    `The specified subnet does not have enough free addresses to satisfy the request.`,
  );
}

export const createNetworkInterface: Operation<'ec2', 'CreateNetworkInterface'> = (input, call) => {
  for (const option of [
    'PrivateIpAddresses',
    'SecondaryPrivateIpAddressCount',
    'Ipv6AddressCount',
    'Ipv6Addresses',
    'Ipv4Prefixes',
    'Ipv4PrefixCount',
    'Ipv6Prefixes',
    'Ipv6PrefixCount',
    'ConnectionTrackingSpecification',
  ] as const) {
    if (input[option] !== undefined) throw notImplemented(`EC2 CreateNetworkInterface ${option}`);
  }
  if (input.InterfaceType !== undefined && (input.InterfaceType as string) !== 'interface') {
    throw notImplemented(`EC2 CreateNetworkInterface InterfaceType ${input.InterfaceType}`);
  }
  const subnet = find(call, 'subnet', input.SubnetId!);
  const groups = groupsFor(call, subnet, input.Groups);
  const tags = tagsFor('network-interface', input.TagSpecifications);
  const made = call.store.transaction(() => {
    const networkInterface = makeInterface(call, subnet, {
      description: input.Description ?? '',
      groups,
      type: 'interface',
      requesterManaged: false,
      ...(input.PrivateIpAddress === undefined ? {} : { privateIp: input.PrivateIpAddress }),
    });
    addTags(call, networkInterface.id, tags);
    return networkInterface;
  });
  const { Attachment: _attachment, ...shown } = showInterface(call, made);
  return { NetworkInterface: { ...shown, Status: 'pending' as 'available' } };
};

/** The groups asked for, of the subnet's VPC; the VPC's default one where none is. */
export function groupsFor(call: Call, subnet: Subnet, asked: readonly string[] | undefined): string[] {
  if (!asked || asked.length === 0) {
    return all(call, 'group')
      .filter((group) => group.vpc === subnet.vpc && group.name === 'default')
      .map(({ id }) => id);
  }
  for (const group of findAll(call, 'group', asked)) {
    if (group.vpc !== subnet.vpc) {
      throw new AwsError(
        'InvalidGroup.NotFound',
        `The security group '${group.id}' does not exist in VPC '${subnet.vpc}'`,
      );
    }
  }
  return [...asked];
}

const FILTERS: Filters<NetworkInterface> = {
  'addresses.private-ip-address': (held) => held.privateIp,
  description: (held) => held.description,
  'group-id': (held) => held.groups,
  'interface-type': (held) => held.type,
  'mac-address': (held) => held.macAddress,
  'network-interface-id': (held) => held.id,
  'private-ip-address': (held) => held.privateIp,
  'requester-managed': (held) => held.requesterManaged,
  'source-dest-check': (held) => held.sourceDestCheck,
  status: (held) => (held.requesterManaged ? 'in-use' : 'available'),
  'subnet-id': (held) => held.subnet,
  'vpc-id': (held) => held.vpc,
};

export const describeNetworkInterfaces: Operation<'ec2', 'DescribeNetworkInterfaces'> = (input, call) => {
  const held = input.NetworkInterfaceIds?.length
    ? findAll(call, 'networkInterface', input.NetworkInterfaceIds)
    : all(call, 'networkInterface');
  const more: Filters<NetworkInterface> = {
    ...FILTERS,
    'owner-id': () => call.account,
    'availability-zone': ({ subnet }) => collectionOf(call, 'subnet').get(subnet)?.zone,
    'group-name': ({ groups }) => groups.map((id) => collectionOf(call, 'group').get(id)?.name),
  };
  const { items, next } = describe(call, input, held, more);
  return {
    NetworkInterfaces: items.map((networkInterface) => showInterface(call, networkInterface)),
    ...next,
  };
};

export const deleteNetworkInterface: Operation<'ec2', 'DeleteNetworkInterface'> = (input, call) => {
  const held = find(call, 'networkInterface', input.NetworkInterfaceId!);
  if (held.requesterManaged) {
    throw new AwsError('InvalidParameterValue', `Network interface '${held.id}' is currently in use.`);
  }
  call.store.transaction(() => removeInterface(call, held.id));
  return {};
};

export function removeInterface(call: Call, id: string): void {
  collectionOf(call, 'networkInterface').remove(id);
  removeTags(call, id, undefined);
}

export const modifyNetworkInterfaceAttribute: Operation<'ec2', 'ModifyNetworkInterfaceAttribute'> = (
  input,
  call,
) => {
  const held = { ...find(call, 'networkInterface', input.NetworkInterfaceId!) };
  if (input.Description?.Value !== undefined) held.description = input.Description.Value;
  else if (input.Groups !== undefined) {
    held.groups = groupsFor(call, find(call, 'subnet', held.subnet), input.Groups);
  } else if (input.SourceDestCheck?.Value !== undefined) held.sourceDestCheck = input.SourceDestCheck.Value;
  else throw notImplemented('EC2 ModifyNetworkInterfaceAttribute of attachments and trunking');
  put(call, 'networkInterface', held);
  return {};
};

function showInterface(call: Call, held: NetworkInterface) {
  const subnet = collectionOf(call, 'subnet').get(held.subnet);
  const dns = privateName(call, held.privateIp);
  return {
    ...(held.requesterManaged
      ? {
          Attachment: {
            AttachmentId: `ela-attach-${held.id.slice(4)}`,
            DeleteOnTermination: false,
            DeviceIndex: 1,
            InstanceOwnerId: 'amazon-aws',
            Status: 'attached' as const,
          },
        }
      : {}),
    AvailabilityZone: subnet?.zone,
    Description: held.description,
    Groups: held.groups.map((id) => ({ GroupId: id, GroupName: collectionOf(call, 'group').get(id)?.name })),
    // AWS says `nat_gateway`, its model `natGateway`.
    InterfaceType: held.type as 'interface',
    Ipv6Addresses: [],
    MacAddress: held.macAddress,
    NetworkInterfaceId: held.id,
    OwnerId: call.account,
    PrivateDnsName: dns,
    PrivateIpAddress: held.privateIp,
    PrivateIpAddresses: [{ Primary: true, PrivateDnsName: dns, PrivateIpAddress: held.privateIp }],
    RequesterId: held.requesterManaged ? 'amazon-aws' : call.principal.userId,
    RequesterManaged: held.requesterManaged,
    SourceDestCheck: held.sourceDestCheck,
    Status: held.requesterManaged ? ('in-use' as const) : ('available' as const),
    SubnetId: held.subnet,
    TagSet: tagsOf(call, held.id),
    VpcId: held.vpc,
  };
}

function privateName(call: Call, ip: string): string {
  const domain = call.region === 'us-east-1' ? 'ec2.internal' : `${call.region}.compute.internal`;
  return `ip-${ip.replaceAll('.', '-')}.${domain}`;
}
