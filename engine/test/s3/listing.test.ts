import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import type { Host } from '../../src/kernel';
import { startCloud, type TestCloud } from '../../src/testing';
import { refusal } from './refusal';

let cloud: TestCloud;
let s3: S3Client;
let host: Host;

beforeAll(async () => {
  cloud = await startCloud();
  s3 = cloud.client(S3Client, { forcePathStyle: true });
  host = cloud.host();
});
afterAll(() => cloud.stop());

async function bucketOf(name: string, keys: string[]): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: name, Key, Body: Key }));
  return name;
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** What AWS says a listing is, said as simply as can be. */
function model(keys: string[], prefix: string, delimiter: string) {
  const entries: string[] = [];
  for (const key of [...keys].sort(byBytes)) {
    if (!key.startsWith(prefix)) continue;
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const entry = at < 0 ? `key ${key}` : `prefix ${key.slice(0, at + delimiter.length)}`;
    if (entry !== entries.at(-1)) entries.push(entry);
  }
  return entries;
}

describe('any keys, prefix, delimiter and page size', () => {
  const part = fc.constantFrom('a', 'b', '/', '//', 'a/', 'é', '😀', '\uffff', ' ', '%', '0');
  const key = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));

  test('the pages of a listing, put together, are the listing', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { minLength: 0, maxLength: 25 }),
        fc.constantFrom('', 'a', 'a/', 'b', '/'),
        fc.constantFrom('', '/', 'a', '//'),
        fc.integer({ min: 1, max: 7 }),
        async (keys, Prefix, Delimiter, MaxKeys) => {
          const Bucket = `property-${run++}`;
          await host.invoke('s3', 'CreateBucket', { Bucket });
          for (const Key of keys) await host.invoke('s3', 'PutObject', { Bucket, Key, Body: 'x' });
          const expected = model(keys, Prefix, Delimiter);

          const second: string[] = [];
          let ContinuationToken: string | undefined;
          do {
            const page = await host.invoke('s3', 'ListObjectsV2', {
              Bucket,
              Prefix,
              Delimiter,
              MaxKeys,
              ContinuationToken,
            });
            const entries = [
              ...(page.Contents ?? []).map((one) => `key ${one.Key}`),
              ...(page.CommonPrefixes ?? []).map((one) => `prefix ${one.Prefix}`),
            ];
            expect(entries.length).toBe(page.KeyCount);
            expect(entries.length).toBeLessThanOrEqual(MaxKeys);
            second.push(...entries);
            ContinuationToken = page.NextContinuationToken;
            expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
          } while (ContinuationToken !== undefined);
          expect([...second].sort()).toEqual([...expected].sort());

          const first: string[] = [];
          let Marker: string | undefined;
          for (;;) {
            const page = await host.invoke('s3', 'ListObjects', {
              Bucket,
              Prefix,
              Delimiter,
              MaxKeys,
              Marker,
            });
            first.push(
              ...(page.Contents ?? []).map((one) => `key ${one.Key}`),
              ...(page.CommonPrefixes ?? []).map((one) => `prefix ${one.Prefix}`),
            );
            if (!page.IsTruncated) break;
            Marker = page.NextMarker ?? page.Contents?.at(-1)?.Key;
          }
          expect([...first].sort()).toEqual([...expected].sort());
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('1,000 keys are a page, however many are asked for', async () => {
  const Bucket = 'many';
  await host.invoke('s3', 'CreateBucket', { Bucket });
  for (let i = 0; i < 1010; i++) await host.invoke('s3', 'PutObject', { Bucket, Key: `k${i}`, Body: '' });
  const page = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 5000 }));
  expect(page).toMatchObject({ KeyCount: 1000, MaxKeys: 1000, IsTruncated: true });
  const rest = await s3.send(
    new ListObjectsV2Command({ Bucket, ContinuationToken: page.NextContinuationToken }),
  );
  expect(rest).toMatchObject({ KeyCount: 10, IsTruncated: false });
  expect(rest.NextContinuationToken).toBeUndefined();
});

test('the shape of a listing', async () => {
  const Bucket = await bucketOf('shape', ['a/1', 'a/2', 'b c+d=é']);
  const listed = await s3.send(
    new ListObjectsV2Command({ Bucket, Delimiter: '/', EncodingType: 'url', FetchOwner: true }),
  );
  expect(listed).toMatchObject({
    Name: 'shape',
    Prefix: '',
    Delimiter: '/',
    EncodingType: 'url',
    KeyCount: 2,
    CommonPrefixes: [{ Prefix: 'a/' }],
  });
  expect(listed.Contents).toEqual([
    {
      Key: 'b+c%2Bd%3D%C3%A9',
      LastModified: expect.any(Date),
      ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      Size: 8,
      StorageClass: 'STANDARD',
      ChecksumAlgorithm: ['CRC32'],
      ChecksumType: 'FULL_OBJECT',
      Owner: { ID: expect.stringMatching(/^[0-9a-f]{64}$/) },
    },
  ]);
  const after = await s3.send(new ListObjectsV2Command({ Bucket, StartAfter: 'a/1' }));
  expect(after.Contents?.map((one) => one.Key)).toEqual(['a/2', 'b c+d=é']);
  expect(after.StartAfter).toBe('a/1');
  const marked = await s3.send(new ListObjectsCommand({ Bucket, Marker: 'a/1', Delimiter: '/' }));
  expect(marked.CommonPrefixes).toBeUndefined();
  expect(marked.Contents?.map((one) => one.Key)).toEqual(['b c+d=é']);
});

test('what is no token, size or encoding is refused', async () => {
  const Bucket = await bucketOf('wrong', []);
  const list = (more: object) => refusal(s3.send(new ListObjectsV2Command({ Bucket, ...more })));
  expect(await list({ ContinuationToken: 'nonsense' })).toMatchObject({
    Code: 'InvalidArgument',
    message: 'The continuation token provided is incorrect',
    ArgumentName: 'continuation-token',
  });
  expect(await list({ MaxKeys: -1 })).toMatchObject({ Code: 'InvalidArgument' });
  expect(await list({ EncodingType: 'base64' })).toMatchObject({ Code: 'InvalidArgument' });
});

test('versions and delete markers, page by page', async () => {
  const Bucket = await bucketOf('versions', []);
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const expected: string[] = [];
  for (const Key of ['k1', 'k2', 'k3']) {
    const one = await s3.send(new PutObjectCommand({ Bucket, Key, Body: '1' }));
    const two = await s3.send(new PutObjectCommand({ Bucket, Key, Body: '2' }));
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expected.push(marker.VersionId!, two.VersionId!, one.VersionId!);
  }
  const all = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(all.Versions).toHaveLength(6);
  expect(all.DeleteMarkers?.every((marker) => marker.IsLatest)).toBe(true);
  expect(all.Versions?.some((version) => version.IsLatest)).toBe(false);
  for (const MaxKeys of [1, 2, 4, 8]) {
    const seen: string[] = [];
    let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (;;) {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys, ...markers }));
      const entries = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      seen.push(...entries.map((one) => one.VersionId!));
      expect(entries.length).toBeLessThanOrEqual(MaxKeys);
      if (!page.IsTruncated) break;
      markers = { KeyMarker: page.NextKeyMarker!, VersionIdMarker: page.NextVersionIdMarker! };
    }
    expect([...seen].sort()).toEqual([...expected].sort());
  }
  expect(
    await refusal(s3.send(new ListObjectVersionsCommand({ Bucket, VersionIdMarker: expected[0] }))),
  ).toMatchObject({ message: 'A version-id marker cannot be specified without a key marker.' });
});
