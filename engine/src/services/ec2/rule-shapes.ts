import type { Call } from '../../kernel';
import { all, collectionOf, ec2Arn } from './kinds';
import type { Rule } from './records';
import { tagsOf } from './tag-store';

/** Every rule by its group. */
export function rulesOf(call: Call): Map<string, Rule[]> {
  const rules = new Map<string, Rule[]>();
  for (const rule of all(call, 'rule')) {
    const own = rules.get(rule.group);
    if (own) own.push(rule);
    else rules.set(rule.group, [rule]);
  }
  return rules;
}

/** Rules of one direction as DescribeSecurityGroups tells them: together where protocol and ports are the same. */
export function permissionsOf(call: Call, rules: readonly Rule[]) {
  const merged = new Map<string, Rule[]>();
  for (const rule of rules) {
    const key = `${rule.protocol}/${rule.from}/${rule.to}`;
    merged.set(key, [...(merged.get(key) ?? []), rule]);
  }
  return [...merged.values()].map((same) => {
    const [first] = same as [Rule, ...Rule[]];
    const told = (rule: Rule) => (rule.description === undefined ? {} : { Description: rule.description });
    return {
      IpProtocol: first.protocol,
      ...(first.protocol === '-1' ? {} : { FromPort: first.from, ToPort: first.to }),
      UserIdGroupPairs: same
        .filter(({ reference }) => reference !== undefined)
        .map((rule) => ({ ...told(rule), UserId: call.account, GroupId: rule.reference })),
      IpRanges: same
        .filter(({ cidr4 }) => cidr4 !== undefined)
        .map((rule) => ({ ...told(rule), CidrIp: rule.cidr4 })),
      Ipv6Ranges: same
        .filter(({ cidr6 }) => cidr6 !== undefined)
        .map((rule) => ({ ...told(rule), CidrIpv6: rule.cidr6 })),
      PrefixListIds: same
        .filter(({ prefixList }) => prefixList !== undefined)
        .map((rule) => ({ ...told(rule), PrefixListId: rule.prefixList })),
    };
  });
}

export function showRule(call: Call, rule: Rule) {
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: rule.group,
    GroupOwnerId: call.account,
    IsEgress: rule.egress,
    IpProtocol: rule.protocol,
    FromPort: rule.from,
    ToPort: rule.to,
    ...(rule.cidr4 === undefined ? {} : { CidrIpv4: rule.cidr4 }),
    ...(rule.cidr6 === undefined ? {} : { CidrIpv6: rule.cidr6 }),
    ...(rule.prefixList === undefined ? {} : { PrefixListId: rule.prefixList }),
    ...(rule.reference === undefined
      ? {}
      : {
          ReferencedGroupInfo: {
            GroupId: rule.reference,
            UserId: call.account,
            VpcId: collectionOf(call, 'group').get(rule.reference)?.vpc,
          },
        }),
    ...(rule.description === undefined ? {} : { Description: rule.description }),
    Tags: tagsOf(call, rule.id),
    SecurityGroupRuleArn: ec2Arn(call, 'security-group-rule', rule.id),
  };
}
