import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { sha256 } from '../../src/identity/signature/canonical';
import { sign } from '../../src/identity/signature/keys';
import { ManualClock } from '../../src/kernel';
import { startCloud, type TestCloud } from '../../src/testing';
import { presignedUrl, signedHeaders } from '../support/signed';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html

let cloud: TestCloud;
const clock = new ManualClock(Date.now());

beforeAll(async () => {
  cloud = await startCloud({ clock });
  const s3 = cloud.client(S3Client, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'shelf' }));
  await s3.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'ä/a b+c', Body: 'words' }));
});
afterAll(() => cloud.stop());

const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (failure: Error & { $metadata?: { httpStatusCode?: number } }) => failure,
  );
  return { name: error?.name, message: error?.message, status: error?.$metadata?.httpStatusCode };
};

const host = () => `127.0.0.1:${cloud.port}`;

const each = (
  clients: (credentials: Record<string, unknown>) => Record<string, Promise<unknown>>,
  credentials: Record<string, unknown>,
) =>
  Promise.all(
    Object.entries(clients(credentials)).map(
      async ([protocol, work]) => [protocol, await refusal(work)] as const,
    ),
  ).then((entries) => Object.fromEntries(entries));

const everywhere = (credentials: Record<string, unknown>) => ({
  query: cloud.client(STSClient, credentials).send(new GetCallerIdentityCommand({})),
  json: cloud.client(DynamoDBClient, credentials).send(new ListTablesCommand({})),
  restJson: cloud.client(LambdaClient, credentials).send(new ListFunctionsCommand({})),
  s3: cloud.client(S3Client, credentials).send(new ListBucketsCommand({})),
});

const WRONG =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

test('a wrong secret is refused as each protocol does', async () => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'wrong' };
  expect(await each(everywhere, { credentials })).toEqual({
    query: { name: 'SignatureDoesNotMatch', message: WRONG, status: 403 },
    json: { name: 'InvalidSignatureException', message: WRONG, status: 400 },
    restJson: { name: 'InvalidSignatureException', message: WRONG, status: 403 },
    s3: {
      name: 'SignatureDoesNotMatch',
      message:
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      status: 403,
    },
  });
});

test('S3 says what it would have signed', async () => {
  const url = '/shelf?list-type=2';
  const headers = signedHeaders(
    { method: 'GET', url, headers: { host: host() } },
    { service: 's3', secret: 'x' },
  );
  const text = await (await fetch(`${cloud.endpoint}${url}`, { headers })).text();
  expect(text).toContain('<AWSAccessKeyId>test</AWSAccessKeyId><StringToSign>AWS4-HMAC-SHA256\n');
  expect(text).toContain('<StringToSignBytes>41 57 53 34 ');
  expect(text).toContain('<CanonicalRequest>GET\n/shelf\nlist-type=2\nhost:127.0.0.1:');
});

describe('a request that was changed on its way', () => {
  const target = {
    'x-amz-target': 'DynamoDB_20120810.ListTables',
    'content-type': 'application/x-amz-json-1.0',
  };
  const signed = (headers: Record<string, string>, body = '{}') =>
    signedHeaders(
      { method: 'POST', url: '/', headers: { ...headers, host: host() }, body },
      { service: 'dynamodb' },
    );
  const send = async (headers: Record<string, string>, body = '{}', query = '') => {
    const response = await fetch(`${cloud.endpoint}/${query}`, { method: 'POST', headers, body });
    return [response.status, ((await response.json()) as { __type?: string }).__type?.split('#').at(-1)];
  };

  test('is refused, whatever was changed', async () => {
    expect(await send(signed(target))).toEqual([200, undefined]);
    expect(await send(signed(target), '{"Limit":1}')).toEqual([400, 'InvalidSignatureException']);
    expect(await send(signed(target), '{}', '?x=1')).toEqual([400, 'InvalidSignatureException']);
    expect(await send({ ...signed(target), 'x-amz-target': 'DynamoDB_20120810.DescribeLimits' })).toEqual([
      400,
      'InvalidSignatureException',
    ]);
    // What was not signed may change.
    expect(await send({ ...signed(target), 'x-more': '1' })).toEqual([200, undefined]);
  });

  test('is refused where a signed header comes twice', async () => {
    const headers = new Headers(signed(target));
    headers.append('content-type', 'text/plain');
    const response = await fetch(cloud.endpoint, { method: 'POST', headers, body: '{}' });
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('InvalidSignature'),
    ]);
  });
});

