import { AwsError, type Call, isAwsError, notImplemented, type Operation } from '../../kernel';
import { checkRules } from './schedule';
import {
  findLive,
  invalidParameter,
  invalidRequest,
  load,
  PENDING,
  type Secret,
  stateOf,
  versionWith,
} from './store';
import { putVersion } from './values';

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html */
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
  await checkFunction(call, lambda);
  const current = findLive(call, secret.name);
  const pending = versionWith(call, secret.name, PENDING);
  if (pending && !pending.stages.includes('AWSCURRENT') && pending.id !== token) {
    throw invalidRequest(`A previous rotation isn't complete. That rotation will be reattempted.`);
  }
  const rotation = { ...current.rotation, lambda, rules, enabled: true };
  stateOf(call).secrets.put(secret.name, { ...current, rotation });
  if (input.RotateImmediately ?? true) {
    // The version is there before the function is asked to fill it.
    if (pending?.id !== token) {
      putVersion(call, secret.name, { id: token, created: call.clock.now(), stages: [PENDING] });
    }
    // As on AWS the answer does not wait: a rotation that fails shows in the function's log, and stays pending.
    void run(call, secret, lambda, token);
  }
  return { ARN: secret.arn, Name: secret.name, VersionId: token };
};

function servicePrincipal(call: Call) {
  return { as: call.parts.identity.servicePrincipal('secretsmanager.amazonaws.com', call.account) };
}

async function checkFunction(call: Call, FunctionName: string): Promise<void> {
  try {
    await call.invoke('lambda', 'GetFunctionConfiguration', { FunctionName }, servicePrincipal(call));
  } catch (error) {
    if (!isAwsError(error, 'ResourceNotFoundException', 'AccessDeniedException', 'ValidationException'))
      throw error;
    throw new AwsError(
      'AccessDeniedException',
      'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
    );
  }
}

async function run(call: Call, secret: Secret, FunctionName: string, token: string): Promise<void> {
  try {
    for (const Step of STEPS) {
      const event = { Step, SecretId: secret.arn, ClientRequestToken: token };
      const result = await call.invoke(
        'lambda',
        'Invoke',
        { FunctionName, Payload: Buffer.from(JSON.stringify(event)) },
        servicePrincipal(call),
      );
      if (result.FunctionError !== undefined) throw new Error(`${Step} failed in ${FunctionName}`);
    }
    const rotated = load(call, secret.name);
    if (!rotated?.rotation) return;
    stateOf(call).secrets.put(secret.name, {
      ...rotated,
      rotation: { ...rotated.rotation, last: call.clock.now() },
    });
  } catch (error) {
    call.parts.events.emit({
      type: 'engine',
      at: call.clock.millis(),
      level: 'warn',
      message: `rotation of ${secret.name}: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

export const cancelRotateSecret: Operation<'secretsmanager', 'CancelRotateSecret'> = (input, call) => {
  const secret = findLive(call, input.SecretId!);
  if (!secret.rotation) {
    throw invalidRequest("You tried to cancel a rotation of a secret that isn't set up for rotation.");
  }
  stateOf(call).secrets.put(secret.name, { ...secret, rotation: { ...secret.rotation, enabled: false } });
  const pending = versionWith(call, secret.name, PENDING);
  return { ARN: secret.arn, Name: secret.name, ...(pending ? { VersionId: pending.id } : {}) };
};
