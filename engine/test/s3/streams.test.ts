import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { startCloud, type TestCloud } from '../../src/testing';
import { refusal } from './refusal';

let cloud: TestCloud;
let s3: S3Client;
const Bucket = 'streams';

beforeAll(async () => {
  cloud = await startCloud();
  s3 = cloud.client(S3Client, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => cloud.stop());

const MB = 1024 * 1024;

/** `megabytes` of bytes that nobody holds all at once. */
function* chunks(megabytes: number): Iterable<Buffer> {
  for (let i = 0; i < megabytes; i++) yield Buffer.alloc(MB, i % 251);
}

test('100 MB go in and come out without lying in memory', async () => {
  const expected = createHash('md5');
  for (const chunk of chunks(100)) expected.update(chunk);
  const etag = expected.digest('hex');
  let peak = 0;
  const base = process.memoryUsage().arrayBuffers;
  const watched = function* () {
    for (const chunk of chunks(100)) {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - base);
      yield chunk;
    }
  };
  const stored = await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: 'large',
      Body: Readable.from(watched(), { objectMode: false }),
      ContentLength: 100 * MB,
    }),
  );
  expect(stored.ETag).toBe(`"${etag}"`);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'large', ChecksumMode: 'ENABLED' }));
  const got = createHash('md5');
  let size = 0;
  for await (const chunk of Body as Readable) {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - base);
    got.update(chunk);
    size += chunk.length;
  }
  expect(size).toBe(100 * MB);
  expect(got.digest('hex')).toBe(etag);
  // Client and engine share this process: both sides' buffers are in this.
  expect(peak).toBeLessThan(64 * MB);
}, 60_000);

test('who reads an object has it to the end, whoever overwrites or deletes it', async () => {
  const body = Buffer.alloc(3 * MB, 7);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'overwritten', Body: body }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'overwritten' }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'overwritten', Body: Buffer.alloc(2 * MB, 8) }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'overwritten' }));
  expect(Buffer.from(await Body!.transformToByteArray()).equals(body)).toBe(true);
});

test('presigned URLs', async () => {
  const at = { Bucket, Key: 'pre signed/ü' };
  const put = await getSignedUrl(s3, new PutObjectCommand({ ...at, ContentType: 'text/plain' }), {
    expiresIn: 60,
  });
  const stored = await fetch(put, {
    method: 'PUT',
    body: 'by fetch',
    headers: { 'content-type': 'text/plain' },
  });
  expect(stored.status).toBe(200);
  const get = await getSignedUrl(
    s3,
    new GetObjectCommand({ ...at, ResponseContentDisposition: 'attachment; filename="a.txt"' }),
  );
  const got = await fetch(get);
  expect(await got.text()).toBe('by fetch');
  expect(got.headers.get('content-type')).toBe('text/plain');
  expect(got.headers.get('content-disposition')).toBe('attachment; filename="a.txt"');
});

test('a body that is cut off leaves nothing', async () => {
  const url = new URL(await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'cut' })));
  await new Promise<void>((resolve) => {
    const upload = request(url, { method: 'PUT', headers: { 'content-length': String(10 * MB) } });
    upload.on('error', () => resolve());
    upload.on('close', () => resolve());
    upload.write(Buffer.alloc(MB), () => upload.destroy());
  });
  expect(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: 'cut' })))).toMatchObject({
    status: 404,
  });
});

test('CORS headers are on the answers to those whom a rule allows', async () => {
  await s3.send(
    new PutBucketCorsCommand({
      Bucket,
      CORSConfiguration: {
        CORSRules: [
          {
            AllowedMethods: ['GET'],
            AllowedOrigins: ['https://*.example.com'],
            ExposeHeaders: ['ETag'],
            MaxAgeSeconds: 3000,
          },
        ],
      },
    }),
  );
  await s3.send(new PutObjectCommand({ Bucket, Key: 'shared', Body: 'x' }));
  const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'shared' }));
  const allowed = await fetch(url, { headers: { origin: 'https://www.example.com' } });
  expect(Object.fromEntries(allowed.headers)).toMatchObject({
    'access-control-allow-origin': 'https://www.example.com',
    'access-control-allow-methods': 'GET',
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'ETag',
    'access-control-max-age': '3000',
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  });
  const other = await fetch(url, { headers: { origin: 'https://example.org' } });
  expect(other.headers.get('access-control-allow-origin')).toBeNull();
});
