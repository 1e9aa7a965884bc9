import type { Call, Operation } from '../../kernel';
import { noSuchEntity, quotaExceeded } from './errors';
import { findUser } from './find';
import { newId } from './identifiers';
import { listOf } from './lists';
import { type AccessKey, keyOf, stateOf } from './store';
import { callerName, principalOf } from './users';

const MOST_KEYS = 2;
const SECRET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export const createAccessKey: Operation<'iam', 'CreateAccessKey'> = (input, call) => {
  const state = stateOf(call);
  const user = findUser(call, input.UserName ?? callerName(call));
  if (state.keys.count({ prefix: keyOf(user.name) }) >= MOST_KEYS) {
    throw quotaExceeded('AccessKeysPerUser', MOST_KEYS);
  }
  const key: AccessKey = {
    id: newId(call, 'AKIA'),
    user: user.name,
    status: 'Active',
    created: call.clock.now(),
    secret: call.ids.of(SECRET, 40),
  };
  call.accountStore.transaction(() => {
    state.keys.put([keyOf(user.name), key.id], key);
    state.keyOwners.put(key.id, user.name);
  });
  call.parts.identity.registerAccessKey(key.id, key.secret, principalOf(call, user));
  return {
    AccessKey: {
      UserName: user.name,
      AccessKeyId: key.id,
      Status: key.status,
      SecretAccessKey: key.secret,
      CreateDate: key.created,
    },
  };
};

export const listAccessKeys: Operation<'iam', 'ListAccessKeys'> = (input, call) => {
  const user = findUser(call, input.UserName ?? callerName(call));
  const keys = [...stateOf(call).keys.values({ prefix: keyOf(user.name) })];
  const { items, page } = listOf(keys, (key) => key.id, input);
  return {
    AccessKeyMetadata: items.map((key) => ({
      UserName: key.user,
      AccessKeyId: key.id,
      Status: key.status,
      CreateDate: key.created,
    })),
    ...page,
  };
};

export const updateAccessKey: Operation<'iam', 'UpdateAccessKey'> = (input, call) => {
  const key = findKey(call, input.UserName, input.AccessKeyId!);
  const status = input.Status === 'Active' ? 'Active' : 'Inactive';
  stateOf(call).keys.put([keyOf(key.user), key.id], { ...key, status });
  if (status === 'Active') {
    call.parts.identity.registerAccessKey(key.id, key.secret, principalOf(call, findUser(call, key.user)));
  } else {
    call.parts.identity.removeAccessKey(key.id);
  }
  return {};
};

export const deleteAccessKey: Operation<'iam', 'DeleteAccessKey'> = (input, call) => {
  const state = stateOf(call);
  const key = findKey(call, input.UserName, input.AccessKeyId!);
  call.accountStore.transaction(() => {
    state.keys.remove([keyOf(key.user), key.id]);
    state.keyOwners.remove(key.id);
  });
  call.parts.identity.removeAccessKey(key.id);
  return {};
};

function findKey(call: Call, userName: string | undefined, id: string): AccessKey {
  const state = stateOf(call);
  const user = findUser(call, userName ?? state.keyOwners.get(id) ?? callerName(call));
  const key = state.keys.get([keyOf(user.name), id]);
  if (!key) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  return key;
}
