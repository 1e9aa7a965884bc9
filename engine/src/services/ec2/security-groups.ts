import { AwsError, type Call, type Operation } from '../../kernel';
import { describe, type Filters } from './describe';
import { invalidValue } from './errors';
import { all, collectionOf, ec2Arn, find, findAll, hasDependencies } from './kinds';
import { makeGroup } from './make-vpc';
import type { SecurityGroup } from './records';
import { permissionsOf, rulesOf } from './rule-shapes';
import { addTags, removeTags, tagsFor, tagsOf } from './tag-store';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
const TEXT = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/;
const CHARACTERS = 'a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*';

export const createSecurityGroup: Operation<'ec2', 'CreateSecurityGroup'> = (input, call) => {
  const name = input.GroupName!;
  const description = input.Description!;
  if (!TEXT.test(name) || name === '') {
    throw invalidValue(
      `Value (${name}) for parameter GroupName is invalid. Character sets beyond ASCII are not supported.`,
    );
  }
  if (name.startsWith('sg-')) {
    throw invalidValue(
      `Value (${name}) for parameter GroupName is invalid. Group names may not be in the format sg-*`,
    );
  }
  if (!TEXT.test(description) || description === '') {
    throw invalidValue(
      `Invalid security group description. Valid descriptions are strings less than 256 characters from the following set:  ${CHARACTERS}`,
    );
  }
  const vpc = input.VpcId ?? all(call, 'vpc').find(({ isDefault }) => isDefault)?.id;
  if (vpc === undefined) throw new AwsError('VPCIdNotSpecified', 'No default VPC for this user');
  find(call, 'vpc', vpc);
  if (name === 'default') {
    throw new AwsError('InvalidParameterValue', 'Cannot use reserved security group name: default');
  }
  if (all(call, 'group').some((group) => group.vpc === vpc && group.name === name)) {
    throw new AwsError(
      'InvalidGroup.Duplicate',
      `The security group '${name}' already exists for VPC '${vpc}'`,
    );
  }
  const tags = tagsFor('security-group', input.TagSpecifications);
  const group = call.store.transaction(() => {
    const made = makeGroup(call, vpc, name, description);
    addTags(call, made.id, tags);
    return made;
  });
  const shown = tagsOf(call, group.id);
  return {
    GroupId: group.id,
    ...(shown.length > 0 ? { Tags: shown } : {}),
    SecurityGroupArn: ec2Arn(call, 'security-group', group.id),
  };
};

function filtersFor(call: Call): Filters<SecurityGroup> {
  const rules = rulesOf(call);
  const of = (group: SecurityGroup, egress: boolean) =>
    (rules.get(group.id) ?? []).filter((rule) => rule.egress === egress);
  const filters: Record<string, Filters<SecurityGroup>[string]> = {
    description: (group) => group.description,
    'group-id': (group) => group.id,
    'group-name': (group) => group.name,
    'owner-id': () => call.account,
    'vpc-id': (group) => group.vpc,
  };
  for (const [prefix, egress] of [
    ['ip-permission', false],
    ['egress.ip-permission', true],
  ] as const) {
    filters[`${prefix}.cidr`] = (group) => of(group, egress).map((rule) => rule.cidr4);
    filters[`${prefix}.ipv6-cidr`] = (group) => of(group, egress).map((rule) => rule.cidr6);
    filters[`${prefix}.from-port`] = (group) => of(group, egress).map((rule) => rule.from);
    filters[`${prefix}.to-port`] = (group) => of(group, egress).map((rule) => rule.to);
    filters[`${prefix}.protocol`] = (group) => of(group, egress).map((rule) => rule.protocol);
    filters[`${prefix}.group-id`] = (group) => of(group, egress).map((rule) => rule.reference);
    filters[`${prefix}.prefix-list-id`] = (group) => of(group, egress).map((rule) => rule.prefixList);
    filters[`${prefix}.user-id`] = (group) =>
      of(group, egress).map((rule) => (rule.reference === undefined ? undefined : call.account));
    filters[`${prefix}.group-name`] = (group) =>
      of(group, egress).map(({ reference }) =>
        reference === undefined ? undefined : collectionOf(call, 'group').get(reference)?.name,
      );
  }
  return filters;
}

