import { createHash } from 'node:crypto';
import { AwsError, type Call, type Operation } from '../../kernel';
import { type AwsManagedPolicy, awsManagedArns, awsManagedPolicy, isAwsManaged } from './aws-managed';
import { checkDocument, sizeOf } from './documents';
import { alreadyExists, deleteConflict, noSuchEntity, quotaExceeded, validationError } from './errors';
import { iamArn, newId } from './identifiers';
import { listOf } from './lists';
import { keyOf, type ManagedPolicy, stateOf } from './store';
import { checkTags } from './tags';

const POLICY_ARN = /^arn:[a-z-]+:iam::(\d{12}|aws):policy\/([!-~]+\/)?[\w+=,.@-]+$/;

/** An ARN that is none at all is told apart from one that names nothing. */
export function checkPolicyArn(arn: string): void {
  if (!arn.startsWith('arn:')) throw validationError('Invalid ARN:  Could not be parsed!');
  if (!POLICY_ARN.test(arn)) throw validationError(`ARN ${arn} is not valid.`);
}

/** A policy of this account by its ARN, if there is one. */
export function ownPolicy(call: Call, arn: string): ManagedPolicy | undefined {
  const policy = stateOf(call).policies.get(keyOf(arn.slice(arn.lastIndexOf('/') + 1)));
  return policy?.arn === arn ? policy : undefined;
}

/** A policy that its owner may change; AWS's own are no such. */
export function findOwnPolicy(call: Call, arn: string): ManagedPolicy {
  checkPolicyArn(arn);
  const policy = ownPolicy(call, arn);
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

export function policyExists(call: Call, arn: string): boolean {
  return isAwsManaged(arn) ? awsManagedPolicy(call, arn) !== undefined : ownPolicy(call, arn) !== undefined;
}

/** Managed policies are younger than the first version of the language. */
export function checkManagedDocument(document: string): void {
  if (checkDocument(document, 'identity').Version === undefined)
    throw new AwsError('MalformedPolicyDocument', 'Policy document must be version 2012-10-17 or greater.');
  maxPolicySize(document);
}

function maxPolicySize(document: string): void {
  if (sizeOf(document) > 6_144) throw quotaExceeded('PolicySize', 6_144);
}

export const createPolicy: Operation<'iam', 'CreatePolicy'> = (input, call) => {
  const state = stateOf(call);
  const name = input.PolicyName!;
  const path = input.Path ?? '/';
  checkManagedDocument(input.PolicyDocument!);
  const tags = checkTags(call, input.Tags);
  if (state.policies.has(keyOf(name))) {
    throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  }
  const now = call.clock.now();
  const policy: ManagedPolicy = {
    name,
    path,
    id: newId(call, 'ANPA'),
    arn: iamArn(call, 'policy', path, name),
    created: now,
    updated: now,
    defaultVersion: 'v1',
    lastVersion: 1,
    tags,
    ...(input.Description === undefined ? {} : { description: input.Description }),
  };
  call.accountStore.transaction(() => {
    state.policies.put(keyOf(name), policy);
    state.versions.put([keyOf(name), 1], { id: 'v1', document: input.PolicyDocument!, created: now });
  });
  const { Description: _told, ...shown } = showPolicy(call, policy);
  return { Policy: { ...shown, ...(tags.length > 0 ? { Tags: tags } : {}) } };
};

export const getPolicy: Operation<'iam', 'GetPolicy'> = (input, call) => {
  const arn = input.PolicyArn!;
  checkPolicyArn(arn);
  const aws = isAwsManaged(arn) ? awsManagedPolicy(call, arn) : undefined;
  if (aws) return { Policy: { ...showAwsPolicy(call, aws), Tags: [] } };
  const policy = findOwnPolicy(call, arn);
  return { Policy: { ...showPolicy(call, policy), Tags: policy.tags } };
};

export const deletePolicy: Operation<'iam', 'DeletePolicy'> = (input, call) => {
  const state = stateOf(call);
  const arn = input.PolicyArn!;
  checkPolicyArn(arn);
  const policy = ownPolicy(call, arn);
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
  if (attachments(call, arn) + boundaries(call, arn) > 0) {
    throw deleteConflict('Cannot delete a policy attached to entities.');
  }
  if (state.versions.count({ prefix: keyOf(policy.name) }) > 1) {
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  }
  call.accountStore.transaction(() => {
    state.policies.remove(keyOf(policy.name));
    state.versions.clear({ prefix: keyOf(policy.name) });
  });
  return {};
};

export const listPolicies: Operation<'iam', 'ListPolicies'> = (input, call) => {
  const path = input.PathPrefix ?? '/';
  const scope = input.Scope ?? 'All';
  const own = scope === 'AWS' ? [] : [...stateOf(call).policies.values()].map((policy) => policy.arn);
  const aws = scope === 'Local' ? [] : [...awsManagedArns(call)];
  const matching = [...own, ...aws].filter((arn) => {
    if (!arn.slice(arn.indexOf(':policy/') + 7).startsWith(path)) return false;
    if (input.OnlyAttached && attachments(call, arn) === 0) return false;
    if (input.PolicyUsageFilter === 'PermissionsPolicy') return attachments(call, arn) > 0;
    if (input.PolicyUsageFilter === 'PermissionsBoundary') return boundaries(call, arn) > 0;
    return true;
  });
  const { items, page } = listOf(matching.sort(), (arn) => arn, input);
  return {
    Policies: items.map((arn) => {
      // Neither description nor tags are told in a list.
      const aws = isAwsManaged(arn) ? awsManagedPolicy(call, arn) : undefined;
      const shown = aws ? showAwsPolicy(call, aws) : showPolicy(call, findOwnPolicy(call, arn));
      const { Description: _told, ...rest } = shown as ReturnType<typeof showPolicy>;
      return rest;
    }),
    ...page,
  };
};

function attachments(call: Call, arn: string): number {
  return stateOf(call).entities.count({ prefix: arn });
}

function boundaries(call: Call, arn: string): number {
  return stateOf(call).bounded.count({ prefix: arn });
}

function showPolicy(call: Call, policy: ManagedPolicy) {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: attachments(call, policy.arn),
    PermissionsBoundaryUsageCount: boundaries(call, policy.arn),
    IsAttachable: true,
    ...(policy.description === undefined ? {} : { Description: policy.description }),
    CreateDate: policy.created,
    UpdateDate: policy.updated,
  };
}

function showAwsPolicy(call: Call, policy: AwsManagedPolicy) {
  return {
    PolicyName: policy.name,
    PolicyId: awsPolicyId(policy.arn),
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.version,
    AttachmentCount: attachments(call, policy.arn),
    PermissionsBoundaryUsageCount: boundaries(call, policy.arn),
    IsAttachable: true,
    CreateDate: policy.created,
    UpdateDate: policy.updated,
  };
}

/** AWS does not publish the ids of its policies: one that is always the same for a policy stands in. */
function awsPolicyId(arn: string): string {
  const digest = createHash('sha256').update(arn).digest();
  return `ANPA${[...digest.subarray(0, 17)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('')}`;
}
