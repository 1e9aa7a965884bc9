import type { Call } from '../../kernel';
import { randomBytes } from './specs';
import { type Key, stateOf } from './store';

/** Services with a key of their own. https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk */
const SERVICES: Readonly<Record<string, string>> = {
  acm: 'ACM private keys',
  backup: 'backups',
  dynamodb: 'DynamoDB tables',
  ebs: 'EBS volumes',
  elasticache: 'ElastiCache caches',
  elasticfilesystem: 'EFS file systems',
  kinesis: 'Kinesis streams',
  lambda: 'Lambda functions',
  rds: 'RDS databases',
  s3: 'S3 objects',
  secretsmanager: 'secrets',
  sns: 'SNS topics',
  sqs: 'SQS queues',
  ssm: 'SSM parameters',
  xray: 'X-Ray traces',
};

export function isManagedAlias(name: string): boolean {
  return name.startsWith('alias/aws/') && Object.hasOwn(SERVICES, name.slice('alias/aws/'.length));
}

/** Whoever may use the service may use its key, through the service and in the key's account only. */
export function managedPolicy(call: Call, alias: string): string {
  const service = alias.slice('alias/aws/'.length);
  return JSON.stringify({
    Version: '2012-10-17',
    Id: `auto-${service}-1`,
    Statement: [
      {
        Sid: `Allow access through ${service} for all principals in the account that are authorized to use ${service}`,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:CreateGrant',
          'kms:DescribeKey',
        ],
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': call.account,
            'kms:ViaService': `${service}.${call.region}.amazonaws.com`,
          },
        },
      },
      {
        Sid: 'Allow direct access to key metadata to the account',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${call.account}:root` },
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
        Resource: '*',
      },
    ],
  });
}

export function makeManagedKey(call: Call, alias: string): Key {
  const state = stateOf(call);
  const service = alias.slice('alias/aws/'.length);
  const now = call.clock.now();
  const year = 365 * 86_400_000;
  const key: Key = {
    id: call.ids.uuid(),
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    manager: 'AWS',
    description: `Default key that protects my ${SERVICES[service]} when no other key is defined`,
    created: now,
    enabled: true,
    multiRegion: false,
    policy: managedPolicy(call, alias),
    material: 0,
    // AWS turns its own keys over every year.
    rotation: { days: 365, next: new Date(now.getTime() + year) },
    rotations: [],
    tags: [],
  };
  call.store.transaction(() => {
    state.keys.put(key.id, key);
    state.materials.put([key.id, 0], { id: call.ids.hex(64), secret: randomBytes(call, 32) });
    state.aliases.put(alias, { name: alias, key: key.id, created: now, updated: now });
  });
  return key;
}
