import type { SSEDescription, SSESpecification } from '@aws-sdk/client-dynamodb';
import type { Call } from '../../../kernel';
import { isAwsError } from '../../../kernel';
import { invalidParameter } from '../errors';

const AWS_MANAGED_KEY = 'alias/aws/dynamodb';

/** What a table's SSESpecification comes to; undefined is encryption under a key that AWS owns and does not show. */
export async function encryption(
  call: Call,
  specification: SSESpecification | undefined,
): Promise<SSEDescription | undefined> {
  if (!specification) return undefined;
  const { Enabled: enabled, SSEType: type, KMSMasterKeyId: key } = specification;
  if (!enabled) {
    if (!type && !key) return undefined;
    throw invalidParameter('KMSMasterKeyId and SSEType cannot be specified when SSE is disabled');
  }
  if (type === 'AES256') throw invalidParameter('SSEType AES256 is not supported');
  return { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: await keyArn(call, key ?? AWS_MANAGED_KEY) };
}

async function keyArn(call: Call, key: string): Promise<string | undefined> {
  try {
    const { KeyMetadata } = await call.invoke('kms', 'DescribeKey', { KeyId: key });
    if (KeyMetadata?.KeyState === 'Enabled') return KeyMetadata.Arn;
    throw invalidParameter(`KMS key ${key} is not enabled`);
  } catch (error) {
    if (isAwsError(error, 'NotFoundException')) throw invalidParameter(`KMS key ${key} does not exist`);
    throw error;
  }
}