describe('time', () => {
  test('a signature is good for five minutes, in S3 for fifteen', async () => {
    const at = (minutes: number) => ({ systemClockOffset: minutes * 60_000, maxAttempts: 1 });
    const late = await each(everywhere, at(-6));
    expect(late.query).toEqual({
      name: 'SignatureDoesNotMatch',
      message: expect.stringMatching(
        /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/,
      ),
      status: 403,
    });
    expect(late.json).toMatchObject({ name: 'InvalidSignatureException', status: 400 });
    expect(late.s3).toEqual({ name: undefined, message: undefined, status: undefined });
    const early = await each(everywhere, at(16));
    expect(early.restJson).toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringMatching(/^Signature not yet current: .* is still later than .* \+ 5 min\.\)$/),
    });
    expect(early.s3).toMatchObject({
      name: 'RequestTimeTooSkewed',
      message: 'The difference between the request time and the current time is too large.',
      status: 403,
    });
  });
});

test('a user’s key works with its own secret only', async () => {
  const iam = cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: 'ada' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }));
  const accessKeyId = AccessKey?.AccessKeyId ?? '';
  const secretAccessKey = AccessKey?.SecretAccessKey ?? '';
  const own = await each(everywhere, { credentials: { accessKeyId, secretAccessKey } });
  expect(own.query).toMatchObject({ name: undefined });
  const wrong = await each(everywhere, { credentials: { accessKeyId, secretAccessKey: 'test' } });
  expect(wrong.query).toMatchObject({ name: 'SignatureDoesNotMatch' });
});

describe('presigned URLs', () => {
  const s3 = (overrides = {}) => cloud.client(S3Client, { forcePathStyle: true, ...overrides });

  test('are taken as the SDK makes them, keys of any letters', async () => {
    const url = await getSignedUrl(s3(), new GetObjectCommand({ Bucket: 'shelf', Key: 'ä/a b+c' }), {
      expiresIn: 60,
    });
    expect(await (await fetch(url)).text()).toBe('words');
    // Until it ends it may be used again.
    expect((await fetch(url)).status).toBe(200);
  });

  test('hold for what was signed alone', async () => {
    const get = new GetObjectCommand({ Bucket: 'shelf', Key: 'ä/a b+c' });
    const url = new URL(await getSignedUrl(s3(), get, { expiresIn: 60 }));
    const longer = new URL(url);
    longer.searchParams.set('X-Amz-Expires', '600');
    for (const [target, method] of [
      [url, 'DELETE'],
      [longer, 'GET'],
    ] as const) {
      const response = await fetch(target, { method });
      expect([response.status, await response.text()]).toEqual([
        403,
        expect.stringContaining('SignatureDoesNotMatch'),
      ]);
    }
  });

  test('of an unknown key or a wrong secret are refused', async () => {
    const to = { method: 'GET', path: '/shelf', host: host() };
    const from = { at: new Date(), seconds: '60' };
    const answer = async (url: string) => (await fetch(`${cloud.endpoint}${url}`)).text();
    expect(await answer(presignedUrl(to, { ...from, secret: 'x' }))).toContain(
      '<Code>SignatureDoesNotMatch</Code>',
    );
    expect(await answer(presignedUrl(to, { ...from, accessKeyId: 'AKIANOBODY' }))).toContain(
      '<Code>InvalidAccessKeyId</Code>',
    );
    expect(await answer(presignedUrl(to, from))).toContain('<ListBucketResult');
  });
});

