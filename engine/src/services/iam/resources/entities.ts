import type { ResourceContext, UpdatingResource } from '../../../kernel';
import { listChanges, unlessGone } from '../../../kernel/tags';
import type { Kind } from '../store';

/** What roles, users and groups have in common in a template: policies inside and attached. */
export interface InlinePolicy {
  PolicyName: string;
  PolicyDocument: unknown;
}

export interface WithPolicies {
  ManagedPolicyArns?: string[];
  Policies?: InlinePolicy[];
}

/** Templates hold policies as objects or as JSON text. */
export function documentText(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}

type Call = ResourceContext['call'];

export async function attach(call: Call, kind: Kind, name: string, PolicyArn: string): Promise<void> {
  if (kind === 'role') await call.invoke('iam', 'AttachRolePolicy', { RoleName: name, PolicyArn });
  else if (kind === 'user') await call.invoke('iam', 'AttachUserPolicy', { UserName: name, PolicyArn });
  else await call.invoke('iam', 'AttachGroupPolicy', { GroupName: name, PolicyArn });
}

export async function detach(call: Call, kind: Kind, name: string, PolicyArn: string): Promise<void> {
  if (kind === 'role') await call.invoke('iam', 'DetachRolePolicy', { RoleName: name, PolicyArn });
  else if (kind === 'user') await call.invoke('iam', 'DetachUserPolicy', { UserName: name, PolicyArn });
  else await call.invoke('iam', 'DetachGroupPolicy', { GroupName: name, PolicyArn });
}

export async function putInline(call: Call, kind: Kind, name: string, policy: InlinePolicy): Promise<void> {
  const { PolicyName } = policy;
  const PolicyDocument = documentText(policy.PolicyDocument);
  if (kind === 'role')
    await call.invoke('iam', 'PutRolePolicy', { RoleName: name, PolicyName, PolicyDocument });
  else if (kind === 'user') {
    await call.invoke('iam', 'PutUserPolicy', { UserName: name, PolicyName, PolicyDocument });
  } else await call.invoke('iam', 'PutGroupPolicy', { GroupName: name, PolicyName, PolicyDocument });
}

export async function deleteInline(call: Call, kind: Kind, name: string, PolicyName: string): Promise<void> {
  if (kind === 'role') await call.invoke('iam', 'DeleteRolePolicy', { RoleName: name, PolicyName });
  else if (kind === 'user') await call.invoke('iam', 'DeleteUserPolicy', { UserName: name, PolicyName });
  else await call.invoke('iam', 'DeleteGroupPolicy', { GroupName: name, PolicyName });
}

/** Puts a new entity's policies on it. Where one is refused, the entity goes again: nothing is left behind. */
export async function addPolicies(
  resource: ResourceContext<WithPolicies>,
  kind: Kind,
  name: string,
): Promise<void> {
  for (const arn of resource.properties.ManagedPolicyArns ?? []) await attach(resource.call, kind, name, arn);
  for (const policy of resource.properties.Policies ?? []) await putInline(resource.call, kind, name, policy);
}

export async function updatePolicies(
  resource: UpdatingResource<WithPolicies>,
  kind: Kind,
  name: string,
): Promise<void> {
  const { call, previous, properties } = resource;
  const managed = listChanges(previous.ManagedPolicyArns, properties.ManagedPolicyArns);
  // Detached first, so that a list at its quota can be changed.
  for (const arn of managed.removed) await detach(call, kind, name, arn);
  for (const arn of managed.added) await attach(call, kind, name, arn);
  const inline = listChanges(
    previous.Policies?.map((policy) => policy.PolicyName),
    properties.Policies?.map((policy) => policy.PolicyName),
  );
  for (const policyName of inline.removed) await deleteInline(call, kind, name, policyName);
  for (const policy of properties.Policies ?? []) await putInline(call, kind, name, policy);
}

/** Takes off what the template put on. What others put on since is left, and makes the deletion fail as on AWS. */
export async function removePolicies(
  resource: ResourceContext<WithPolicies>,
  kind: Kind,
  name: string,
): Promise<void> {
  const { call, properties } = resource;
  for (const arn of properties.ManagedPolicyArns ?? []) {
    await unlessGone(detach(call, kind, name, arn), 'NoSuchEntity');
  }
  for (const { PolicyName } of properties.Policies ?? []) {
    await unlessGone(deleteInline(call, kind, name, PolicyName), 'NoSuchEntity');
  }
}
