import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { canonical, formatCidr, overlap, parseCidr } from './cidr';
import { describe, type Filters } from './describe';
import { combination, invalidValue, limit, missing } from './errors';
import { all, collectionOf, find, findAll, hasDependencies, put } from './kinds';
import { associationId, makeDefaultVpc, makeVpc } from './make-vpc';
import type { Vpc } from './records';
import { addTags, removeTags, tagsFor, tagsOf } from './tag-store';

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const MOST_VPCS = 5;
const MOST_CIDRS = 5;

/** The block as AWS keeps it, or its error: a VPC has between a /28 and a /16. */
function checkVpcCidr(text: string): string {
  const cidr = parseCidr(text);
  if (!cidr) {
    throw invalidValue(`Value (${text}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
  }
  if (cidr.bits < 16 || cidr.bits > 28)
    throw new AwsError('InvalidVpc.Range', `The CIDR '${text}' is invalid.`);
  return formatCidr(canonical(cidr));
}

function checkQuota(call: Call): void {
  if (collectionOf(call, 'vpc').count() >= MOST_VPCS) throw limit('VpcLimitExceeded', 'VPCs');
}

export const createVpc: Operation<'ec2', 'CreateVpc'> = (input, call) => {
  for (const option of [
    'AmazonProvidedIpv6CidrBlock',
    'Ipv6Pool',
    'Ipv6CidrBlock',
    'Ipv4IpamPoolId',
    'Ipv4NetmaskLength',
    'Ipv6IpamPoolId',
  ] as const) {
    if (input[option]) throw notImplemented(`EC2 CreateVpc ${option}`);
  }
  if (input.CidrBlock === undefined) throw missing('cidrBlock');
  const cidr = checkVpcCidr(input.CidrBlock);
  const tenancy = input.InstanceTenancy ?? 'default';
  if (tenancy === 'host') throw invalidValue('The tenancy value host is not supported.');
  checkQuota(call);
  const tags = tagsFor('vpc', input.TagSpecifications);
  const vpc = call.store.transaction(() => {
    const made = makeVpc(call, { cidr, tenancy, isDefault: false });
    addTags(call, made.id, tags);
    return made;
  });
  return { Vpc: { ...showVpc(call, vpc), State: 'pending' } };
};

export const createDefaultVpc: Operation<'ec2', 'CreateDefaultVpc'> = (_input, call) => {
  if (all(call, 'vpc').some((vpc) => vpc.isDefault)) {
    throw new AwsError(
      'DefaultVpcAlreadyExists',
      'A Default VPC already exists for this account in this region.',
    );
  }
  checkQuota(call);
  return {
    Vpc: showVpc(
      call,
      call.store.transaction(() => makeDefaultVpc(call)),
    ),
  };
};

const FILTERS: Filters<Vpc> = {
  cidr: (vpc) => vpc.cidrs[0]?.cidr,
  'cidr-block': (vpc) => vpc.cidrs[0]?.cidr,
  cidrBlock: (vpc) => vpc.cidrs[0]?.cidr,
  'cidr-block-association.cidr-block': (vpc) => vpc.cidrs.map(({ cidr }) => cidr),
  'cidr-block-association.association-id': (vpc) => vpc.cidrs.map(({ association }) => association),
  'cidr-block-association.state': () => 'associated',
  'dhcp-options-id': (vpc) => vpc.dhcp,
  'is-default': (vpc) => vpc.isDefault,
  isDefault: (vpc) => vpc.isDefault,
  state: () => 'available',
  'vpc-id': (vpc) => vpc.id,
};

export const describeVpcs: Operation<'ec2', 'DescribeVpcs'> = (input, call) => {
  const vpcs = input.VpcIds?.length ? findAll(call, 'vpc', input.VpcIds) : all(call, 'vpc');
  const owned: Filters<Vpc> = { ...FILTERS, 'owner-id': () => call.account };
  const { items, next } = describe(call, input, vpcs, owned);
  return { Vpcs: items.map((vpc) => showVpc(call, vpc)), ...next };
};

export const deleteVpc: Operation<'ec2', 'DeleteVpc'> = (input, call) => {
  const vpc = find(call, 'vpc', input.VpcId!);
  const inside = ({ vpc: of }: { vpc?: string }) => of === vpc.id;
  const held =
    all(call, 'subnet').some(inside) ||
    all(call, 'internetGateway').some(inside) ||
    all(call, 'endpoint').some(inside) ||
    all(call, 'networkInterface').some(inside) ||
    all(call, 'group').some((group) => inside(group) && group.name !== 'default') ||
    all(call, 'acl').some((acl) => inside(acl) && !acl.isDefault) ||
    all(call, 'routeTable').some((table) => inside(table) && !table.associations.some(({ main }) => main));
  if (held) throw hasDependencies('vpc', vpc.id);
  call.store.transaction(() => {
    for (const kind of ['routeTable', 'acl', 'group'] as const) {
      for (const { id } of all(call, kind).filter(inside)) {
        collectionOf(call, kind).remove(id);
        removeTags(call, id, undefined);
      }
    }
    for (const rule of all(call, 'rule')) {
      if (!collectionOf(call, 'group').has(rule.group)) collectionOf(call, 'rule').remove(rule.id);
    }
    collectionOf(call, 'vpc').remove(vpc.id);
    removeTags(call, vpc.id, undefined);
  });
  return {};
};

export const modifyVpcAttribute: Operation<'ec2', 'ModifyVpcAttribute'> = (input, call) => {
  const vpc = find(call, 'vpc', input.VpcId!);
  const { EnableDnsSupport, EnableDnsHostnames, EnableNetworkAddressUsageMetrics } = input;
  const asked = [EnableDnsSupport, EnableDnsHostnames, EnableNetworkAddressUsageMetrics];
  const count = asked.filter((attribute) => attribute !== undefined).length;
  if (count === 0) throw missing('attribute');
  if (count > 1) throw combination('Fields for multiple attribute types specified');
  const changed = { ...vpc };
  if (EnableDnsSupport?.Value !== undefined) changed.dnsSupport = EnableDnsSupport.Value;
  if (EnableDnsHostnames?.Value !== undefined) changed.dnsHostnames = EnableDnsHostnames.Value;
  if (EnableNetworkAddressUsageMetrics?.Value !== undefined) {
    changed.usageMetrics = EnableNetworkAddressUsageMetrics.Value;
  }
  put(call, 'vpc', changed);
  return {};
};

export const describeVpcAttribute: Operation<'ec2', 'DescribeVpcAttribute'> = (input, call) => {
  const vpc = find(call, 'vpc', input.VpcId!);
  switch (input.Attribute) {
    case 'enableDnsSupport':
      return { VpcId: vpc.id, EnableDnsSupport: { Value: vpc.dnsSupport } };
    case 'enableDnsHostnames':
      return { VpcId: vpc.id, EnableDnsHostnames: { Value: vpc.dnsHostnames } };
    default:
      return { VpcId: vpc.id, EnableNetworkAddressUsageMetrics: { Value: vpc.usageMetrics } };
  }
};

export const associateVpcCidrBlock: Operation<'ec2', 'AssociateVpcCidrBlock'> = (input, call) => {
  const vpc = find(call, 'vpc', input.VpcId!);
  if (input.CidrBlock === undefined)
    throw notImplemented('EC2 AssociateVpcCidrBlock of IPv6 and IPAM blocks');
  const cidr = checkVpcCidr(input.CidrBlock);
  const clash = vpc.cidrs.find((held) => overlap(parseCidr(held.cidr)!, parseCidr(cidr)!));
  if (clash)
    throw new AwsError('InvalidVpc.Range', `The CIDR '${cidr}' conflicts with another CIDR in the VPC.`);
  if (vpc.cidrs.length >= MOST_CIDRS) {
    throw new AwsError(
      'CidrLimitExceeded',
      `This network '${vpc.id}' has met its maximum number of allowed CIDRs: ${MOST_CIDRS}`,
    );
  }
  const association = associationId(call, 'vpc-cidr-assoc');
  call.store.transaction(() => {
    put(call, 'vpc', { ...vpc, cidrs: [...vpc.cidrs, { association, cidr }] });
    for (const table of all(call, 'routeTable').filter((of) => of.vpc === vpc.id)) {
      put(call, 'routeTable', {
        ...table,
        routes: [...table.routes, { cidr, gateway: 'local', origin: 'CreateRouteTable' }],
      });
    }
  });
  return {
    CidrBlockAssociation: {
      AssociationId: association,
      CidrBlock: cidr,
      CidrBlockState: { State: 'associating' },
    },
    VpcId: vpc.id,
  };
};

export const disassociateVpcCidrBlock: Operation<'ec2', 'DisassociateVpcCidrBlock'> = (input, call) => {
  const id = input.AssociationId!;
  const vpc = all(call, 'vpc').find(({ cidrs }) => cidrs.some(({ association }) => association === id));
  if (!vpc) {
    throw new AwsError(
      'InvalidVpcCidrBlockAssociationID.NotFound',
      `The vpc CIDR block association ID '${id}' does not exist`,
    );
  }
  const { cidr } = vpc.cidrs.find(({ association }) => association === id)!;
  if (vpc.cidrs[0]?.association === id) {
    throw new AwsError(
      'OperationNotPermitted',
      `The vpc CIDR block with association ID ${id} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`,
    );
  }
  const used = all(call, 'subnet').some(
    (subnet) => subnet.vpc === vpc.id && overlap(parseCidr(subnet.cidr)!, parseCidr(cidr)!),
  );
  if (used)
    throw new AwsError(
      'CidrBlockInUse',
      `The vpc ${vpc.id} currently has a subnet within CIDR block ${cidr}`,
    );
  call.store.transaction(() => {
    put(call, 'vpc', { ...vpc, cidrs: vpc.cidrs.filter(({ association }) => association !== id) });
    for (const table of all(call, 'routeTable').filter((of) => of.vpc === vpc.id)) {
      const routes = table.routes.filter((route) => !(route.cidr === cidr && route.gateway === 'local'));
      put(call, 'routeTable', { ...table, routes });
    }
  });
  return {
    CidrBlockAssociation: { AssociationId: id, CidrBlock: cidr, CidrBlockState: { State: 'disassociating' } },
    VpcId: vpc.id,
  };
};

function showVpc(call: Call, vpc: Vpc) {
  return {
    OwnerId: call.account,
    InstanceTenancy: vpc.tenancy,
    Ipv6CidrBlockAssociationSet: [],
    CidrBlockAssociationSet: vpc.cidrs.map(({ association, cidr }) => ({
      AssociationId: association,
      CidrBlock: cidr,
      CidrBlockState: { State: 'associated' as const },
    })),
    IsDefault: vpc.isDefault,
    Tags: tagsOf(call, vpc.id),
    VpcId: vpc.id,
    State: 'available' as 'available' | 'pending',
    CidrBlock: vpc.cidrs[0]!.cidr,
    DhcpOptionsId: vpc.dhcp,
  };
}
