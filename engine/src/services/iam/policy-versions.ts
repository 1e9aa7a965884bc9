import type { Call, Operation } from '../../kernel';
import { awsManagedPolicy, isAwsManaged } from './aws-managed';
import { encodeDocument } from './documents';
import { deleteConflict, limitExceeded, noSuchEntity } from './errors';
import { listOf } from './lists';
import { checkManagedDocument, checkPolicyArn, findOwnPolicy, ownPolicy } from './managed-policies';
import { keyOf, type ManagedPolicy, type PolicyVersion, stateOf } from './store';

const MOST_VERSIONS = 5;

export const createPolicyVersion: Operation<'iam', 'CreatePolicyVersion'> = (input, call) => {
  const state = stateOf(call);
  const policy = attachable(call, input.PolicyArn!);
  checkManagedDocument(input.PolicyDocument!);
  if (state.versions.count({ prefix: keyOf(policy.name) }) >= MOST_VERSIONS) {
    throw limitExceeded(
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    );
  }
  const number = policy.lastVersion + 1;
  const now = call.clock.now();
  const version: PolicyVersion = { id: `v${number}`, document: input.PolicyDocument!, created: now };
  const changed = { ...policy, lastVersion: number, updated: now };
  if (input.SetAsDefault) changed.defaultVersion = version.id;
  call.accountStore.transaction(() => {
    state.versions.put([keyOf(policy.name), number], version);
    state.policies.put(keyOf(policy.name), changed);
  });
  return {
    PolicyVersion: {
      VersionId: version.id,
      IsDefaultVersion: changed.defaultVersion === version.id,
      CreateDate: now,
    },
  };
};

export const getPolicyVersion: Operation<'iam', 'GetPolicyVersion'> = (input, call) => {
  const arn = input.PolicyArn!;
  checkPolicyArn(arn);
  const aws = isAwsManaged(arn) ? awsManagedPolicy(call, arn) : undefined;
  if (aws && aws.version === input.VersionId) {
    return {
      PolicyVersion: {
        Document: encodeDocument(aws.document),
        VersionId: aws.version,
        IsDefaultVersion: true,
        CreateDate: aws.updated,
      },
    };
  }
  const policy = ownPolicy(call, arn);
  const version = policy && findVersion(call, policy, input.VersionId!);
  if (!version) throw noVersion(arn, input.VersionId!);
  return {
    PolicyVersion: {
      Document: encodeDocument(version.document),
      ...shown(policy, version),
    },
  };
};

export const listPolicyVersions: Operation<'iam', 'ListPolicyVersions'> = (input, call) => {
  const arn = input.PolicyArn!;
  checkPolicyArn(arn);
  const aws = isAwsManaged(arn) ? awsManagedPolicy(call, arn) : undefined;
  if (aws) {
    // Older versions of AWS's policies are not kept here: the default is the only one.
    return {
      Versions: [{ VersionId: aws.version, IsDefaultVersion: true, CreateDate: aws.updated }],
      IsTruncated: false,
    };
  }
  const policy = attachable(call, arn);
  const versions = [...stateOf(call).versions.values({ prefix: keyOf(policy.name), reverse: true })];
  const { items, page } = listOf(versions, (version) => version.id, input);
  return { Versions: items.map((version) => shown(policy, version)), ...page };
};

export const setDefaultPolicyVersion: Operation<'iam', 'SetDefaultPolicyVersion'> = (input, call) => {
  const policy = findOwnPolicy(call, input.PolicyArn!);
  if (!findVersion(call, policy, input.VersionId!)) throw noVersion(policy.arn, input.VersionId!);
  stateOf(call).policies.put(keyOf(policy.name), {
    ...policy,
    defaultVersion: input.VersionId!,
    updated: call.clock.now(),
  });
  return {};
};

export const deletePolicyVersion: Operation<'iam', 'DeletePolicyVersion'> = (input, call) => {
  const policy = findOwnPolicy(call, input.PolicyArn!);
  if (policy.defaultVersion === input.VersionId) {
    throw deleteConflict('Cannot delete the default version of a policy.');
  }
  if (!findVersion(call, policy, input.VersionId!)) throw noVersion(policy.arn, input.VersionId!);
  stateOf(call).versions.remove([keyOf(policy.name), Number(input.VersionId!.slice(1))]);
  return {};
};

function attachable(call: Call, arn: string): ManagedPolicy {
  checkPolicyArn(arn);
  const policy = ownPolicy(call, arn);
  if (!policy) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  return policy;
}

function findVersion(call: Call, policy: ManagedPolicy, id: string): PolicyVersion | undefined {
  return stateOf(call).versions.get([keyOf(policy.name), Number(id.slice(1))]);
}

function noVersion(arn: string, id: string) {
  return noSuchEntity(`Policy ${arn} version ${id} does not exist or is not attachable.`);
}

function shown(policy: ManagedPolicy, version: PolicyVersion) {
  return {
    VersionId: version.id,
    IsDefaultVersion: policy.defaultVersion === version.id,
    CreateDate: version.created,
  };
}
