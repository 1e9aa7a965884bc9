import { AwsError, type Call, type Operation } from '../../kernel';
import { checkDocument, encodeDocument, sizeOf } from './documents';
import { limitExceeded, noSuchEntity } from './errors';
import { findEntity } from './find';
import { listKeys } from './lists';
import { type Kind, keyOf, stateOf } from './store';

/** All inline policies of an entity together. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_BYTES: Record<Kind, number> = { role: 10_240, user: 2_048, group: 5_120 };

function put(call: Call, kind: Kind, name: string, policyName: string, document: string): void {
  const state = stateOf(call);
  const entity = findEntity(call, kind, name);
  refuseLinked(entity);
  checkDocument(document, 'identity');
  const prefix = [kind, keyOf(name)];
  let size = sizeOf(document);
  for (const { key, value } of state.inline.entries({ prefix })) {
    if (key[2] !== policyName) size += sizeOf(value);
  }
  if (size > MOST_BYTES[kind]) {
    throw limitExceeded(`Maximum policy size of ${MOST_BYTES[kind]} bytes exceeded for ${kind} ${name}`);
  }
  state.inline.put([...prefix, policyName], document);
}

function get(call: Call, kind: Kind, name: string, policyName: string): string {
  findEntity(call, kind, name);
  const document = stateOf(call).inline.get([kind, keyOf(name), policyName]);
  if (document === undefined) throw noPolicy(kind, policyName);
  return encodeDocument(document);
}

function remove(call: Call, kind: Kind, name: string, policyName: string): void {
  refuseLinked(findEntity(call, kind, name));
  if (!stateOf(call).inline.remove([kind, keyOf(name), policyName])) throw noPolicy(kind, policyName);
}

function names(call: Call, kind: Kind, name: string, input: { Marker?: string; MaxItems?: number }) {
  findEntity(call, kind, name);
  const { items, page } = listKeys(stateOf(call).inline, input, [kind, keyOf(name)]);
  return { PolicyNames: items.map((key) => String(key[2])), ...page };
}

function noPolicy(kind: Kind, policyName: string) {
  return noSuchEntity(`The ${kind} policy with name ${policyName} cannot be found.`);
}

/** Only its service may change a service-linked role. */
export function refuseLinked(entity: { name: string; arn: string }): void {
  if (!entity.arn.includes(':role/aws-service-role/')) return;
  throw new AwsError(
    'UnmodifiableEntity',
    `Cannot perform the operation on the protected role '${entity.name}' - this role is only modifiable by AWS`,
  );
}

export const putRolePolicy: Operation<'iam', 'PutRolePolicy'> = (input, call) => {
  put(call, 'role', input.RoleName!, input.PolicyName!, input.PolicyDocument!);
  return {};
};

export const putUserPolicy: Operation<'iam', 'PutUserPolicy'> = (input, call) => {
  put(call, 'user', input.UserName!, input.PolicyName!, input.PolicyDocument!);
  return {};
};

export const putGroupPolicy: Operation<'iam', 'PutGroupPolicy'> = (input, call) => {
  put(call, 'group', input.GroupName!, input.PolicyName!, input.PolicyDocument!);
  return {};
};

export const getRolePolicy: Operation<'iam', 'GetRolePolicy'> = (input, call) => ({
  RoleName: input.RoleName,
  PolicyName: input.PolicyName,
  PolicyDocument: get(call, 'role', input.RoleName!, input.PolicyName!),
});

export const getUserPolicy: Operation<'iam', 'GetUserPolicy'> = (input, call) => ({
  UserName: input.UserName,
  PolicyName: input.PolicyName,
  PolicyDocument: get(call, 'user', input.UserName!, input.PolicyName!),
});

export const getGroupPolicy: Operation<'iam', 'GetGroupPolicy'> = (input, call) => ({
  GroupName: input.GroupName,
  PolicyName: input.PolicyName,
  PolicyDocument: get(call, 'group', input.GroupName!, input.PolicyName!),
});

export const deleteRolePolicy: Operation<'iam', 'DeleteRolePolicy'> = (input, call) => {
  remove(call, 'role', input.RoleName!, input.PolicyName!);
  return {};
};

export const deleteUserPolicy: Operation<'iam', 'DeleteUserPolicy'> = (input, call) => {
  remove(call, 'user', input.UserName!, input.PolicyName!);
  return {};
};

export const deleteGroupPolicy: Operation<'iam', 'DeleteGroupPolicy'> = (input, call) => {
  remove(call, 'group', input.GroupName!, input.PolicyName!);
  return {};
};

export const listRolePolicies: Operation<'iam', 'ListRolePolicies'> = (input, call) =>
  names(call, 'role', input.RoleName!, input);

export const listUserPolicies: Operation<'iam', 'ListUserPolicies'> = (input, call) =>
  names(call, 'user', input.UserName!, input);

export const listGroupPolicies: Operation<'iam', 'ListGroupPolicies'> = (input, call) =>
  names(call, 'group', input.GroupName!, input);
