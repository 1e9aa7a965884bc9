import { AwsError, type Call, type Operation } from '../../kernel';
import { PolicyProblem, type PolicyStatement, parsePolicy } from '../../kernel/policy-document';
import { checkState, findKeyById, refuseManaged } from './find-key';
import { stateOf } from './store';

/** Character for character what AWS gives a key that is made without a policy. */
export function defaultPolicy(call: Call): string {
  return `{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:aws:iam::${call.account}:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`;
}

/** A policy that would shut its author out is refused, unless asked for. */
export function checkKeyPolicy(call: Call, text: string, bypass: boolean | undefined): void {
  let statements: PolicyStatement[];
  try {
    statements = parsePolicy(text, 'resource').Statement;
  } catch (error) {
    if (error instanceof PolicyProblem) throw new AwsError('MalformedPolicyDocumentException', error.message);
    throw error;
  }
  if (bypass || statements.some((statement) => letsChange(call, statement))) return;
  throw new AwsError(
    'MalformedPolicyDocumentException',
    'The new key policy will not allow you to update the key policy in the future.',
  );
}

function letsChange(call: Call, statement: PolicyStatement): boolean {
  if (statement.Effect !== 'Allow') return false;
  const actions = [statement.Action ?? []].flat().map((action) => action.toLowerCase());
  const covers = actions.some((action) => {
    const star = action.indexOf('*');
    return star < 0 ? action === 'kms:putkeypolicy' : 'kms:putkeypolicy'.startsWith(action.slice(0, star));
  });
  if (!covers) return false;
  const { Principal } = statement;
  if (Principal === '*') return true;
  const names =
    typeof Principal === 'object' && Principal && 'AWS' in Principal ? [Principal.AWS].flat() : [];
  const role = /assumed-role\/([^/]+)\//.exec(call.principal.arn)?.[1];
  return names.some(
    (name) =>
      name === '*' ||
      name === call.account ||
      name === `arn:aws:iam::${call.account}:root` ||
      name === call.principal.arn ||
      (role !== undefined && String(name).endsWith(`/${role}`)),
  );
}

export const getKeyPolicy: Operation<'kms', 'GetKeyPolicy'> = (input, call) => {
  const key = findKeyById(call, input.KeyId!);
  checkState(call, key, true);
  checkName(input.PolicyName);
  return { Policy: key.policy, PolicyName: 'default' };
};

export const putKeyPolicy: Operation<'kms', 'PutKeyPolicy'> = (input, call) => {
  const key = findKeyById(call, input.KeyId!);
  refuseManaged(call, key);
  checkState(call, key, true);
  checkName(input.PolicyName);
  checkKeyPolicy(call, input.Policy!, input.BypassPolicyLockoutSafetyCheck);
  stateOf(call).keys.put(key.id, { ...key, policy: input.Policy! });
  return {};
};

export const listKeyPolicies: Operation<'kms', 'ListKeyPolicies'> = (input, call) => {
  checkState(call, findKeyById(call, input.KeyId!), true);
  return { PolicyNames: ['default'], Truncated: false };
};

function checkName(name: string | undefined): void {
  if (name !== undefined && name !== 'default')
    throw new AwsError('NotFoundException', 'No such policy exists');
}
