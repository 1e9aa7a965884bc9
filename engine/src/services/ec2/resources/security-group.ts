import { defineResource, type ResourceContext } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';
import { specification, TAGS, type Tagged, updateTags } from './tagging';

/** A rule as templates write it, in a group or alone. */
interface RuleProperties {
  IpProtocol: string;
  FromPort?: number | string;
  ToPort?: number | string;
  CidrIp?: string;
  CidrIpv6?: string;
  Description?: string;
  SourceSecurityGroupId?: string;
  SourceSecurityGroupOwnerId?: string;
  DestinationSecurityGroupId?: string;
  SourcePrefixListId?: string;
  DestinationPrefixListId?: string;
}

function permission(rule: RuleProperties) {
  const described = rule.Description === undefined ? {} : { Description: rule.Description };
  const group = rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId;
  const list = rule.SourcePrefixListId ?? rule.DestinationPrefixListId;
  const owner =
    rule.SourceSecurityGroupOwnerId === undefined ? {} : { UserId: rule.SourceSecurityGroupOwnerId };
  return {
    IpProtocol: String(rule.IpProtocol),
    ...(rule.FromPort === undefined ? {} : { FromPort: Number(rule.FromPort) }),
    ...(rule.ToPort === undefined ? {} : { ToPort: Number(rule.ToPort) }),
    ...(rule.CidrIp === undefined ? {} : { IpRanges: [{ CidrIp: rule.CidrIp, ...described }] }),
    ...(rule.CidrIpv6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6: rule.CidrIpv6, ...described }] }),
    ...(group === undefined ? {} : { UserIdGroupPairs: [{ GroupId: group, ...owner, ...described }] }),
    ...(list === undefined ? {} : { PrefixListIds: [{ PrefixListId: list, ...described }] }),
  };
}

interface GroupProperties extends Tagged {
  GroupDescription: string;
  GroupName?: string;
  SecurityGroupEgress?: RuleProperties[];
  SecurityGroupIngress?: RuleProperties[];
  VpcId?: string;
}

const RULE = {
  IpProtocol: true,
  FromPort: true,
  ToPort: true,
  CidrIp: true,
  CidrIpv6: true,
  Description: true,
} as const;
const INGRESS = {
  ...RULE,
  SourceSecurityGroupId: true,
  SourceSecurityGroupOwnerId: true,
  SourcePrefixListId: true,
} as const;
const EGRESS = { ...RULE, DestinationSecurityGroupId: true, DestinationPrefixListId: true } as const;

type Call = ResourceContext['call'];

const EVERYTHING = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

