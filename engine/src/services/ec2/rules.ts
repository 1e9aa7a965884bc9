import { AwsError, type Call, type Operation } from '../../kernel';
import { describe, type Filters } from './describe';
import { limit } from './errors';
import { all, collectionOf, find, findAll, newId, put } from './kinds';
import type { Rule, SecurityGroup } from './records';
import { type Draft, draftsOf } from './rule-input';
import { permissionsOf, showRule } from './rule-shapes';
import { findGroup } from './security-groups';
import { addTags, removeTags, tagsFor } from './tag-store';

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups */
const MOST_RULES = 60;

function peerOf(rule: Draft): string {
  return rule.cidr4 ?? rule.cidr6 ?? rule.prefixList ?? rule.reference ?? '';
}

/** Descriptions do not make two rules different. */
function identity(rule: Draft): string {
  return `${rule.protocol}/${rule.from}/${rule.to}/${peerOf(rule)}`;
}

function duplicate(rule: Draft): AwsError {
  const ports =
    rule.protocol === '-1'
      ? 'ALL'
      : `${rule.protocol.toUpperCase()}, from port: ${rule.from}, to port: ${rule.to}`;
  return new AwsError(
    'InvalidPermission.Duplicate',
    `the specified rule "peer: ${peerOf(rule)}, ${ports}, ALLOW" already exists`,
  );
}

function authorize(
  call: Call,
  group: SecurityGroup,
  egress: boolean,
  drafts: Draft[],
  tags: { Key?: string; Value?: string }[],
) {
  const own = all(call, 'rule').filter((rule) => rule.group === group.id && rule.egress === egress);
  const known = new Set(own.map(identity));
  const families = { 4: 0, 6: 0 };
  for (const rule of [...own, ...drafts]) families[rule.cidr6 === undefined ? 4 : 6] += 1;
  for (const draft of drafts) {
    if (known.has(identity(draft))) throw duplicate(draft);
    known.add(identity(draft));
  }
  if (families[4] > MOST_RULES || families[6] > MOST_RULES) {
    throw limit('RulesPerSecurityGroupLimitExceeded', 'rules per security group');
  }
  const rules = drafts.map((draft): Rule => ({ ...draft, id: newId(call, 'rule'), group: group.id, egress }));
  call.store.transaction(() => {
    for (const rule of rules) {
      put(call, 'rule', rule);
      addTags(call, rule.id, tags);
    }
  });
  return { Return: true, SecurityGroupRules: rules.map((rule) => showRule(call, rule)) };
}

export const authorizeSecurityGroupIngress: Operation<'ec2', 'AuthorizeSecurityGroupIngress'> = (
  input,
  call,
) => {
  const group = findGroup(call, input.GroupId, input.GroupName);
  const tags = tagsFor('security-group-rule', input.TagSpecifications);
  return authorize(call, group, false, draftsOf(call, group, input), tags);
};

export const authorizeSecurityGroupEgress: Operation<'ec2', 'AuthorizeSecurityGroupEgress'> = (
  input,
  call,
) => {
  const group = findGroup(call, input.GroupId, undefined);
  const tags = tagsFor('security-group-rule', input.TagSpecifications);
  return authorize(call, group, true, draftsOf(call, group, input), tags);
};

interface RevokeInput {
  SecurityGroupRuleIds?: string[] | undefined;
}

