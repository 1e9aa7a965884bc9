import { createCipheriv, createDecipheriv } from 'node:crypto';
import { AwsError, type Call, isAwsError } from '../../kernel';
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
    const key = await call.invoke('kms', 'GenerateDataKey', {
      KeyId: keyId,
      KeySpec: 'AES_256',
      EncryptionContext,
    });
    const wrapped = Buffer.from(key.CiphertextBlob!);
    // A data key encrypts one value only, so that a fixed nonce is never used twice with it.
    const cipher = createCipheriv('aes-256-gcm', key.Plaintext!, Buffer.alloc(12));
    const sealed = Buffer.concat([cipher.update(value), cipher.final(), cipher.getAuthTag()]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(wrapped.length);
    return Buffer.concat([length, wrapped, sealed]).toString('base64');
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
    const end = 2 + blob.readUInt16BE(0);
    const { Plaintext } = await call.invoke('kms', 'Decrypt', {
      CiphertextBlob: blob.subarray(2, end),
      EncryptionContext,
    });
    const decipher = createDecipheriv('aes-256-gcm', Plaintext!, Buffer.alloc(12));
    decipher.setAuthTag(blob.subarray(-16));
    return Buffer.concat([decipher.update(blob.subarray(end, -16)), decipher.final()]).toString();
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
