import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startCloud, type TestCloud } from '../../src/testing';
import { as, refusal, trust } from './callers';

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html

let cloud: TestCloud;
let s3: S3Client;
const Bucket = 'locked';
const at = { Bucket };
const locked = (more: object = {}) =>
  trust({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
    ...more,
  });

beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand(at));
});
afterAll(() => cloud.stop());

test("a bucket's denials bind its account's administrator, who can still change them", async () => {
  const put = new PutObjectCommand({ ...at, Key: 'a', Body: 'x' });
  expect(await refusal(s3.send(put))).toBeUndefined();
  await s3.send(new PutBucketPolicyCommand({ ...at, Policy: locked() }));
  expect(await refusal(s3.send(put))).toBe(
    '403 AccessDenied: not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::locked/a" with an explicit deny in a resource-based policy',
  );
  expect(await refusal(s3.send(new ListObjectsV2Command(at)))).toContain('403 AccessDenied');
  expect(await refusal(s3.send(new GetBucketVersioningCommand(at)))).toContain('403 AccessDenied');
  expect((await s3.send(new GetBucketPolicyCommand(at))).Policy).toBe(locked());
  const reader = cloud.client(S3Client, await as(cloud, { Action: 's3:*' }));
  expect(await refusal(reader.send(new DeleteBucketPolicyCommand(at)))).toContain('s3:DeleteBucketPolicy');
  const writing = locked({ Action: 's3:PutObject' });
  expect(await refusal(s3.send(new PutBucketPolicyCommand({ ...at, Policy: writing })))).toBeUndefined();
  expect(await refusal(s3.send(new ListObjectsV2Command(at)))).toBeUndefined();
  expect(await refusal(s3.send(put))).toContain('403 AccessDenied');
  await s3.send(new DeleteBucketPolicyCommand(at));
  expect(await refusal(s3.send(put))).toBeUndefined();
});
