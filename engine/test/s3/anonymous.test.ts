import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let s3: S3Client;

beforeAll(async () => {
  cloud = await startCloud();
  s3 = cloud.client(S3Client, { forcePathStyle: true });
});
afterAll(() => cloud.stop());

async function bucket(Bucket: string, policy?: object[]): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  if (policy) {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: policy });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  }
  await s3.send(new PutObjectCommand({ Bucket, Key: 'open/page', Body: 'page' }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'secret', Body: 'secret' }));
  return Bucket;
}

async function get(path: string): Promise<string> {
  const response = await fetch(`${cloud.endpoint}/${path}`);
  const text = await response.text();
  return response.ok ? text : `${response.status} ${/<Code>(.*?)</.exec(text)?.[1]}`;
}

test('nobody reads a private bucket without a signature', async () => {
  await bucket('private');
  expect(await get('private/secret')).toBe('403 AccessDenied');
  expect(await get('private/missing')).toBe('403 AccessDenied');
  expect(await get('private')).toBe('403 AccessDenied');
  expect(await get('')).toBe('403 AccessDenied');
  expect(await get('no-such-bucket/k')).toBe('404 NoSuchBucket');
  const written = await fetch(`${cloud.endpoint}/private/k`, { method: 'PUT', body: 'x' });
  expect(written.status).toBe(403);
});

test('a policy lets everybody in where it says so, and no further', async () => {
  const read = { Effect: 'Allow', Principal: '*', Action: 's3:Get*', Resource: 'arn:aws:s3:::public/open/*' };
  await bucket('public', [read]);
  expect(await get('public/open/page')).toBe('page');
  expect(await get('public/secret')).toBe('403 AccessDenied');
  // Without the right to list, a missing key is not said to be missing.
  expect(await get('public/open/missing')).toBe('403 AccessDenied');
  const list = {
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 's3:ListBucket',
    Resource: 'arn:aws:s3:::listed',
  };
  await bucket('listed', [{ ...read, Resource: 'arn:aws:s3:::listed/*' }, list]);
  expect(await get('listed/missing')).toBe('404 NoSuchKey');
  expect(await get('listed?list-type=2')).toContain('<Key>open/page</Key>');
});

test('a Deny wins, and a condition lets nobody in by being unknown', async () => {
  const read = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::secure/*' };
  const tls = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: 'arn:aws:s3:::secure/*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  await bucket('secure', [read, tls]);
  expect(await get('secure/secret')).toBe('403 AccessDenied');
  const referred = {
    ...read,
    Resource: 'arn:aws:s3:::referred/*',
    Condition: { StringLike: { 'aws:Referer': 'x' } },
  };
  await bucket('referred', [referred]);
  expect(await get('referred/secret')).toBe('403 AccessDenied');
});

test('an ACL opens one object', async () => {
  const Bucket = await bucket('by-acl');
  await s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    }),
  );
  await s3.send(new PutObjectCommand({ Bucket, Key: 'shared', Body: 'shared', ACL: 'public-read' }));
  expect(await get('by-acl/shared')).toBe('shared');
  expect(await get('by-acl/secret')).toBe('403 AccessDenied');
});
