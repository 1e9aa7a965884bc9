import { AwsError, type Call, type Operation } from '../../kernel';
import { setBoundary, showBoundary } from './boundaries';
import { checkDocument, checkTrustSize, encodeDocument } from './documents';
import { alreadyExists, deleteConflict } from './errors';
import { findRole } from './find';
import { iamArn, newId } from './identifiers';
import { refuseLinked } from './inline-policies';
import { list } from './lists';
import { keyOf, type Role, stateOf } from './store';
import { checkTags } from './tags';
import { checkTrustees, forgetTrustee } from './trust-policies';

const ONE_HOUR = 3_600;

export const createRole: Operation<'iam', 'CreateRole'> = (input, call) => {
  const path = input.Path ?? '/';
  if (path.startsWith('/aws-service-role/')) {
    throw new AwsError('AccessDenied', 'Cannot create a role in the path /aws-service-role/', {
      status: 403,
    });
  }
  checkDocument(input.AssumeRolePolicyDocument!, 'trust');
  checkTrustSize(input.AssumeRolePolicyDocument!);
  checkTrustees(call, input.AssumeRolePolicyDocument!);
  const role = newRole(call, {
    name: input.RoleName!,
    path,
    trust: input.AssumeRolePolicyDocument!,
    maxSession: input.MaxSessionDuration ?? ONE_HOUR,
    tags: checkTags(call, input.Tags),
    ...(input.Description === undefined ? {} : { description: input.Description }),
  });
  if (stateOf(call).roles.has(keyOf(role.name))) {
    throw alreadyExists(`Role with name ${role.name} already exists.`);
  }
  call.accountStore.transaction(() => {
    stateOf(call).roles.put(keyOf(role.name), role);
    if (input.PermissionsBoundary !== undefined)
      setBoundary(call, 'role', role.name, input.PermissionsBoundary);
  });
  // The answer to a creation does not tell the session's length, what GetRole does.
  const { MaxSessionDuration: _told, RoleLastUsed: _used, ...shown } = showRole(findRole(call, role.name));
  return { Role: shown };
};

export function newRole(call: Call, role: Omit<Role, 'id' | 'arn' | 'created'>): Role {
  return {
    ...role,
    id: newId(call, 'AROA'),
    arn: iamArn(call, 'role', role.path, role.name),
    created: call.clock.now(),
  };
}

export const getRole: Operation<'iam', 'GetRole'> = (input, call) => ({
  Role: showRole(findRole(call, input.RoleName!)),
});

export const listRoles: Operation<'iam', 'ListRoles'> = (input, call) => {
  const path = input.PathPrefix ?? '/';
  const { items, page } = list(stateOf(call).roles, input, { keep: (role) => role.path.startsWith(path) });
  // Tags, the boundary and the last use are told by GetRole only.
  return {
    Roles: items.map((role) => {
      const { Tags: _tags, PermissionsBoundary: _boundary, RoleLastUsed: _used, ...shown } = showRole(role);
      return shown;
    }),
    ...page,
  };
};

export const updateRole: Operation<'iam', 'UpdateRole'> = (input, call) => {
  const role = findRole(call, input.RoleName!);
  if (input.MaxSessionDuration !== undefined) refuseLinked(role);
  stateOf(call).roles.put(keyOf(role.name), {
    ...role,
    // Left out, it goes back to an hour: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
    maxSession: input.MaxSessionDuration ?? ONE_HOUR,
    ...(input.Description === undefined ? {} : { description: input.Description }),
  });
  return {};
};

export const updateRoleDescription: Operation<'iam', 'UpdateRoleDescription'> = (input, call) => {
  const role = { ...findRole(call, input.RoleName!), description: input.Description! };
  stateOf(call).roles.put(keyOf(role.name), role);
  const { RoleLastUsed: _used, ...shown } = showRole(role);
  return { Role: shown };
};

export const updateAssumeRolePolicy: Operation<'iam', 'UpdateAssumeRolePolicy'> = (input, call) => {
  const role = findRole(call, input.RoleName!);
  refuseLinked(role);
  checkDocument(input.PolicyDocument!, 'trust');
  checkTrustSize(input.PolicyDocument!);
  checkTrustees(call, input.PolicyDocument!);
  stateOf(call).roles.put(keyOf(role.name), { ...role, trust: input.PolicyDocument! });
  return {};
};

export const deleteRole: Operation<'iam', 'DeleteRole'> = (input, call) => {
  const role = findRole(call, input.RoleName!);
  refuseLinked(role);
  const state = stateOf(call);
  const key = keyOf(role.name);
  if (state.inline.count({ prefix: ['role', key] }) > 0) {
    throw deleteConflict('Cannot delete entity, must delete policies first.');
  }
  if (state.attached.count({ prefix: ['role', key] }) > 0) {
    throw deleteConflict('Cannot delete entity, must detach all policies first.');
  }
  for (const profile of state.profiles.values()) {
    if (profile.role === role.name) {
      throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
    }
  }
  call.accountStore.transaction(() => {
    if (role.boundary !== undefined) state.bounded.remove([role.boundary, 'role', key]);
    state.roles.remove(key);
    forgetTrustee(call, role);
  });
  return {};
};

export function showRole(role: Role) {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.created,
    AssumeRolePolicyDocument: encodeDocument(role.trust),
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSession,
    ...(role.boundary === undefined
      ? {}
      : {
          PermissionsBoundary: showBoundary(role.boundary),
        }),
    ...(role.tags.length > 0 ? { Tags: role.tags } : {}),
    RoleLastUsed: {},
  };
}
