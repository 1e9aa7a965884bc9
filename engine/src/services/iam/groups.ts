import type { Call, Operation } from '../../kernel';
import { alreadyExists, deleteConflict, quotaExceeded } from './errors';
import { findGroup, findUser } from './find';
import { iamArn, newId } from './identifiers';
import { list, listKeys, listOf } from './lists';
import { type Group, keyOf, stateOf } from './store';
import { showUser } from './users';

const MOST_GROUPS = 10;

export const createGroup: Operation<'iam', 'CreateGroup'> = (input, call) => {
  const state = stateOf(call);
  const name = input.GroupName!;
  const path = input.Path ?? '/';
  if (state.groups.has(keyOf(name))) throw alreadyExists(`Group with name ${name} already exists.`);
  const group: Group = {
    name,
    path,
    id: newId(call, 'AGPA'),
    arn: iamArn(call, 'group', path, name),
    created: call.clock.now(),
  };
  state.groups.put(keyOf(name), group);
  return { Group: showGroup(group) };
};

export const getGroup: Operation<'iam', 'GetGroup'> = (input, call) => {
  const state = stateOf(call);
  const group = findGroup(call, input.GroupName!);
  const { items, page } = listKeys(state.members, input, keyOf(group.name));
  return {
    Group: showGroup(group),
    Users: items.map((key) => {
      const { Tags: _tags, PermissionsBoundary: _boundary, ...shown } = showUser(state.users.get(key[1]!)!);
      return shown;
    }),
    ...page,
  };
};

export const listGroups: Operation<'iam', 'ListGroups'> = (input, call) => {
  const path = input.PathPrefix ?? '/';
  const { items, page } = list(stateOf(call).groups, input, { keep: (group) => group.path.startsWith(path) });
  return { Groups: items.map(showGroup), ...page };
};

export const listGroupsForUser: Operation<'iam', 'ListGroupsForUser'> = (input, call) => {
  const user = findUser(call, input.UserName!);
  const { items, page } = listOf([...user.groups].sort(), (name) => name, input);
  return { Groups: items.map((name) => showGroup(findGroup(call, name))), ...page };
};

export const addUserToGroup: Operation<'iam', 'AddUserToGroup'> = (input, call) => {
  const group = findGroup(call, input.GroupName!);
  const user = findUser(call, input.UserName!);
  if (user.groups.includes(group.name)) return {};
  if (user.groups.length >= MOST_GROUPS) throw quotaExceeded('GroupsPerUser', MOST_GROUPS);
  setMembership(call, user.name, group.name, true);
  return {};
};

export const removeUserFromGroup: Operation<'iam', 'RemoveUserFromGroup'> = (input, call) => {
  const group = findGroup(call, input.GroupName!);
  const user = findUser(call, input.UserName!);
  setMembership(call, user.name, group.name, false);
  return {};
};

function setMembership(call: Call, userName: string, groupName: string, member: boolean): void {
  const state = stateOf(call);
  const user = findUser(call, userName);
  const others = user.groups.filter((name) => name !== groupName);
  call.accountStore.transaction(() => {
    state.users.put(keyOf(userName), { ...user, groups: member ? [...others, groupName] : others });
    if (member) state.members.put([keyOf(groupName), keyOf(userName)], true);
    else state.members.remove([keyOf(groupName), keyOf(userName)]);
  });
}

export const updateGroup: Operation<'iam', 'UpdateGroup'> = (input, call) => {
  const state = stateOf(call);
  const group = findGroup(call, input.GroupName!);
  const name = input.NewGroupName ?? group.name;
  const path = input.NewPath ?? group.path;
  const [from, to] = [keyOf(group.name), keyOf(name)];
  if (from !== to && state.groups.has(to)) throw alreadyExists(`Group with name ${name} already exists.`);
  call.accountStore.transaction(() => {
    const members = [...state.members.entries({ prefix: from })].map(({ key }) => String(key[1]));
    for (const member of members) setMembership(call, state.users.get(member)!.name, group.name, false);
    state.groups.remove(from);
    state.groups.put(to, { ...group, name, path, arn: iamArn(call, 'group', path, name) });
    for (const member of members) setMembership(call, state.users.get(member)!.name, name, true);
    if (from === to) return;
    for (const { key, value } of [...state.inline.entries({ prefix: ['group', from] })]) {
      state.inline.put(['group', to, key[2]!], value);
    }
    state.inline.clear({ prefix: ['group', from] });
    for (const { key } of [...state.attached.entries({ prefix: ['group', from] })]) {
      state.attached.put(['group', to, key[2]!], true);
      state.entities.remove([key[2]!, 'group', from]);
      state.entities.put([key[2]!, 'group', to], true);
    }
    state.attached.clear({ prefix: ['group', from] });
  });
  return {};
};

export const deleteGroup: Operation<'iam', 'DeleteGroup'> = (input, call) => {
  const state = stateOf(call);
  const group = findGroup(call, input.GroupName!);
  const key = keyOf(group.name);
  if (state.members.count({ prefix: key }) > 0) {
    throw deleteConflict('Cannot delete entity, must remove users from group first.');
  }
  if (state.attached.count({ prefix: ['group', key] }) > 0) {
    throw deleteConflict('Cannot delete entity, must detach all policies first.');
  }
  if (state.inline.count({ prefix: ['group', key] }) > 0) {
    throw deleteConflict('Cannot delete entity, must delete policies first.');
  }
  state.groups.remove(key);
  return {};
};

function showGroup(group: Group) {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: group.arn,
    CreateDate: group.created,
  };
}
