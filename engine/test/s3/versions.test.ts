import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startCloud, type TestCloud } from '../../src/testing';
import { refusal } from './refusal';

let cloud: TestCloud;
let s3: S3Client;

beforeAll(async () => {
  cloud = await startCloud();
  s3 = cloud.client(S3Client, { forcePathStyle: true });
});
afterAll(() => cloud.stop());

async function bucket(Bucket: string, more = {}): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket, ...more }));
  return Bucket;
}
const versioning = (Bucket: string, Status: 'Enabled' | 'Suspended') =>
  s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const put = (Bucket: string, Key: string, Body: string, more = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const text = async (Bucket: string, Key: string, VersionId?: string) =>
  (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body!.transformToString();
const remove = (Bucket: string, Key: string, more = {}) =>
  s3.send(new DeleteObjectCommand({ Bucket, Key, ...more }));

test('each write is a version; a delete hides it, and can be undone', async () => {
  const b = await bucket('versioned');
  await put(b, 'k', 'null version');
  await versioning(b, 'Enabled');
  const one = await put(b, 'k', 'one');
  const two = await put(b, 'k', 'two');
  expect(one.VersionId).toMatch(/^\S{32}$/);
  expect(await text(b, 'k')).toBe('two');
  expect(await text(b, 'k', one.VersionId)).toBe('one');
  expect(await text(b, 'k', 'null')).toBe('null version');

  const marker = await remove(b, 'k');
  expect(marker).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
  expect(await refusal(text(b, 'k'))).toMatchObject({ Code: 'NoSuchKey', Key: 'k' });
  expect(await refusal(text(b, 'k', marker.VersionId))).toMatchObject({
    Code: 'MethodNotAllowed',
    Method: 'GET',
    ResourceType: 'DeleteMarker',
    status: 405,
  });
  expect(await remove(b, 'k', { VersionId: marker.VersionId })).toMatchObject({
    DeleteMarker: true,
    VersionId: marker.VersionId,
  });
  expect(await text(b, 'k')).toBe('two');
  await remove(b, 'k', { VersionId: two.VersionId });
  expect(await text(b, 'k')).toBe('one');
  expect(await refusal(text(b, 'k', two.VersionId))).toMatchObject({
    Code: 'NoSuchVersion',
    VersionId: two.VersionId,
    Key: 'k',
  });
  expect(await refusal(text(b, 'k', 'not-an-id'))).toMatchObject({
    Code: 'InvalidArgument',
    message: 'Invalid version id specified',
  });
  expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket: b })))).toMatchObject({
    Code: 'BucketNotEmpty',
    status: 409,
  });
});

test('a suspended bucket overwrites only its null version', async () => {
  const b = await bucket('suspended');
  await versioning(b, 'Enabled');
  const kept = await put(b, 'k', 'kept');
  await versioning(b, 'Suspended');
  const suspended = await put(b, 'k', 'first');
  expect(suspended.VersionId).toBeUndefined();
  await put(b, 'k', 'second');
  expect(await text(b, 'k')).toBe('second');
  const versions = await s3.send(new ListObjectVersionsCommand({ Bucket: b }));
  expect(versions.Versions?.map((one) => one.VersionId)).toEqual(['null', kept.VersionId]);
  expect(await remove(b, 'k')).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
  const after = await s3.send(new ListObjectVersionsCommand({ Bucket: b }));
  expect(after.DeleteMarkers?.map((one) => one.VersionId)).toEqual(['null']);
  expect(after.Versions?.map((one) => one.VersionId)).toEqual([kept.VersionId]);
});

test('a null version that is no longer the newest is replaced, wherever it lies', async () => {
  const b = await bucket('old-null');
  await put(b, 'k', 'old null');
  await versioning(b, 'Enabled');
  const kept = await put(b, 'k', 'kept');
  await versioning(b, 'Suspended');
  await put(b, 'k', 'new null');
  const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket: b }));
  expect(Versions?.map((one) => one.VersionId)).toEqual(['null', kept.VersionId]);
  expect(await text(b, 'k', 'null')).toBe('new null');
});

test('DeleteObjects in a versioned bucket', async () => {
  const b = await bucket('batch');
  await versioning(b, 'Enabled');
  const { VersionId } = await put(b, 'k', 'x');
  const batch = (Objects: { Key: string; VersionId?: string }[]) =>
    s3.send(new DeleteObjectsCommand({ Bucket: b, Delete: { Objects } }));
  expect((await batch([{ Key: 'k' }, { Key: 'other' }])).Deleted).toEqual([
    { Key: 'k', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
    { Key: 'other', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) },
  ]);
  const outcome = await batch([
    { Key: 'k', VersionId },
    { Key: 'k', VersionId },
  ]);
  expect(outcome.Deleted).toEqual([{ Key: 'k', VersionId }]);
  expect(outcome.Errors).toEqual([
    {
      Key: 'k',
      VersionId,
      Code: 'NoSuchVersion',
      Message: 'The specified version does not exist.',
    },
  ]);
});

