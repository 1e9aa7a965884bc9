import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { describe, type Filters } from './describe';
import { all, collectionOf, find, findAll, newId, put } from './kinds';
import { associationId } from './make-vpc';
import { makeInterface, removeInterface } from './network-interfaces';
import type { NatGateway } from './records';
import { addTags, tagsFor, tagsOf } from './tag-store';

const MOST_PER_ZONE = 5;

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html */
export const createNatGateway: Operation<'ec2', 'CreateNatGateway'> = (input, call) => {
  for (const option of [
    'SecondaryAllocationIds',
    'SecondaryPrivateIpAddresses',
    'SecondaryPrivateIpAddressCount',
    'AvailabilityZoneAddresses',
  ] as const) {
    if (input[option] !== undefined) throw notImplemented(`EC2 CreateNatGateway ${option}`);
  }
  if (input.SubnetId === undefined) throw notImplemented('EC2 CreateNatGateway without a subnet (regional)');
  const subnet = find(call, 'subnet', input.SubnetId);
  const connectivity = input.ConnectivityType ?? 'public';
  if (connectivity === 'public' && input.AllocationId === undefined) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter AllocationId');
  }
  if (connectivity === 'private' && input.AllocationId !== undefined) {
    throw new AwsError(
      'InvalidParameterCombination',
      'AllocationId cannot be specified for private NAT Gateways',
    );
  }
  const address = input.AllocationId === undefined ? undefined : find(call, 'address', input.AllocationId);
  if (address?.association !== undefined) {
    throw new AwsError('InvalidParameterValue', `Elastic IP address [${address.id}] is already associated`);
  }
  const online = all(call, 'internetGateway').some((gateway) => gateway.vpc === subnet.vpc);
  if (connectivity === 'public' && !online) {
    throw new AwsError('Gateway.NotAttached', `Network ${subnet.vpc} has no Internet gateway attached`);
  }
  const zoneOf = (nat: NatGateway) => collectionOf(call, 'subnet').get(nat.subnet)?.zone;
  const inZone = all(call, 'natGateway').filter((nat) => !nat.deleted && zoneOf(nat) === subnet.zone);
  if (inZone.length >= MOST_PER_ZONE) {
    throw new AwsError(
      'NatGatewayLimitExceeded',
      `Performing this operation would exceed the limit of ${MOST_PER_ZONE} NAT gateways`,
    );
  }
  const tags = tagsFor('natgateway', input.TagSpecifications);
  const nat = call.store.transaction(() => {
    const id = newId(call, 'natGateway');
    const networkInterface = makeInterface(call, subnet, {
      description: `Interface for NAT Gateway ${id}`,
      groups: [],
      type: 'nat_gateway',
      requesterManaged: true,
      ...(input.PrivateIpAddress === undefined ? {} : { privateIp: input.PrivateIpAddress }),
    });
    const association = associationId(call, 'eipassoc');
    const made: NatGateway = {
      id,
      vpc: subnet.vpc,
      subnet: subnet.id,
      connectivity,
      created: call.clock.now(),
      networkInterface: networkInterface.id,
      privateIp: networkInterface.privateIp,
      ...(address ? { allocation: address.id, publicIp: address.publicIp, association } : {}),
    };
    put(call, 'natGateway', made);
    if (address) {
      put(call, 'address', {
        ...address,
        association,
        networkInterface: networkInterface.id,
        privateIp: networkInterface.privateIp,
      });
    }
    addTags(call, id, tags);
    return made;
  });
  return {
    ...(input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken }),
    NatGateway: { ...showNat(call, nat), State: 'pending' },
  };
};

const FILTERS: Filters<NatGateway> = {
  'nat-gateway-id': (nat) => nat.id,
  state: (nat) => (nat.deleted ? 'deleted' : 'available'),
  'subnet-id': (nat) => nat.subnet,
  'vpc-id': (nat) => nat.vpc,
};

export const describeNatGateways: Operation<'ec2', 'DescribeNatGateways'> = (input, call) => {
  forgetDeleted(call);
  const nats = input.NatGatewayIds?.length
    ? findAll(call, 'natGateway', input.NatGatewayIds)
    : all(call, 'natGateway');
  const { items, next } = describe(call, { ...input, Filters: input.Filter }, nats, FILTERS);
  return { NatGateways: items.map((nat) => showNat(call, nat)), ...next };
};

/** A deleted gateway is told of for an hour. */
function forgetDeleted(call: Call): void {
  for (const nat of all(call, 'natGateway')) {
    if (nat.deleted && call.clock.millis() - nat.deleted.getTime() > 3_600_000) {
      collectionOf(call, 'natGateway').remove(nat.id);
    }
  }
}

export const deleteNatGateway: Operation<'ec2', 'DeleteNatGateway'> = (input, call) => {
  const nat = find(call, 'natGateway', input.NatGatewayId!);
  if (nat.deleted) return { NatGatewayId: nat.id };
  call.store.transaction(() => {
    removeInterface(call, nat.networkInterface);
    const address =
      nat.allocation === undefined ? undefined : collectionOf(call, 'address').get(nat.allocation);
    if (address) put(call, 'address', { id: address.id, publicIp: address.publicIp });
    put(call, 'natGateway', { ...nat, deleted: call.clock.now() });
  });
  return { NatGatewayId: nat.id };
};

function showNat(call: Call, nat: NatGateway) {
  return {
    CreateTime: nat.created,
    ...(nat.deleted ? { DeleteTime: nat.deleted } : {}),
    NatGatewayAddresses: [
      {
        ...(nat.allocation === undefined
          ? {}
          : { AllocationId: nat.allocation, PublicIp: nat.publicIp, AssociationId: nat.association }),
        NetworkInterfaceId: nat.networkInterface,
        PrivateIp: nat.privateIp,
        IsPrimary: true,
        Status: 'succeeded' as const,
      },
    ],
    NatGatewayId: nat.id,
    State: (nat.deleted ? 'deleted' : 'available') as 'deleted' | 'available' | 'pending',
    SubnetId: nat.subnet,
    VpcId: nat.vpc,
    Tags: tagsOf(call, nat.id),
    ConnectivityType: nat.connectivity,
  };
}
