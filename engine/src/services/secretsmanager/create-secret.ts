import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { CURRENT, findLive, invalidRequest, load, type Secret, stateOf } from './store';
import { checkTags } from './tags';
import { checkValue, hasValue, openValue, putVersion, sealValue } from './values';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** SDKs fill it in; who speaks HTTP must give it. */
export function tokenOf(input: { ClientRequestToken?: string | undefined }): string {
  if (input.ClientRequestToken === undefined) {
    throw invalidRequest('You must provide a ClientRequestToken value. We recommend a UUID-type value.');
  }
  return input.ClientRequestToken;
}

function checkName(name: string): void {
  if (/^[A-Za-z0-9/_+=.@!-]+$/.test(name)) return;
  throw new AwsError(
    'ValidationException',
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
export const createSecret: Operation<'secretsmanager', 'CreateSecret'> = async (input, call) => {
  if (input.AddReplicaRegions?.length) throw notImplemented('Secrets Manager CreateSecret AddReplicaRegions');
  if (input.Type !== undefined) throw notImplemented('Secrets Manager CreateSecret Type');
  const name = input.Name!;
  checkName(name);
  const token = tokenOf(input);
  checkValue(input);
  const tags = checkTags(call, input.Tags);
  const same = await alreadyThere(call, name, token, input);
  if (same) return same;
  const now = call.clock.now();
  const secret: Secret = {
    name,
    arn: `arn:aws:secretsmanager:${call.region}:${call.account}:secret:${name}-${call.ids.of(ALPHABET, 6)}`,
    created: now,
    changed: now,
    tags,
    versions: 0,
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
  };
  const sealed = hasValue(input) ? await sealValue(call, secret, token, input) : undefined;
  // Another may have made it while KMS worked.
  if (load(call, name)) throw exists(name);
  call.store.transaction(() => {
    stateOf(call).secrets.put(name, secret);
    if (sealed) putVersion(call, name, { id: token, created: now, stages: [CURRENT], sealed });
  });
  return { ARN: secret.arn, Name: name, ...(sealed ? { VersionId: token } : {}) };
};

function exists(name: string): AwsError {
  return new AwsError(
    'ResourceExistsException',
    `The operation failed because the secret ${name} already exists.`,
  );
}

/** The same request with the same token again is answered as the first was. */
async function alreadyThere(
  call: Call,
  name: string,
  token: string,
  input: { SecretString?: string | undefined; SecretBinary?: Uint8Array | undefined },
) {
  const secret = load(call, name);
  if (!secret) return undefined;
  if (secret.deleted) {
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  const version = stateOf(call).versions.get([name, token]);
  if (!version || !(await sameValue(call, secret, token, input))) throw exists(name);
  return { ARN: secret.arn, Name: name, VersionId: token };
}

export async function sameValue(
  call: Call,
  secret: Secret,
  versionId: string,
  input: { SecretString?: string | undefined; SecretBinary?: Uint8Array | undefined },
): Promise<boolean> {
  const version = stateOf(call).versions.get([secret.name, versionId]);
  if (!version) return false;
  const value = await openValue(call, secret, version);
  if (input.SecretString !== undefined) return value.SecretString === input.SecretString;
  return Buffer.from(input.SecretBinary ?? []).equals(value.SecretBinary ?? Buffer.alloc(0));
}

export const updateSecret: Operation<'secretsmanager', 'UpdateSecret'> = async (input, call) => {
  if (input.Type !== undefined) throw notImplemented('Secrets Manager UpdateSecret Type');
  const token = tokenOf(input);
  checkValue(input);
  const { name } = findLive(call, input.SecretId!);
  const changes: Partial<Secret> = {
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
  };
  if (!hasValue(input)) {
    const secret = { ...findLive(call, name), ...changes, changed: call.clock.now() };
    stateOf(call).secrets.put(name, secret);
    return { ARN: secret.arn, Name: name };
  }
  const secret = { ...findLive(call, name), ...changes };
  if (stateOf(call).versions.get([name, token])?.sealed) {
    if (await sameValue(call, secret, token, input)) return { ARN: secret.arn, Name: name, VersionId: token };
    throw tokenInUse(secret, token);
  }
  const sealed = await sealValue(call, secret, token, input);
  findLive(call, name);
  putVersion(call, name, { id: token, created: call.clock.now(), stages: [CURRENT], sealed }, changes);
  return { ARN: secret.arn, Name: name, VersionId: token };
};

export function tokenInUse(secret: Secret, token: string): AwsError {
  return new AwsError(
    'ResourceExistsException',
    `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`,
  );
}
