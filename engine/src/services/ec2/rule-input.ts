import { AwsError, type Call, notImplemented } from '../../kernel';
import { canonical, formatCidr, isCidr6, parseCidr } from './cidr';
import { invalidValue } from './errors';
import { find } from './kinds';
import { prefixListExists } from './prefix-lists';
import type { Rule, SecurityGroup } from './records';
import { findGroup } from './security-groups';

/** A rule before it has an id. */
export type Draft = Omit<Rule, 'id' | 'group' | 'egress'>;

interface Permission {
  IpProtocol?: string | undefined;
  FromPort?: number | undefined;
  ToPort?: number | undefined;
  IpRanges?: { CidrIp?: string | undefined; Description?: string | undefined }[] | undefined;
  Ipv6Ranges?: { CidrIpv6?: string | undefined; Description?: string | undefined }[] | undefined;
  PrefixListIds?: { PrefixListId?: string | undefined; Description?: string | undefined }[] | undefined;
  UserIdGroupPairs?:
    | {
        GroupId?: string | undefined;
        GroupName?: string | undefined;
        UserId?: string | undefined;
        Description?: string | undefined;
        VpcPeeringConnectionId?: string | undefined;
      }[]
    | undefined;
}

interface RuleInput {
  IpPermissions?: Permission[] | undefined;
  IpProtocol?: string | undefined;
  FromPort?: number | undefined;
  ToPort?: number | undefined;
  CidrIp?: string | undefined;
  SourceSecurityGroupName?: string | undefined;
  SourceSecurityGroupOwnerId?: string | undefined;
}

/** The rules a request means, in either of the two ways it may be written. */
export function draftsOf(call: Call, group: SecurityGroup, input: RuleInput): Draft[] {
  const flat =
    input.CidrIp !== undefined ||
    input.SourceSecurityGroupName !== undefined ||
    input.IpProtocol !== undefined;
  if (flat && input.IpPermissions?.length) {
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameters IpPermissions and IpProtocol may not be used in combination',
    );
  }
  const permissions: Permission[] = flat ? [fromFlat(input)] : (input.IpPermissions ?? []);
  if (permissions.length === 0) {
    throw new AwsError(
      'MissingParameter',
      "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.",
    );
  }
  const drafts = permissions.flatMap((permission) => expand(call, group, permission));
  if (drafts.length === 0) throw new AwsError('MissingParameter', 'Source group ID missing.');
  return drafts;
}

function fromFlat(input: RuleInput): Permission {
  return {
    IpProtocol: input.IpProtocol ?? (input.SourceSecurityGroupName === undefined ? undefined : '-1'),
    FromPort: input.FromPort,
    ToPort: input.ToPort,
    ...(input.CidrIp === undefined ? {} : { IpRanges: [{ CidrIp: input.CidrIp }] }),
    ...(input.SourceSecurityGroupName === undefined
      ? {}
      : {
          UserIdGroupPairs: [
            { GroupName: input.SourceSecurityGroupName, UserId: input.SourceSecurityGroupOwnerId },
          ],
        }),
  };
}

function expand(call: Call, group: SecurityGroup, permission: Permission): Draft[] {
  const base = portsOf(permission);
  const drafts: Draft[] = [];
  for (const { CidrIp, Description } of permission.IpRanges ?? []) {
    const cidr = parseCidr(CidrIp ?? '');
    if (!cidr) throw invalidValue(`CIDR block ${CidrIp} is malformed`);
    drafts.push({ ...base, cidr4: formatCidr(canonical(cidr)), ...described(Description) });
  }
  for (const { CidrIpv6, Description } of permission.Ipv6Ranges ?? []) {
    if (!isCidr6(CidrIpv6 ?? '')) throw invalidValue(`CIDR block ${CidrIpv6} is malformed`);
    drafts.push({ ...base, cidr6: CidrIpv6!, ...described(Description) });
  }
  for (const { PrefixListId, Description } of permission.PrefixListIds ?? []) {
    if (!prefixListExists(call, PrefixListId ?? '')) {
      throw new AwsError(
        'InvalidPrefixListId.NotFound',
        `The prefix list ID '${PrefixListId}' does not exist`,
      );
    }
    drafts.push({ ...base, prefixList: PrefixListId!, ...described(Description) });
  }
  for (const pair of permission.UserIdGroupPairs ?? []) {
    if (pair.VpcPeeringConnectionId !== undefined) throw notImplemented('EC2 rules over VPC peering');
    if (pair.UserId !== undefined && pair.UserId !== '' && pair.UserId !== call.account) {
      throw notImplemented('EC2 rules that refer to groups of another account');
    }
    const source =
      pair.GroupId === undefined
        ? findGroup(call, undefined, pair.GroupName)
        : find(call, 'group', pair.GroupId);
    if (source.vpc !== group.vpc) {
      throw new AwsError(
        'InvalidGroup.NotFound',
        `You have specified two resources that belong to different networks.`,
      );
    }
    drafts.push({ ...base, reference: source.id, ...described(pair.Description) });
  }
  return drafts;
}

const DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/;

function described(description: string | undefined): { description?: string } {
  if (description === undefined || description === '') return {};
  if (!DESCRIPTION.test(description)) {
    throw invalidValue(
      'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
    );
  }
  return { description };
}

const NAMES: Readonly<Record<string, string>> = {
  '6': 'tcp',
  '17': 'udp',
  '1': 'icmp',
  '58': 'icmpv6',
  all: '-1',
};

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html */
function portsOf(permission: Permission): Pick<Rule, 'protocol' | 'from' | 'to'> {
  const text = (permission.IpProtocol ?? '').toLowerCase();
  const protocol = NAMES[text] ?? text;
  if (protocol === '')
    throw new AwsError('MissingParameter', 'The request must contain the parameter ipProtocol');
  if (!['-1', 'tcp', 'udp', 'icmp', 'icmpv6'].includes(protocol)) {
    if (!/^\d{1,3}$/.test(protocol) || Number(protocol) > 255) {
      throw invalidValue(`Invalid value '${permission.IpProtocol}' for IP protocol. Unknown protocol.`);
    }
    return { protocol, from: -1, to: -1 };
  }
  const { FromPort: from, ToPort: to } = permission;
  if (protocol === '-1') return { protocol, from: -1, to: -1 };
  if (protocol === 'tcp' || protocol === 'udp') {
    if (from === undefined || to === undefined) {
      throw invalidValue("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.");
    }
    for (const port of [from, to]) {
      if (port < 0 || port > 65_535) {
        throw invalidValue(`Invalid value '${port}' for portRange. Must be between 0 and 65535.`);
      }
    }
    if (from > to) {
      throw invalidValue(`Invalid TCP/UDP port range (${from}:${to})`);
    }
    return { protocol, from, to };
  }
  if ((from ?? -1) > 255 || (to ?? -1) > 255) {
    throw invalidValue(`Invalid value for portRange. ICMP type and code must be between -1 and 255.`);
  }
  return { protocol, from: from ?? -1, to: to ?? -1 };
}