test('tags belong to a version', async () => {
  const b = await bucket('tagged-versions');
  await versioning(b, 'Enabled');
  const one = await put(b, 'k', 'one', { Tagging: 'v=1' });
  await put(b, 'k', 'two');
  const tags = async (VersionId?: string) =>
    (await s3.send(new GetObjectTaggingCommand({ Bucket: b, Key: 'k', VersionId }))).TagSet;
  expect(await tags(one.VersionId)).toEqual([{ Key: 'v', Value: '1' }]);
  expect(await tags()).toEqual([]);
  const TagSet = [{ Key: 'changed', Value: 'yes' }];
  await s3.send(
    new PutObjectTaggingCommand({ Bucket: b, Key: 'k', VersionId: one.VersionId, Tagging: { TagSet } }),
  );
  expect(await tags(one.VersionId)).toEqual(TagSet);
});

test('a copy of a version, and of a delete marker', async () => {
  const b = await bucket('copied-versions');
  await versioning(b, 'Enabled');
  const one = await put(b, 'k', 'one');
  await put(b, 'k', 'two');
  const copied = await s3.send(
    new CopyObjectCommand({ Bucket: b, Key: 'c', CopySource: `${b}/k?versionId=${one.VersionId}` }),
  );
  expect(copied.CopySourceVersionId).toBe(one.VersionId);
  expect(await text(b, 'c')).toBe('one');
  const marker = await remove(b, 'k');
  expect(
    await refusal(
      s3.send(
        new CopyObjectCommand({ Bucket: b, Key: 'c', CopySource: `${b}/k?versionId=${marker.VersionId}` }),
      ),
    ),
  ).toMatchObject({
    Code: 'InvalidRequest',
    message: 'The source of a copy request may not specifically refer to a delete marker by version id.',
  });
});

describe('object lock', () => {
  const b = 'locked';
  beforeAll(() => bucket(b, { ObjectLockEnabledForBucket: true }));

  test('a held version cannot be deleted', async () => {
    const { VersionId } = await put(b, 'held', 'x');
    const at = { Bucket: b, Key: 'held' };
    expect(await refusal(s3.send(new GetObjectLegalHoldCommand(at)))).toMatchObject({
      Code: 'NoSuchObjectLockConfiguration',
      status: 404,
    });
    await s3.send(new PutObjectLegalHoldCommand({ ...at, LegalHold: { Status: 'ON' } }));
    expect(await s3.send(new HeadObjectCommand(at))).toMatchObject({ ObjectLockLegalHoldStatus: 'ON' });
    expect(await refusal(remove(b, 'held', { VersionId }))).toMatchObject({
      Code: 'AccessDenied',
      message: 'Access Denied because object protected by object lock.',
    });
    const batch = await s3.send(
      new DeleteObjectsCommand({ Bucket: b, Delete: { Objects: [{ Key: 'held', VersionId }] } }),
    );
    expect(batch.Errors?.[0]).toMatchObject({ Code: 'AccessDenied' });
    await s3.send(new PutObjectLegalHoldCommand({ ...at, LegalHold: { Status: 'OFF' } }));
    await remove(b, 'held', { VersionId });
  });

  test('a retained version can be freed only by bypassing governance', async () => {
    const RetainUntilDate = new Date(Date.now() + 86_400_000);
    const { VersionId } = await put(b, 'retained', 'x', {
      ObjectLockMode: 'GOVERNANCE',
      ObjectLockRetainUntilDate: RetainUntilDate,
    });
    const shorten = (BypassGovernanceRetention?: boolean) =>
      s3.send(
        new PutObjectRetentionCommand({
          Bucket: b,
          Key: 'retained',
          BypassGovernanceRetention,
          Retention: { Mode: 'GOVERNANCE', RetainUntilDate: new Date(Date.now() + 3_600_000) },
        }),
      );
    expect(await refusal(shorten())).toMatchObject({ Code: 'AccessDenied' });
    expect(await refusal(remove(b, 'retained', { VersionId }))).toMatchObject({ Code: 'AccessDenied' });
    await shorten(true);
    await remove(b, 'retained', { VersionId, BypassGovernanceRetention: true });
  });

  test('versioning cannot be suspended', async () => {
    expect(await refusal(versioning(b, 'Suspended'))).toMatchObject({
      Code: 'InvalidBucketState',
      status: 409,
    });
  });
});
