import { type Call, type Input, type Needed, parseArn } from '../../../kernel';
import { iamArn } from '../identifiers';
import { LINKED_SERVICES } from '../linked-services';
import { ownPolicy } from '../managed-policies';
import {
  type InstanceProfile,
  keyOf,
  type ManagedPolicy,
  type Role,
  stateOf,
  type Tag,
  type User,
} from '../store';

type Keys = NonNullable<Needed['keys']>;
export type Entity = 'role' | 'user' | 'group' | 'instance-profile';

interface Found {
  name: string;
  arn: string;
  boundary?: string;
  tags?: Tag[];
}

/**
 * A need on what IAM knows by name, wherever its path is. Refusals name it as the request does: `role shows`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export function onEntity(
  call: Call,
  action: string,
  type: Entity,
  name: string | undefined,
  keys: Keys = {},
): Needed {
  const entity = find(call, type, name ?? '');
  return {
    action: `iam:${action}`,
    resource: entity?.arn ?? iamArn(call, type, '/', name ?? ''),
    where: `on resource: ${type.replace('-', ' ')} ${name ?? ''}`,
    keys: { 'iam:PermissionsBoundary': entity?.boundary, ...keys },
    tags: () => textsOf(entity?.tags),
  };
}

function find(call: Call, type: Entity, name: string): Found | undefined {
  const state = stateOf(call);
  const all: Record<Entity, { get(key: string): Role | User | InstanceProfile | Found | undefined }> = {
    role: state.roles,
    user: state.users,
    group: state.groups,
    'instance-profile': state.profiles,
  };
  const found = all[type].get(keyOf(name));
  return found?.name === name ? found : undefined;
}

const textsOf = (tags: readonly Tag[] | undefined): Record<string, string> =>
  Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key, Value]));

/** What is about to be made; its refusals give the ARN it would have. */
export function onNew(
  call: Call,
  action: string,
  type: Entity | 'policy',
  made: { path?: string | undefined; name: string | undefined },
  keys: Keys = {},
): Needed {
  const resource = iamArn(call, type, made.path ?? '/', made.name ?? '');
  return { action: `iam:${action}`, resource, keys };
}

export function onPolicy(call: Call, action: string, policyArn: string | undefined): Needed {
  const policy: ManagedPolicy | undefined = ownPolicy(call, policyArn ?? '');
  return {
    action: `iam:${action}`,
    resource: policyArn ?? '',
    where: `on resource: policy ${policyArn ?? ''}`,
    tags: () => textsOf(policy?.tags),
  };
}

export function onOidcProvider(call: Call, action: string, providerArn = ''): Needed {
  const provider = stateOf(call).oidcProviders.get(providerArn);
  return { action: `iam:${action}`, resource: providerArn, tags: () => textsOf(provider?.tags) };
}

export function onNewOidcProvider(call: Call, input: Input<'iam', 'CreateOpenIDConnectProvider'>): Needed[] {
  const name = (input.Url ?? '').replace(/^https?:\/\//, '');
  const resource = iamArn(call, 'oidc-provider', '/', name);
  const needed = { action: 'iam:CreateOpenIDConnectProvider', resource };
  return input.Tags?.length ? [needed, { ...needed, action: 'iam:TagOpenIDConnectProvider' }] : [needed];
}

/** What is listed is a path's beginning. */
export function onPath(
  call: Call,
  action: string,
  type: Entity | 'policy' | 'oidc-provider',
  path = '/',
): Needed {
  const where = type === 'policy' ? { where: `on resource: policy path ${path}` } : {};
  return { action: `iam:${action}`, resource: iamArn(call, type, path, ''), ...where };
}

/** Users may leave out their own name. Nobody else has one: the operation says so. */
export function ownName(call: Call, name: string | undefined): string | undefined {
  if (name !== undefined || call.principal.type !== 'user') return name;
  return call.principal.arn.slice(call.principal.arn.lastIndexOf('/') + 1);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html#service-linked-role-permissions */
export function onLinkedRole(
  call: Call,
  action: string,
  service: string,
  suffix: string | undefined,
): Needed {
  const role = LINKED_SERVICES[service]?.role ?? '*';
  const name = suffix === undefined ? role : `${role}_${suffix}`;
  return {
    action: `iam:${action}`,
    resource: iamArn(call, 'role', `/aws-service-role/${service}/`, name),
    keys: { 'iam:AWSServiceName': service },
  };
}

/** The role whose deletion a task is: `task/aws-service-role/<service>/<role>/<id>`. */
export function onDeletion(call: Call, action: string, task: string): Needed {
  const path = task.split('/').slice(1, -1).join('/');
  return { action: `iam:${action}`, resource: iamArn(call, 'role', '/', path) };
}

/** A role's ARN, for those who hand it over by its name. */
export function roleArn(call: Call, name: string): string {
  return parseArn(name) ? name : (find(call, 'role', name)?.arn ?? iamArn(call, 'role', '/', name));
}
