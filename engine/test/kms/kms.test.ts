import { createHash } from 'node:crypto';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateMacCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let kms: KMSClient;
let key: string;
let arn: string;
const text = new TextEncoder().encode('a secret');

beforeAll(async () => {
  cloud = await startCloud();
  kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'test key' }));
  key = KeyMetadata?.KeyId ?? '';
  arn = KeyMetadata?.Arn ?? '';
  expect(KeyMetadata).toEqual({
    AWSAccountId: '000000000000',
    Arn: `arn:aws:kms:us-east-1:000000000000:key/${key}`,
    CreationDate: expect.any(Date),
    CurrentKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    Description: 'test key',
    Enabled: true,
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    KeyId: key,
    KeyManager: 'CUSTOMER',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyState: 'Enabled',
    KeyUsage: 'ENCRYPT_DECRYPT',
    MultiRegion: false,
    Origin: 'AWS_KMS',
  });
});

afterAll(() => cloud.stop());

test('a ciphertext tells its key, and opens only with its context', async () => {
  const EncryptionContext = { b: '2', a: '1' };
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({ KeyId: key, Plaintext: text, EncryptionContext }),
  );
  expect(Buffer.from(CiphertextBlob ?? []).toString('base64')).toMatch(/^AQIC/);
  const opened = await kms.send(
    new DecryptCommand({ CiphertextBlob, EncryptionContext: { a: '1', b: '2' } }),
  );
  expect(opened.KeyId).toBe(arn);
  expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe('a secret');
  for (const context of [undefined, { a: '1' }]) {
    await expect(
      kms.send(new DecryptCommand({ CiphertextBlob, ...(context ? { EncryptionContext: context } : {}) })),
    ).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  }
  const broken = Buffer.from(CiphertextBlob ?? []);
  broken[broken.length - 1]! ^= 1;
  await expect(
    kms.send(new DecryptCommand({ CiphertextBlob: broken, EncryptionContext })),
  ).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
});

test('what was encrypted before a rotation opens after it', async () => {
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: key, Plaintext: text }));
  const before = await kms.send(new DescribeKeyCommand({ KeyId: key }));
  await kms.send(new RotateKeyOnDemandCommand({ KeyId: key }));
  const after = await kms.send(new DescribeKeyCommand({ KeyId: key }));
  expect(after.KeyMetadata?.CurrentKeyMaterialId).not.toBe(before.KeyMetadata?.CurrentKeyMaterialId);
  const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob }));
  expect(Buffer.from(Plaintext ?? []).toString()).toBe('a secret');
  expect(await kms.send(new GetKeyRotationStatusCommand({ KeyId: key }))).toMatchObject({
    KeyId: arn,
    KeyRotationEnabled: false,
  });
});

test('data keys come wrapped and plain, and can be wrapped anew', async () => {
  const { CiphertextBlob, Plaintext } = await kms.send(
    new GenerateDataKeyCommand({ KeyId: key, KeySpec: 'AES_256' }),
  );
  expect(Plaintext).toHaveLength(32);
  const other = await kms.send(new CreateKeyCommand({}));
  const again = await kms.send(
    new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: other.KeyMetadata?.KeyId }),
  );
  expect(again.SourceKeyId).toBe(arn);
  const opened = await kms.send(new DecryptCommand({ CiphertextBlob: again.CiphertextBlob }));
  expect(opened.Plaintext).toEqual(Plaintext);
});

