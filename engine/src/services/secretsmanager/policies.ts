import { AwsError, isAwsError, type Operation } from '../../kernel';
import { PolicyProblem, type PolicyStatement, parsePolicy } from '../../kernel/policy-document';
import { find, findLive, stateOf } from './store';

function statementsOf(policy: string): PolicyStatement[] {
  try {
    return parsePolicy(policy, 'resource').Statement;
  } catch (error) {
    if (!(error instanceof PolicyProblem)) throw error;
    throw new AwsError(
      'MalformedPolicyDocumentException',
      error.message.replace('This policy', 'This resource policy'),
    );
  }
}

/** Open to everybody, with nothing that narrows it. */
function isPublic(statement: PolicyStatement): boolean {
  if (statement.Effect !== 'Allow' || statement.Condition) return false;
  const { Principal } = statement;
  if (Principal === '*') return true;
  return (
    typeof Principal === 'object' &&
    Principal !== null &&
    'AWS' in Principal &&
    [Principal.AWS].flat().includes('*')
  );
}

export const putResourcePolicy: Operation<'secretsmanager', 'PutResourcePolicy'> = (input, call) => {
  const secret = findLive(call, input.SecretId!);
  const statements = statementsOf(input.ResourcePolicy!);
  if (input.BlockPublicPolicy && statements.some(isPublic)) {
    throw new AwsError(
      'PublicPolicyException',
      "You can't attach this resource policy because it allows broad access to the secret.",
    );
  }
  stateOf(call).secrets.put(secret.name, { ...secret, policy: input.ResourcePolicy! });
  return { ARN: secret.arn, Name: secret.name };
};

export const getResourcePolicy: Operation<'secretsmanager', 'GetResourcePolicy'> = (input, call) => {
  const secret = find(call, input.SecretId!);
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.policy === undefined ? {} : { ResourcePolicy: secret.policy }),
  };
};

export const deleteResourcePolicy: Operation<'secretsmanager', 'DeleteResourcePolicy'> = (input, call) => {
  const { policy: _gone, ...secret } = findLive(call, input.SecretId!);
  stateOf(call).secrets.put(secret.name, secret);
  return { ARN: secret.arn, Name: secret.name };
};

export const validateResourcePolicy: Operation<'secretsmanager', 'ValidateResourcePolicy'> = (
  input,
  call,
) => {
  if (input.SecretId !== undefined) find(call, input.SecretId);
  try {
    const open = statementsOf(input.ResourcePolicy!).some(isPublic);
    return open
      ? {
          PolicyValidationPassed: false,
          ValidationErrors: [
            { CheckName: 'PUBLIC_POLICY', ErrorMessage: 'The policy allows broad access to the secret.' },
          ],
        }
      : { PolicyValidationPassed: true, ValidationErrors: [] };
  } catch (error) {
    if (!isAwsError(error, 'MalformedPolicyDocumentException')) throw error;
    return {
      PolicyValidationPassed: false,
      ValidationErrors: [{ CheckName: 'SYNTAX', ErrorMessage: error.message }],
    };
  }
};
