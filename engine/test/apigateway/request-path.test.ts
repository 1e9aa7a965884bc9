import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import {
  CreateModelCommand,
  CreateRequestValidatorCommand,
  DeleteMethodCommand,
  DeleteRequestValidatorCommand,
  PutGatewayResponseCommand,
  PutIntegrationResponseCommand,
  PutMethodResponseCommand,
  TestInvokeMethodCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { Bed, proxyTo } from './support';

let bed: Bed;
let backend: Server;
let base: string;

beforeAll(async () => {
  bed = await Bed.start();
  backend = createServer((req, res) => {
    if (req.url === '/never') return;
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      res.writeHead(203, { 'content-type': 'application/json', 'x-backend': '1' });
      const { method, url, headers } = req;
      res.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', () => resolve()));
  base = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await bed.stop();
  backend.closeAllConnections();
  backend.close();
});

test('a CORS preflight as CDK makes it', async () => {
  const api = await bed.newApi();
  const where = await api.method('OPTIONS', '/shows', {
    type: 'MOCK',
    requestTemplates: { 'application/json': '{ statusCode: 204 }' },
  });
  const headers = {
    'Access-Control-Allow-Headers': "'Content-Type,X-Amz-Date'",
    'Access-Control-Allow-Origin': "'*'",
    'Access-Control-Allow-Methods': "'OPTIONS,GET'",
  };
  const named = (value: (header: string) => unknown) =>
    Object.fromEntries(
      Object.entries(headers).map(([name, text]) => [`method.response.header.${name}`, value(text)]),
    );
  await bed.api.send(
    new PutMethodResponseCommand({
      ...where,
      statusCode: '204',
      responseParameters: named(() => true) as Record<string, boolean>,
    }),
  );
  await bed.api.send(
    new PutIntegrationResponseCommand({
      ...where,
      statusCode: '204',
      responseParameters: named((text) => text) as Record<string, string>,
    }),
  );
  await api.deploy();
  const response = await api.fetch('/shows', { method: 'OPTIONS', headers: { origin: 'http://x' } });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('access-control-allow-headers')).toBe('Content-Type,X-Amz-Date');
});

test('a deployment is what the API was when it was made', async () => {
  const api = await bed.newApi();
  await api.method('GET', '/one', { type: 'HTTP_PROXY', integrationHttpMethod: 'GET', uri: `${base}/one` });
  await api.deploy();
  await api.method('GET', '/two', { type: 'HTTP_PROXY', integrationHttpMethod: 'GET', uri: `${base}/two` });
  expect((await api.fetch('/two')).status).toBe(403);
  await api.deploy();
  expect((await api.fetch('/two')).status).toBe(203);
});

describe('HTTP proxies', () => {
  test('pass on path, query, headers and body, and map what they are told', async () => {
    const api = await bed.newApi();
    await api.method(
      'ANY',
      '/{proxy+}',
      {
        type: 'HTTP_PROXY',
        integrationHttpMethod: 'ANY',
        uri: `${base}/base/{proxy}`,
        requestParameters: {
          'integration.request.path.proxy': 'method.request.path.proxy',
          'integration.request.header.X-Static': "'fixed'",
          'integration.request.header.X-Stage': 'context.stage',
        },
      },
      { requestParameters: { 'method.request.path.proxy': true } },
    );
    await api.deploy();
    const response = await api.fetch('/a/b?x=1&x=2', {
      method: 'POST',
      body: 'hi',
      headers: { 'x-mine': '1' },
    });
    expect(response.status).toBe(203);
    expect(response.headers.get('x-backend')).toBe('1');
    expect(response.headers.get('x-amzn-remapped-date')).toBeTruthy();
    const seen = (await response.json()) as { headers: Record<string, string> };
    expect(seen).toMatchObject({ method: 'POST', url: '/base/a/b?x=1&x=2', body: 'hi' });
    expect(seen.headers).toMatchObject({
      'x-mine': '1',
      'x-static': 'fixed',
      'x-stage': 'prod',
      'x-amzn-apigateway-api-id': api.id,
    });
  });

  test('time out with 504', async () => {
    const api = await bed.newApi();
    const integration = { type: 'HTTP_PROXY' as const, integrationHttpMethod: 'GET' };
    await api.method('GET', '/never', { ...integration, uri: `${base}/never`, timeoutInMillis: 50 });
    await api.method('GET', '/away', { ...integration, uri: 'http://127.0.0.1:9/' });
    await api.deploy();
    const never = await api.fetch('/never');
    expect([never.status, await never.text()]).toEqual([504, '{"message": "Endpoint request timed out"}']);
    expect((await api.fetch('/away')).status).toBe(504);
  });
});

test('gateway responses are the API’s own', async () => {
  const api = await bed.newApi();
  await api.method('GET', '/', { type: 'HTTP_PROXY', integrationHttpMethod: 'GET', uri: base });
  await bed.api.send(
    new PutGatewayResponseCommand({
      restApiId: api.id,
      responseType: 'DEFAULT_4XX',
      statusCode: '418',
      responseParameters: {
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
        'gatewayresponse.header.X-Query': 'method.request.querystring.q',
      },
      responseTemplates: {
        'application/json': '{"error":$context.error.messageString,"type":"$context.error.responseType"}',
      },
    }),
  );
  await api.deploy();
  const response = await api.fetch('/nope?q=7');
  expect(response.status).toBe(418);
  expect(await response.json()).toEqual({
    error: 'Missing Authentication Token',
    type: 'MISSING_AUTHENTICATION_TOKEN',
  });
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('x-query')).toBe('7');
});

test('request validation', async () => {
  const api = await bed.newApi();
  const validator = await bed.api.send(
    new CreateRequestValidatorCommand({
      restApiId: api.id,
      name: 'all',
      validateRequestBody: true,
      validateRequestParameters: true,
    }),
  );
  const model = (name: string, schema: object) =>
    bed.api.send(
      new CreateModelCommand({
        restApiId: api.id,
        name,
        contentType: 'application/json',
        schema: JSON.stringify(schema),
      }),
    );
  await model('Seat', {
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    required: ['row'],
    properties: { row: { type: 'integer' } },
  });
  await model('Seats', {
    type: 'array',
    items: { $ref: `https://apigateway.amazonaws.com/restapis/${api.id}/models/Seat` },
  });
  await api.method(
    'POST',
    '/seats',
    { type: 'HTTP_PROXY', integrationHttpMethod: 'POST', uri: base },
    {
      requestValidatorId: validator.id,
      requestModels: { 'application/json': 'Seats' },
      requestParameters: { 'method.request.querystring.show': true, 'method.request.header.X-Key': true },
    },
  );
  await api.deploy();
  const post = async (path: string, body: string, headers: Record<string, string> = { 'X-Key': '1' }) => {
    const response = await api.fetch(path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
    return [response.status, response.status === 203 ? '' : await response.text()];
  };
  expect(await post('/seats?show=1', '[{"row":1}]')).toEqual([203, '']);
  const invalid = [400, '{"message": "Invalid request body"}'];
  expect(await post('/seats?show=1', '[{"row":"x"}]')).toEqual(invalid);
  expect(await post('/seats?show=1', '{')).toEqual(invalid);
  expect(await post('/seats', '[]')).toEqual([
    400,
    '{"message": "Missing required request parameters: [show]"}',
  ]);
  expect((await post('/seats', '[]', {}))[1]).toContain('X-Key');
  // "Header names and query parameters are processed in a case-sensitive way."
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
  const named = (headers: Record<string, string>) => post('/seats?show=1', '[{"row":1}]', headers);
  expect(await named({ 'x-key': '1' })).toEqual([
    400,
    '{"message": "Missing required request parameters: [X-Key]"}',
  ]);
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html */
test('a validator is not deleted while a method has it', async () => {
  const api = await bed.newApi();
  const restApiId = api.id;
  const { id: requestValidatorId } = await bed.api.send(
    new CreateRequestValidatorCommand({ restApiId, name: 'used', validateRequestParameters: true }),
  );
  const where = await api.method(
    'GET',
    '/used',
    { type: 'HTTP_PROXY', integrationHttpMethod: 'GET', uri: base },
    { requestValidatorId, requestParameters: { 'method.request.querystring.q': true } },
  );
  await api.deploy();
  const drop = () => bed.api.send(new DeleteRequestValidatorCommand({ restApiId, requestValidatorId }));
  await expect(drop()).rejects.toMatchObject({
    name: 'ConflictException',
    message: `Cannot delete Request Validator '${requestValidatorId}', is referenced in method request: /used/GET`,
  });
  expect((await api.fetch('/used')).status).toBe(400);
  await bed.api.send(new DeleteMethodCommand(where));
  await drop();
  // What is deployed keeps it.
  expect((await api.fetch('/used')).status).toBe(400);
  expect((await api.fetch('/used?q=1')).status).toBe(203);
});

test('compression and closed endpoints', async () => {
  const api = await bed.newApi({ minimumCompressionSize: 0 });
  await api.method('GET', '/', { type: 'HTTP_PROXY', integrationHttpMethod: 'GET', uri: base });
  await api.deploy();
  const response = await api.raw('/', { headers: { 'accept-encoding': 'gzip' } });
  expect(response.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(response.body).toString()).toContain('"method":"GET"');
  await bed.api.send(
    new UpdateRestApiCommand({
      restApiId: api.id,
      patchOperations: [{ op: 'replace', path: '/disableExecuteApiEndpoint', value: 'true' }],
    }),
  );
  await api.deploy();
  expect((await api.fetch('/')).status).toBe(403);
});

describe('TestInvokeMethod', () => {
  test('runs what is not deployed and tells how', async () => {
    const api = await bed.newApi();
    const echo = await bed.newFunction(
      'tested',
      `exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });`,
    );
    const where = await api.method('GET', '/foo/{id}', proxyTo(echo));
    const result = await bed.api.send(
      new TestInvokeMethodCommand({ ...where, pathWithQueryString: '/foo/7?q=x', headers: { a: 'b' } }),
    );
    expect(result.status).toBe(200);
    expect(JSON.parse(result.body!)).toMatchObject({
      pathParameters: { id: '7' },
      queryStringParameters: { q: 'x' },
      requestContext: { stage: 'test-invoke-stage' },
    });
    expect(result.headers).toMatchObject({ 'Content-Type': 'application/json' });
    const lines = result.log!.split('\n').map((line) => line.replace(/^.* UTC \d{4} : /, ''));
    expect(lines.slice(0, 7)).toEqual([
      expect.stringMatching(/^Execution log for request [0-9a-f-]{36}$/),
      expect.stringMatching(/^Starting execution for request: [0-9a-f-]{36}$/),
      'HTTP Method: GET, Resource Path: /foo/7',
      'Method request path: {id=7}',
      'Method request query string: {q=x}',
      'Method request headers: {a=b}',
      'Method request body before transformations: ',
    ]);
    expect(lines).toContain('Successfully completed execution');
    expect(lines).toContain('Method completed with status: 200');
  });

  test('tells what is wrong', async () => {
    const api = await bed.newApi();
    const where = await api.method('GET', '/foo', { type: 'MOCK' });
    const result = await bed.api.send(new TestInvokeMethodCommand(where));
    expect(result.status).toBe(500);
    expect(result.log).toContain('Execution failed due to configuration error');
  });
});
