import type { Call } from '../../kernel';
import { awaitRotation } from './rotation-timers';
import { CURRENT, load, PENDING, type Secret, stateOf, versionWith } from './store';
import { openValue, putVersion, sealValue } from './values';

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** ARNs of the secrets that are being rotated. */
const running = (call: Call) => call.memo('secretsmanager:running', () => new Set<string>());

export const isRunning = (call: Call, arn: string): boolean => running(call).has(arn);

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html */
export async function runRotation(call: Call, secret: Secret, token: string): Promise<void> {
  await work(call, secret, async () => {
    for (const step of STEPS) {
      if (!(await invokeStep(call, secret, step, token))) return;
    }
    const rotated = load(call, secret.name);
    if (!rotated?.rotation) return;
    if (versionWith(call, secret.name, CURRENT)?.id !== token) {
      throw new Error('the function came to its end, but the new version is not AWSCURRENT');
    }
    const rotation = { ...rotated.rotation, last: call.clock.now() };
    stateOf(call).secrets.put(secret.name, { ...rotated, rotation });
    awaitRotation(call, secret);
  });
}

/**
 * What is not to be rotated at once is only tested: with a version that is pending for that long, and holds what the
 * current one does. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 */
export async function testRotation(call: Call, secret: Secret, token: string): Promise<void> {
  await work(call, secret, async () => {
    const current = versionWith(call, secret.name, CURRENT);
    const sealed = current && (await sealValue(call, secret, token, await openValue(call, secret, current)));
    const version = { id: token, created: call.clock.now(), stages: [PENDING] };
    if (!load(call, secret.name)) return;
    putVersion(call, secret.name, { ...version, ...(sealed ? { sealed } : {}) });
    try {
      await invokeStep(call, secret, 'testSecret', token);
    } finally {
      stateOf(call).versions.remove([secret.name, token]);
    }
  });
}

async function work(call: Call, secret: Secret, rotate: () => Promise<void>): Promise<void> {
  const at = running(call);
  at.add(secret.arn);
  try {
    await rotate();
  } catch (error) {
    call.parts.events.emit({
      type: 'engine',
      at: call.clock.millis(),
      level: 'warn',
      message: `rotation of ${secret.name}: ${error instanceof Error ? error.message : String(error)}`,
    });
  } finally {
    at.delete(secret.arn);
  }
}

/** False where the rotation has been cancelled, or the secret deleted, meanwhile. */
async function invokeStep(call: Call, { name, arn }: Secret, Step: string, token: string): Promise<boolean> {
  const secret = load(call, name);
  if (!secret?.rotation?.enabled || secret.deleted || secret.arn !== arn) return false;
  const { lambda: FunctionName } = secret.rotation;
  const source = { sourceArn: arn, sourceAccount: call.account };
  const as = call.parts.identity.servicePrincipal('secretsmanager.amazonaws.com', call.account, source);
  const Payload = Buffer.from(JSON.stringify({ Step, SecretId: arn, ClientRequestToken: token }));
  const result = await call.invoke('lambda', 'Invoke', { FunctionName, Payload }, { as });
  if (result.FunctionError !== undefined) throw new Error(`${Step} failed in ${FunctionName}`);
  return true;
}