async function changeRules(
  call: Call,
  GroupId: string,
  before: GroupProperties,
  after: GroupProperties,
): Promise<void> {
  const texts = (rules: RuleProperties[] | undefined) =>
    (rules ?? []).map((rule) => JSON.stringify(permission(rule)));
  const differences = (old: RuleProperties[] | undefined, now: RuleProperties[] | undefined) => ({
    gone: (old ?? [])
      .filter((rule) => !texts(now).includes(JSON.stringify(permission(rule))))
      .map(permission),
    come: (now ?? [])
      .filter((rule) => !texts(old).includes(JSON.stringify(permission(rule))))
      .map(permission),
  });
  const ingress = differences(before.SecurityGroupIngress, after.SecurityGroupIngress);
  for (const rule of ingress.gone) {
    const revoked = call.invoke('ec2', 'RevokeSecurityGroupIngress', { GroupId, IpPermissions: [rule] });
    await unlessGone(revoked, 'InvalidPermission.NotFound');
  }
  if (ingress.come.length > 0) {
    await call.invoke('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: ingress.come });
  }
  const egress = differences(before.SecurityGroupEgress, after.SecurityGroupEgress);
  const hadOwn = (before.SecurityGroupEgress ?? []).length > 0;
  const hasOwn = (after.SecurityGroupEgress ?? []).length > 0;
  // Rules of its own take the place of the one that lets everything out.
  if (hasOwn && !hadOwn) egress.gone.push(EVERYTHING);
  for (const rule of egress.gone) {
    const revoked = call.invoke('ec2', 'RevokeSecurityGroupEgress', { GroupId, IpPermissions: [rule] });
    await unlessGone(revoked, 'InvalidPermission.NotFound');
  }
  if (!hasOwn && hadOwn) egress.come.push(EVERYTHING);
  if (egress.come.length > 0) {
    await call.invoke('ec2', 'AuthorizeSecurityGroupEgress', { GroupId, IpPermissions: egress.come });
  }
}

export const securityGroup = defineResource<GroupProperties>({
  type: 'AWS::EC2::SecurityGroup',
  properties: {
    GroupDescription: true,
    GroupName: true,
    SecurityGroupEgress: EGRESS,
    SecurityGroupIngress: INGRESS,
    Tags: TAGS,
    VpcId: true,
  },

  async create(resource) {
    const { call, properties } = resource;
    const { GroupId } = await call.invoke('ec2', 'CreateSecurityGroup', {
      GroupName: properties.GroupName ?? resource.name({ maxLength: 255 }),
      Description: properties.GroupDescription,
      ...(properties.VpcId === undefined ? {} : { VpcId: properties.VpcId }),
      ...specification(resource, 'security-group'),
    });
    const id = GroupId!;
    try {
      await changeRules(call, id, { GroupDescription: '' }, properties);
    } catch (error) {
      await call.invoke('ec2', 'DeleteSecurityGroup', { GroupId: id });
      throw error;
    }
    const { SecurityGroups } = await call.invoke('ec2', 'DescribeSecurityGroups', { GroupIds: [id] });
    return { physicalId: id, attributes: { Id: id, GroupId: id, VpcId: SecurityGroups?.[0]?.VpcId } };
  },

  async update(resource) {
    await changeRules(resource.call, resource.physicalId, resource.previous, resource.properties);
    await updateTags(resource, resource.physicalId);
    return { physicalId: resource.physicalId, attributes: resource.attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('ec2', 'DeleteSecurityGroup', { GroupId: physicalId }),
      'InvalidGroup.NotFound',
    );
  },
});

interface IngressProperties extends RuleProperties {
  GroupId?: string;
  GroupName?: string;
}

function groupOf({ GroupId, GroupName }: IngressProperties) {
  return GroupId === undefined ? { GroupName } : { GroupId };
}

export const securityGroupIngress = defineResource<IngressProperties>({
  type: 'AWS::EC2::SecurityGroupIngress',
  properties: { ...INGRESS, GroupId: true, GroupName: true },

  async create({ call, properties }) {
    const { SecurityGroupRules } = await call.invoke('ec2', 'AuthorizeSecurityGroupIngress', {
      ...groupOf(properties),
      IpPermissions: [permission(properties)],
    });
    const id = SecurityGroupRules![0]!.SecurityGroupRuleId!;
    return { physicalId: id, attributes: { Id: id } };
  },

  async update({ call, properties, physicalId, attributes }) {
    // Only the description can change in place.
    await call.invoke('ec2', 'UpdateSecurityGroupRuleDescriptionsIngress', {
      ...groupOf(properties),
      SecurityGroupRuleDescriptions: [
        { SecurityGroupRuleId: physicalId, Description: properties.Description ?? '' },
      ],
    });
    return { physicalId, attributes };
  },

  async delete({ call, properties, physicalId }) {
    await unlessGone(
      call.invoke('ec2', 'RevokeSecurityGroupIngress', {
        ...groupOf(properties),
        SecurityGroupRuleIds: [physicalId],
      }),
      'InvalidSecurityGroupRuleId.NotFound',
      'InvalidGroup.NotFound',
    );
  },
});

interface EgressProperties extends RuleProperties {
  GroupId: string;
}

export const securityGroupEgress = defineResource<EgressProperties>({
  type: 'AWS::EC2::SecurityGroupEgress',
  properties: { ...EGRESS, GroupId: true },

  async create({ call, properties }) {
    const { GroupId } = properties;
    const { SecurityGroupRules } = await call.invoke('ec2', 'AuthorizeSecurityGroupEgress', {
      GroupId,
      IpPermissions: [permission(properties)],
    });
    const id = SecurityGroupRules![0]!.SecurityGroupRuleId!;
    return { physicalId: id, attributes: { Id: id } };
  },

  async update({ call, properties, physicalId, attributes }) {
    await call.invoke('ec2', 'UpdateSecurityGroupRuleDescriptionsEgress', {
      GroupId: properties.GroupId,
      SecurityGroupRuleDescriptions: [
        { SecurityGroupRuleId: physicalId, Description: properties.Description ?? '' },
      ],
    });
    return { physicalId, attributes };
  },

  async delete({ call, properties, physicalId }) {
    await unlessGone(
      call.invoke('ec2', 'RevokeSecurityGroupEgress', {
        GroupId: properties.GroupId,
        SecurityGroupRuleIds: [physicalId],
      }),
      'InvalidSecurityGroupRuleId.NotFound',
      'InvalidGroup.NotFound',
    );
  },
});
