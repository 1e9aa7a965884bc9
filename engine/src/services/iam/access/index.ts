import { type Access, type Call, type Needed, passRole } from '../../../kernel';
import {
  type Entity,
  onDeletion,
  onEntity,
  onLinkedRole,
  onNew,
  onNewOidcProvider,
  onOidcProvider,
  onPath,
  onPolicy,
  ownName,
  roleArn,
} from './needs';

const anywhere = (action: string) => (): Needed => ({
  action: `iam:${action}`,
  resource: '*',
  where: 'on resource: *',
});

interface Given {
  RoleName?: string | undefined;
  UserName?: string | undefined;
  GroupName?: string | undefined;
  InstanceProfileName?: string | undefined;
  PolicyArn?: string | undefined;
}

const NAMES = {
  role: 'RoleName',
  user: 'UserName',
  group: 'GroupName',
  'instance-profile': 'InstanceProfileName',
} as const satisfies Record<Entity, keyof Given>;

/** Of those that a policy is attached to or taken from, the policy counts too. */
const by =
  (type: Entity) =>
  (action: string) =>
  (input: Given, call: Call): Needed =>
    onEntity(call, action, type, input[NAMES[type]], { 'iam:PolicyARN': input.PolicyArn });

const role = by('role');
const user = by('user');
const group = by('group');
const profile = by('instance-profile');

/** Refusals of tagging give the ARN. */
const tagged =
  (needs: (input: Given, call: Call) => Needed) =>
  (input: Given, call: Call): Needed => {
    const { where: _named, ...needed } = needs(input, call);
    return needed;
  };

const policy =
  (action: string) =>
  (input: Given, call: Call): Needed =>
    onPolicy(call, action, input.PolicyArn);

const provider =
  (action: string) =>
  (input: { OpenIDConnectProviderArn?: string | undefined }, call: Call): Needed =>
    onOidcProvider(call, action, input.OpenIDConnectProviderArn);

/** An operation that is about the caller where it names no user. */
const self =
  (action: string) =>
  (input: Given, call: Call): Needed | [] => {
    const name = ownName(call, input.UserName);
    return name === undefined ? [] : onEntity(call, action, 'user', name);
  };

const bounded =
  (action: string, type: 'role' | 'user') =>
  (input: Given & { PermissionsBoundary?: string | undefined }, call: Call): Needed =>
    onEntity(call, action, type, input[NAMES[type]], {
      'iam:PermissionsBoundary': input.PermissionsBoundary,
    });

const listed =
  (action: string, type: Entity | 'policy') =>
  (input: { PathPrefix?: string | undefined }, call: Call): Needed =>
    onPath(call, action, type, input.PathPrefix);

interface Made {
  Path?: string | undefined;
  Tags?: readonly unknown[] | undefined;
  PermissionsBoundary?: string | undefined;
}

/** What is made with tags must be allowed to be tagged. */
function made(
  call: Call,
  type: Entity | 'policy',
  kind: string,
  name: string | undefined,
  input: Made,
): Needed[] {
  const keys = { 'iam:PermissionsBoundary': input.PermissionsBoundary };
  const needed = onNew(call, `Create${kind}`, type, { path: input.Path, name }, keys);
  const tag = { ...needed, action: `iam:Tag${kind}` };
  return input.Tags?.length ? [needed, tag] : [needed];
}

