import { AwsError, type Call, type Operation } from '../../kernel';
import { canonical, formatCidr, isCidr6, parseCidr } from './cidr';
import { describe, type Filters } from './describe';
import { invalidValue } from './errors';
import { all, collectionOf, find, findAll, hasDependencies, newId, put } from './kinds';
import { associationId, EVERYWHERE, LAST_RULE } from './make-vpc';
import type { Acl, AclEntry } from './records';
import { addTags, removeTags, tagsFor, tagsOf } from './tag-store';

export const createNetworkAcl: Operation<'ec2', 'CreateNetworkAcl'> = (input, call) => {
  const vpc = find(call, 'vpc', input.VpcId!);
  const acl: Acl = {
    id: newId(call, 'acl'),
    vpc: vpc.id,
    isDefault: false,
    // A new list lets nothing through.
    entries: [false, true].map((egress) => ({
      number: LAST_RULE,
      egress,
      protocol: '-1',
      action: 'deny',
      cidr: EVERYWHERE,
    })),
    associations: [],
  };
  const tags = tagsFor('network-acl', input.TagSpecifications);
  call.store.transaction(() => {
    put(call, 'acl', acl);
    addTags(call, acl.id, tags);
  });
  return {
    NetworkAcl: showAcl(call, acl),
    ...(input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken }),
  };
};

const FILTERS: Filters<Acl> = {
  'association.association-id': (acl) => acl.associations.map(({ id }) => id),
  'association.network-acl-id': (acl) => (acl.associations.length > 0 ? acl.id : undefined),
  'association.subnet-id': (acl) => acl.associations.map(({ subnet }) => subnet),
  default: (acl) => acl.isDefault,
  'entry.cidr': (acl) => acl.entries.map(({ cidr }) => cidr),
  'entry.ipv6-cidr': (acl) => acl.entries.map(({ cidr6 }) => cidr6),
  'entry.egress': (acl) => acl.entries.map(({ egress }) => egress),
  'entry.protocol': (acl) => acl.entries.map(({ protocol }) => protocol),
  'entry.rule-action': (acl) => acl.entries.map(({ action }) => action),
  'entry.rule-number': (acl) => acl.entries.map(({ number }) => number),
  'network-acl-id': (acl) => acl.id,
  'vpc-id': (acl) => acl.vpc,
};

export const describeNetworkAcls: Operation<'ec2', 'DescribeNetworkAcls'> = (input, call) => {
  const acls = input.NetworkAclIds?.length ? findAll(call, 'acl', input.NetworkAclIds) : all(call, 'acl');
  const { items, next } = describe(call, input, acls, { ...FILTERS, 'owner-id': () => call.account });
  return { NetworkAcls: items.map((acl) => showAcl(call, acl)), ...next };
};

export const deleteNetworkAcl: Operation<'ec2', 'DeleteNetworkAcl'> = (input, call) => {
  const acl = find(call, 'acl', input.NetworkAclId!);
  if (acl.isDefault) {
    throw new AwsError('InvalidParameterValue', `cannot delete default network ACL ${acl.id}`);
  }
  if (acl.associations.length > 0) throw hasDependencies('acl', acl.id);
  call.store.transaction(() => {
    collectionOf(call, 'acl').remove(acl.id);
    removeTags(call, acl.id, undefined);
  });
  return {};
};

type EntryInput = Parameters<typeof createNetworkAclEntry>[0];

function entryOf(input: EntryInput): AclEntry {
  const number = input.RuleNumber!;
  if (number < 1 || number >= LAST_RULE) {
    throw invalidValue(`Value (${number}) for parameter ruleNumber is invalid. Must be between 1 and 32766`);
  }
  const protocol =
    { tcp: '6', udp: '17', icmp: '1', icmpv6: '58', all: '-1' }[input.Protocol!] ?? input.Protocol!;
  if (!/^(-1|\d{1,3})$/.test(protocol) || Number(protocol) > 255) {
    throw invalidValue(`Invalid value '${input.Protocol}' for IP protocol. Unknown protocol.`);
  }
  const { From, To } = input.PortRange ?? {};
  if ((protocol === '6' || protocol === '17') && (From === undefined || To === undefined)) {
    throw new AwsError(
      'MissingParameter',
      'The request must contain the parameter portRange.from and portRange.to',
    );
  }
  if ((protocol === '1' || protocol === '58') && input.IcmpTypeCode?.Type === undefined) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter icmpTypeCode');
  }
  const entry: AclEntry = { number, egress: input.Egress!, protocol, action: input.RuleAction! };
  if (From !== undefined && To !== undefined) entry.ports = { From, To };
  if (input.IcmpTypeCode?.Type !== undefined) {
    entry.icmp = { Type: input.IcmpTypeCode.Type, Code: input.IcmpTypeCode.Code ?? -1 };
  }
  if (input.Ipv6CidrBlock !== undefined) {
    if (!isCidr6(input.Ipv6CidrBlock)) throw badCidr(input.Ipv6CidrBlock, 'ipv6CidrBlock');
    entry.cidr6 = input.Ipv6CidrBlock;
  } else {
    if (input.CidrBlock === undefined) {
      throw new AwsError(
        'MissingParameter',
        'The request must contain the parameter cidrBlock or ipv6CidrBlock',
      );
    }
    const cidr = parseCidr(input.CidrBlock);
    if (!cidr) throw badCidr(input.CidrBlock, 'cidrBlock');
    entry.cidr = formatCidr(canonical(cidr));
  }
  return entry;
}

