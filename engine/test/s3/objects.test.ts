import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startCloud, type TestCloud } from '../../src/testing';
import { refusal } from './refusal';

let cloud: TestCloud;
let s3: S3Client;
const Bucket = 'objects';

beforeAll(async () => {
  cloud = await startCloud();
  s3 = cloud.client(S3Client, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => cloud.stop());

const put = (Key: string, Body: string | Uint8Array, more = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const text = async (Key: string, more = {}) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Body!.transformToString();
};

describe('put and get', () => {
  test('an object comes back with what it was put with', async () => {
    const stored = await put('hello.txt', 'hello', {
      ContentType: 'text/plain',
      CacheControl: 'max-age=60',
      ContentDisposition: 'inline',
      ContentLanguage: 'en',
      ContentEncoding: 'identity',
      Expires: new Date('2030-01-01T00:00:00Z'),
      Metadata: { Colour: 'Blue' },
      Tagging: 'a=1&b=2',
    });
    expect(stored).toMatchObject({
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      ChecksumCRC32: 'NhCmhg==',
      ChecksumType: 'FULL_OBJECT',
      ServerSideEncryption: 'AES256',
    });
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'hello.txt', ChecksumMode: 'ENABLED' }));
    expect(await got.Body!.transformToString()).toBe('hello');
    expect(got).toMatchObject({
      AcceptRanges: 'bytes',
      ContentLength: 5,
      ContentType: 'text/plain',
      CacheControl: 'max-age=60',
      ContentDisposition: 'inline',
      ContentLanguage: 'en',
      ContentEncoding: 'identity',
      ExpiresString: 'Tue, 01 Jan 2030 00:00:00 GMT',
      Metadata: { colour: 'Blue' },
      TagCount: 2,
      ChecksumCRC32: 'NhCmhg==',
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
    });
    expect(got.VersionId).toBeUndefined();
    expect(got.StorageClass).toBeUndefined();
  });

  test.each([
    'with space',
    '../../etc/passwd',
    '..',
    '/leading',
    'double//slash/',
    'per%20cent%',
    'plus+and&amp;<xml>"\'',
    'ünïcödé/😀',
    'a?b=c#d',
    '.',
    'tab\tand~tilde*()!',
  ])('key %j', async (key) => {
    await put(key, `body of ${key}`);
    expect(await text(key)).toBe(`body of ${key}`);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    expect(await refusal(text(key))).toMatchObject({ Code: 'NoSuchKey', Key: key });
  });

  test('a missing key and a missing bucket are refused as on AWS', async () => {
    expect(await refusal(text('none'))).toMatchObject({
      Code: 'NoSuchKey',
      message: 'The specified key does not exist.',
      status: 404,
    });
    expect(
      await refusal(s3.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'k' }))),
    ).toMatchObject({
      Code: 'NoSuchBucket',
      message: 'The specified bucket does not exist',
      BucketName: 'no-such-bucket',
    });
    expect(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' })))).toMatchObject({
      name: 'NotFound',
      status: 404,
    });
  });

  test('limits: key, metadata', async () => {
    expect(await refusal(put('k'.repeat(1025), ''))).toMatchObject({
      Code: 'KeyTooLongError',
      MaxSizeAllowed: '1024',
    });
    await put('k'.repeat(1024), 'long');
    expect(await text('k'.repeat(1024))).toBe('long');
    expect(await refusal(put('m', '', { Metadata: { big: 'x'.repeat(2048) } }))).toMatchObject({
      Code: 'MetadataTooLarge',
    });
  });
});

describe('ranges', () => {
  beforeAll(() => put('range', '0123456789'));

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=8-', '89', 'bytes 8-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=5-500', '56789', 'bytes 5-9/10'],
  ])('%s', async (Range, body, range) => {
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'range', Range }));
    expect(got.$metadata.httpStatusCode).toBe(206);
    expect(got).toMatchObject({ ContentRange: range, ContentLength: body.length });
    expect(got.ChecksumCRC32).toBeUndefined();
    expect(await got.Body!.transformToString()).toBe(body);
  });

  test('behind the end', async () => {
    expect(await refusal(text('range', { Range: 'bytes=10-20' }))).toMatchObject({
      Code: 'InvalidRange',
      status: 416,
      ActualObjectSize: '10',
      RangeRequested: 'bytes=10-20',
    });
  });

  test('what is no range is ignored', async () => {
    expect(await text('range', { Range: 'lines=1-2' })).toBe('0123456789');
  });
});

