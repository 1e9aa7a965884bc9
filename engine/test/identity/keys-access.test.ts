import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListKeysCommand,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { startCloud, type TestCloud } from '../../src/testing';
import { ACCOUNT, as, assume, newRole, refusal, trust } from './callers';

let cloud: TestCloud;
let admin: KMSClient;
beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  admin = cloud.client(KMSClient);
});
afterAll(() => cloud.stop());

const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const bytes = Buffer.from('text');

async function newKey(Policy?: string) {
  const { KeyMetadata } = await admin.send(new CreateKeyCommand({ Policy }));
  return { id: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' };
}

describe('KMS', () => {
  test('a key that leaves it to the account: policies decide, by the ARN of the key', async () => {
    const [key, other] = [await newKey(), await newKey()];
    const client = cloud.client(KMSClient, await as(cloud, { Action: 'kms:Encrypt', Resource: key.arn }));
    expect(
      await refusal(client.send(new EncryptCommand({ KeyId: key.id, Plaintext: bytes }))),
    ).toBeUndefined();
    expect(await refusal(client.send(new EncryptCommand({ KeyId: other.id, Plaintext: bytes })))).toBe(
      `400 AccessDeniedException: not authorized to perform: kms:Encrypt on resource: ${other.arn} because no identity-based policy allows the kms:Encrypt action`,
    );
    const { CiphertextBlob } = await admin.send(new EncryptCommand({ KeyId: key.id, Plaintext: bytes }));
    expect(await refusal(client.send(new DecryptCommand({ CiphertextBlob })))).toBe(
      '400 AccessDeniedException: not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because no identity-based policy allows the kms:Decrypt action',
    );
    expect(await refusal(client.send(new ListKeysCommand({})))).toContain('kms:ListKeys on resource: *');
  });

  test('an alias stands for its key, and may be asked for', async () => {
    const key = await newKey();
    await admin.send(new CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: key.id }));
    const Condition = { StringEquals: { 'kms:RequestAlias': 'alias/app' } };
    const client = cloud.client(
      KMSClient,
      await as(cloud, { Action: 'kms:*', Resource: key.arn, Condition }),
    );
    const data = (KeyId: string) => client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
    expect(await refusal(data('alias/app'))).toBeUndefined();
    expect(await refusal(data(key.id))).toContain('AccessDeniedException');
    const Aliases = { 'ForAnyValue:StringLike': { 'kms:ResourceAliases': 'alias/a*' } };
    const byResource = cloud.client(KMSClient, await as(cloud, { Action: 'kms:*', Condition: Aliases }));
    expect(await refusal(byResource.send(new DescribeKeyCommand({ KeyId: key.id })))).toBeUndefined();
  });

  test("a key's policy must allow, also the administrator", async () => {
    const { arn } = await newRole(cloud, { Action: 'kms:*' });
    const policy = trust({ Principal: { AWS: arn }, Action: 'kms:*', Resource: '*' });
    const { KeyMetadata } = await admin.send(
      new CreateKeyCommand({ Policy: policy, BypassPolicyLockoutSafetyCheck: true }),
    );
    const KeyId = KeyMetadata?.KeyId;
    expect(await refusal(admin.send(new DescribeKeyCommand({ KeyId })))).toContain(
      'because no resource-based policy allows the kms:DescribeKey action',
    );
    const stranger = cloud.client(KMSClient, await as(cloud, { Action: 'kms:*' }));
    expect(await refusal(stranger.send(new EncryptCommand({ KeyId, Plaintext: bytes })))).toContain(
      'because no resource-based policy allows the kms:Encrypt action',
    );
  });

  test('a policy that names a role needs no other, and a condition on the context counts', async () => {
    const { arn } = await newRole(cloud);
    const Condition = { StringEquals: { 'kms:EncryptionContext:app': 'shows' } };
    const key = await newKey();
    await admin.send(
      new PutKeyPolicyCommand({
        KeyId: key.id,
        Policy: trust(
          { Principal: root, Action: 'kms:*', Resource: '*' },
          { Principal: { AWS: arn }, Action: 'kms:Encrypt', Resource: '*', Condition },
        ),
      }),
    );
    const client = cloud.client(KMSClient, await assume(cloud.client(STSClient), arn));
    const encrypt = (EncryptionContext?: Record<string, string>) =>
      client.send(new EncryptCommand({ KeyId: key.id, Plaintext: bytes, EncryptionContext }));
    expect(await refusal(encrypt({ app: 'shows' }))).toBeUndefined();
    expect(await refusal(encrypt({ app: 'other' }))).toContain('AccessDeniedException');
    expect(await refusal(encrypt())).toContain('AccessDeniedException');
  });

  test('a grant allows its operations, under its constraints', async () => {
    const { arn } = await newRole(cloud);
    const key = await newKey();
    await admin.send(
      new CreateGrantCommand({
        KeyId: key.id,
        GranteePrincipal: arn,
        Operations: ['Encrypt', 'DescribeKey'],
        Constraints: { EncryptionContextEquals: { app: 'shows' } },
      }),
    );
    const client = cloud.client(KMSClient, await assume(cloud.client(STSClient), arn));
    const encrypt = (EncryptionContext?: Record<string, string>) =>
      client.send(new EncryptCommand({ KeyId: key.id, Plaintext: bytes, EncryptionContext }));
    expect(await refusal(encrypt({ app: 'shows' }))).toBeUndefined();
    expect(await refusal(encrypt({ app: 'shows', more: 'x' }))).toContain('AccessDeniedException');
    expect(await refusal(client.send(new DescribeKeyCommand({ KeyId: key.id })))).toBeUndefined();
    expect(
      await refusal(client.send(new GenerateDataKeyCommand({ KeyId: key.id, KeySpec: 'AES_256' }))),
    ).toContain('kms:GenerateDataKey');
  });

  test("AWS's own keys are used through their service only", async () => {
    const client = cloud.client(KMSClient, await as(cloud, { Action: 'kms:*' }));
    const encrypt = new EncryptCommand({ KeyId: 'alias/aws/ssm', Plaintext: bytes });
    expect(await refusal(client.send(encrypt))).toContain('because no resource-based policy allows');
    const Name = '/own/key';
    const ssm = cloud.client(SSMClient, await as(cloud, { Action: 'ssm:*' }));
    await ssm.send(new PutParameterCommand({ Name, Value: 'v', Type: 'SecureString' }));
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    expect(Parameter?.Value).toBe('v');
  });
});