export const describeSecurityGroups: Operation<'ec2', 'DescribeSecurityGroups'> = (input, call) => {
  let groups = input.GroupIds?.length ? findAll(call, 'group', input.GroupIds) : all(call, 'group');
  if (input.GroupNames?.length) {
    // Names alone mean groups of the default VPC.
    const vpc = all(call, 'vpc').find(({ isDefault }) => isDefault)?.id;
    groups = input.GroupNames.map((name) => {
      const found = groups.find((group) => group.name === name && group.vpc === vpc);
      if (!found) {
        throw new AwsError(
          'InvalidGroup.NotFound',
          `The security group '${name}' does not exist in default VPC '${vpc}'`,
        );
      }
      return found;
    });
  }
  const { items, next } = describe(call, input, groups, filtersFor(call));
  const rules = rulesOf(call);
  return {
    SecurityGroups: items.map((group) => {
      const own = rules.get(group.id) ?? [];
      return {
        GroupId: group.id,
        IpPermissionsEgress: permissionsOf(
          call,
          own.filter(({ egress }) => egress),
        ),
        Tags: tagsOf(call, group.id),
        VpcId: group.vpc,
        SecurityGroupArn: ec2Arn(call, 'security-group', group.id),
        OwnerId: call.account,
        GroupName: group.name,
        Description: group.description,
        IpPermissions: permissionsOf(
          call,
          own.filter(({ egress }) => !egress),
        ),
      };
    }),
    ...next,
  };
};

export const getSecurityGroupsForVpc: Operation<'ec2', 'GetSecurityGroupsForVpc'> = (input, call) => {
  const vpc = find(call, 'vpc', input.VpcId!);
  const groups = all(call, 'group').filter((group) => group.vpc === vpc.id);
  const { items, next } = describe(call, input, groups, {
    description: (group) => group.description,
    'group-id': (group) => group.id,
    'group-name': (group) => group.name,
    'owner-id': () => call.account,
    'primary-vpc-id': (group) => group.vpc,
  });
  return {
    SecurityGroupForVpcs: items.map((group) => ({
      Description: group.description,
      GroupName: group.name,
      OwnerId: call.account,
      GroupId: group.id,
      Tags: tagsOf(call, group.id),
      PrimaryVpcId: group.vpc,
    })),
    ...next,
  };
};

export const deleteSecurityGroup: Operation<'ec2', 'DeleteSecurityGroup'> = (input, call) => {
  const group = findGroup(call, input.GroupId, input.GroupName);
  if (group.name === 'default') {
    throw new AwsError(
      'CannotDelete',
      `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
    );
  }
  const held =
    all(call, 'networkInterface').some(({ groups }) => groups.includes(group.id)) ||
    all(call, 'endpoint').some(({ groups }) => groups.includes(group.id)) ||
    all(call, 'rule').some((rule) => rule.reference === group.id && rule.group !== group.id);
  if (held) throw hasDependencies('group', group.id);
  call.store.transaction(() => {
    for (const rule of all(call, 'rule')) {
      if (rule.group === group.id) collectionOf(call, 'rule').remove(rule.id);
    }
    collectionOf(call, 'group').remove(group.id);
    removeTags(call, group.id, undefined);
  });
  return { Return: true, GroupId: group.id };
};

/** By id, or by its name in the default VPC. */
export function findGroup(call: Call, id: string | undefined, name: string | undefined): SecurityGroup {
  if (id !== undefined) return find(call, 'group', id);
  if (name === undefined) {
    throw new AwsError('MissingParameter', 'The request must contain the parameter GroupName or GroupId');
  }
  const vpc = all(call, 'vpc').find(({ isDefault }) => isDefault)?.id;
  const found = all(call, 'group').find((group) => group.vpc === vpc && group.name === name);
  if (!found) {
    throw new AwsError(
      'InvalidGroup.NotFound',
      `The security group '${name}' does not exist in default VPC '${vpc}'`,
    );
  }
  return found;
}
