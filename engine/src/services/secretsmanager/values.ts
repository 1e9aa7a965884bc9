import { AwsError, type Call, isAwsError } from '../../kernel';
import { openWithKey, sealWithKey } from '../../kernel/sealed';
import { CURRENT, invalidParameter, PREVIOUS, type Secret, stateOf, type Version, versionsOf } from './store';

const DEFAULT_KEY = 'alias/aws/secretsmanager';

interface Value {
  SecretString?: string | undefined;
  SecretBinary?: Uint8Array | undefined;
}

export function checkValue({ SecretString, SecretBinary }: Value): void {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
}

export function hasValue({ SecretString, SecretBinary }: Value): boolean {
  return SecretString !== undefined || SecretBinary !== undefined;
}

export async function sealValue(
  call: Call,
  secret: Pick<Secret, 'arn' | 'kmsKeyId'>,
  versionId: string,
  value: Value,
): Promise<NonNullable<Version['sealed']>> {
  const kind = value.SecretString === undefined ? 'binary' : 'string';
  const plaintext = value.SecretBinary ?? Buffer.from(value.SecretString ?? '');
  const context = { SecretARN: secret.arn, SecretVersionId: versionId };
  try {
    const blob = await sealWithKey(call, secret.kmsKeyId ?? DEFAULT_KEY, context, plaintext);
    return { kind, blob, ...(secret.kmsKeyId === undefined ? {} : { keyId: secret.kmsKeyId }) };
  } catch (error) {
    checkAllowed(error);
    if (!isAwsError(error, ...KEY_PROBLEMS)) throw error;
    throw new AwsError(
      'EncryptionFailure',
      `Secrets Manager can't encrypt the protected secret text using the provided KMS key. ${error.message}`,
    );
  }
}

const KEY_PROBLEMS = [
  'NotFoundException',
  'DisabledException',
  'KMSInvalidStateException',
  'InvalidKeyUsageException',
  'InvalidCiphertextException',
];

/** The key is used on the caller's behalf. What KMS refused the caller is not told further. */
function checkAllowed(error: unknown): void {
  if (isAwsError(error, 'AccessDeniedException'))
    throw new AwsError('AccessDeniedException', 'Access to KMS is not allowed');
}

export async function openValue(call: Call, secret: Secret, version: Version) {
  const { sealed } = version;
  if (!sealed) return {};
  const context = { SecretARN: secret.arn, SecretVersionId: version.id };
  try {
    const plaintext = await openWithKey(call, context, sealed.blob);
    return sealed.kind === 'string' ? { SecretString: plaintext.toString() } : { SecretBinary: plaintext };
  } catch (error) {
    checkAllowed(error);
    if (!isAwsError(error, ...KEY_PROBLEMS)) throw error;
    throw new AwsError(
      'DecryptionFailure',
      `Secrets Manager can't decrypt the protected secret text using the provided KMS key. ${error.message}`,
    );
  }
}

/** Kept versions without a label: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const KEPT = 100;

/**
 * Puts a version and moves the labels it brings off the others; whoever had AWSCURRENT becomes AWSPREVIOUS. Runs
 * without awaiting, so that two writers cannot both believe they are current.
 */
export function putVersion(
  call: Call,
  name: string,
  version: Omit<Version, 'order'>,
  changes: Partial<Secret> = {},
): Version {
  const state = stateOf(call);
  return call.store.transaction(() => {
    const secret = state.secrets.get(name)!;
    const known = state.versions.get([name, version.id]);
    const made: Version = { ...version, order: known?.order ?? secret.versions };
    moveStages(call, name, made.id, made.stages);
    state.versions.put([name, made.id], made);
    state.secrets.put(name, {
      ...secret,
      ...changes,
      versions: Math.max(secret.versions, made.order + 1),
      changed: call.clock.now(),
    });
    const unlabelled = versionsOf(call, name).filter(({ stages }) => stages.length === 0);
    for (const old of unlabelled.slice(0, Math.max(0, unlabelled.length - KEPT))) {
      state.versions.remove([name, old.id]);
    }
    return made;
  });
}

export function moveStages(call: Call, name: string, to: string, stages: readonly string[]): void {
  const { versions } = stateOf(call);
  const movesCurrent = stages.includes(CURRENT);
  const all = versionsOf(call, name);
  const wasCurrent = all.find((version) => version.stages.includes(CURRENT));
  for (const version of all) {
    if (version.id === to) continue;
    let kept = version.stages.filter((stage) => !stages.includes(stage));
    if (movesCurrent && wasCurrent && wasCurrent.id !== to) {
      kept = kept.filter((stage) => stage !== PREVIOUS);
      if (version.id === wasCurrent.id) kept.push(PREVIOUS);
    }
    if (kept.join() !== version.stages.join()) versions.put([name, version.id], { ...version, stages: kept });
  }
}
