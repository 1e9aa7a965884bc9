import { accountOfBlob } from './envelope';

/**
 * What a key's policy and grants can let other accounts do.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
const SHARED = new Set([
  'CreateGrant',
  'Decrypt',
  'DeriveSharedSecret',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'GetKeyRotationStatus',
  'GetPublicKey',
  'ListGrants',
  'ReEncrypt',
  'RetireGrant',
  'RevokeGrant',
  'Sign',
  'Verify',
  'VerifyMac',
]);

const NAMED = /^arn:[\w-]+:kms:[\w-]+:(\d{12}):/;

/** The account of the key that a request names by its ARN, or that its ciphertext tells. */
export function accountOf(operation: string, input: object): string | undefined {
  if (!SHARED.has(operation)) return undefined;
  const id: unknown = Reflect.get(input, operation === 'ReEncrypt' ? 'DestinationKeyId' : 'KeyId');
  if (typeof id === 'string') return NAMED.exec(id)?.[1];
  const blob: unknown = Reflect.get(input, 'CiphertextBlob');
  return operation === 'Decrypt' && ArrayBuffer.isView(blob) ? accountOfBlob(blob) : undefined;
}
