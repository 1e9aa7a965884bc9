import { type IncomingMessage, request } from 'node:http';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startCloud, type TestCloud } from '../../src/testing';
import { presignedUrl, signedHeaders } from '../support/signed';

// What is wrong with a signature is told in each protocol's own words.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
  const s3 = cloud.client(S3Client, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'shelf' }));
  await s3.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'book', Body: 'words' }));
});
afterAll(() => cloud.stop());

const host = () => `127.0.0.1:${cloud.port}`;

interface Wire {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body?: string;
}

interface Answer {
  status: number;
  code: string;
  message: string;
  text: string;
}

/** With nothing that a client would add or mend. */
function send({ method, path, headers, body }: Wire): Promise<Answer> {
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: cloud.port, method, path, headers: given },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve(answer(response, Buffer.concat(parts).toString())));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const ENTITIES = new Map([
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&#39;', "'"],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
]);

function answer({ statusCode: status = 0, headers }: IncomingMessage, text: string): Answer {
  const plain = text.replace(/&\w+;|&#39;/g, (entity) => ENTITIES.get(entity) ?? entity);
  const first = (...patterns: RegExp[]) =>
    patterns.map((pattern) => pattern.exec(text.startsWith('{') ? text : plain)?.[1]).find(Boolean) ?? '';
  return {
    status,
    code:
      first(/<Code>([^<]*)</, /"__type":"(?:[^"]*#)?([^"]*)"/) || String(headers['x-amzn-errortype'] ?? ''),
    message: first(/<Message>(.*?)<\/Message>/s, /"[mM]essage":"((?:[^"\\]|\\.)*)"/),
    text: plain,
  };
}

const seen = async (wire: Wire) => {
  const { status, code, message } = await send(wire);
  return code === '' ? String(status) : `${status} ${code}: ${message}`;
};

type Edit = (wire: Wire) => void;

const authorization =
  (from: string | RegExp, to: string): Edit =>
  ({ headers }) => {
    headers.authorization = String(headers.authorization).replace(from, () => to);
  };
const header =
  (name: string, value: string | string[] | undefined): Edit =>
  ({ headers }) => {
    headers[name] = value;
  };

const MALFORMED = '400 AuthorizationHeaderMalformed: The authorization header is malformed; ';
const NOT_SIGNED = '403 AccessDenied: There were headers present in the request which were not signed';
const NO_DATE = '403 AccessDenied: AWS authentication requires a valid Date or x-amz-date header';
const MISMATCH =
  '403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your key and signing method.';