function badCidr(value: string, parameter: string): AwsError {
  return invalidValue(
    `Value (${value}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
  );
}

function isAt(entry: AclEntry, number: number | undefined, egress: boolean | undefined): boolean {
  return entry.number === number && entry.egress === egress;
}

function ordered(entries: AclEntry[]): AclEntry[] {
  return entries.sort((a, b) => Number(b.egress) - Number(a.egress) || a.number - b.number);
}

const MOST_ENTRIES = 20;

export const createNetworkAclEntry: Operation<'ec2', 'CreateNetworkAclEntry'> = (input, call) => {
  const acl = find(call, 'acl', input.NetworkAclId!);
  const entry = entryOf(input);
  if (acl.entries.some((held) => isAt(held, entry.number, entry.egress))) {
    throw new AwsError(
      'NetworkAclEntryAlreadyExists',
      `The network acl entry identified by ${entry.number} already exists.`,
    );
  }
  const sameWay = acl.entries.filter((held) => held.egress === entry.egress && held.number !== LAST_RULE);
  if (sameWay.length >= MOST_ENTRIES) {
    throw new AwsError(
      'NetworkAclEntryLimitExceeded',
      'The maximum number of network acl entries has been reached.',
    );
  }
  put(call, 'acl', { ...acl, entries: ordered([...acl.entries, entry]) });
  return {};
};

export const replaceNetworkAclEntry: Operation<'ec2', 'ReplaceNetworkAclEntry'> = (input, call) => {
  const acl = find(call, 'acl', input.NetworkAclId!);
  const entry = entryOf(input);
  if (!acl.entries.some((held) => isAt(held, entry.number, entry.egress)))
    throw noEntry(entry.number, acl.id);
  const others = acl.entries.filter((held) => !isAt(held, entry.number, entry.egress));
  put(call, 'acl', { ...acl, entries: ordered([...others, entry]) });
  return {};
};

export const deleteNetworkAclEntry: Operation<'ec2', 'DeleteNetworkAclEntry'> = (input, call) => {
  const acl = find(call, 'acl', input.NetworkAclId!);
  const kept = acl.entries.filter((held) => !isAt(held, input.RuleNumber, input.Egress));
  if (kept.length === acl.entries.length || input.RuleNumber === LAST_RULE)
    throw noEntry(input.RuleNumber, acl.id);
  put(call, 'acl', { ...acl, entries: kept });
  return {};
};

function noEntry(number: number | undefined, acl: string): AwsError {
  return new AwsError(
    'InvalidNetworkAclEntry.NotFound',
    `The network acl entry identified by ${number} in network acl ${acl} does not exist`,
  );
}

/** Every subnet has exactly one list: putting it under another is a replacement, under a new id. */
export const replaceNetworkAclAssociation: Operation<'ec2', 'ReplaceNetworkAclAssociation'> = (
  input,
  call,
) => {
  const holder = all(call, 'acl').find(({ associations }) =>
    associations.some(({ id }) => id === input.AssociationId),
  );
  if (!holder) {
    throw new AwsError(
      'InvalidAssociationID.NotFound',
      `The association ID '${input.AssociationId}' does not exist`,
    );
  }
  const target = find(call, 'acl', input.NetworkAclId!);
  if (target.vpc !== holder.vpc) {
    throw invalidValue(`network ACL ${target.id} and subnet belong to different networks`);
  }
  const { subnet } = holder.associations.find(({ id }) => id === input.AssociationId)!;
  const moved = { id: associationId(call, 'aclassoc'), subnet };
  call.store.transaction(() => {
    put(call, 'acl', {
      ...holder,
      associations: holder.associations.filter(({ id }) => id !== input.AssociationId),
    });
    const now = find(call, 'acl', target.id);
    put(call, 'acl', { ...now, associations: [...now.associations, moved] });
  });
  return { NewAssociationId: moved.id };
};

function showAcl(call: Call, acl: Acl) {
  return {
    Associations: acl.associations.map(({ id, subnet }) => ({
      NetworkAclAssociationId: id,
      NetworkAclId: acl.id,
      SubnetId: subnet,
    })),
    Entries: acl.entries.map((entry) => ({
      ...(entry.cidr === undefined ? {} : { CidrBlock: entry.cidr }),
      ...(entry.cidr6 === undefined ? {} : { Ipv6CidrBlock: entry.cidr6 }),
      Egress: entry.egress,
      ...(entry.icmp ? { IcmpTypeCode: entry.icmp } : {}),
      ...(entry.ports ? { PortRange: entry.ports } : {}),
      Protocol: entry.protocol,
      RuleAction: entry.action,
      RuleNumber: entry.number,
    })),
    IsDefault: acl.isDefault,
    NetworkAclId: acl.id,
    Tags: tagsOf(call, acl.id),
    VpcId: acl.vpc,
    OwnerId: call.account,
  };
}
