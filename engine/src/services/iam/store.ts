import type { Call } from '../../kernel';
import type { Collection } from '../../storage';

export interface Tag {
  Key: string;
  Value: string;
}

export type Kind = 'role' | 'user' | 'group';

interface Named {
  name: string;
  path: string;
  id: string;
  arn: string;
  created: Date;
}

export interface Role extends Named {
  trust: string;
  description?: string;
  maxSession: number;
  boundary?: string;
  tags: Tag[];
  /** The service a service-linked role belongs to. */
  linkedTo?: string;
}

export interface User extends Named {
  boundary?: string;
  tags: Tag[];
  /** Names of its groups. */
  groups: string[];
}

export interface Group extends Named {}

export interface InstanceProfile extends Named {
  role?: string;
  tags: Tag[];
}

export interface ManagedPolicy extends Named {
  description?: string;
  defaultVersion: string;
  /** The number of the latest version: numbers are never used twice. */
  lastVersion: number;
  updated: Date;
  tags: Tag[];
}

export interface PolicyVersion {
  id: string;
  document: string;
  created: Date;
}

export interface AccessKey {
  id: string;
  user: string;
  status: 'Active' | 'Inactive';
  created: Date;
  /** Kept so that a deactivated key can be made active again. */
  secret: string;
}

/** An identity provider that speaks OpenID Connect, by its ARN. */
export interface OidcProvider {
  arn: string;
  /** As it was given, with its scheme. */
  url: string;
  clients: string[];
  thumbprints: string[];
  created: Date;
  tags: Tag[];
}

/** A name and password that one service takes. */
export interface ServiceCredential {
  id: string;
  user: string;
  service: string;
  userName: string;
  password: string;
  status: 'Active' | 'Inactive' | 'Expired';
  created: Date;
}

/** IAM's state is the account's: the same in every region. Names are unique whatever their case. */
export interface IamState {
  roles: Collection<Role>;
  users: Collection<User>;
  groups: Collection<Group>;
  profiles: Collection<InstanceProfile>;
  /** By name. */
  policies: Collection<ManagedPolicy>;
  /** By (policy name, number). */
  versions: Collection<PolicyVersion>;
  /** Inline policies by (kind, name, policy name). */
  inline: Collection<string>;
  /** Attached managed policies by (kind, name, policy ARN). */
  attached: Collection<true>;
  /** The same the other way about, by (policy ARN, kind, name), for counts and ListEntitiesForPolicy. */
  entities: Collection<true>;
  /** Permissions boundaries by (policy ARN, kind, name). */
  bounded: Collection<true>;
  /** Members by (group, user). */
  members: Collection<true>;
  /** By (user, key id). */
  keys: Collection<AccessKey>;
  /** The user of a key, by its id. */
  keyOwners: Collection<string>;
  /** By (user, id). */
  serviceCredentials: Collection<ServiceCredential>;
  /** By ARN. */
  oidcProviders: Collection<OidcProvider>;
  settings: Collection<unknown>;
}

export function stateOf(call: Call): IamState {
  const store = call.accountStore;
  return {
    roles: store.collection('roles'),
    users: store.collection('users'),
    groups: store.collection('groups'),
    profiles: store.collection('profiles'),
    policies: store.collection('policies'),
    versions: store.collection('versions'),
    inline: store.collection('inline'),
    attached: store.collection('attached'),
    entities: store.collection('entities'),
    bounded: store.collection('bounded'),
    members: store.collection('members'),
    keys: store.collection('keys', { sealed: true }),
    keyOwners: store.collection('key-owners'),
    serviceCredentials: store.collection('service-credentials'),
    oidcProviders: store.collection('oidc-providers'),
    settings: store.collection('settings'),
  };
}

/** Names that differ in case only are the same name when one is made. */
export function keyOf(name: string): string {
  return name.toLowerCase();
}
