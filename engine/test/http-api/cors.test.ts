import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateApiCommand, DeleteCorsConfigurationCommand } from '@aws-sdk/client-apigatewayv2';
import { Bed, httpTo, type TestApi } from './support';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
let bed: Bed;
let backend: Server;
let base: string;
let asked = 0;

beforeAll(async () => {
  bed = await Bed.start();
  backend = createServer((_request, response) => {
    asked++;
    response
      .writeHead(200, { 'access-control-allow-origin': 'https://backend.example', 'x-seen': '1' })
      .end('hi');
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', () => resolve()));
  base = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await bed.stop();
  backend.closeAllConnections();
  backend.close();
});

const SITE = 'https://www.example.com';
const preflight = (api: TestApi, origin = SITE, path = '/pets') =>
  api.ask(path, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } });

async function apiWith(CorsConfiguration: object, key = 'GET /pets'): Promise<TestApi> {
  const api = await bed.newApi({ CorsConfiguration });
  await api.route(key, httpTo(base));
  await api.stage();
  return api;
}

test('preflight requests are answered without a route', async () => {
  const api = await apiWith({
    AllowOrigins: [SITE],
    AllowMethods: ['GET', 'POST'],
    AllowHeaders: ['authorization', 'x-own'],
    ExposeHeaders: ['date'],
    MaxAge: 300,
    AllowCredentials: true,
  });
  asked = 0;
  const answer = await preflight(api);
  expect(answer).toMatchObject({ status: 204, text: '' });
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': SITE,
    'access-control-allow-methods': 'GET,POST',
    'access-control-allow-headers': 'authorization,x-own',
    'access-control-allow-credentials': 'true',
    'access-control-max-age': '300',
  });
  const stranger = await preflight(api, 'https://else.example');
  expect(stranger.status).toBe(204);
  expect(Object.keys(stranger.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  expect((await api.ask('/pets', { method: 'OPTIONS' })).status).toBe(404);
  expect(asked).toBe(0);
});

test('answers are given the API’s headers, and lose the backend’s', async () => {
  const api = await apiWith({ AllowOrigins: [SITE], ExposeHeaders: ['x-seen'] });
  const seen = await api.ask('/pets', { headers: { origin: SITE } });
  expect(seen.headers).toMatchObject({
    'access-control-allow-origin': SITE,
    'access-control-expose-headers': 'x-seen',
    'x-seen': '1',
  });
  expect((await api.ask('/pets')).headers).not.toHaveProperty('access-control-allow-origin');
  // What API Gateway answers itself, too.
  const lost = await api.ask('/none', { headers: { origin: SITE } });
  expect(lost).toMatchObject({ status: 404, headers: { 'access-control-allow-origin': SITE } });
  await bed.v2.send(new DeleteCorsConfigurationCommand({ ApiId: api.id }));
  const backends = await api.ask('/pets', { headers: { origin: SITE } });
  expect(backends.headers['access-control-allow-origin']).toBe('https://backend.example');
  expect((await preflight(api)).status).toBe(404);
});

test('any origin, and any of a scheme', async () => {
  expect(
    (await preflight(await apiWith({ AllowOrigins: ['*'] }))).headers['access-control-allow-origin'],
  ).toBe('*');
  const secure = await apiWith({ AllowOrigins: ['https://*'] }, '$default');
  expect((await preflight(secure)).headers['access-control-allow-origin']).toBe(SITE);
  expect((await preflight(secure, 'http://x')).headers).not.toHaveProperty('access-control-allow-origin');
});

test('a route that takes OPTIONS keeps its authorizer', async () => {
  const api = await bed.newApi({ CorsConfiguration: { AllowOrigins: ['*'] } });
  await api.route('$default', httpTo(base), { AuthorizationType: 'AWS_IAM' });
  await api.stage();
  expect((await preflight(api)).status).toBe(403);
  await api.route('OPTIONS /{proxy+}', httpTo(base));
  expect((await preflight(api)).status).toBe(204);
});

test.each([
  [{ AllowOrigins: ['*'], AllowCredentials: true }],
  [{ AllowOrigins: ['www.example.com'] }],
  [{ AllowOrigins: ['*'], AllowMethods: ['FETCH'] }],
])('%j is refused', async (CorsConfiguration) => {
  const made = bed.v2.send(new CreateApiCommand({ Name: 'x', ProtocolType: 'HTTP', CorsConfiguration }));
  await expect(made).rejects.toMatchObject({
    name: 'BadRequestException',
    $metadata: { httpStatusCode: 400 },
  });
});