describe('a body in signed chunks', () => {
  const SEED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html */
  async function put(key: string, chunks: string[], tamper: (body: string) => string = (body) => body) {
    const url = `/shelf/${key}`;
    const plain = {
      host: host(),
      'content-encoding': 'aws-chunked',
      'x-amz-decoded-content-length': String(chunks.join('').length),
    };
    const headers = signedHeaders(
      { method: 'PUT', url, headers: plain },
      { service: 's3', payloadHash: SEED },
    );
    const time = headers['x-amz-date'] ?? '';
    const claim = {
      accessKeyId: 'test',
      date: time.slice(0, 8),
      region: 'us-east-1',
      service: 's3',
      signedHeaders: [],
      signature: '',
      time,
      presigned: false,
    };
    let before = headers.authorization?.split('Signature=')[1] ?? '';
    const body = [...chunks, '']
      .map((chunk) => {
        const scope = `${claim.date}/us-east-1/s3/aws4_request`;
        const text = `AWS4-HMAC-SHA256-PAYLOAD\n${time}\n${scope}\n${before}\n${sha256('')}\n${sha256(chunk)}`;
        before = sign('test', claim, text);
        return `${chunk.length.toString(16)};chunk-signature=${before}\r\n${chunk}\r\n`;
      })
      .join('');
    const response = await fetch(`${cloud.endpoint}${url}`, { method: 'PUT', headers, body: tamper(body) });
    return [response.status, await response.text()];
  }

  test('is taken, and refused when a chunk was changed', async () => {
    expect(await put('whole', ['first', 'second'])).toEqual([200, '']);
    expect(await put('changed', ['first', 'second'], (body) => body.replace('second', 'sexond'))).toEqual([
      403,
      expect.stringContaining('<Code>SignatureDoesNotMatch</Code>'),
    ]);
    expect(await put('unsigned', ['first'], (body) => body.replaceAll(/;chunk-signature=\w+/g, ''))).toEqual([
      403,
      expect.stringContaining('<Code>SignatureDoesNotMatch</Code>'),
    ]);
    const s3 = cloud.client(S3Client, { forcePathStyle: true });
    const get = (Key: string) => s3.send(new GetObjectCommand({ Bucket: 'shelf', Key }));
    expect(await (await get('whole')).Body?.transformToString()).toBe('firstsecond');
    await expect(get('changed')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

// Last: it moves the engine's clock on.
describe('sessions', () => {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
  });

  async function session() {
    const RoleName = `role-${Math.random()}`.replace('.', '');
    const { Role } = await cloud
      .client(IAMClient)
      .send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    const { Credentials } = await cloud
      .client(STSClient)
      .send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'session', DurationSeconds: 900 }));
    return {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
  }

  test('need their token, the right one', async () => {
    const { sessionToken, ...keys } = await session();
    const without = await each(everywhere, { credentials: keys });
    expect(without.json).toMatchObject({ name: 'UnrecognizedClientException', status: 400 });
    expect(without.query).toMatchObject({ name: 'InvalidClientTokenId', status: 403 });
    expect(without.s3).toMatchObject({ name: 'InvalidAccessKeyId', status: 403 });
    const other = await each(everywhere, { credentials: { ...keys, sessionToken: 'forged' } });
    expect(other.restJson).toMatchObject({ name: 'UnrecognizedClientException', status: 403 });
    expect(other.s3).toMatchObject({
      name: 'InvalidToken',
      message: 'The provided token is malformed or otherwise invalid.',
      status: 400,
    });
    const right = await each(everywhere, { credentials: { ...keys, sessionToken } });
    expect(right.query).toEqual({ name: undefined, message: undefined, status: undefined });
  });

  test('end', async () => {
    const credentials = await session();
    clock.advance(901_000);
    const ended = await each(everywhere, { credentials });
    expect(ended.json).toEqual({
      name: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
      status: 400,
    });
    expect(ended.query).toMatchObject({ name: 'ExpiredToken', status: 403 });
    expect(ended.s3).toMatchObject({
      name: 'ExpiredToken',
      message: 'The provided token has expired.',
      status: 400,
    });
  });
});
