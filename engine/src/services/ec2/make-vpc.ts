import type { Call } from '../../kernel';
import { all, collectionOf, newId, put } from './kinds';
import type { Vpc } from './records';
import { zonesOf } from './regions';

export const EVERYWHERE = '0.0.0.0/0';
/** What a network ACL answers where no entry does: it cannot be changed. */
export const LAST_RULE = 32_767;

/** A VPC with what AWS makes with it: a main route table, a network ACL and a security group. */
export function makeVpc(
  call: Call,
  options: { cidr: string; tenancy: 'default' | 'dedicated'; isDefault: boolean },
): Vpc {
  const vpc: Vpc = {
    id: newId(call, 'vpc'),
    cidrs: [{ association: `vpc-cidr-assoc-0${call.ids.hex(16)}`, cidr: options.cidr }],
    dhcp: defaultDhcp(call),
    tenancy: options.tenancy,
    isDefault: options.isDefault,
    dnsSupport: true,
    dnsHostnames: options.isDefault,
    usageMetrics: false,
  };
  put(call, 'vpc', vpc);
  put(call, 'routeTable', {
    id: newId(call, 'routeTable'),
    vpc: vpc.id,
    routes: [{ cidr: options.cidr, gateway: 'local', origin: 'CreateRouteTable' }],
    associations: [{ id: associationId(call, 'rtbassoc'), main: true }],
  });
  put(call, 'acl', {
    id: newId(call, 'acl'),
    vpc: vpc.id,
    isDefault: true,
    entries: [false, true].flatMap((egress) => [
      { number: 100, egress, protocol: '-1', action: 'allow' as const, cidr: EVERYWHERE },
      { number: LAST_RULE, egress, protocol: '-1', action: 'deny' as const, cidr: EVERYWHERE },
    ]),
    associations: [],
  });
  makeGroup(call, vpc.id, 'default', 'default VPC security group', true);
  return vpc;
}

/** A security group lets everything out until told otherwise; the default one lets its own members in. */
export function makeGroup(call: Call, vpc: string, name: string, description: string, isDefault = false) {
  const group = { id: newId(call, 'group'), vpc, name, description };
  put(call, 'group', group);
  const open = { group: group.id, protocol: '-1', from: -1, to: -1 };
  put(call, 'rule', { ...open, id: newId(call, 'rule'), egress: true, cidr4: EVERYWHERE });
  if (isDefault) put(call, 'rule', { ...open, id: newId(call, 'rule'), egress: false, reference: group.id });
  return group;
}

export function associationId(call: Call, prefix: string): string {
  return `${prefix}-0${call.ids.hex(16)}`;
}

/** The options AWS gives a VPC that is not given any. */
export function defaultDhcp(call: Call): string {
  const meta = call.store.collection<string>('meta');
  const known = meta.get('default-dhcp');
  if (known !== undefined && collectionOf(call, 'dhcp').has(known)) return known;
  const domain = call.region === 'us-east-1' ? 'ec2.internal' : `${call.region}.compute.internal`;
  const id = newId(call, 'dhcp');
  put(call, 'dhcp', {
    id,
    options: [
      { key: 'domain-name', values: [domain] },
      { key: 'domain-name-servers', values: ['AmazonProvidedDNS'] },
    ],
  });
  meta.put('default-dhcp', id);
  return id;
}

/**
 * Every account has a default VPC in every region; it is made when something first asks about networks. Once deleted
 * it stays so, as on AWS. https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
 */
export function ensureDefaultVpc(call: Call): void {
  const meta = call.store.collection<string>('meta');
  if (meta.has('default-vpc')) return;
  call.store.transaction(() => {
    meta.put('default-vpc', makeDefaultVpc(call).id);
  });
}

export function makeDefaultVpc(call: Call): Vpc {
  const vpc = makeVpc(call, { cidr: '172.31.0.0/16', tenancy: 'default', isDefault: true });
  const gateway = newId(call, 'internetGateway');
  put(call, 'internetGateway', { id: gateway, vpc: vpc.id });
  const table = all(call, 'routeTable').find((candidate) => candidate.vpc === vpc.id)!;
  put(call, 'routeTable', {
    ...table,
    routes: [...table.routes, { cidr: EVERYWHERE, gateway, origin: 'CreateRoute' }],
  });
  const acl = all(call, 'acl').find((candidate) => candidate.vpc === vpc.id)!;
  for (const [index, zone] of zonesOf(call.region).entries()) {
    const id = newId(call, 'subnet');
    put(call, 'subnet', {
      id,
      vpc: vpc.id,
      cidr: `172.31.${index * 16}.0/20`,
      zone: zone.name,
      zoneId: zone.id,
      mapPublicIp: true,
      defaultForZone: true,
      dns64: false,
      hostnameType: 'ip-name',
      resourceNameA: false,
      resourceNameAAAA: false,
    });
    acl.associations.push({ id: associationId(call, 'aclassoc'), subnet: id });
  }
  put(call, 'acl', acl);
  return vpc;
}
