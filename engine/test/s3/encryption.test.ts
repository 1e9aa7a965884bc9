import {
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startCloud, type TestCloud } from '../../src/testing';
import { refusal } from './refusal';

let cloud: TestCloud;
let s3: S3Client;
let kms: KMSClient;
const Bucket = 'encrypted';

beforeAll(async () => {
  cloud = await startCloud();
  s3 = cloud.client(S3Client, { forcePathStyle: true });
  kms = cloud.client(KMSClient);
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => cloud.stop());

const put = (Key: string, more = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: 'secret', ...more }));
const text = async (Key: string, more = {}) =>
  (await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body!.transformToString();

test('an object under a KMS key can be read only while the key can be used', async () => {
  const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
  const stored = await put('kms', {
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: key!.KeyId,
    BucketKeyEnabled: true,
  });
  expect(stored).toMatchObject({
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: key!.Arn,
    BucketKeyEnabled: true,
  });
  // Under KMS an ETag is no MD5.
  expect(stored.ETag).not.toBe('"5ebe2294ecd0e0f08eab7690d2a6ee69"');
  expect(await text('kms')).toBe('secret');
  await kms.send(new DisableKeyCommand({ KeyId: key!.KeyId }));
  expect(await refusal(text('kms'))).toMatchObject({ Code: 'KMS.DisabledException', status: 400 });
  await kms.send(new EnableKeyCommand({ KeyId: key!.KeyId }));
  expect(await text('kms')).toBe('secret');
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'plain', CopySource: `${Bucket}/kms` }));
  expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'plain' }))).toMatchObject({
    ServerSideEncryption: 'AES256',
    ETag: '"5ebe2294ecd0e0f08eab7690d2a6ee69"',
  });
});

test('a key that is not there is refused in the words of KMS', async () => {
  expect(
    await refusal(put('k', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'fake-key-id' })),
  ).toMatchObject({ Code: 'KMS.NotFoundException', message: "Invalid keyId 'fake-key-id'", status: 400 });
  const id = '134f2428-cec1-4b25-a1ae-9048164dba47';
  expect(await refusal(put('k', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: id }))).toMatchObject({
    message: `Key 'arn:aws:kms:us-east-1:000000000000:key/${id}' does not exist`,
  });
  expect(await refusal(put('k', { SSEKMSKeyId: id }))).toMatchObject({ Code: 'InvalidArgument' });
});

test("a bucket's default is what its objects get, S3's own key where it names none", async () => {
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }, BucketKeyEnabled: true }],
      },
    }),
  );
  const stored = await put('by-default');
  expect(stored).toMatchObject({ ServerSideEncryption: 'aws:kms', BucketKeyEnabled: true });
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: stored.SSEKMSKeyId }));
  expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS', Arn: stored.SSEKMSKeyId });
  expect(await text('by-default')).toBe('secret');
  expect(await put('own', { ServerSideEncryption: 'AES256' })).toMatchObject({
    ServerSideEncryption: 'AES256',
  });
});