function revoke(
  call: Call,
  group: SecurityGroup,
  egress: boolean,
  input: RevokeInput & Parameters<typeof draftsOf>[2],
) {
  const own = all(call, 'rule').filter((rule) => rule.group === group.id && rule.egress === egress);
  const unknown: Draft[] = [];
  let gone: Rule[];
  if (input.SecurityGroupRuleIds?.length) {
    gone = findAll(call, 'rule', input.SecurityGroupRuleIds);
    const foreign = gone.find((rule) => !own.some(({ id }) => id === rule.id));
    if (foreign) {
      throw new AwsError(
        'InvalidSecurityGroupRuleId.NotFound',
        `The security group rule ID '${foreign.id}' does not exist`,
      );
    }
  } else {
    const byIdentity = new Map(own.map((rule) => [identity(rule), rule]));
    gone = [];
    for (const draft of draftsOf(call, group, input)) {
      const rule = byIdentity.get(identity(draft));
      if (rule) gone.push(rule);
      else unknown.push(draft);
    }
    // In the default VPC what matches no rule is told and not refused.
    if (unknown.length > 0 && !find(call, 'vpc', group.vpc).isDefault) {
      throw new AwsError(
        'InvalidPermission.NotFound',
        'The specified rule does not exist in this security group.',
      );
    }
  }
  call.store.transaction(() => {
    for (const { id } of gone) {
      collectionOf(call, 'rule').remove(id);
      removeTags(call, id, undefined);
    }
  });
  return {
    Return: true,
    ...(unknown.length === 0
      ? {}
      : {
          UnknownIpPermissions: permissionsOf(
            call,
            unknown.map((draft) => ({ ...draft, id: '', group: group.id, egress })),
          ),
        }),
    RevokedSecurityGroupRules: gone.map((rule) => {
      const {
        Tags: _tags,
        ReferencedGroupInfo,
        GroupOwnerId: _owner,
        SecurityGroupRuleArn: _arn,
        ...shown
      } = showRule(call, rule);
      return { ...shown, ...(ReferencedGroupInfo ? { ReferencedGroupId: ReferencedGroupInfo.GroupId } : {}) };
    }),
  };
}

export const revokeSecurityGroupIngress: Operation<'ec2', 'RevokeSecurityGroupIngress'> = (input, call) =>
  revoke(call, findGroup(call, input.GroupId, input.GroupName), false, input);

export const revokeSecurityGroupEgress: Operation<'ec2', 'RevokeSecurityGroupEgress'> = (input, call) =>
  revoke(call, findGroup(call, input.GroupId, undefined), true, input);

const FILTERS: Filters<Rule> = {
  'group-id': (rule) => rule.group,
  'security-group-rule-id': (rule) => rule.id,
};

export const describeSecurityGroupRules: Operation<'ec2', 'DescribeSecurityGroupRules'> = (input, call) => {
  const rules = input.SecurityGroupRuleIds?.length
    ? findAll(call, 'rule', input.SecurityGroupRuleIds)
    : all(call, 'rule');
  const { items, next } = describe(call, input, rules, FILTERS);
  return { SecurityGroupRules: items.map((rule) => showRule(call, rule)), ...next };
};

type DescriptionInput = {
  SecurityGroupRuleDescriptions?: { SecurityGroupRuleId?: string; Description?: string }[] | undefined;
} & Parameters<typeof draftsOf>[2];

function describeRules(call: Call, group: SecurityGroup, egress: boolean, input: DescriptionInput) {
  const own = all(call, 'rule').filter((rule) => rule.group === group.id && rule.egress === egress);
  const changes = input.SecurityGroupRuleDescriptions?.length
    ? input.SecurityGroupRuleDescriptions.map(({ SecurityGroupRuleId, Description }) => ({
        rule: own.find(({ id }) => id === SecurityGroupRuleId),
        description: Description,
      }))
    : draftsOf(call, group, input).map((draft) => ({
        rule: own.find((rule) => identity(rule) === identity(draft)),
        description: draft.description,
      }));
  call.store.transaction(() => {
    for (const { rule, description } of changes) {
      if (!rule) {
        throw new AwsError(
          'InvalidPermission.NotFound',
          'The specified rule does not exist in this security group.',
        );
      }
      const { description: _old, ...rest } = rule;
      put(call, 'rule', description === undefined ? rest : { ...rest, description });
    }
  });
  return { Return: true };
}

export const updateSecurityGroupRuleDescriptionsIngress: Operation<
  'ec2',
  'UpdateSecurityGroupRuleDescriptionsIngress'
> = (input, call) => describeRules(call, findGroup(call, input.GroupId, input.GroupName), false, input);

export const updateSecurityGroupRuleDescriptionsEgress: Operation<
  'ec2',
  'UpdateSecurityGroupRuleDescriptionsEgress'
> = (input, call) => describeRules(call, findGroup(call, input.GroupId, input.GroupName), true, input);
