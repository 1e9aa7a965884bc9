import { UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { Bed, proxyTo, type TestApi } from './support';

const ECHO = `exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });`;
const AS_TOLD = `exports.handler = async (event) => {
  const told = JSON.parse(Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8').toString());
  if (told === 'throw') throw new Error('on purpose');
  return told;
};`;

let bed: Bed;
let api: TestApi;

beforeAll(async () => {
  bed = await Bed.start();
  const echo = await bed.newFunction('echo', ECHO);
  const told = await bed.newFunction('told', AS_TOLD);
  const closed = await bed.newFunction('closed', ECHO, false);
  api = await bed.newApi({ binaryMediaTypes: ['image/png'] });
  await api.method('ANY', '/echo/{id}', proxyTo(echo));
  await api.method('GET', '/echo/{id}/{rest+}', proxyTo(echo));
  await api.method('POST', '/told', proxyTo(told));
  await api.method('GET', '/closed', proxyTo(closed));
  await api.method('GET', '/key', proxyTo(echo), { apiKeyRequired: true });
  await api.method('GET', '/nobody', proxyTo(`${echo}nobody`));
  await api.method('GET', '/wrong', { ...proxyTo(echo), integrationHttpMethod: 'GET' });
  await api.method('GET', '/variable', {
    ...proxyTo(echo),
    uri: proxyTo(echo).uri!.replace(':echo/', `:$\{stageVariables.fn}/`),
  });
  await api.deploy();
});
afterAll(() => bed.stop());

describe('the event', () => {
  test('has all that version 1.0 has', async () => {
    const response = await api.fetch('/echo/a%20b?x=1&x=2&y', {
      method: 'PUT',
      body: 'hello',
      headers: { 'X-Mine': 'yes', 'user-agent': 'test', 'content-type': 'text/plain' },
    });
    const event = JSON.parse(await response.text()) as Record<string, unknown>;
    expect(event).toMatchObject({
      resource: '/echo/{id}',
      path: '/echo/a%20b',
      httpMethod: 'PUT',
      headers: { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '443' },
      queryStringParameters: { x: '2', y: '' },
      multiValueQueryStringParameters: { x: ['1', '2'], y: [''] },
      pathParameters: { id: 'a%20b' },
      stageVariables: null,
      body: 'hello',
      isBase64Encoded: false,
      requestContext: {
        resourcePath: '/echo/{id}',
        httpMethod: 'PUT',
        path: '/prod/echo/a%20b',
        accountId: '000000000000',
        protocol: 'HTTP/1.1',
        stage: 'prod',
        apiId: api.id,
        domainName: `${api.id}.execute-api.us-east-1.amazonaws.com`,
        domainPrefix: api.id,
        requestId: response.headers.get('x-amzn-requestid'),
        extendedRequestId: response.headers.get('x-amz-apigw-id'),
        requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        identity: { sourceIp: '127.0.0.1', userAgent: 'test', accountId: null, caller: null },
      },
    });
    const headers = new Map(
      Object.entries(event.multiValueHeaders as Record<string, string[]>).map(([k, v]) => [
        k.toLowerCase(),
        v,
      ]),
    );
    expect(headers.get('x-mine')).toEqual(['yes']);
    expect(headers.has('content-length')).toBe(false);
    expect(headers.get('host')).toEqual([`${api.id}.execute-api.us-east-1.amazonaws.com`]);
  });

  test('without query, parameters or body is null there', async () => {
    const event = await (await api.fetch('/echo/1/a/b')).json();
    expect(event).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: { id: '1', rest: 'a/b' },
      body: null,
    });
  });

  test('holds binary bodies as base64', async () => {
    const headers = { 'content-type': 'image/png' };
    const event = await (
      await api.fetch('/echo/1', { method: 'POST', body: Buffer.from([1, 255]), headers })
    ).json();
    expect(event).toMatchObject({ body: 'Af8=', isBase64Encoded: true });
  });
});

const told = (result: unknown, headers: Record<string, string> = {}) =>
  api.raw('/told', { method: 'POST', body: Buffer.from(JSON.stringify(result)), headers });

