import { createHmac } from 'node:crypto';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startCloud, type TestCloud } from '../../src/testing';
import { refusal } from './refusal';

let cloud: TestCloud;
let s3: S3Client;
const Bucket = 'forms';

beforeAll(async () => {
  cloud = await startCloud();
  s3 = cloud.client(S3Client, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => cloud.stop());

/** Fields as an application's back end signs them for a browser. */
function signed(conditions: unknown[], fields: Record<string, string>, expiration = '2099-01-01T00:00:00Z') {
  const own = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': 'test/20260101/us-east-1/s3/aws4_request',
    'x-amz-date': '20260101T000000Z',
  };
  const all = [...conditions, ...Object.entries(own).map(([name, value]) => ({ [name]: value }))];
  const policy = Buffer.from(JSON.stringify({ expiration, conditions: all })).toString('base64');
  const key = ['20260101', 'us-east-1', 's3', 'aws4_request'].reduce<Buffer>(
    (signing, part) => createHmac('sha256', signing).update(part).digest(),
    Buffer.from('AWS4test'),
  );
  const signature = createHmac('sha256', key).update(policy).digest('hex');
  return { ...fields, ...own, policy, 'x-amz-signature': signature };
}

async function post(
  fields: Record<string, string>,
  content: string | Uint8Array<ArrayBuffer> = 'from a browser',
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([content]), 'photo.txt');
  const response = await fetch(`${cloud.endpoint}/${Bucket}`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    code: /<Code>(.*?)<\/Code>/.exec(text)?.[1],
    message: /<Message>(.*?)<\/Message>/.exec(text)?.[1]?.replaceAll('&quot;', '"'),
  };
}

const conditions = [{ bucket: Bucket }, ['starts-with', '$key', 'up/']];

describe('browser uploads', () => {
  test('a file goes where the form says, with what the form says', async () => {
    const outcome = await post(
      signed(
        [
          ...conditions,
          ['starts-with', '$Content-Type', 'text/'],
          { 'x-amz-meta-a': '1' },
          { success_action_status: '201' },
        ],
        {
          key: 'up/${filename}',
          'Content-Type': 'text/plain',
          'x-amz-meta-a': '1',
          success_action_status: '201',
        },
      ),
    );
    expect(outcome).toMatchObject({ status: 201 });
    expect(outcome.text).toContain(`<Bucket>${Bucket}</Bucket><Key>up/photo.txt</Key>`);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'up/photo.txt', ChecksumMode: 'ENABLED' }));
    expect(await got.Body!.transformToString()).toBe('from a browser');
    expect(got).toMatchObject({ ContentType: 'text/plain', Metadata: { a: '1' } });
    expect(got.ChecksumCRC64NVME).toBeDefined();
  });

  test('large files stream', async () => {
    const content = new Uint8Array(3 * 1024 * 1024).fill(13);
    expect(await post(signed(conditions, { key: 'up/large' }), content)).toMatchObject({ status: 204 });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'up/large' }));
    expect(Buffer.from(await Body!.transformToByteArray()).equals(content)).toBe(true);
  });

  test('a redirect says what was made', async () => {
    const to = 'http://localhost.test/done';
    const outcome = await post(
      signed([...conditions, ['eq', '$success_action_redirect', to]], {
        key: 'up/r',
        success_action_redirect: to,
      }),
    );
    expect(outcome.status).toBe(303);
    expect(outcome.headers.get('location')).toMatch(
      /^http:\/\/localhost.test\/done\?bucket=forms&key=up%2Fr&etag=/,
    );
  });

  test.each([
    ['another key', conditions, { key: 'down/x' }, 'Policy Condition failed: ["starts-with", "$key", "up/"]'],
    ['a field more', conditions, { key: 'up/x', acl: 'private' }, 'Extra input fields: acl'],
    [
      'sizes that are none',
      [...conditions, ['content-length-range', 'test', '10']],
      { key: 'up/x' },
      'Policy Condition failed: ["content-length-range", "test", "10"]',
    ],
  ])('%s is refused', async (_, asked, fields, reason) => {
    const outcome = await post(signed(asked, fields as unknown as Record<string, string>));
    expect(outcome).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(outcome.message).toBe(`Invalid according to Policy: ${reason}`);
  });

  test('sizes', async () => {
    const range = (min: number, max: number) =>
      post(signed([...conditions, ['content-length-range', min, max]], { key: 'up/sized' }), '12345678');
    expect(await range(1, 7)).toMatchObject({ code: 'EntityTooLarge' });
    expect(await range(9, 20)).toMatchObject({ code: 'EntityTooSmall' });
    expect(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: 'up/sized' })))).toMatchObject({
      status: 404,
    });
    expect(await range(8, 8)).toMatchObject({ status: 204 });
  });

  test('signatures and expiry', async () => {
    const fields = signed(conditions, { key: 'up/x' });
    expect(await post({ ...fields, 'x-amz-signature': '0'.repeat(64) })).toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
    });
    const { 'x-amz-signature': _, ...unsigned } = fields;
    expect(await post(unsigned)).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      message: expect.stringContaining('X-Amz-Signature'),
    });
    expect(await post(signed(conditions, { key: 'up/x' }, '2020-01-01T00:00:00Z'))).toMatchObject({
      message: 'Invalid according to Policy: Policy expired.',
    });
  });

  test('what is no form is refused', async () => {
    const response = await fetch(`${cloud.endpoint}/${Bucket}`, {
      method: 'POST',
      body: 'key=x',
      headers: { 'content-type': 'text/plain' },
    });
    expect(response.status).toBe(412);
    expect(await response.text()).toContain('enclosure-type multipart/form-data');
  });
});

describe('preflight', () => {
  const ask = (headers: Record<string, string>) =>
    fetch(`${cloud.endpoint}/${Bucket}/k`, { method: 'OPTIONS', headers });

  test('a bucket without rules allows nothing', async () => {
    const response = await ask({ origin: 'https://a.test', 'access-control-request-method': 'GET' });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('CORSResponse: CORS is not enabled for this bucket.');
  });

  test('with rules, what they allow', async () => {
    await s3.send(
      new PutBucketCorsCommand({
        Bucket,
        CORSConfiguration: {
          CORSRules: [
            {
              AllowedMethods: ['PUT'],
              AllowedOrigins: ['https://a.test'],
              AllowedHeaders: ['x-amz-*', 'Content-Type'],
              MaxAgeSeconds: 9,
            },
          ],
        },
      }),
    );
    const allowed = await ask({
      origin: 'https://a.test',
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'X-Amz-Date,content-type',
    });
    expect(allowed.status).toBe(200);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      'access-control-allow-origin': 'https://a.test',
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'x-amz-date, content-type',
      'access-control-max-age': '9',
    });
    for (const headers of [
      { origin: 'https://b.test', 'access-control-request-method': 'PUT' },
      { origin: 'https://a.test', 'access-control-request-method': 'GET' },
      {
        origin: 'https://a.test',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization',
      },
    ]) {
      const refused = await ask(headers as unknown as Record<string, string>);
      expect(refused.status).toBe(403);
      expect(await refused.text()).toContain('<Code>AccessForbidden</Code>');
    }
  });
});
