import {
  CreateGrantCommand,
  type CreateGrantCommandInput,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListGrantsCommand,
  ListRetirableGrantsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
} from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
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

const OTHER = '111111111111';
const Plaintext = Buffer.from('text');
const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const asOther = { credentials: { accessKeyId: OTHER, secretAccessKey: 'test' } };

async function newKey() {
  const { KeyMetadata } = await admin.send(new CreateKeyCommand({}));
  return { id: KeyMetadata?.KeyId ?? '', arn: KeyMetadata?.Arn ?? '' };
}

async function grantee() {
  const { arn } = await newRole(cloud);
  return { arn, client: cloud.client(KMSClient, await assume(cloud.client(STSClient), arn)) };
}

const grant = (
  KeyId: string,
  GranteePrincipal: string,
  more: Partial<CreateGrantCommandInput> = {},
  client = admin,
) => client.send(new CreateGrantCommand({ KeyId, GranteePrincipal, Operations: ['Encrypt'], ...more }));

describe('grants', () => {
  test('a subset of the context lets more in, and ends with the grant', async () => {
    const [key, { arn, client }] = [await newKey(), await grantee()];
    const Constraints = { EncryptionContextSubset: { app: 'shows' } };
    const { GrantId, GrantToken } = await grant(key.id, arn, { Constraints });
    const encrypt = (EncryptionContext?: Record<string, string>, GrantTokens?: string[]) =>
      client.send(new EncryptCommand({ KeyId: key.id, Plaintext, EncryptionContext, GrantTokens }));
    expect(await refusal(encrypt({ app: 'shows', more: 'x' }, [GrantToken ?? '']))).toBeUndefined();
    expect(await refusal(encrypt({ more: 'x' }))).toContain('AccessDeniedException');
    expect(await refusal(encrypt({ app: 'shows' }, ['bm9uZQ==']))).toContain('InvalidGrantTokenException');
    await admin.send(new RevokeGrantCommand({ KeyId: key.id, GrantId }));
    expect(await refusal(encrypt({ app: 'shows' }))).toContain('kms:Encrypt');
  });

  test('whoever retires it needs no policy, anybody else does', async () => {
    const [key, holder, retirer] = [await newKey(), await grantee(), await grantee()];
    const { GrantId } = await grant(key.id, holder.arn, { RetiringPrincipal: retirer.arn });
    const list = new ListRetirableGrantsCommand({ RetiringPrincipal: retirer.arn });
    expect((await admin.send(list)).Grants?.map((one) => one.GrantId)).toEqual([GrantId]);
    const retire = new RetireGrantCommand({ KeyId: key.arn, GrantId });
    expect(await refusal(holder.client.send(retire))).toContain('kms:RetireGrant');
    expect(await refusal(retirer.client.send(retire))).toBeUndefined();
    expect((await admin.send(new ListGrantsCommand({ KeyId: key.id }))).Grants).toEqual([]);
  });

  test('whoever hands a grant on gives no more than it has', async () => {
    const [key, holder, next] = [await newKey(), await grantee(), await grantee()];
    await grant(key.id, holder.arn, { Operations: ['Encrypt', 'CreateGrant'] });
    const hand = (Operations: CreateGrantCommandInput['Operations']) =>
      refusal(grant(key.id, next.arn, { Operations }, holder.client));
    expect(await hand(['Decrypt'])).toContain('kms:CreateGrant');
    expect(await hand(['Encrypt'])).toBeUndefined();
    const encrypt = new EncryptCommand({ KeyId: key.id, Plaintext });
    expect(await refusal(next.client.send(encrypt))).toBeUndefined();
  });

  test('the same request with a name is the same grant', async () => {
    const [key, { arn }] = [await newKey(), await grantee()];
    const first = await grant(key.id, arn, { Name: 'own' });
    expect((await grant(key.id, arn, { Name: 'own' })).GrantId).toBe(first.GrantId);
    const wider = await grant(key.id, arn, { Name: 'own', Operations: ['Encrypt', 'Decrypt'] });
    expect(wider.GrantId).not.toBe(first.GrantId);
  });

  test.each<[Partial<CreateGrantCommandInput>, string]>([
    [
      { Operations: ['CreateGrant'] },
      'ValidationException: Grants must not contain only the CreateGrant operation.',
    ],
    [
      { Constraints: { EncryptionContextEquals: { a: 'b' }, EncryptionContextSubset: { a: 'b' } } },
      'ValidationException: More than one constraint supplied',
    ],
    [
      { GranteePrincipal: `arn:aws:iam::${ACCOUNT}:role/none` },
      `InvalidArnException: ARN does not refer to a valid principal: arn:aws:iam::${ACCOUNT}:role/none`,
    ],
  ])('none for %j', async (more, expected) => {
    const [key, { arn }] = [await newKey(), await grantee()];
    expect(await refusal(grant(key.id, arn, more))).toBe(`400 ${expected}`);
  });
});

