import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { startCloud, type TestCloud } from '../../src/testing';
import { ACCOUNT, as, assume, newRole, refusal, type Statement, trust } from './callers';

let cloud: TestCloud;
let admin: S3Client;

beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  admin = cloud.client(S3Client, { forcePathStyle: true });
  for (const Bucket of ['docs', 'backup', 'kept']) await admin.send(new CreateBucketCommand({ Bucket }));
  await admin.send(
    new PutBucketVersioningCommand({ Bucket: 'kept', VersioningConfiguration: { Status: 'Enabled' } }),
  );
  await put('docs', 'ada/plan a', 'team=red');
  await put('docs', 'bob/plan', 'team=blue');
});
afterAll(() => cloud.stop());

const put = (Bucket: string, Key: string, Tagging?: string) =>
  admin.send(new PutObjectCommand({ Bucket, Key, Body: 'text', Tagging }));
const get = (Key: string, Bucket = 'docs') => new GetObjectCommand({ Bucket, Key });
const client = async (...statements: Statement[]) =>
  cloud.client(S3Client, { forcePathStyle: true, ...(await as(cloud, ...statements)) });
const arn = (path: string) => `arn:aws:s3:::${path}`;
const missing = (action: string, path: string) =>
  `403 AccessDenied: not authorized to perform: s3:${action} on resource: "${arn(path)}" because no identity-based policy allows the s3:${action} action`;

describe('objects', () => {
  test('are read under the prefix that is granted, and no other', async () => {
    const s3 = await client({ Action: 's3:GetObject', Resource: arn('docs/ada/*') });
    expect(await refusal(s3.send(get('ada/plan a')))).toBeUndefined();
    expect(await refusal(s3.send(get('bob/plan')))).toBe(missing('GetObject', 'docs/bob/plan'));
    expect(await refusal(s3.send(get('x y', 'backup')))).toBe(missing('GetObject', 'backup/x y'));
    expect(await refusal(s3.send(get('plan', 'nowhere')))).toContain('404 NoSuchBucket');
  });

  test('are not said to be missing to those who may not list', async () => {
    const reader = await client({ Action: 's3:GetObject', Resource: arn('docs/*') });
    expect(await refusal(reader.send(get('gone')))).toBe(missing('ListBucket', 'docs'));
    const lister = await client({ Action: ['s3:GetObject', 's3:ListBucket'] });
    expect(await refusal(lister.send(get('gone')))).toContain('404 NoSuchKey');
  });

  test('HEAD refuses without a word', async () => {
    const s3 = await client({ Action: 's3:ListBucket' });
    const head = new HeadObjectCommand({ Bucket: 'docs', Key: 'bob/plan' });
    const error = await s3.send(head).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ $metadata: { httpStatusCode: 403 } });
    expect(String(error)).not.toContain('authorized');
  });

  test('their versions have actions of their own', async () => {
    const { VersionId } = await put('kept', 'k');
    const s3 = await client({ Action: ['s3:GetObject', 's3:DeleteObject'] });
    expect(await refusal(s3.send(get('k', 'kept')))).toBeUndefined();
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket: 'kept', Key: 'k', VersionId })))).toBe(
      missing('GetObjectVersion', 'kept/k'),
    );
    const remove = new DeleteObjectCommand({ Bucket: 'kept', Key: 'k', VersionId });
    expect(await refusal(s3.send(remove))).toBe(missing('DeleteObjectVersion', 'kept/k'));
  });

  test('are written with what the request brings along', async () => {
    const s3 = await client({ Action: 's3:PutObject', Resource: arn('docs/new/*') });
    const write = (more: object) =>
      refusal(s3.send(new PutObjectCommand({ Bucket: 'docs', Key: 'new/k', Body: 'x', ...more })));
    expect(await write({})).toBeUndefined();
    expect(await write({ Tagging: 'a=b' })).toBe(missing('PutObjectTagging', 'docs/new/k'));
    expect(await write({ ACL: 'bucket-owner-full-control' })).toBe(missing('PutObjectAcl', 'docs/new/k'));
  });

  test('a copy reads the one and writes the other, tags too', async () => {
    const copy = new CopyObjectCommand({ Bucket: 'backup', Key: 'plan', CopySource: 'docs/bob/plan' });
    const read = { Action: 's3:GetObject', Resource: arn('docs/*') };
    const write = { Action: 's3:PutObject', Resource: arn('backup/*') };
    expect(await refusal((await client(write)).send(copy))).toBe(missing('GetObject', 'docs/bob/plan'));
    expect(await refusal((await client(read)).send(copy))).toBe(missing('PutObject', 'backup/plan'));
    expect(await refusal((await client(read, write)).send(copy))).toBe(
      missing('GetObjectTagging', 'docs/bob/plan'),
    );
    const all = await client(read, write, { Action: 's3:*ObjectTagging' });
    expect(await refusal(all.send(copy))).toBeUndefined();
  });

  test('each of many is deleted or refused by itself', async () => {
    await put('backup', 'mine/1');
    await put('backup', 'theirs/1');
    const s3 = await client({ Action: 's3:DeleteObject', Resource: arn('backup/mine/*') });
    const Objects = [{ Key: 'theirs/1' }, { Key: 'mine/1' }];
    const { Deleted, Errors } = await s3.send(
      new DeleteObjectsCommand({ Bucket: 'backup', Delete: { Objects } }),
    );
    expect(Deleted).toEqual([{ Key: 'mine/1' }]);
    expect(Errors).toEqual([
      { Key: 'theirs/1', Code: 'AccessDenied', Message: expect.stringContaining(arn('backup/theirs/1')) },
    ]);
    expect(await refusal(admin.send(get('theirs/1', 'backup')))).toBeUndefined();
  });
});

