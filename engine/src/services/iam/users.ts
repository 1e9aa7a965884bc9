import type { Call, Operation } from '../../kernel';
import { setBoundary, showBoundary } from './boundaries';
import { alreadyExists, deleteConflict, validationError } from './errors';
import { findUser } from './find';
import { iamArn, newId } from './identifiers';
import { list } from './lists';
import { keyOf, stateOf, type User } from './store';
import { checkTags } from './tags';
import { forgetTrustee, renameTrustee } from './trust-policies';

export const createUser: Operation<'iam', 'CreateUser'> = (input, call) => {
  const state = stateOf(call);
  const name = input.UserName!;
  const path = input.Path ?? '/';
  const tags = checkTags(call, input.Tags);
  if (state.users.has(keyOf(name))) throw alreadyExists(`User with name ${name} already exists.`);
  const user: User = {
    name,
    path,
    id: newId(call, 'AIDA'),
    arn: iamArn(call, 'user', path, name),
    created: call.clock.now(),
    tags,
    groups: [],
  };
  call.accountStore.transaction(() => {
    state.users.put(keyOf(name), user);
    if (input.PermissionsBoundary !== undefined) setBoundary(call, 'user', name, input.PermissionsBoundary);
  });
  return { User: showUser(findUser(call, name)) };
};

/** Without a name, it is the caller who is meant. */
export const getUser: Operation<'iam', 'GetUser'> = (input, call) => {
  if (input.UserName !== undefined) return { User: showUser(findUser(call, input.UserName)) };
  if (call.principal.type === 'user') return { User: showUser(findUser(call, callerName(call))) };
  if (call.principal.type === 'root') {
    return {
      User: {
        // Root has neither path nor name, whatever the model says.
        Path: undefined,
        UserName: undefined,
        UserId: call.account,
        Arn: call.principal.arn,
        CreateDate: new Date(0),
      },
    };
  }
  throw validationError('Must specify userName when calling with non-User credentials');
};

export function callerName(call: Call): string {
  if (call.principal.type !== 'user') {
    throw validationError('Must specify userName when calling with non-User credentials');
  }
  return call.principal.arn.slice(call.principal.arn.lastIndexOf('/') + 1);
}

export const listUsers: Operation<'iam', 'ListUsers'> = (input, call) => {
  const path = input.PathPrefix ?? '/';
  const { items, page } = list(stateOf(call).users, input, { keep: (user) => user.path.startsWith(path) });
  return {
    Users: items.map((user) => {
      const { Tags: _tags, PermissionsBoundary: _boundary, ...shown } = showUser(user);
      return shown;
    }),
    ...page,
  };
};

/** A rename moves all that hangs on the name: it is one entity still, with one id. */
export const updateUser: Operation<'iam', 'UpdateUser'> = (input, call) => {
  const state = stateOf(call);
  const user = findUser(call, input.UserName!);
  const name = input.NewUserName ?? user.name;
  const path = input.NewPath ?? user.path;
  const [from, to] = [keyOf(user.name), keyOf(name)];
  if (from !== to && state.users.has(to)) throw alreadyExists(`User with name ${name} already exists.`);
  call.accountStore.transaction(() => {
    state.users.remove(from);
    const arn = iamArn(call, 'user', path, name);
    state.users.put(to, { ...user, name, path, arn });
    renameTrustee(call, user.arn, arn);
    if (from === to) return;
    for (const { key, value } of [...state.inline.entries({ prefix: ['user', from] })]) {
      state.inline.put(['user', to, key[2]!], value);
    }
    state.inline.clear({ prefix: ['user', from] });
    for (const { key } of [...state.attached.entries({ prefix: ['user', from] })]) {
      state.attached.put(['user', to, key[2]!], true);
      state.entities.remove([key[2]!, 'user', from]);
      state.entities.put([key[2]!, 'user', to], true);
    }
    state.attached.clear({ prefix: ['user', from] });
    for (const group of user.groups) {
      state.members.remove([keyOf(group), from]);
      state.members.put([keyOf(group), to], true);
    }
    for (const { key, value } of [...state.keys.entries({ prefix: from })]) {
      state.keys.put([to, key[1]!], { ...value, user: name });
      state.keyOwners.put(key[1]!, name);
    }
    state.keys.clear({ prefix: from });
    for (const { key, value } of [...state.serviceCredentials.entries({ prefix: from })]) {
      state.serviceCredentials.put([to, key[1]!], { ...value, user: name });
    }
    state.serviceCredentials.clear({ prefix: from });
    if (user.boundary !== undefined) {
      state.bounded.remove([user.boundary, 'user', from]);
      state.bounded.put([user.boundary, 'user', to], true);
    }
  });
  reregisterKeys(call, name);
  return {};
};

/** A key's principal carries the user's ARN, which a rename changes. */
function reregisterKeys(call: Call, name: string): void {
  const user = findUser(call, name);
  for (const key of stateOf(call).keys.values({ prefix: keyOf(name) })) {
    if (key.status === 'Active')
      call.parts.identity.registerAccessKey(key.id, key.secret, principalOf(call, user));
  }
}

export function principalOf(call: Call, user: User) {
  return { type: 'user' as const, account: call.account, arn: user.arn, userId: user.id };
}

export const deleteUser: Operation<'iam', 'DeleteUser'> = (input, call) => {
  const state = stateOf(call);
  const user = findUser(call, input.UserName!);
  const key = keyOf(user.name);
  if (state.keys.count({ prefix: key }) > 0) {
    throw deleteConflict('Cannot delete entity, must delete access keys first.');
  }
  if (state.serviceCredentials.count({ prefix: key }) > 0) {
    throw deleteConflict('Cannot delete entity, must remove referenced objects first.');
  }
  if (user.groups.length > 0)
    throw deleteConflict('Cannot delete entity, must remove users from group first.');
  if (state.attached.count({ prefix: ['user', key] }) > 0) {
    throw deleteConflict('Cannot delete entity, must detach all policies first.');
  }
  if (state.inline.count({ prefix: ['user', key] }) > 0) {
    throw deleteConflict('Cannot delete entity, must delete policies first.');
  }
  call.accountStore.transaction(() => {
    if (user.boundary !== undefined) state.bounded.remove([user.boundary, 'user', key]);
    state.users.remove(key);
    forgetTrustee(call, user);
  });
  return {};
};

export function showUser(user: User) {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: user.created,
    ...(user.boundary === undefined
      ? {}
      : {
          PermissionsBoundary: showBoundary(user.boundary),
        }),
    ...(user.tags.length > 0 ? { Tags: user.tags } : {}),
  };
}