describe('Secrets Manager', () => {
  test('by the ARN with its suffix; a refusal names the secret as the request does', async () => {
    const owner = cloud.client(SecretsManagerClient);
    const { ARN } = await owner.send(new CreateSecretCommand({ Name: 'db', SecretString: 's' }));
    const get = (SecretId: string) => new GetSecretValueCommand({ SecretId });
    const statement = { Action: 'secretsmanager:GetSecretValue', Resource: ARN };
    const reader = cloud.client(SecretsManagerClient, await as(cloud, statement));
    expect(await refusal(reader.send(get('db')))).toBeUndefined();
    expect(await refusal(reader.send(get(ARN ?? '')))).toBeUndefined();
    expect(await refusal(reader.send(get('none')))).toBe(
      '400 AccessDeniedException: not authorized to perform: secretsmanager:GetSecretValue on resource: none because no identity-based policy allows the secretsmanager:GetSecretValue action',
    );
    expect(await refusal(reader.send(new ListSecretsCommand({})))).toContain(
      'perform: secretsmanager:ListSecrets because',
    );
    const old = { StringEquals: { 'secretsmanager:VersionStage': 'AWSPREVIOUS' } };
    const stage = cloud.client(SecretsManagerClient, await as(cloud, { ...statement, Condition: old }));
    expect(await refusal(stage.send(get('db')))).toContain('AccessDeniedException');
    const pattern = { Action: 'secretsmanager:*', Resource: `arn:aws:secretsmanager:*:*:secret:none-??????` };
    const wild = cloud.client(SecretsManagerClient, await as(cloud, pattern));
    expect(await refusal(wild.send(get('none')))).toContain('ResourceNotFoundException');
  });

  test("a secret's own policy, and its tags", async () => {
    const owner = cloud.client(SecretsManagerClient);
    const Tags = [{ Key: 'team', Value: 'box-office' }];
    await owner.send(new CreateSecretCommand({ Name: 'tagged', SecretString: 's', Tags }));
    const get = new GetSecretValueCommand({ SecretId: 'tagged' });
    const Condition = { StringEquals: { 'secretsmanager:ResourceTag/team': 'box-office' } };
    const byTag = await as(cloud, { Action: 'secretsmanager:*', Condition });
    expect(await refusal(cloud.client(SecretsManagerClient, byTag).send(get))).toBeUndefined();
    const nobody = cloud.client(SecretsManagerClient, await as(cloud));
    expect(await refusal(nobody.send(get))).toContain('AccessDeniedException');
    const Principal = { AWS: '*' };
    await owner.send(
      new PutResourcePolicyCommand({
        SecretId: 'tagged',
        ResourcePolicy: trust({ Principal, Action: 'secretsmanager:GetSecretValue', Resource: '*' }),
      }),
    );
    expect(await refusal(nobody.send(get))).toBeUndefined();
  });

  test("a customer's key must let the reader decrypt, through Secrets Manager", async () => {
    const key = await newKey();
    const owner = cloud.client(SecretsManagerClient);
    await owner.send(new CreateSecretCommand({ Name: 'sealed', SecretString: 's', KmsKeyId: key.id }));
    const get = new GetSecretValueCommand({ SecretId: 'sealed' });
    const read = { Action: 'secretsmanager:GetSecretValue' };
    const half = cloud.client(SecretsManagerClient, await as(cloud, read));
    expect(await refusal(half.send(get))).toBe('400 AccessDeniedException: Access to KMS is not allowed');
    const via = { StringEquals: { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' } };
    const decrypt = { Action: 'kms:Decrypt', Resource: key.arn, Condition: via };
    const whole = cloud.client(SecretsManagerClient, await as(cloud, read, decrypt));
    expect(await refusal(whole.send(get))).toBeUndefined();
  });

  test('a batch tells which secrets it may not read', async () => {
    const owner = cloud.client(SecretsManagerClient);
    for (const Name of ['one', 'two'])
      await owner.send(new CreateSecretCommand({ Name, SecretString: Name }));
    const client = cloud.client(
      SecretsManagerClient,
      await as(
        cloud,
        { Action: 'secretsmanager:BatchGetSecretValue' },
        { Action: 'secretsmanager:GetSecretValue', Resource: 'arn:aws:secretsmanager:*:*:secret:one-*' },
      ),
    );
    const batch = new BatchGetSecretValueCommand({ SecretIdList: ['one', 'two'] });
    const { SecretValues, Errors } = await client.send(batch);
    expect(SecretValues?.map(({ Name, SecretString }) => [Name, SecretString])).toEqual([['one', 'one']]);
    expect(Errors?.map(({ SecretId, ErrorCode }) => [SecretId, ErrorCode])).toEqual([
      ['two', 'AccessDeniedException'],
    ]);
  });
});

describe('Parameter Store', () => {
  const PARAMETERS = `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter`;

  test('by name and by path', async () => {
    const owner = cloud.client(SSMClient);
    for (const Name of ['/app/a', 'plain'])
      await owner.send(new PutParameterCommand({ Name, Value: 'v', Type: 'String' }));
    const client = cloud.client(
      SSMClient,
      await as(cloud, { Action: 'ssm:Get*', Resource: [`${PARAMETERS}/app/*`, `${PARAMETERS}/plain`] }),
    );
    expect(await refusal(client.send(new GetParameterCommand({ Name: 'plain' })))).toBeUndefined();
    expect(await refusal(client.send(new GetParameterCommand({ Name: '/app/a:1' })))).toBeUndefined();
    expect(await refusal(client.send(new GetParametersByPathCommand({ Path: '/app/' })))).toBeUndefined();
    expect(await refusal(client.send(new GetParametersByPathCommand({ Path: '/' })))).toBe(
      `400 AccessDeniedException: not authorized to perform: ssm:GetParametersByPath on resource: ${PARAMETERS}/ because no identity-based policy allows the ssm:GetParametersByPath action`,
    );
    expect(await refusal(client.send(new GetParameterCommand({ Name: '/other' })))).toContain(
      `ssm:GetParameter on resource: ${PARAMETERS}/other because`,
    );
    expect(await refusal(client.send(new DescribeParametersCommand({})))).toContain(
      `ssm:DescribeParameters on resource: arn:aws:ssm:us-east-1:${ACCOUNT}:* because`,
    );
  });

  test("a customer's key must let the reader decrypt", async () => {
    const key = await newKey();
    const Name = '/sealed/p';
    const put = new PutParameterCommand({ Name, Value: 'v', Type: 'SecureString', KeyId: key.id });
    await cloud.client(SSMClient).send(put);
    const client = cloud.client(SSMClient, await as(cloud, { Action: 'ssm:*' }));
    expect(await refusal(client.send(new GetParameterCommand({ Name })))).toBeUndefined();
    expect(await refusal(client.send(new GetParameterCommand({ Name, WithDecryption: true })))).toContain(
      'kms:Decrypt',
    );
  });
});
