import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { describe, type Filters } from './describe';
import { limit } from './errors';
import { all, collectionOf, find, findAll, newId, put } from './kinds';
import { associationId } from './make-vpc';
import type { Address } from './records';
import { addTags, removeTags, tagsFor, tagsOf } from './tag-store';

const MOST_ADDRESSES = 5;

export const allocateAddress: Operation<'ec2', 'AllocateAddress'> = (input, call) => {
  for (const option of ['Address', 'PublicIpv4Pool', 'CustomerOwnedIpv4Pool', 'IpamPoolId'] as const) {
    if (input[option] !== undefined) throw notImplemented(`EC2 AllocateAddress ${option}`);
  }
  if (collectionOf(call, 'address').count() >= MOST_ADDRESSES)
    throw limit('AddressLimitExceeded', 'addresses');
  const address: Address = { id: newId(call, 'address'), publicIp: freeAddress(call) };
  const tags = tagsFor('elastic-ip', input.TagSpecifications);
  call.store.transaction(() => {
    put(call, 'address', address);
    addTags(call, address.id, tags);
  });
  return {
    AllocationId: address.id,
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: call.region,
    Domain: 'vpc',
    PublicIp: address.publicIp,
  };
};

/** Out of a block that is for documentation: it belongs to nobody, as the address does here. RFC 5737 */
function freeAddress(call: Call): string {
  const used = new Set(all(call, 'address').map(({ publicIp }) => publicIp));
  for (let host = 1; host < 255; host += 1) {
    const candidate = `203.0.113.${host}`;
    if (!used.has(candidate)) return candidate;
  }
  throw limit('AddressLimitExceeded', 'addresses');
}

const FILTERS: Filters<Address> = {
  'allocation-id': (address) => address.id,
  'association-id': (address) => address.association,
  domain: () => 'vpc',
  'network-interface-id': (address) => address.networkInterface,
  'private-ip-address': (address) => address.privateIp,
  'public-ip': (address) => address.publicIp,
};

export const describeAddresses: Operation<'ec2', 'DescribeAddresses'> = (input, call) => {
  let addresses = input.AllocationIds?.length
    ? findAll(call, 'address', input.AllocationIds)
    : all(call, 'address');
  if (input.PublicIps?.length) {
    addresses = input.PublicIps.map((ip) => byPublicIp(addresses, ip));
  }
  const more: Filters<Address> = {
    ...FILTERS,
    'network-border-group': () => call.region,
    'network-interface-owner-id': (address) => (address.networkInterface ? call.account : undefined),
  };
  const { items } = describe(call, { Filters: input.Filters }, addresses, more);
  return { Addresses: items.map((address) => showAddress(call, address)) };
};

function byPublicIp(addresses: readonly Address[], ip: string): Address {
  const found = addresses.find(({ publicIp }) => publicIp === ip);
  if (!found) throw new AwsError('InvalidAddress.NotFound', `Address '${ip}' not found.`);
  return found;
}

function findAddress(
  call: Call,
  input: { AllocationId?: string | undefined; PublicIp?: string | undefined },
): Address {
  if (input.AllocationId !== undefined) return find(call, 'address', input.AllocationId);
  if (input.PublicIp !== undefined) return byPublicIp(all(call, 'address'), input.PublicIp);
  throw new AwsError('MissingParameter', 'Either public IP or allocation id must be specified');
}

export const releaseAddress: Operation<'ec2', 'ReleaseAddress'> = (input, call) => {
  const address = findAddress(call, input);
  if (address.association !== undefined) {
    throw new AwsError('InvalidIPAddress.InUse', `Address ${address.publicIp} is in use.`);
  }
  call.store.transaction(() => {
    collectionOf(call, 'address').remove(address.id);
    removeTags(call, address.id, undefined);
  });
  return {};
};

export const associateAddress: Operation<'ec2', 'AssociateAddress'> = (input, call) => {
  const address = findAddress(call, input);
  if (input.InstanceId !== undefined) throw notImplemented('EC2 AssociateAddress InstanceId');
  if (input.NetworkInterfaceId === undefined) {
    throw new AwsError('MissingParameter', 'Either instance ID or network interface id must be specified');
  }
  const networkInterface = find(call, 'networkInterface', input.NetworkInterfaceId);
  if (address.association !== undefined && !input.AllowReassociation) {
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `resource ${address.id} is already associated with associate-id ${address.association}`,
    );
  }
  const association = associationId(call, 'eipassoc');
  put(call, 'address', {
    ...address,
    association,
    networkInterface: networkInterface.id,
    privateIp: networkInterface.privateIp,
  });
  return { AssociationId: association };
};

export const disassociateAddress: Operation<'ec2', 'DisassociateAddress'> = (input, call) => {
  const address = all(call, 'address').find(
    ({ association, publicIp }) =>
      association !== undefined && (association === input.AssociationId || publicIp === input.PublicIp),
  );
  if (!address) {
    throw new AwsError(
      'InvalidAssociationID.NotFound',
      `The association ID '${input.AssociationId ?? input.PublicIp}' does not exist`,
    );
  }
  put(call, 'address', { id: address.id, publicIp: address.publicIp });
  return {};
};

function showAddress(call: Call, address: Address) {
  return {
    AllocationId: address.id,
    Domain: 'vpc' as const,
    ...(address.association === undefined
      ? {}
      : {
          AssociationId: address.association,
          NetworkInterfaceId: address.networkInterface,
          NetworkInterfaceOwnerId: call.account,
          PrivateIpAddress: address.privateIp,
        }),
    Tags: tagsOf(call, address.id),
    PublicIp: address.publicIp,
    PublicIpv4Pool: 'amazon',
    NetworkBorderGroup: call.region,
  };
}
