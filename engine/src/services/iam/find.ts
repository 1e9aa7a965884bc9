import type { Call } from '../../kernel';
import type { Collection } from '../../storage';
import { noSuchEntity } from './errors';
import {
  type Group,
  type InstanceProfile,
  type Kind,
  keyOf,
  type OidcProvider,
  type Role,
  stateOf,
  type User,
} from './store';

function find<T extends { name: string }>(collection: Collection<T>, name: string, missing: string): T {
  const found = collection.get(keyOf(name));
  if (!found || found.name !== name) throw noSuchEntity(missing);
  return found;
}

export function findRole(call: Call, name: string): Role {
  return find(stateOf(call).roles, name, `The role with name ${name} cannot be found.`);
}

export function findUser(call: Call, name: string): User {
  return find(stateOf(call).users, name, `The user with name ${name} cannot be found.`);
}

export function findGroup(call: Call, name: string): Group {
  return find(stateOf(call).groups, name, `The group with name ${name} cannot be found.`);
}

export function findProfile(call: Call, name: string): InstanceProfile {
  return find(stateOf(call).profiles, name, `Instance Profile ${name} cannot be found.`);
}

export function findOidcProvider(call: Call, arn: string): OidcProvider {
  const found = stateOf(call).oidcProviders.get(arn);
  if (!found) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
  return found;
}

/** Throws where there is no such role, user or group. */
export function findEntity(call: Call, kind: Kind, name: string): Role | User | Group {
  if (kind === 'role') return findRole(call, name);
  return kind === 'user' ? findUser(call, name) : findGroup(call, name);
}
