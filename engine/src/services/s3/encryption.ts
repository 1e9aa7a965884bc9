import { AwsError, type Call, isAwsError, notImplemented } from '../../kernel';
import { bucketArn } from './access';
import { accessDenied, invalidArgument, s3Error } from './errors';
import type { Bucket, Encryption } from './records';

export interface EncryptionInput {
  ServerSideEncryption?: string | undefined;
  SSEKMSKeyId?: string | undefined;
  SSEKMSEncryptionContext?: string | undefined;
  BucketKeyEnabled?: boolean | undefined;
  SSECustomerAlgorithm?: string | undefined;
  SSECustomerKey?: string | undefined;
  SSECustomerKeyMD5?: string | undefined;
}

export function refuseCustomerKeys(input: EncryptionInput): void {
  if (input.SSECustomerAlgorithm ?? input.SSECustomerKey ?? input.SSECustomerKeyMD5) {
    throw notImplemented('S3 server-side encryption with customer-provided keys (SSE-C)');
  }
}

/** How an upload is encrypted: as it asks, or else as its bucket says. */
export async function encryptionFor(
  call: Call,
  bucket: Bucket,
  key: string,
  input: EncryptionInput,
): Promise<Encryption> {
  refuseCustomerKeys(input);
  const asked = input.ServerSideEncryption;
  if (asked !== undefined && !['AES256', 'aws:kms', 'aws:kms:dsse'].includes(asked)) {
    throw s3Error(
      'InvalidEncryptionAlgorithmError',
      400,
      'The encryption method specified is not supported',
      {
        ArgumentName: 'x-amz-server-side-encryption',
        ArgumentValue: asked,
      },
    );
  }
  if (input.SSEKMSKeyId !== undefined && asked !== 'aws:kms' && asked !== 'aws:kms:dsse') {
    throw invalidArgument(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      'x-amz-server-side-encryption',
      asked ?? null,
    );
  }
  const byDefault = bucket.encryption.ApplyServerSideEncryptionByDefault;
  const algorithm = asked ?? byDefault?.SSEAlgorithm ?? 'AES256';
  if (algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') return { algorithm: 'AES256' };
  const keyId =
    input.SSEKMSKeyId ??
    (byDefault?.SSEAlgorithm?.startsWith('aws:kms') ? byDefault.KMSMasterKeyID : undefined) ??
    'alias/aws/s3';
  const bucketKey = input.BucketKeyEnabled ?? bucket.encryption.BucketKeyEnabled ?? false;
  const context = `${bucketArn(bucket.name)}/${key}`;
  const made = await kms(() =>
    call.invoke(
      'kms',
      'GenerateDataKey',
      { KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: { 'aws:s3:arn': context } },
      { account: bucket.account, region: bucket.region },
    ),
  );
  return {
    algorithm,
    keyId: made.KeyId ?? keyId,
    ...(bucketKey ? { bucketKey } : {}),
    context,
    ...(made.CiphertextBlob ? { dataKey: Buffer.from(made.CiphertextBlob).toString('base64') } : {}),
  };
}

/**
 * Reading an object under a KMS key takes that key's Decrypt, with the caller's permissions: a disabled key, or
 * a caller the key's policy leaves out, is refused here as on AWS.
 */
export async function unlock(call: Call, bucket: Bucket, encryption: Encryption): Promise<void> {
  const { dataKey, context, keyId } = encryption;
  if (dataKey === undefined || context === undefined || keyId === undefined) return;
  await kms(() =>
    call.invoke(
      'kms',
      'Decrypt',
      {
        CiphertextBlob: Buffer.from(dataKey, 'base64'),
        EncryptionContext: { 'aws:s3:arn': context },
        KeyId: keyId,
      },
      { account: bucket.account, region: bucket.region },
    ),
  );
}

/** KMS's errors as S3 passes them on. */
async function kms<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAwsError(error, 'AccessDeniedException', 'AccessDenied')) throw accessDenied(error.message);
    if (isAwsError(error) && error.status !== 501) {
      throw new AwsError(`KMS.${error.code}`, error.message, { status: 400 });
    }
    throw error;
  }
}

export function encryptionMembers(encryption: Encryption): {
  ServerSideEncryption: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  SSEKMSKeyId?: string;
  BucketKeyEnabled?: boolean;
} {
  return {
    ServerSideEncryption: encryption.algorithm,
    ...(encryption.keyId === undefined ? {} : { SSEKMSKeyId: encryption.keyId }),
    ...(encryption.bucketKey ? { BucketKeyEnabled: true } : {}),
  };
}

/** Only of unencrypted-by-KMS contents is the ETag an MD5. */
export function etagOf(call: Call, encryption: Encryption, md5: string): string {
  return encryption.algorithm === 'AES256' ? md5 : call.ids.hex(32);
}
