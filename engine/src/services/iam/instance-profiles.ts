import type { Call, Operation } from '../../kernel';
import { alreadyExists, deleteConflict, noSuchEntity, quotaExceeded } from './errors';
import { findProfile, findRole } from './find';
import { iamArn, newId } from './identifiers';
import { refuseLinked } from './inline-policies';
import { list } from './lists';
import { showRole } from './roles';
import { type InstanceProfile, keyOf, stateOf } from './store';
import { checkTags } from './tags';

export const createInstanceProfile: Operation<'iam', 'CreateInstanceProfile'> = (input, call) => {
  const state = stateOf(call);
  const name = input.InstanceProfileName!;
  const path = input.Path ?? '/';
  const tags = checkTags(call, input.Tags);
  if (state.profiles.has(keyOf(name))) throw alreadyExists(`Instance Profile ${name} already exists.`);
  const profile: InstanceProfile = {
    name,
    path,
    id: newId(call, 'AIPA'),
    arn: iamArn(call, 'instance-profile', path, name),
    created: call.clock.now(),
    tags,
  };
  state.profiles.put(keyOf(name), profile);
  return { InstanceProfile: showProfile(call, profile) };
};

export const getInstanceProfile: Operation<'iam', 'GetInstanceProfile'> = (input, call) => ({
  InstanceProfile: showProfile(call, findProfile(call, input.InstanceProfileName!)),
});

export const listInstanceProfiles: Operation<'iam', 'ListInstanceProfiles'> = (input, call) => {
  const path = input.PathPrefix ?? '/';
  const { items, page } = list(stateOf(call).profiles, input, {
    keep: (profile) => profile.path.startsWith(path),
  });
  return { InstanceProfiles: items.map((profile) => withoutTags(call, profile)), ...page };
};

export const listInstanceProfilesForRole: Operation<'iam', 'ListInstanceProfilesForRole'> = (input, call) => {
  const role = findRole(call, input.RoleName!);
  const { items, page } = list(stateOf(call).profiles, input, {
    keep: ({ role: held }) => held === role.name,
  });
  return { InstanceProfiles: items.map((profile) => withoutTags(call, profile)), ...page };
};

export const addRoleToInstanceProfile: Operation<'iam', 'AddRoleToInstanceProfile'> = (input, call) => {
  const profile = findProfile(call, input.InstanceProfileName!);
  const role = findRole(call, input.RoleName!);
  refuseLinked(role);
  if (profile.role !== undefined) throw quotaExceeded('InstanceSessionsPerInstanceProfile', 1);
  stateOf(call).profiles.put(keyOf(profile.name), { ...profile, role: role.name });
  return {};
};

export const removeRoleFromInstanceProfile: Operation<'iam', 'RemoveRoleFromInstanceProfile'> = (
  input,
  call,
) => {
  const { role, ...profile } = findProfile(call, input.InstanceProfileName!);
  findRole(call, input.RoleName!);
  if (role !== input.RoleName) {
    throw noSuchEntity(`Role ${input.RoleName} in Instance Profile ${profile.name} cannot be found.`);
  }
  stateOf(call).profiles.put(keyOf(profile.name), profile);
  return {};
};

export const deleteInstanceProfile: Operation<'iam', 'DeleteInstanceProfile'> = (input, call) => {
  const profile = findProfile(call, input.InstanceProfileName!);
  if (profile.role !== undefined) {
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
  }
  stateOf(call).profiles.remove(keyOf(profile.name));
  return {};
};

function showProfile(call: Call, profile: InstanceProfile) {
  const role = profile.role === undefined ? undefined : stateOf(call).roles.get(keyOf(profile.role));
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: profile.created,
    Roles: role ? [bareRole(role)] : [],
    ...(profile.tags.length > 0 ? { Tags: profile.tags } : {}),
  };
}

/** A profile tells of its role what identifies it and whom it trusts. */
function bareRole(role: Parameters<typeof showRole>[0]) {
  const { Path, RoleName, RoleId, Arn, CreateDate, AssumeRolePolicyDocument } = showRole(role);
  return { Path, RoleName, RoleId, Arn, CreateDate, AssumeRolePolicyDocument };
}

function withoutTags(call: Call, profile: InstanceProfile) {
  const { Tags: _tags, ...shown } = showProfile(call, profile);
  return shown;
}