describe('condition keys', () => {
  test('s3:prefix', async () => {
    const s3 = await client({
      Action: 's3:ListBucket',
      Resource: arn('docs'),
      Condition: { StringLike: { 's3:prefix': 'ada/*' } },
    });
    const list = (Prefix?: string) => refusal(s3.send(new ListObjectsV2Command({ Bucket: 'docs', Prefix })));
    expect(await list('ada/')).toBeUndefined();
    expect(await list('bob/')).toBe(missing('ListBucket', 'docs'));
    expect(await list()).toBe(missing('ListBucket', 'docs'));
  });

  test('tags, of the object and of the request', async () => {
    const s3 = await client(
      { Action: 's3:GetObject', Condition: { StringEquals: { 's3:ExistingObjectTag/team': 'red' } } },
      {
        Action: ['s3:PutObject', 's3:PutObjectTagging'],
        Condition: { StringEquals: { 's3:RequestObjectTag/team': 'red' } },
      },
    );
    expect(await refusal(s3.send(get('ada/plan a')))).toBeUndefined();
    expect(await refusal(s3.send(get('bob/plan')))).toContain('s3:GetObject');
    const write = (Tagging: string) =>
      refusal(s3.send(new PutObjectCommand({ Bucket: 'docs', Key: 'tagged', Body: 'x', Tagging })));
    expect(await write('team=red')).toBeUndefined();
    expect(await write('team=blue')).toBe(missing('PutObject', 'docs/tagged'));
  });

  test('how it is encrypted', async () => {
    const s3 = await client({
      Action: 's3:PutObject',
      Condition: { StringEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
    });
    const write = (ServerSideEncryption?: 'AES256') =>
      refusal(s3.send(new PutObjectCommand({ Bucket: 'docs', Key: 'e', Body: 'x', ServerSideEncryption })));
    expect(await write('AES256')).toBeUndefined();
    expect(await write()).toBe(missing('PutObject', 'docs/e'));
  });
});

describe('bucket policies', () => {
  const policy = (Bucket: string, ...statements: Statement[]) =>
    admin.send(new PutBucketPolicyCommand({ Bucket, Policy: trust(...statements) }));

  test('let a role in by themselves, and keep everybody out', async () => {
    await admin.send(new CreateBucketCommand({ Bucket: 'ruled' }));
    await put('ruled', 'open');
    await put('ruled', 'shut');
    const { arn: role } = await newRole(cloud);
    const named = cloud.client(S3Client, {
      forcePathStyle: true,
      ...(await assume(cloud.client(STSClient), role)),
    });
    const s3 = await client({ Action: 's3:*' });
    await policy(
      'ruled',
      { Principal: { AWS: role }, Action: 's3:GetObject', Resource: arn('ruled/open') },
      { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: arn('ruled/shut') },
    );
    expect(await refusal(named.send(get('open', 'ruled')))).toBeUndefined();
    expect(await refusal((await client()).send(get('open', 'ruled')))).toBe(
      missing('GetObject', 'ruled/open'),
    );
    expect(await refusal(s3.send(get('shut', 'ruled')))).toBe(
      `403 AccessDenied: not authorized to perform: s3:GetObject on resource: "${arn('ruled/shut')}" with an explicit deny in a resource-based policy`,
    );
  });

  test('of the whole account leave it to identity policies', async () => {
    await admin.send(new CreateBucketCommand({ Bucket: 'shared' }));
    await put('shared', 'k');
    await policy('shared', {
      Principal: { AWS: ACCOUNT },
      Action: 's3:GetObject',
      Resource: arn('shared/*'),
    });
    expect(await refusal((await client()).send(get('k', 'shared')))).toBe(missing('GetObject', 'shared/k'));
  });

  test('their conditions count for strangers as for others', async () => {
    await admin.send(new CreateBucketCommand({ Bucket: 'site' }));
    await admin.send(
      new PutPublicAccessBlockCommand({
        Bucket: 'site',
        PublicAccessBlockConfiguration: { BlockPublicPolicy: false, RestrictPublicBuckets: false },
      }),
    );
    await put('site', 'page');
    await policy('site', {
      Principal: '*',
      Action: 's3:GetObject',
      Resource: arn('site/*'),
      Condition: { StringLike: { 'aws:Referer': 'https://example.com/*' } },
    });
    const page = (referer: string) => fetch(`${cloud.endpoint}/site/page`, { headers: { referer } });
    expect((await page('https://example.com/a')).status).toBe(200);
    expect((await page('https://example.org/a')).status).toBe(403);
  });
});

test('what a key encrypts takes the key too, by way of S3', async () => {
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
  const sealed = new PutObjectCommand({
    Bucket: 'docs',
    Key: 'sealed',
    Body: 'x',
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: KeyMetadata?.Arn,
  });
  const bare = await client({ Action: 's3:*' });
  expect(await refusal(bare.send(sealed))).toBe(
    `403 AccessDenied: not authorized to perform: kms:GenerateDataKey on resource: ${KeyMetadata?.Arn} because no identity-based policy allows the kms:GenerateDataKey action`,
  );
  const Condition = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } };
  const s3 = await client({ Action: 's3:*' }, { Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Condition });
  expect(await refusal(s3.send(sealed))).toBeUndefined();
  expect(await refusal(s3.send(get('sealed')))).toBeUndefined();
  expect(await refusal(bare.send(get('sealed')))).toContain('kms:Decrypt');
});

