import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateIntegrationCommand, type CreateIntegrationCommandInput } from '@aws-sdk/client-apigatewayv2';
import { Bed, httpTo, proxyTo, type TestApi } from './support';

let bed: Bed;
let backend: Server;
let base: string;

beforeAll(async () => {
  bed = await Bed.start();
  backend = createServer((request, response) => {
    if (request.url === '/never') return;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = Number(request.headers['x-status'] ?? 200);
      response.writeHead(status, { 'content-type': 'application/json', 'x-backend': '1', 'x-secret': 's' });
      const { method, url, headers } = request;
      response.end(
        JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString(), deep: { a: [1] } }),
      );
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

async function apiTo(key: string, integration: ReturnType<typeof httpTo>, variables = {}): Promise<TestApi> {
  const api = await bed.newApi();
  await api.route(key, integration);
  await api.stage('$default', { StageVariables: variables });
  return api;
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html
describe('HTTP proxies', () => {
  test('pass on method, path variables, query, headers and body', async () => {
    const api = await apiTo('ANY /in/{proxy+}', httpTo(`\${stageVariables.base}/out/{proxy}`), { base });
    const seen = await api.event('/in/a/b%20c?x=1&x=2', {
      method: 'POST',
      headers: { 'x-own': 'y', 'x-forwarded-for': '9.9.9.9' },
      body: 'text',
    });
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/out/a/b%20c?x=1&x=2',
      body: 'text',
      headers: {
        'x-own': 'y',
        host: new URL(base).host,
        via: 'HTTP/1.1 AmazonAPIGateway',
        forwarded: `for=127.0.0.1;host=${api.id}.execute-api.us-east-1.amazonaws.com;proto=https`,
      },
    });
    expect(seen.headers).not.toHaveProperty('x-forwarded-for');
  });

  test('a method of their own', async () => {
    const api = await apiTo('POST /', httpTo(base, { IntegrationMethod: 'PUT' }));
    expect(await api.event('/', { method: 'POST' })).toMatchObject({ method: 'PUT', url: '/' });
  });

  test('a backend that is not there, or does not answer', async () => {
    const gone = { status: 503, text: '{"message":"Service Unavailable"}' };
    expect(await (await apiTo('GET /', httpTo('http://127.0.0.1:1/'))).ask('/')).toMatchObject(gone);
    const never = await apiTo('GET /', httpTo(`${base}/never`, { TimeoutInMillis: 50 }));
    expect(await never.ask('/')).toMatchObject(gone);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
describe('parameter mapping', () => {
  test('of requests', async () => {
    const api = await apiTo(
      'ANY /{id}',
      httpTo(base, {
        RequestParameters: {
          'append:header.x-a': '$request.querystring.q',
          'overwrite:header.x-b': 'static ${request.path.id} of ${context.apiId}',
          'remove:header.x-c': "''",
          'append:querystring.q': '$request.header.x-a',
          'overwrite:querystring.r': '$request.body.deep.list[1]',
          'remove:querystring.s': "''",
          'overwrite:path': '/p/${request.path.id}',
          'append:header.x-missing': '$request.header.nowhere',
        },
      }),
    );
    const seen = await api.event('/7?q=1&r=0&s=2', {
      method: 'POST',
      headers: { 'x-a': 'a', 'x-b': 'b', 'x-c': 'c' },
      body: JSON.stringify({ deep: { list: [1, 'two'] } }),
    });
    expect(seen).toMatchObject({
      url: '/p/7?q=1&q=a&r=two',
      headers: { 'x-a': 'a, 1', 'x-b': `static 7 of ${api.id}` },
    });
    expect(seen.headers).not.toHaveProperty('x-c');
    expect(seen.headers).not.toHaveProperty('x-missing');
  });

  test('$request.path has no stage in it', async () => {
    const api = await bed.newApi();
    await api.route(
      'GET /{id}',
      httpTo(base, { RequestParameters: { 'append:header.x-path': '$request.path' } }),
    );
    await api.stage('dev');
    expect(await api.event('/dev/a%20b')).toMatchObject({ headers: { 'x-path': '/a b' } });
  });

  test('of requests to functions', async () => {
    const api = await bed.newApi();
    await api.route('GET /', {
      ...proxyTo(await bed.echo('mapped')),
      RequestParameters: { 'append:header.x-stage': '$context.stage', 'overwrite:querystring.a': 'b' },
    });
    await api.stage();
    expect(await api.event('/?a=1')).toMatchObject({
      headers: { 'x-stage': '$default' },
      queryStringParameters: { a: 'b' },
      rawQueryString: 'a=b',
    });
  });

  test('of responses, by their status', async () => {
    const api = await apiTo(
      'GET /',
      httpTo(base, {
        ResponseParameters: {
          '200': {
            'append:header.x-list': '$response.body.deep.a[0]',
            'overwrite:header.x-backend': '${response.header.x-backend}2',
            'remove:header.x-secret': "''",
          },
          '404': { 'overwrite:statuscode': '410' },
        },
      }),
    );
    const fine = await api.ask('/');
    expect(fine.headers).toMatchObject({ 'x-list': '1', 'x-backend': '12' });
    expect(fine.headers).not.toHaveProperty('x-secret');
    const lost = await api.ask('/', { headers: { 'x-status': '404' } });
    expect(lost).toMatchObject({ status: 410, headers: { 'x-secret': 's' } });
  });
});

test.each<[string, Partial<CreateIntegrationCommandInput>, string]>([
  [
    'services of AWS',
    { IntegrationType: 'AWS_PROXY', IntegrationSubtype: 'SQS-SendMessage' },
    'NotImplemented',
  ],
  ['VPC links', { ConnectionType: 'VPC_LINK', ConnectionId: 'a' }, 'NotImplemented'],
  ['mocks', { IntegrationType: 'MOCK' }, 'BadRequestException'],
  ['no payload format', { PayloadFormatVersion: undefined }, 'BadRequestException'],
  ['format 2.0 for HTTP', { PayloadFormatVersion: '2.0' }, 'BadRequestException'],
  ['no URL', { IntegrationUri: 'ftp://x' }, 'BadRequestException'],
  ['no method', { IntegrationMethod: undefined }, 'BadRequestException'],
  [
    'a function that is none',
    { IntegrationType: 'AWS_PROXY', IntegrationUri: 'shop' },
    'BadRequestException',
  ],
  ['more than 30 seconds', { TimeoutInMillis: 30_001 }, 'BadRequestException'],
  ['a reserved header', { RequestParameters: { 'append:header.Authorization': 'x' } }, 'BadRequestException'],
  [
    'nowhere in the request',
    { RequestParameters: { 'append:header.x': '$request.nowhere.y' } },
    'BadRequestException',
  ],
  [
    'the response in a request',
    { RequestParameters: { 'append:header.x': '$response.header.y' } },
    'BadRequestException',
  ],
  ['a deep scan', { RequestParameters: { 'append:header.x': '$request.body..name' } }, 'BadRequestException'],
  ['an unknown change', { RequestParameters: { 'set:header.x': 'y' } }, 'BadRequestException'],
  ['a status that is none', { ResponseParameters: { ok: { 'remove:header.x': '' } } }, 'BadRequestException'],
])('integrations with %s are refused', async (_what, input, name) => {
  const { id: ApiId } = await bed.newApi();
  const made = bed.v2.send(new CreateIntegrationCommand({ ApiId, ...httpTo(base), ...input }));
  await expect(made).rejects.toMatchObject({ name });
});
