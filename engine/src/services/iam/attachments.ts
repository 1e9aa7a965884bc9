import type { Call, Operation } from '../../kernel';
import { isAwsManaged } from './aws-managed';
import { noSuchEntity, quotaExceeded } from './errors';
import { findEntity } from './find';
import { refuseLinked } from './inline-policies';
import { listKeys, listOf } from './lists';
import { checkPolicyArn, findOwnPolicy, policyExists } from './managed-policies';
import { type Kind, keyOf, stateOf } from './store';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_POLICIES = 10;
const QUOTA: Record<Kind, string> = {
  role: 'PoliciesPerRole',
  user: 'PoliciesPerUser',
  group: 'PoliciesPerGroup',
};

/** Attaching what is attached already changes nothing. */
export function attach(call: Call, kind: Kind, name: string, arn: string): void {
  const state = stateOf(call);
  checkPolicyArn(arn);
  findEntity(call, kind, name);
  if (!policyExists(call, arn)) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  const key = [kind, keyOf(name), arn];
  if (state.attached.has(key)) return;
  if (state.attached.count({ prefix: [kind, keyOf(name)] }) >= MOST_POLICIES) {
    throw quotaExceeded(QUOTA[kind], MOST_POLICIES);
  }
  call.accountStore.transaction(() => {
    state.attached.put(key, true);
    state.entities.put([arn, kind, keyOf(name)], true);
  });
}

function detach(call: Call, kind: Kind, name: string, arn: string): void {
  const state = stateOf(call);
  checkPolicyArn(arn);
  refuseLinked(findEntity(call, kind, name));
  if (!state.attached.has([kind, keyOf(name), arn])) throw noSuchEntity(`Policy ${arn} was not found.`);
  detachAll(call, kind, name, [arn]);
}

export function detachAll(call: Call, kind: Kind, name: string, arns: readonly string[]): void {
  const state = stateOf(call);
  call.accountStore.transaction(() => {
    for (const arn of arns) {
      state.attached.remove([kind, keyOf(name), arn]);
      state.entities.remove([arn, kind, keyOf(name)]);
    }
  });
}

type Asked = { Marker?: string; MaxItems?: number; PathPrefix?: string };

function attachedTo(call: Call, kind: Kind, name: string, input: Asked) {
  findEntity(call, kind, name);
  const path = input.PathPrefix ?? '/';
  const { items, page } = listKeys(stateOf(call).attached, input, [kind, keyOf(name)]);
  const arns = items.map((key) => String(key[2]));
  return {
    AttachedPolicies: arns
      .filter((arn) => arn.slice(arn.indexOf(':policy/') + 7).startsWith(path))
      .map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn })),
    ...page,
  };
}

export const attachRolePolicy: Operation<'iam', 'AttachRolePolicy'> = (input, call) => {
  checkPolicyArn(input.PolicyArn!);
  refuseLinked(findEntity(call, 'role', input.RoleName!));
  attach(call, 'role', input.RoleName!, input.PolicyArn!);
  return {};
};

export const attachUserPolicy: Operation<'iam', 'AttachUserPolicy'> = (input, call) => {
  attach(call, 'user', input.UserName!, input.PolicyArn!);
  return {};
};

export const attachGroupPolicy: Operation<'iam', 'AttachGroupPolicy'> = (input, call) => {
  attach(call, 'group', input.GroupName!, input.PolicyArn!);
  return {};
};

export const detachRolePolicy: Operation<'iam', 'DetachRolePolicy'> = (input, call) => {
  detach(call, 'role', input.RoleName!, input.PolicyArn!);
  return {};
};

export const detachUserPolicy: Operation<'iam', 'DetachUserPolicy'> = (input, call) => {
  detach(call, 'user', input.UserName!, input.PolicyArn!);
  return {};
};

export const detachGroupPolicy: Operation<'iam', 'DetachGroupPolicy'> = (input, call) => {
  detach(call, 'group', input.GroupName!, input.PolicyArn!);
  return {};
};

export const listAttachedRolePolicies: Operation<'iam', 'ListAttachedRolePolicies'> = (input, call) =>
  attachedTo(call, 'role', input.RoleName!, input);

export const listAttachedUserPolicies: Operation<'iam', 'ListAttachedUserPolicies'> = (input, call) =>
  attachedTo(call, 'user', input.UserName!, input);

export const listAttachedGroupPolicies: Operation<'iam', 'ListAttachedGroupPolicies'> = (input, call) =>
  attachedTo(call, 'group', input.GroupName!, input);

const FILTERS = { Role: 'role', User: 'user', Group: 'group' } as const;

export const listEntitiesForPolicy: Operation<'iam', 'ListEntitiesForPolicy'> = (input, call) => {
  const arn = input.PolicyArn!;
  checkPolicyArn(arn);
  if (!isAwsManaged(arn)) findOwnPolicy(call, arn);
  else if (!policyExists(call, arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
  const state = stateOf(call);
  const asBoundary = input.PolicyUsageFilter === 'PermissionsBoundary';
  const keys = [...(asBoundary ? state.bounded : state.entities).entries({ prefix: arn })].map(
    ({ key }) => key,
  );
  const kinds = Object.entries(FILTERS)
    .filter(([filter]) => (input.EntityFilter ?? filter) === filter)
    .map(([, kind]): Kind => kind);
  const found = keys
    .map((key) => ({ kind: key[1] as Kind, name: String(key[2]) }))
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ kind, name }) => ({ kind, entity: entityByKey(call, kind, name) }))
    .filter(({ entity }) => entity.path.startsWith(input.PathPrefix ?? '/'));
  const { items, page } = listOf(found, ({ kind, entity }) => `${kind}/${entity.name}`, input);
  const of = (kind: Kind) => items.filter((item) => item.kind === kind).map((item) => item.entity);
  return {
    PolicyGroups: of('group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
    PolicyUsers: of('user').map(({ name, id }) => ({ UserName: name, UserId: id })),
    PolicyRoles: of('role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
    ...page,
  };
};

function entityByKey(call: Call, kind: Kind, key: string) {
  const state = stateOf(call);
  return { role: state.roles, user: state.users, group: state.groups }[kind].get(key)!;
}