describe('conditions', () => {
  const etag = '"c4ca4238a0b923820dcc509a6f75849b"';
  beforeAll(() => put('condition', '1'));

  test('reads', async () => {
    expect(await text('condition', { IfMatch: etag })).toBe('1');
    expect(await refusal(text('condition', { IfNoneMatch: etag }))).toMatchObject({ status: 304 });
    expect(await refusal(text('condition', { IfMatch: '"other"' }))).toMatchObject({
      Code: 'PreconditionFailed',
      Condition: 'If-Match',
    });
    const past = new Date(Date.UTC(2020, 0, 1));
    expect(await text('condition', { IfModifiedSince: past })).toBe('1');
    expect(await refusal(text('condition', { IfUnmodifiedSince: past }))).toMatchObject({
      Condition: 'If-Unmodified-Since',
    });
  });

  test('writes', async () => {
    expect(await refusal(put('condition', '2', { IfNoneMatch: '*' }))).toMatchObject({
      Code: 'PreconditionFailed',
      Condition: 'If-None-Match',
      status: 412,
    });
    expect(await refusal(put('condition', '2', { IfMatch: '"other"' }))).toMatchObject({
      Condition: 'If-Match',
    });
    expect(await refusal(put('absent', '2', { IfMatch: etag }))).toMatchObject({ Code: 'NoSuchKey' });
    expect(await refusal(put('condition', '2', { IfNoneMatch: etag }))).toMatchObject({
      Code: 'NotImplemented',
      Header: 'If-None-Match',
      status: 501,
    });
    await put('condition', '1', { IfMatch: etag });
  });

  test('of 20 writers that want to be first, one is', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => put('first', String(i), { IfNoneMatch: '*' })),
    );
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('checksums', () => {
  test.each([
    ['CRC32', 'cZWHwQ=='],
    ['CRC32C', 'Pf4upw=='],
    ['CRC64NVME', 'qUVrWYOrIAM='],
    ['SHA1', 'B++3uSfJMSHWToQMQ1g6lIJY5Eo='],
    ['SHA256', '2l26x0trnT0r2AvakoFk2MB7eKVKzYESLMxSAKAzoik='],
  ])('%s is computed, verified and given back', async (algorithm, value) => {
    const member = `Checksum${algorithm}`;
    const stored = await put('sum', 'test data..', { [member]: value });
    expect(stored).toMatchObject({ [member]: value, ChecksumType: 'FULL_OBJECT' });
    const attributes = await s3.send(
      new GetObjectAttributesCommand({ Bucket, Key: 'sum', ObjectAttributes: ['Checksum', 'ETag'] }),
    );
    expect(attributes).toMatchObject({
      ETag: 'e6d9226c2a86b7232933663c13467527',
      Checksum: { [member]: value, ChecksumType: 'FULL_OBJECT' },
    });
    expect(await refusal(put('sum', 'other data', { [member]: value }))).toMatchObject({
      Code: 'BadDigest',
      message: `The ${algorithm} you specified did not match the calculated checksum.`,
    });
    expect(await refusal(put('sum', 'test data..', { [member]: 'wrong' }))).toMatchObject({
      Code: 'InvalidRequest',
      message: `Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`,
    });
  });

  test('Content-MD5', async () => {
    await put('md5', 'abc', { ContentMD5: 'kAFQmDzST7DWlj99KOF/cg==' });
    expect(await refusal(put('md5', 'abd', { ContentMD5: 'kAFQmDzST7DWlj99KOF/cg==' }))).toMatchObject({
      Code: 'BadDigest',
    });
    expect(await refusal(put('md5', 'abd', { ContentMD5: 'nonsense' }))).toMatchObject({
      Code: 'InvalidDigest',
    });
  });
});

describe('copy', () => {
  test('headers come along, or are replaced', async () => {
    await put('source key+', 'copied', { Metadata: { a: '1' }, ContentType: 'text/css', Tagging: 't=1' });
    const CopySource = `${Bucket}/${encodeURIComponent('source key+')}`;
    const copied = await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }));
    expect(copied.CopyObjectResult?.ETag).toBe(`"${createHash('md5').update('copied').digest('hex')}"`);
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }))).toMatchObject({
      ContentType: 'text/css',
      Metadata: { a: '1' },
      TagCount: 1,
    });
    await s3.send(
      new CopyObjectCommand({
        Bucket,
        Key: 'copy',
        CopySource,
        MetadataDirective: 'REPLACE',
        Metadata: { b: '2' },
        TaggingDirective: 'REPLACE',
      }),
    );
    const replaced = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }));
    expect(replaced).toMatchObject({ ContentType: 'binary/octet-stream', Metadata: { b: '2' } });
    expect(replaced.TagCount).toBeUndefined();
  });

  test('onto itself something must change', async () => {
    await put('self', 'x');
    const copy = (more = {}) =>
      s3.send(new CopyObjectCommand({ Bucket, Key: 'self', CopySource: `${Bucket}/self`, ...more }));
    expect(await refusal(copy())).toMatchObject({ Code: 'InvalidRequest', status: 400 });
    await copy({ StorageClass: 'STANDARD_IA' });
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'self' }))).toMatchObject({
      StorageClass: 'STANDARD_IA',
    });
  });

  test('a source that is missing, or does not meet its conditions', async () => {
    const copy = (CopySource: string, more = {}) =>
      refusal(s3.send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource, ...more })));
    expect(await copy(`${Bucket}/missing`)).toMatchObject({ Code: 'NoSuchKey', Key: 'missing' });
    expect(await copy('absent-bucket/missing')).toMatchObject({ Code: 'NoSuchBucket' });
    expect(await copy(`${Bucket}/self`, { CopySourceIfMatch: '"no"' })).toMatchObject({
      Code: 'PreconditionFailed',
      Condition: 'x-amz-copy-source-If-Match',
    });
  });
});

test('DeleteObjects answers for every key, and quietly when asked', async () => {
  await put('d1', '1');
  const remove = (Quiet: boolean) =>
    s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'd1' }, { Key: 'd2' }], Quiet } }));
  expect((await remove(false)).Deleted).toEqual([{ Key: 'd1' }, { Key: 'd2' }]);
  expect((await remove(true)).Deleted).toBeUndefined();
});

test('an archived object must be restored before it is read', async () => {
  await put('cold', 'x', { StorageClass: 'GLACIER' });
  expect(await refusal(text('cold'))).toMatchObject({ Code: 'InvalidObjectState', StorageClass: 'GLACIER' });
  expect(await refusal(put('cold', 'x', { StorageClass: 'FROZEN' }))).toMatchObject({
    Code: 'InvalidStorageClass',
    StorageClassRequested: 'FROZEN',
  });
});