describe('buckets', () => {
  test('are listed by those who may list all, and made with what the request brings along', async () => {
    const s3 = await client({ Action: 's3:CreateBucket' });
    expect(await refusal(s3.send(new ListBucketsCommand({})))).toBe(
      '403 AccessDenied: not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action',
    );
    expect(await refusal(s3.send(new CreateBucketCommand({ Bucket: 'plain' })))).toBeUndefined();
    const locked = new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true });
    expect(await refusal(s3.send(locked))).toBe(missing('PutBucketObjectLockConfiguration', 'locked'));
  });
});

describe('other accounts', () => {
  const other = { accessKeyId: '111111111111', secretAccessKey: 'test' };

  test('are let in by the bucket alone, and not told why they are not', async () => {
    const s3 = cloud.client(S3Client, { forcePathStyle: true, credentials: other });
    await admin.send(new CreateBucketCommand({ Bucket: 'lent' }));
    await put('lent', 'k');
    expect(await refusal(s3.send(get('k', 'lent')))).toBe('403 AccessDenied: Access Denied');
    const Policy = trust({
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Action: 's3:GetObject',
      Resource: arn('lent/*'),
    });
    await admin.send(new PutBucketPolicyCommand({ Bucket: 'lent', Policy }));
    expect(await refusal(s3.send(get('k', 'lent')))).toBeUndefined();
  });
});