/** What moves must be allowed where it was and where it will be. */
function moved(
  call: Call,
  action: string,
  type: 'user' | 'group',
  from: string | undefined,
  to: { NewPath?: string | undefined; name: string | undefined },
): Needed[] {
  const needed = onEntity(call, action, type, from);
  if (to.NewPath === undefined && to.name === undefined) return [needed];
  return [needed, onNew(call, action, type, { path: to.NewPath, name: to.name ?? from })];
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
const access: Access<'iam'> = {
  AddClientIDToOpenIDConnectProvider: provider('AddClientIDToOpenIDConnectProvider'),
  AddRoleToInstanceProfile: (input, call) => [
    profile('AddRoleToInstanceProfile')(input, call),
    passRole(call, roleArn(call, input.RoleName ?? ''), 'ec2.amazonaws.com'),
  ],
  AddUserToGroup: group('AddUserToGroup'),
  AttachGroupPolicy: group('AttachGroupPolicy'),
  AttachRolePolicy: role('AttachRolePolicy'),
  AttachUserPolicy: user('AttachUserPolicy'),
  CreateAccessKey: self('CreateAccessKey'),
  CreateAccountAlias: anywhere('CreateAccountAlias'),
  CreateGroup: (input, call) => made(call, 'group', 'Group', input.GroupName, { Path: input.Path }),
  CreateInstanceProfile: (input, call) =>
    made(call, 'instance-profile', 'InstanceProfile', input.InstanceProfileName, input),
  CreateOpenIDConnectProvider: (input, call) => onNewOidcProvider(call, input),
  CreatePolicy: (input, call) =>
    made(call, 'policy', 'Policy', input.PolicyName, input).map((needed) => ({
      ...needed,
      where: `on resource: policy ${input.PolicyName ?? ''}`,
    })),
  CreatePolicyVersion: policy('CreatePolicyVersion'),
  CreateRole: (input, call) => made(call, 'role', 'Role', input.RoleName, input),
  CreateServiceLinkedRole: (input, call) =>
    onLinkedRole(call, 'CreateServiceLinkedRole', input.AWSServiceName ?? '', input.CustomSuffix),
  CreateServiceSpecificCredential: user('CreateServiceSpecificCredential'),
  CreateUser: (input, call) => made(call, 'user', 'User', input.UserName, input),
  DeleteAccessKey: self('DeleteAccessKey'),
  DeleteAccountAlias: anywhere('DeleteAccountAlias'),
  DeleteGroup: group('DeleteGroup'),
  DeleteGroupPolicy: group('DeleteGroupPolicy'),
  DeleteInstanceProfile: profile('DeleteInstanceProfile'),
  DeleteOpenIDConnectProvider: provider('DeleteOpenIDConnectProvider'),
  DeletePolicy: policy('DeletePolicy'),
  DeletePolicyVersion: policy('DeletePolicyVersion'),
  DeleteRole: role('DeleteRole'),
  DeleteRolePermissionsBoundary: role('DeleteRolePermissionsBoundary'),
  DeleteRolePolicy: role('DeleteRolePolicy'),
  DeleteServiceLinkedRole: role('DeleteServiceLinkedRole'),
  DeleteServiceSpecificCredential: self('DeleteServiceSpecificCredential'),
  DeleteUser: user('DeleteUser'),
  DeleteUserPermissionsBoundary: user('DeleteUserPermissionsBoundary'),
  DeleteUserPolicy: user('DeleteUserPolicy'),
  DetachGroupPolicy: group('DetachGroupPolicy'),
  DetachRolePolicy: role('DetachRolePolicy'),
  DetachUserPolicy: user('DetachUserPolicy'),
  GetAccountSummary: anywhere('GetAccountSummary'),
  GetGroup: group('GetGroup'),
  GetGroupPolicy: group('GetGroupPolicy'),
  GetInstanceProfile: profile('GetInstanceProfile'),
  GetOpenIDConnectProvider: provider('GetOpenIDConnectProvider'),
  GetPolicy: policy('GetPolicy'),
  GetPolicyVersion: policy('GetPolicyVersion'),
  GetRole: role('GetRole'),
  GetRolePolicy: role('GetRolePolicy'),
  GetServiceLinkedRoleDeletionStatus: (input, call) =>
    onDeletion(call, 'GetServiceLinkedRoleDeletionStatus', input.DeletionTaskId ?? ''),
  GetUser: self('GetUser'),
  GetUserPolicy: user('GetUserPolicy'),
  ListAccessKeys: self('ListAccessKeys'),
  ListAccountAliases: anywhere('ListAccountAliases'),
  ListAttachedGroupPolicies: group('ListAttachedGroupPolicies'),
  ListAttachedRolePolicies: role('ListAttachedRolePolicies'),
  ListAttachedUserPolicies: user('ListAttachedUserPolicies'),
  ListEntitiesForPolicy: policy('ListEntitiesForPolicy'),
  ListGroupPolicies: group('ListGroupPolicies'),
  ListGroups: listed('ListGroups', 'group'),
  ListGroupsForUser: user('ListGroupsForUser'),
  ListInstanceProfileTags: profile('ListInstanceProfileTags'),
  ListInstanceProfiles: listed('ListInstanceProfiles', 'instance-profile'),
  ListInstanceProfilesForRole: role('ListInstanceProfilesForRole'),
  ListOpenIDConnectProviderTags: provider('ListOpenIDConnectProviderTags'),
  // The documentation has a resource for it, which no request names.
  ListOpenIDConnectProviders: (_input, call) => onPath(call, 'ListOpenIDConnectProviders', 'oidc-provider'),
  ListPolicies: listed('ListPolicies', 'policy'),
  ListPolicyTags: policy('ListPolicyTags'),
  ListPolicyVersions: policy('ListPolicyVersions'),
  ListRolePolicies: role('ListRolePolicies'),
  ListRoleTags: role('ListRoleTags'),
  ListRoles: listed('ListRoles', 'role'),
  ListServiceSpecificCredentials: self('ListServiceSpecificCredentials'),
  ListUserPolicies: user('ListUserPolicies'),
  ListUserTags: user('ListUserTags'),
  ListUsers: listed('ListUsers', 'user'),
  PutGroupPolicy: group('PutGroupPolicy'),
  PutRolePermissionsBoundary: bounded('PutRolePermissionsBoundary', 'role'),
  PutRolePolicy: role('PutRolePolicy'),
  PutUserPermissionsBoundary: bounded('PutUserPermissionsBoundary', 'user'),
  PutUserPolicy: user('PutUserPolicy'),
  RemoveClientIDFromOpenIDConnectProvider: provider('RemoveClientIDFromOpenIDConnectProvider'),
  RemoveRoleFromInstanceProfile: profile('RemoveRoleFromInstanceProfile'),
  RemoveUserFromGroup: group('RemoveUserFromGroup'),
  ResetServiceSpecificCredential: self('ResetServiceSpecificCredential'),
  SetDefaultPolicyVersion: policy('SetDefaultPolicyVersion'),
  SimulateCustomPolicy: anywhere('SimulateCustomPolicy'),
  SimulatePrincipalPolicy: (input) => ({
    action: 'iam:SimulatePrincipalPolicy',
    resource: input.PolicySourceArn ?? '',
  }),
  TagInstanceProfile: tagged(profile('TagInstanceProfile')),
  TagOpenIDConnectProvider: provider('TagOpenIDConnectProvider'),
  TagPolicy: tagged(policy('TagPolicy')),
  TagRole: tagged(role('TagRole')),
  TagUser: tagged(user('TagUser')),
  UntagInstanceProfile: tagged(profile('UntagInstanceProfile')),
  UntagOpenIDConnectProvider: provider('UntagOpenIDConnectProvider'),
  UntagPolicy: tagged(policy('UntagPolicy')),
  UntagRole: tagged(role('UntagRole')),
  UntagUser: tagged(user('UntagUser')),
  UpdateAccessKey: self('UpdateAccessKey'),
  UpdateAssumeRolePolicy: role('UpdateAssumeRolePolicy'),
  UpdateGroup: (input, call) =>
    moved(call, 'UpdateGroup', 'group', input.GroupName, {
      NewPath: input.NewPath,
      name: input.NewGroupName,
    }),
  UpdateOpenIDConnectProviderThumbprint: provider('UpdateOpenIDConnectProviderThumbprint'),
  UpdateRole: role('UpdateRole'),
  UpdateRoleDescription: role('UpdateRoleDescription'),
  UpdateServiceSpecificCredential: self('UpdateServiceSpecificCredential'),
  UpdateUser: (input, call) =>
    moved(call, 'UpdateUser', 'user', input.UserName, { NewPath: input.NewPath, name: input.NewUserName }),
};

export default access;