describe('S3', () => {
  const signed = (): Wire => {
    const path = '/shelf/book';
    const headers = signedHeaders({ method: 'GET', url: path, headers: { host: host() } }, { service: 's3' });
    return { method: 'GET', path, headers: { ...headers } };
  };
  const today = () => new Date().toISOString().slice(0, 10).replaceAll('-', '');

  test.each<[string, Edit, string]>([
    ['no change', () => {}, '200'],
    [
      'no Credential',
      authorization(/Credential=\S+ /, ''),
      `${MALFORMED}the authorization header requires three components: Credential, SignedHeaders, and Signature.`,
    ],
    [
      'no Signature',
      authorization(/, Signature=.*/, ''),
      `${MALFORMED}the authorization header requires three components: Credential, SignedHeaders, and Signature.`,
    ],
    [
      'a credential of four parts',
      authorization('/us-east-1/', '/'),
      `${MALFORMED}the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`,
    ],
    [
      'no access key',
      authorization('Credential=test/', 'Credential=/'),
      `${MALFORMED}a non-empty Access Key (AKID) must be provided in the credential.`,
    ],
    [
      'no region',
      authorization('/us-east-1/', '//'),
      `${MALFORMED}a non-empty region must be provided in the credential.`,
    ],
    [
      'a short date',
      authorization(/\/\d{8}\//, '/2030120/'),
      `${MALFORMED}incorrect date format "2030120". This date in the credential must be in the format "yyyyMMdd".`,
    ],
    [
      'another day',
      authorization(/\/\d{8}\//, '/20200101/'),
      `${MALFORMED}Invalid credential date. Date is not the same as X-Amz-Date.`,
    ],
    [
      'another end',
      authorization('aws4_request', 'aws4_reques'),
      `${MALFORMED}incorrect terminal "aws4_reques". This endpoint uses "aws4_request".`,
    ],
    ['another region', authorization('/us-east-1/', '/eu-west-1/'), MISMATCH],
    ['another signature', authorization(/\w{4}$/, '0000'), MISMATCH],
    ['the signature cut short', authorization(/\w$/, ''), MISMATCH],
    [
      'an unknown key',
      authorization('Credential=test/', 'Credential=AKIANOBODY/'),
      '403 InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.',
    ],
    [
      'another mechanism',
      header('authorization', 'Bearer token'),
      '400 InvalidArgument: Unsupported Authorization Type',
    ],
    [
      'signature version 2',
      header('authorization', 'AWS test:frJIUN8DYpKDtOLCwo//yllqDzg='),
      '400 InvalidRequest: The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    ],
    [
      'one word',
      header('authorization', 'AWS4-HMAC-SHA256'),
      "400 InvalidArgument: Authorization header is invalid -- one and only one ' ' (space) required",
    ],
    [
      'a long word',
      header('authorization', `AWS4-HMAC-SHA256 ${'x'.repeat(8000)}`),
      `${MALFORMED}the authorization header requires three components: Credential, SignedHeaders, and Signature.`,
    ],
    ['nothing', header('authorization', ''), '403 AccessDenied: Access Denied'],
    [
      'no digest',
      header('x-amz-content-sha256', undefined),
      '400 InvalidRequest: Missing required header for this request: x-amz-content-sha256',
    ],
    [
      'a word for a digest',
      header('x-amz-content-sha256', 'unsigned-payload'),
      '400 InvalidArgument: x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
    ],
    ['another digest', header('x-amz-content-sha256', 'UNSIGNED-PAYLOAD'), MISMATCH],
    ['no date', header('x-amz-date', undefined), NO_DATE],
    ['a date in another form', header('x-amz-date', '2030-12-01T10:00:00Z'), NO_DATE],
    [
      'an old date',
      header('x-amz-date', '20200101T000000Z'),
      '403 RequestTimeTooSkewed: The difference between the request time and the current time is too large.',
    ],
    ['a header of S3 that was not signed', header('x-amz-copy-source', '/shelf/other'), NOT_SIGNED],
    ['a digest of MD5 that was not signed', header('content-md5', 'x'), NOT_SIGNED],
    ['another header that was not signed', header('x-more', '1'), '200'],
    ['the host not signed', authorization('SignedHeaders=host;', 'SignedHeaders='), NOT_SIGNED],
    ['a signed header that is missing', authorization('host;', 'host;x-amz-acl;'), MISMATCH],
    [
      'the digest twice',
      header('x-amz-content-sha256', ['UNSIGNED-PAYLOAD', 'UNSIGNED-PAYLOAD']),
      expect.stringContaining('400 InvalidArgument'),
    ],
  ])('%s', async (_what, edit, expected) => {
    const wire = signed();
    edit(wire);
    expect(await seen(wire)).toEqual(expected);
  });

  test('names the headers that were not signed, and the times', async () => {
    const wire = signed();
    wire.headers['x-amz-meta-a'] = '1';
    expect((await send(wire)).text).toContain('<HeadersNotSigned>x-amz-meta-a</HeadersNotSigned>');
    const old = signed();
    old.headers['x-amz-date'] = '20200101T000000Z';
    expect((await send(old)).text).toMatch(
      /<RequestTime>20200101T000000Z<\/RequestTime><ServerTime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/ServerTime><MaxAllowedSkewMilliseconds>900000</,
    );
  });

  test('a regional endpoint takes its own region only', async () => {
    const to = { method: 'GET', url: '/shelf/book', headers: { host: 's3.eu-west-1.amazonaws.com' } };
    const headers = signedHeaders(to, { service: 's3' });
    const refused = await send({ method: 'GET', path: to.url, headers });
    expect(refused).toMatchObject({
      status: 400,
      code: 'AuthorizationHeaderMalformed',
      message:
        "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
    });
    expect(refused.text).toContain('<Region>eu-west-1</Region>');
  });

  describe('a presigned URL', () => {
    const url = (at = new Date(), seconds = '60') =>
      presignedUrl({ method: 'GET', path: '/shelf/book', host: host() }, { at, seconds });
    const get = (path: string, headers: Wire['headers'] = {}) =>
      seen({ method: 'GET', path, headers: { host: host(), ...headers } });
    const QUERY = '400 AuthorizationQueryParametersError: ';

    test.each<[string, (url: string) => string, string]>([
      ['no change', (text) => text, '200'],
      ['another key', (text) => text.replace('/book', '/bill'), MISMATCH],
      ['another query', (text) => `${text}&versionId=null`, MISMATCH],
      ['a longer life', (text) => text.replace('Expires=60', 'Expires=600'), MISMATCH],
      [
        'no signature',
        (text) => text.replace(/&X-Amz-Signature=\w+/, ''),
        `${QUERY}Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.`,
      ],
      [
        'another algorithm',
        (text) => text.replace('SHA256', 'SHA1'),
        `${QUERY}X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"`,
      ],
      [
        'another day',
        (text) => text.replace(/%2F\d{8}%2F/, '%2F20200101%2F'),
        `${QUERY}Invalid credential date "20200101". This date is not the same as X-Amz-Date: "${today()}".`,
      ],
      [
        'no algorithm',
        (text) => text.replace(/X-Amz-Algorithm=[^&]*&/, ''),
        '403 AccessDenied: Access Denied',
      ],
    ])('%s', async (_what, edit, expected) => {
      expect(await get(edit(url()))).toEqual(expected);
    });

    test('may be used again, and from its time on only', async () => {
      const text = url();
      expect([await get(text), await get(text)]).toEqual(['200', '200']);
      const at = (minutes: number) => new Date(Date.now() + minutes * 60_000);
      expect(await get(url(at(20)))).toBe('403 AccessDenied: Request is not yet valid');
      expect(await get(url(at(14)))).toBe('200');
      expect(await get(url(at(-2)))).toBe('403 AccessDenied: Request has expired');
    });

    test('takes neither other headers of S3, nor another host, nor a header besides', async () => {
      expect(await get(url(), { 'x-amz-acl': 'public-read' })).toBe(NOT_SIGNED);
      expect(await get(url(), { host: `localhost:${cloud.port}` })).toBe(MISMATCH);
      expect(await get(url(), { authorization: 'AWS4-HMAC-SHA256 a' })).toMatch(
        /^400 InvalidArgument: Only one auth mechanism allowed/,
      );
    });
  });
});

const SERVICES = {
  json: {
    service: 'dynamodb',
    method: 'POST',
    path: '/',
    body: '{}',
    headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables', 'content-type': 'application/x-amz-json-1.0' },
  },
  query: {
    service: 'sts',
    method: 'POST',
    path: '/',
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  },
  restJson: { service: 'lambda', method: 'GET', path: '/2015-03-31/functions/', body: '', headers: {} },
  restXml: { service: 'cloudfront', method: 'GET', path: '/2020-05-31/distribution', body: '', headers: {} },
} as const;

describe.each(Object.keys(SERVICES) as (keyof typeof SERVICES)[])('%s', (protocol) => {
  const isJson = protocol === 'json' || protocol === 'restJson';
  const status = protocol === 'json' ? 400 : 403;
  const invalid = `${status} ${isJson ? 'InvalidSignatureException' : 'SignatureDoesNotMatch'}: `;
  const incomplete = `${status} ${isJson ? 'IncompleteSignatureException' : 'IncompleteSignature'}: `;
  const mismatch = `${invalid}The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.`;
  const wire = (at = new Date()): Wire => {
    const { service, method, path, body, headers } = SERVICES[protocol];
    const plain = { method, url: path, headers: { ...headers, host: host() }, body };
    return { method, path, headers: { ...signedHeaders(plain, { service, at }) }, ...(body ? { body } : {}) };
  };
  const seenAfter = (edit: Edit, at?: Date) => {
    const one = wire(at);
    edit(one);
    return seen(one);
  };
  const minutes = (count: number) => new Date(Date.now() + count * 60_000);

  test('is taken as it was signed', async () => {
    expect(await seenAfter(() => {})).toBe('200');
    expect(await seenAfter(header('x-amz-more', '1'))).toBe('200');
  });

  test('is refused where anything that was signed has changed', async () => {
    expect(await seenAfter(authorization(/\w{4}$/, '0000'))).toBe(mismatch);
    expect(await seenAfter(authorization('/us-east-1/', '/eu-west-1/'))).toBe(mismatch);
    expect(await seenAfter(authorization('host;', 'host;x-amz-more;'))).toBe(mismatch);
    expect(await seenAfter(header('host', `localhost:${cloud.port}`))).toBe(mismatch);
    const asks = (one: Wire) => Object.assign(one, { path: `${one.path}?x` });
    expect(await seenAfter(asks)).toBe(mismatch);
    const says = (one: Wire) => Object.assign(one, { body: `${one.body} ` });
    if (SERVICES[protocol].body) expect(await seenAfter(says)).toBe(mismatch);
  });

  test('says what the header lacks', async () => {
    expect(await seenAfter(authorization(/, Signature=.*/, ''))).toMatch(
      /Authorization header requires 'Signature' parameter\. \(Hashed with SHA-256 and encoded with Base64\) Authorization=[\w+/]{43}=$/,
    );
    expect(await seenAfter(header('x-amz-date', undefined))).toMatch(
      new RegExp(
        `^${incomplete}Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header\\.`,
      ),
    );
    expect(await seenAfter(authorization('host;', ''))).toMatch(
      `${invalid}'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.`,
    );
  });

  test('is good for five minutes either way', async () => {
    expect(await seenAfter(() => {}, minutes(-4))).toBe('200');
    expect(await seenAfter(() => {}, minutes(4))).toBe('200');
    expect(await seenAfter(() => {}, minutes(-6))).toMatch(
      /Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/,
    );
    expect(await seenAfter(() => {}, minutes(6))).toMatch(
      /Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)$/,
    );
    expect(await seenAfter(authorization(/\/\d{8}\//, '/20200101/'))).toMatch(
      /^40\d \w+: Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20200101' != '\d{8}', from '\d{8}T\d{6}Z'\.$/,
    );
  });
});

// Of the others nobody could tell whose request it is.
test.each(['json', 'query'] as const)('%s says what is no part of a header', async (protocol) => {
  const { method, path, body, headers } = SERVICES[protocol];
  const given = { ...headers, host: host(), authorization: `AWS4-HMAC-SHA256 ${'x'.repeat(8000)}` };
  expect(await seen({ method, path, headers: given, body })).toMatch(
    /Invalid key=value pair \(missing equal-sign\) in Authorization header \(hashed with SHA-256 and encoded with Base64\): '[\w+/]{43}='\.$/,
  );
});

test('a regional endpoint says that the scope is another region’s', async () => {
  const { method, path, body, headers } = SERVICES.json;
  const plain = {
    method,
    url: path,
    headers: { ...headers, host: 'dynamodb.eu-west-1.amazonaws.com' },
    body,
  };
  const signed = signedHeaders(plain, { service: 'dynamodb' });
  expect(await seen({ method, path, headers: signed, body })).toBe(
    '400 InvalidSignatureException: Credential should be scoped to a valid region. ',
  );
});
