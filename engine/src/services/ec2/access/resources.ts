import type { Call, Needed } from '../../../kernel';
import { collectionOf, ec2Arn, KINDS } from '../kinds';
import type { Kinds } from '../records';
import { tagsOf } from '../tag-store';

type Keys = NonNullable<Needed['keys']>;
type Kind = keyof Kinds;

/** What policies may ask of a thing that is there, besides its tags. */
const KEYS: { readonly [K in Kind]: (call: Call, value: Kinds[K]) => Keys } = {
  vpc: (_call, { id, tenancy }) => ({ 'ec2:VpcID': id, 'ec2:Tenancy': tenancy }),
  subnet: (call, { id, vpc, zone, zoneId }) => ({
    ...within(call, vpc),
    'ec2:SubnetID': id,
    'ec2:AvailabilityZone': zone,
    'ec2:AvailabilityZoneId': zoneId,
  }),
  routeTable: (call, { id, vpc }) => ({ ...within(call, vpc), 'ec2:RouteTableID': id }),
  internetGateway: (_call, { id }) => ({ 'ec2:InternetGatewayID': id }),
  natGateway: (call, { vpc }) => within(call, vpc),
  address: (_call, { id, publicIp }) => ({
    'ec2:AllocationId': id,
    'ec2:Domain': 'vpc',
    'ec2:PublicIpAddress': publicIp,
  }),
  group: (call, { id, vpc }) => ({ ...within(call, vpc), 'ec2:SecurityGroupID': id }),
  rule: () => ({}),
  endpoint: (_call, { serviceName }) => ofService(serviceName),
  acl: (call, { id, vpc }) => ({ ...within(call, vpc), 'ec2:NetworkAclID': id }),
  dhcp: (_call, { id }) => ({ 'ec2:DhcpOptionsID': id }),
  networkInterface: (call, { id, vpc, subnet }) => ({
    ...within(call, vpc),
    ...zoneOf(call, subnet),
    'ec2:NetworkInterfaceID': id,
  }),
};

/** Policies name the VPC of a thing by its ARN. */
export const within = (call: Call, vpc: string | undefined): Keys =>
  vpc === undefined ? {} : { 'ec2:Vpc': ec2Arn(call, 'vpc', vpc) };

export const ofService = (name: string | undefined): Keys => ({
  'ec2:VpceServiceName': name,
  'ec2:VpceServiceOwner': 'amazon',
});

function zoneOf(call: Call, subnet: string | undefined): Keys {
  if (subnet === undefined) return {};
  return {
    'ec2:Subnet': ec2Arn(call, 'subnet', subnet),
    'ec2:AvailabilityZone': collectionOf(call, 'subnet').get(subnet)?.zone,
  };
}

/** What will be in a subnet is in that subnet's VPC and zone. */
export const inSubnet = (call: Call, subnet: string | undefined): Keys => ({
  ...within(call, subnet === undefined ? undefined : collectionOf(call, 'subnet').get(subnet)?.vpc),
  ...zoneOf(call, subnet),
});

/** A need on something by its id, whether it is there or not. */
export function on<K extends Kind>(call: Call, action: string, kind: K, id: string | undefined): Needed {
  const value = id === undefined ? undefined : collectionOf(call, kind).get(id);
  return {
    action: `ec2:${action}`,
    resource: ec2Arn(call, KINDS[kind].type, id ?? '*'),
    keys: { 'ec2:Region': call.region, ...(value ? KEYS[kind](call, value) : {}) },
    ...(id === undefined
      ? {}
      : { tags: () => Object.fromEntries(tagsOf(call, id).map(({ Key, Value }) => [Key, Value])) }),
  };
}

export const onEach = (
  call: Call,
  action: string,
  kind: Kind,
  ids: readonly string[] | undefined,
): Needed[] => (ids ?? []).map((id) => on(call, action, kind, id));

interface Tagged {
  TagSpecifications?: readonly { Tags?: readonly unknown[] | undefined }[] | undefined;
}

/**
 * What the making of something needs: the action on all of its kind, for it has no id yet, and CreateTags where it is
 * born with tags.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
 */
export function newOne(call: Call, action: string, kind: Kind, input: object, keys: Keys = {}): Needed[] {
  const { TagSpecifications } = input as Tagged;
  const resource = ec2Arn(call, KINDS[kind].type, '*');
  const known = { 'ec2:Region': call.region, ...keys };
  const needs: Needed[] = [{ action: `ec2:${action}`, resource, keys: known }];
  if (TagSpecifications?.some(({ Tags }) => Tags?.length))
    needs.push({ action: 'ec2:CreateTags', resource, keys: { ...known, 'ec2:CreateAction': action } });
  return needs;
}

/** Operations that only list know no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
export const anywhere =
  (action: string) =>
  (_input: unknown, call: Call): Needed => ({
    action: `ec2:${action}`,
    resource: '*',
    keys: { 'ec2:Region': call.region },
  });