test.each([
  ['fake-key-id', "Invalid keyId 'fake-key-id'"],
  [
    '134f2428-cec1-4b25-a1ae-9048164dba47',
    "Key 'arn:aws:kms:us-east-1:000000000000:key/134f2428-cec1-4b25-a1ae-9048164dba47' does not exist",
  ],
  ['alias/none', 'Alias arn:aws:kms:us-east-1:000000000000:alias/none is not found.'],
])('%s is no key', async (KeyId, message) => {
  await expect(kms.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({
    name: 'NotFoundException',
    message,
  });
});

test.each([
  ['RSA_2048', 'RSASSA_PSS_SHA_256'],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_512'],
  ['RSA_2048', 'RSASSA_PSS_SHA_512'],
  ['ECC_NIST_P256', 'ECDSA_SHA_256'],
  ['ECC_NIST_P384', 'ECDSA_SHA_384'],
  ['ECC_NIST_P521', 'ECDSA_SHA_512'],
  ['ECC_SECG_P256K1', 'ECDSA_SHA_256'],
] as const)('%s signs with %s', async (KeySpec, SigningAlgorithm) => {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage: 'SIGN_VERIFY' }));
  const KeyId = KeyMetadata?.KeyId;
  const { Signature } = await kms.send(new SignCommand({ KeyId, Message: text, SigningAlgorithm }));
  const good = await kms.send(new VerifyCommand({ KeyId, Message: text, Signature, SigningAlgorithm }));
  expect(good.SignatureValid).toBe(true);
  await expect(
    kms.send(new VerifyCommand({ KeyId, Message: new Uint8Array([1]), Signature, SigningAlgorithm })),
  ).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
  // A digest's signature verifies the message it is of, and the other way about.
  const Message = createHash(`sha${SigningAlgorithm.slice(-3)}`)
    .update(text)
    .digest();
  const digest = { KeyId, Message, MessageType: 'DIGEST', SigningAlgorithm } as const;
  await kms.send(new VerifyCommand({ ...digest, Signature }));
  const ofDigest = await kms.send(new SignCommand(digest));
  await kms.send(
    new VerifyCommand({ KeyId, Message: text, Signature: ofDigest.Signature, SigningAlgorithm }),
  );
  await expect(
    kms.send(new VerifyCommand({ ...digest, Message: Message.reverse(), Signature })),
  ).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
  await expect(
    kms.send(new SignCommand({ KeyId, Message: text, MessageType: 'DIGEST', SigningAlgorithm })),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: `Digest is invalid length for algorithm ${SigningAlgorithm}.`,
  });
});

test('a key does only what it is for', async () => {
  await expect(
    kms.send(new GenerateMacCommand({ KeyId: key, Message: text, MacAlgorithm: 'HMAC_SHA_256' })),
  ).rejects.toMatchObject({
    name: 'InvalidKeyUsageException',
    message: `${arn} key usage is ENCRYPT_DECRYPT which is not valid for GenerateMac.`,
  });
  await expect(kms.send(new CreateKeyCommand({ KeySpec: 'HMAC_256' }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
  });
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({ KeySpec: 'HMAC_224', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  );
  const KeyId = KeyMetadata?.KeyId;
  await expect(
    kms.send(new GenerateMacCommand({ KeyId, Message: text, MacAlgorithm: 'HMAC_SHA_256' })),
  ).rejects.toMatchObject({ message: 'Algorithm HMAC_SHA_256 is incompatible with key spec HMAC_224.' });
  const { Mac } = await kms.send(
    new GenerateMacCommand({ KeyId, Message: text, MacAlgorithm: 'HMAC_SHA_224' }),
  );
  const verified = await kms.send(
    new VerifyMacCommand({ KeyId, Message: text, Mac, MacAlgorithm: 'HMAC_SHA_224' }),
  );
  expect(verified.MacValid).toBe(true);
});

test('a disabled key and one that waits for its deletion do nothing', async () => {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId;
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/short-lived', TargetKeyId: KeyId }));
  await kms.send(new DisableKeyCommand({ KeyId }));
  await expect(
    kms.send(new EncryptCommand({ KeyId: 'alias/short-lived', Plaintext: text })),
  ).rejects.toMatchObject({ name: 'DisabledException', message: `${KeyMetadata?.Arn} is disabled.` });
  const { KeyState } = await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  expect(KeyState).toBe('PendingDeletion');
  await expect(kms.send(new EncryptCommand({ KeyId, Plaintext: text }))).rejects.toMatchObject({
    name: 'KMSInvalidStateException',
    message: `${KeyMetadata?.Arn} is pending deletion.`,
  });
});

test('a policy that shuts its author out is refused', async () => {
  const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId: key }));
  expect(JSON.parse(Policy ?? '')).toEqual({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::000000000000:root' },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
  const closed = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:Decrypt', Resource: '*' }],
  };
  await expect(
    kms.send(new PutKeyPolicyCommand({ KeyId: key, Policy: JSON.stringify(closed) })),
  ).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
});

test('keys of AWS appear when something wants them', async () => {
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/secretsmanager' }));
  expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS', Enabled: true });
});
