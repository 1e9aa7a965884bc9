import type { Call, Operation } from '../../kernel';
import { noSuchEntity } from './errors';
import { findRole, findUser } from './find';
import { checkPolicyArn, policyExists } from './managed-policies';
import { keyOf, stateOf } from './store';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html */
export function setBoundary(call: Call, kind: 'role' | 'user', name: string, arn: string): void {
  checkPolicyArn(arn);
  if (!policyExists(call, arn)) throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  change(call, kind, name, arn);
}

/** IAM answers `Policy`, where its model has an enum that says otherwise. */
const BOUNDARY_TYPE = 'Policy' as unknown as 'PermissionsBoundaryPolicy';

export function showBoundary(arn: string) {
  return { PermissionsBoundaryType: BOUNDARY_TYPE, PermissionsBoundaryArn: arn };
}

function change(call: Call, kind: 'role' | 'user', name: string, arn: string | undefined): void {
  const state = stateOf(call);
  const entity = kind === 'role' ? findRole(call, name) : findUser(call, name);
  const { boundary: old, ...rest } = entity;
  call.accountStore.transaction(() => {
    if (old !== undefined) state.bounded.remove([old, kind, keyOf(name)]);
    if (arn !== undefined) state.bounded.put([arn, kind, keyOf(name)], true);
    const changed = arn === undefined ? rest : { ...rest, boundary: arn };
    if ('trust' in changed) state.roles.put(keyOf(name), changed);
    else state.users.put(keyOf(name), changed);
  });
}

function clear(call: Call, kind: 'role' | 'user', name: string): void {
  const entity = kind === 'role' ? findRole(call, name) : findUser(call, name);
  if (entity.boundary === undefined) {
    throw noSuchEntity(`The ${kind} with name ${name} does not have a permission boundary.`);
  }
  change(call, kind, name, undefined);
}

export const putRolePermissionsBoundary: Operation<'iam', 'PutRolePermissionsBoundary'> = (input, call) => {
  findRole(call, input.RoleName!);
  setBoundary(call, 'role', input.RoleName!, input.PermissionsBoundary!);
  return {};
};

export const deleteRolePermissionsBoundary: Operation<'iam', 'DeleteRolePermissionsBoundary'> = (
  input,
  call,
) => {
  clear(call, 'role', input.RoleName!);
  return {};
};

export const putUserPermissionsBoundary: Operation<'iam', 'PutUserPermissionsBoundary'> = (input, call) => {
  findUser(call, input.UserName!);
  setBoundary(call, 'user', input.UserName!, input.PermissionsBoundary!);
  return {};
};

export const deleteUserPermissionsBoundary: Operation<'iam', 'DeleteUserPermissionsBoundary'> = (
  input,
  call,
) => {
  clear(call, 'user', input.UserName!);
  return {};
};
