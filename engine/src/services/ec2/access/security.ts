import type { Access, Call, Needed } from '../../../kernel';
import { all } from '../kinds';
import { newOne, on, within } from './resources';

interface Named {
  GroupId?: string | undefined;
  GroupName?: string | undefined;
}

/** Groups may be named by their name, in the default VPC. */
function group(action: string) {
  return (input: Named, call: Call): Needed => {
    const byName = () => {
      const home = all(call, 'vpc').find(({ isDefault }) => isDefault)?.id;
      return all(call, 'group').find(({ name, vpc }) => name === input.GroupName && vpc === home)?.id;
    };
    const id = input.GroupId ?? (input.GroupName === undefined ? undefined : byName());
    return on(call, action, 'group', id);
  };
}

/** Rules may be born with tags. */
const authorized = (action: string) => (input: Named, call: Call) => [
  group(action)(input, call),
  ...newOne(call, action, 'rule', input).slice(1),
];

const entries =
  (action: string) =>
  (input: { NetworkAclId?: string | undefined }, call: Call): Needed =>
    on(call, action, 'acl', input.NetworkAclId);

const security: Access<'ec2'> = {
  CreateSecurityGroup: (input, call) => {
    const vpc = input.VpcId ?? all(call, 'vpc').find(({ isDefault }) => isDefault)?.id;
    return [
      ...newOne(call, 'CreateSecurityGroup', 'group', input, within(call, vpc)),
      on(call, 'CreateSecurityGroup', 'vpc', vpc),
    ];
  },
  DeleteSecurityGroup: group('DeleteSecurityGroup'),
  AuthorizeSecurityGroupIngress: authorized('AuthorizeSecurityGroupIngress'),
  AuthorizeSecurityGroupEgress: authorized('AuthorizeSecurityGroupEgress'),
  RevokeSecurityGroupIngress: group('RevokeSecurityGroupIngress'),
  RevokeSecurityGroupEgress: group('RevokeSecurityGroupEgress'),
  UpdateSecurityGroupRuleDescriptionsIngress: group('UpdateSecurityGroupRuleDescriptionsIngress'),
  UpdateSecurityGroupRuleDescriptionsEgress: group('UpdateSecurityGroupRuleDescriptionsEgress'),
  CreateNetworkAcl: (input, call) => [
    ...newOne(call, 'CreateNetworkAcl', 'acl', input, within(call, input.VpcId)),
    on(call, 'CreateNetworkAcl', 'vpc', input.VpcId),
  ],
  DeleteNetworkAcl: entries('DeleteNetworkAcl'),
  CreateNetworkAclEntry: entries('CreateNetworkAclEntry'),
  ReplaceNetworkAclEntry: entries('ReplaceNetworkAclEntry'),
  DeleteNetworkAclEntry: entries('DeleteNetworkAclEntry'),
  ReplaceNetworkAclAssociation: (input, call) => {
    const association = all(call, 'acl')
      .flatMap(({ associations }) => associations)
      .find(({ id }) => id === input.AssociationId);
    return [
      entries('ReplaceNetworkAclAssociation')(input, call),
      on(call, 'ReplaceNetworkAclAssociation', 'subnet', association?.subnet),
    ];
  },
};

export default security;
