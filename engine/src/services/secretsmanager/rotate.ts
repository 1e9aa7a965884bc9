import { AwsError, type Call, isAwsError, notImplemented, type Operation } from '../../kernel';
import { isRunning, runRotation, testRotation } from './rotation-run';
import { awaitRotation } from './rotation-timers';
import { checkRules } from './schedule';
import { findLive, invalidParameter, invalidRequest, PENDING, stateOf, versionWith } from './store';
import { putVersion } from './values';

/**
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 * As on AWS the answer does not wait for a rotation: one that fails shows in its log, and stays pending.
 */
export const rotateSecret: Operation<'secretsmanager', 'RotateSecret'> = async (input, call) => {
  const token = input.ClientRequestToken;
  if (token === undefined) {
    throw invalidParameter('You must provide a ClientRequestToken value. We recommend a UUID-type value.');
  }
  for (const option of ['ExternalSecretRotationMetadata', 'ExternalSecretRotationRoleArn'] as const) {
    if (input[option] !== undefined) throw notImplemented(`Secrets Manager RotateSecret ${option}`);
  }
  const secret = findLive(call, input.SecretId!);
  const lambda = input.RotationLambdaARN ?? secret.rotation?.lambda;
  if (lambda === undefined || lambda === '') {
    throw invalidRequest('No Lambda rotation function ARN is associated with this secret.');
  }
  const rules = input.RotationRules ? checkRules(input.RotationRules) : (secret.rotation?.rules ?? {});
  await checkFunction(call, lambda, secret.arn);
  const current = findLive(call, secret.name);
  const pending = versionWith(call, secret.name, PENDING);
  const left =
    pending && !pending.stages.includes('AWSCURRENT') && pending.id !== token ? pending : undefined;
  const now = call.clock.now();
  const scheduled = call.principal.type === 'service';
  const rotation = {
    ...current.rotation,
    lambda: left ? (current.rotation?.lambda ?? lambda) : lambda,
    rules: left ? (current.rotation?.rules ?? rules) : rules,
    enabled: true,
    attempted: now,
    ...(scheduled || left ? {} : { since: now }),
  };
  stateOf(call).secrets.put(secret.name, { ...current, rotation });
  awaitRotation(call, current);
  if (left) {
    if (!isRunning(call, secret.arn)) void runRotation(call, secret, left.id);
    throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
  }
  if (input.RotateImmediately ?? true) {
    // The version is there before the function is asked to fill it.
    if (pending?.id !== token) putVersion(call, secret.name, { id: token, created: now, stages: [PENDING] });
    void runRotation(call, secret, token);
  } else await testRotation(call, secret, token);
  return { ARN: secret.arn, Name: secret.name, VersionId: token };
};

/** The function must be there, and let Secrets Manager in. */
async function checkFunction(call: Call, FunctionName: string, secretArn: string): Promise<void> {
  const source = { sourceArn: secretArn, sourceAccount: call.account };
  const as = call.parts.identity.servicePrincipal('secretsmanager.amazonaws.com', call.account, source);
  try {
    await call.invoke('lambda', 'Invoke', { FunctionName, InvocationType: 'DryRun' }, { as });
  } catch (error) {
    if (!isAwsError(error, 'ResourceNotFoundException', 'AccessDeniedException', 'ValidationException'))
      throw error;
    throw new AwsError(
      'AccessDeniedException',
      'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
    );
  }
}

/** A rotation at work ends before its next step; what it has staged stays as it is. */
export const cancelRotateSecret: Operation<'secretsmanager', 'CancelRotateSecret'> = (input, call) => {
  const secret = findLive(call, input.SecretId!);
  if (!secret.rotation) {
    throw invalidRequest("You tried to cancel a rotation of a secret that isn't set up for rotation.");
  }
  stateOf(call).secrets.put(secret.name, { ...secret, rotation: { ...secret.rotation, enabled: false } });
  awaitRotation(call, secret);
  const pending = versionWith(call, secret.name, PENDING);
  return { ARN: secret.arn, Name: secret.name, ...(pending ? { VersionId: pending.id } : {}) };
};