test('what was encrypted is encrypted anew with two permissions', async () => {
  const [from, to] = [await newKey(), await newKey()];
  const { CiphertextBlob } = await admin.send(new EncryptCommand({ KeyId: from.id, Plaintext }));
  const again = new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: to.id });
  const source = { Action: 'kms:ReEncryptFrom', Resource: from.arn };
  const target = { Action: 'kms:ReEncryptTo', Resource: to.arn };
  const may = async (...statements: Record<string, unknown>[]) =>
    refusal(cloud.client(KMSClient, await as(cloud, ...statements)).send(again));
  expect(await may(source)).toContain(`kms:ReEncryptTo on resource: ${to.arn}`);
  expect(await may(target)).toContain('kms:ReEncryptFrom');
  expect(await may(source, target)).toBeUndefined();
});

describe('other accounts', () => {
  test('a key lets them in by its policy, named by its ARN', async () => {
    const key = await newKey();
    const stranger = cloud.client(KMSClient, asOther);
    const data = new GenerateDataKeyCommand({ KeyId: key.arn, KeySpec: 'AES_256' });
    expect(await refusal(stranger.send(data))).toContain(
      'because no resource-based policy allows the kms:GenerateDataKey action',
    );
    const all = { Principal: root, Action: 'kms:*', Resource: '*' };
    const use = { Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: '*' };
    const Policy = trust(all, { Principal: { AWS: OTHER }, ...use });
    await admin.send(new PutKeyPolicyCommand({ KeyId: key.id, Policy }));
    const { CiphertextBlob, Plaintext: plain, KeyId } = await stranger.send(data);
    expect(KeyId).toBe(key.arn);
    const opened = await stranger.send(new DecryptCommand({ CiphertextBlob }));
    expect(opened).toMatchObject({ KeyId: key.arn, Plaintext: plain });
  });

  test("a secret needs its policy and its key's, which AWS's own never gives", async () => {
    const owner = cloud.client(SecretsManagerClient);
    const stranger = cloud.client(SecretsManagerClient, asOther);
    const key = await newKey();
    const all = { Principal: root, Action: 'kms:*', Resource: '*' };
    const decrypt = { Principal: { AWS: OTHER }, Action: 'kms:Decrypt', Resource: '*' };
    await admin.send(new PutKeyPolicyCommand({ KeyId: key.id, Policy: trust(all, decrypt) }));
    const ResourcePolicy = trust({
      Principal: { AWS: `arn:aws:iam::${OTHER}:root` },
      Action: 'secretsmanager:GetSecretValue',
      Resource: '*',
    });
    const make = async (Name: string, KmsKeyId?: string) => {
      const { ARN } = await owner.send(new CreateSecretCommand({ Name, SecretString: Name, KmsKeyId }));
      return new GetSecretValueCommand({ SecretId: ARN });
    };
    const [open, closed] = [await make('open', key.id), await make('closed')];
    expect(await refusal(stranger.send(open))).toContain(
      'because no resource-based policy allows the secretsmanager:GetSecretValue action',
    );
    for (const SecretId of ['open', 'closed'])
      await owner.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
    expect((await stranger.send(open)).SecretString).toBe('open');
    expect(await refusal(stranger.send(closed))).toBe(
      '400 AccessDeniedException: Access to KMS is not allowed',
    );
  });
});
