import { AwsError, type Call } from '../../kernel';
import type { Collection } from '../../storage';
import type { Kinds } from './records';

interface Kind {
  prefix: string;
  /** As errors name it: "The vpc ID 'vpc-1' does not exist". */
  noun: string;
  notFound: string;
  malformed: string;
  /** As tags name it. */
  type: string;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export const KINDS: { readonly [K in keyof Kinds]: Kind } = {
  vpc: {
    prefix: 'vpc',
    noun: 'vpc',
    notFound: 'InvalidVpcID.NotFound',
    malformed: 'InvalidVpcID.Malformed',
    type: 'vpc',
  },
  subnet: {
    prefix: 'subnet',
    noun: 'subnet',
    notFound: 'InvalidSubnetID.NotFound',
    malformed: 'InvalidSubnetID.Malformed',
    type: 'subnet',
  },
  routeTable: {
    prefix: 'rtb',
    noun: 'routeTable',
    notFound: 'InvalidRouteTableID.NotFound',
    malformed: 'InvalidRouteTableId.Malformed',
    type: 'route-table',
  },
  internetGateway: {
    prefix: 'igw',
    noun: 'internetGateway',
    notFound: 'InvalidInternetGatewayID.NotFound',
    malformed: 'InvalidInternetGatewayId.Malformed',
    type: 'internet-gateway',
  },
  natGateway: {
    prefix: 'nat',
    noun: 'natGateway',
    notFound: 'NatGatewayNotFound',
    malformed: 'NatGatewayMalformed',
    type: 'natgateway',
  },
  address: {
    prefix: 'eipalloc',
    noun: 'allocation',
    notFound: 'InvalidAllocationID.NotFound',
    malformed: 'InvalidAllocationID.Malformed',
    type: 'elastic-ip',
  },
  group: {
    prefix: 'sg',
    noun: 'security group',
    notFound: 'InvalidGroup.NotFound',
    malformed: 'InvalidGroupId.Malformed',
    type: 'security-group',
  },
  rule: {
    prefix: 'sgr',
    noun: 'security group rule',
    notFound: 'InvalidSecurityGroupRuleId.NotFound',
    malformed: 'InvalidSecurityGroupRuleId.Malformed',
    type: 'security-group-rule',
  },
  endpoint: {
    prefix: 'vpce',
    noun: 'Vpc Endpoint',
    notFound: 'InvalidVpcEndpointId.NotFound',
    malformed: 'InvalidVpcEndpointId.Malformed',
    type: 'vpc-endpoint',
  },
  acl: {
    prefix: 'acl',
    noun: 'networkAcl',
    notFound: 'InvalidNetworkAclID.NotFound',
    malformed: 'InvalidNetworkAclID.Malformed',
    type: 'network-acl',
  },
  dhcp: {
    prefix: 'dopt',
    noun: 'dhcpOption',
    notFound: 'InvalidDhcpOptionID.NotFound',
    malformed: 'InvalidDhcpOptionsId.Malformed',
    type: 'dhcp-options',
  },
  networkInterface: {
    prefix: 'eni',
    noun: 'networkInterface',
    notFound: 'InvalidNetworkInterfaceID.NotFound',
    malformed: 'InvalidNetworkInterfaceId.Malformed',
    type: 'network-interface',
  },
};

export function collectionOf<K extends keyof Kinds>(call: Call, kind: K): Collection<Kinds[K]> {
  return call.store.collection<Kinds[K]>(kind);
}

export function newId(call: Call, kind: keyof Kinds): string {
  return `${KINDS[kind].prefix}-${call.ids.hex(17).replace(/^./, '0')}`;
}

export function ec2Arn(call: Call, type: string, id: string): string {
  return `arn:aws:ec2:${call.region}:${call.account}:${type}/${id}`;
}

/** The resource, or AWS's error for one that is not there. */
export function find<K extends keyof Kinds>(call: Call, kind: K, id: string): Kinds[K] {
  return findAll(call, kind, [id])[0]!;
}

export function findAll<K extends keyof Kinds>(call: Call, kind: K, ids: readonly string[]): Kinds[K][] {
  const collection = collectionOf(call, kind);
  const found: Kinds[K][] = [];
  const missing: string[] = [];
  for (const id of ids) {
    const value = collection.get(id);
    if (value) found.push(value);
    else missing.push(id);
  }
  if (missing.length > 0) throw notFound(kind, missing);
  return found;
}

function notFound(kind: keyof Kinds, ids: readonly string[]): AwsError {
  const { prefix, noun, notFound: code, malformed } = KINDS[kind];
  const odd = ids.find((id) => !id.startsWith(`${prefix}-`));
  if (odd !== undefined) return new AwsError(malformed, `Invalid id: "${odd}" (expecting "${prefix}-...")`);
  const list = ids.join(', ');
  if (kind === 'natGateway') return new AwsError(code, `NatGateway ${list} was not found`);
  if (kind === 'group') {
    return new AwsError(
      code,
      ids.length === 1
        ? `The security group '${list}' does not exist`
        : `The security groups '${list}' do not exist`,
    );
  }
  if (kind === 'endpoint') {
    return new AwsError(
      code,
      ids.length === 1
        ? `The Vpc Endpoint Id '${list}' does not exist`
        : `The Vpc Endpoint Ids '${list}' do not exist`,
    );
  }
  return new AwsError(
    code,
    ids.length === 1 ? `The ${noun} ID '${list}' does not exist` : `The ${noun} IDs '${list}' do not exist`,
  );
}

export function put<K extends keyof Kinds>(call: Call, kind: K, value: Kinds[K]): void {
  collectionOf(call, kind).put(value.id, value);
}

export function all<K extends keyof Kinds>(call: Call, kind: K): Kinds[K][] {
  return [...collectionOf(call, kind).values()];
}

export function hasDependencies(kind: keyof Kinds, id: string): AwsError {
  const message =
    kind === 'group'
      ? `resource ${id} has a dependent object`
      : `The ${KINDS[kind].noun} '${id}' has dependencies and cannot be deleted.`;
  return new AwsError('DependencyViolation', message);
}