describe('the response', () => {
  test('has the status, headers and body that the function says', async () => {
    const response = await told({
      statusCode: 201,
      headers: { 'X-One': 'a', 'X-Number': 5, Date: 'never' },
      multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] },
      body: 'made',
    });
    expect(response.status).toBe(201);
    expect(response.body.toString()).toBe('made');
    expect(response.headers).toMatchObject({
      'x-one': 'a',
      'x-number': '5',
      'set-cookie': ['a=1', 'b=2'],
      'content-type': 'application/json',
      'x-amzn-remapped-date': 'never',
    });
    expect(response.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers['x-amzn-trace-id']).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}/);
  });

  test('is binary only for who accepts a binary type', async () => {
    const result = {
      statusCode: 200,
      headers: { 'Content-Type': 'image/png' },
      body: 'Af8=',
      isBase64Encoded: true,
    };
    expect((await told(result, { accept: 'image/png' })).body).toEqual(Buffer.from([1, 255]));
    expect((await told(result, { accept: 'text/html' })).body.toString()).toBe('Af8=');
  });

  test.each([[{}], [{ statusCode: '200' }], [{ statusCode: 200, body: null, headers: null }]])(
    '%j is fine',
    async (result) => {
      expect((await told(result)).status).toBe(200);
    },
  );

  test.each([
    ['text'],
    [7],
    [null],
    [[]],
    [{ statusCode: 'abc' }],
    [{ statusCode: 200, body: { a: 1 } }],
    [{ statusCode: 200, other: 1 }],
    [{ statusCode: 200, headers: { a: {} } }],
    [{ statusCode: 200, headers: { 'bad name': 'x' } }],
    [{ statusCode: 200, headers: { a: 'x\r\ny: z' } }],
    ['throw'],
  ])('%j is a 502', async (result) => {
    const response = await told(result);
    expect([response.status, response.body.toString()]).toEqual([
      502,
      '{"message": "Internal server error"}',
    ]);
    expect(response.headers['x-amzn-errortype']).toBe('InternalServerErrorException');
  });
});

describe('refusals', () => {
  const answer = async (path: string, init?: RequestInit) => {
    const response = await api.fetch(path, init);
    return [response.status, await response.text(), response.headers.get('x-amzn-errortype')];
  };

  test('unknown paths, methods, stages and APIs', async () => {
    const missing = [
      403,
      '{"message":"Missing Authentication Token"}',
      'MissingAuthenticationTokenException',
    ];
    expect(await answer('/nowhere')).toEqual(missing);
    expect(await answer('/told')).toEqual(missing);
    for (const url of [api.url('/told', 'nostage'), api.url('/told').replace(api.id, 'aaaaaaaaaa')]) {
      const response = await fetch(url);
      expect([response.status, await response.text()]).toEqual([403, '{"message":"Forbidden"}']);
    }
  });

  test('a path that is not well encoded', async () => {
    expect((await answer('/echo/%zz')).slice(0, 2)).toEqual([400, '{"message":"Bad Request"}']);
  });

  test('a method that wants an API key', async () => {
    expect(await answer('/key', { headers: { 'x-api-key': 'guess' } })).toEqual([
      403,
      '{"message":"Forbidden"}',
      'ForbiddenException',
    ]);
  });

  test.each(['/closed', '/nobody', '/wrong', '/variable'])('%s cannot work', async (path) => {
    expect((await answer(path)).slice(0, 2)).toEqual([500, '{"message": "Internal server error"}']);
  });

  test('more than 10 MB', async () => {
    const response = await api.raw('/told', { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    expect(response.status).toBe(413);
    const chunked = await api.raw('/told', {
      method: 'POST',
      body: Buffer.alloc(11 * 1024 * 1024),
      headers: { 'transfer-encoding': 'chunked' },
    });
    expect([chunked.status, chunked.body.toString()]).toEqual([
      413,
      '{"message":"HTTP content length exceeded 10485760 bytes."}',
    ]);
  });
});

test('permissions count at once, and only for the method they name', async () => {
  const arn = (rest: string) => `arn:aws:execute-api:us-east-1:000000000000:${api.id}/${rest}`;
  await bed.permit('closed', arn('*/POST/closed'));
  expect((await api.fetch('/closed')).status).toBe(500);
  await bed.lambda.send(new RemovePermissionCommand({ FunctionName: 'closed', StatementId: 'api' }));
  await bed.permit('closed', arn('prod/GET/closed'));
  expect((await api.fetch('/closed')).status).toBe(200);
});

test('stage variables choose the function', async () => {
  await bed.api.send(
    new UpdateStageCommand({
      restApiId: api.id,
      stageName: 'prod',
      patchOperations: [{ op: 'replace', path: '/variables/fn', value: 'echo' }],
    }),
  );
  const event = await (await api.fetch('/variable')).json();
  expect(event).toMatchObject({ stageVariables: { fn: 'echo' } });
});
