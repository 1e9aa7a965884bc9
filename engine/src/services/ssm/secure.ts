import { AwsError, type Call, isAwsError } from '../../kernel';
import { openWithKey, sealWithKey } from '../../kernel/sealed';
import { arnOf, type Tier, type Version } from './store';

export const DEFAULT_KEY = 'alias/aws/ssm';

/**
 * A standard parameter is encrypted by KMS itself, an advanced one, which may be larger than KMS takes, under a data
 * key. Both are bound to the parameter's ARN.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
export async function encrypt(
  call: Call,
  name: string,
  value: string,
  keyId: string,
  tier: Tier,
): Promise<string> {
  const EncryptionContext = { PARAMETER_ARN: arnOf(call, name) };
  try {
    if (tier === 'Standard') {
      const { CiphertextBlob } = await call.invoke('kms', 'Encrypt', {
        KeyId: keyId,
        Plaintext: Buffer.from(value),
        EncryptionContext,
      });
      return Buffer.from(CiphertextBlob!).toString('base64');
    }
    return (await sealWithKey(call, keyId, EncryptionContext, Buffer.from(value))).toString('base64');
  } catch (error) {
    throw keyProblem(error, keyId);
  }
}

export async function decrypt(call: Call, name: string, version: Version): Promise<string> {
  const EncryptionContext = { PARAMETER_ARN: arnOf(call, name) };
  const blob = Buffer.from(version.value, 'base64');
  try {
    if (version.tier === 'Standard') {
      const { Plaintext } = await call.invoke('kms', 'Decrypt', { CiphertextBlob: blob, EncryptionContext });
      return Buffer.from(Plaintext!).toString();
    }
    return (await openWithKey(call, EncryptionContext, blob)).toString();
  } catch (error) {
    throw keyProblem(error, version.keyId ?? DEFAULT_KEY);
  }
}

function keyProblem(error: unknown, keyId: string): unknown {
  if (isAwsError(error, 'NotFoundException', 'InvalidArnException', 'InvalidKeyUsageException')) {
    return new AwsError('InvalidKeyId', `Invalid keyId ${keyId}`);
  }
  if (isAwsError(error, 'DisabledException', 'KMSInvalidStateException')) {
    return new AwsError('InvalidKeyId', error.message);
  }
  return error;
}
