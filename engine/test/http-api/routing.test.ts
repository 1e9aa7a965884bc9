import { DeleteApiCommand, UpdateApiCommand, UpdateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { Bed, proxyTo, type TestApi } from './support';

let bed: Bed;
let echo: string;
beforeAll(async () => {
  bed = await Bed.start();
  echo = await bed.echo('echo');
});
afterAll(() => bed.stop());

const keyOf = async (api: TestApi, path: string, method = 'GET') =>
  (await api.event(path, { method })).routeKey;

// The example of https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
describe('of several routes the most specific takes a request', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await bed.newApi();
    const { IntegrationId } = await api.integration(proxyTo(echo));
    const keys = ['GET /pets/dog/1', 'GET /pets/dog/{id}', 'GET /pets/{proxy+}', 'ANY /{proxy+}', '$default'];
    for (const key of keys) await api.route(key, IntegrationId ?? '');
    await api.stage();
  });

  test.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1'],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}'],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}'],
    ['POST', '/test/5', 'ANY /{proxy+}'],
    ['POST', '/pets/dog/1', 'ANY /{proxy+}'],
    ['GET', '/', '$default'],
  ])('%s %s: %s', async (method, path, key) => {
    expect(await keyOf(api, path, method)).toBe(key);
  });
});

test('a path’s own method goes before ANY; what no route takes is not found', async () => {
  const api = await bed.newApi();
  const { IntegrationId } = await api.integration(proxyTo(echo));
  await api.route('ANY /a', IntegrationId ?? '');
  await api.route('GET /a', IntegrationId ?? '');
  await api.stage();
  expect(await keyOf(api, '/a')).toBe('GET /a');
  expect(await keyOf(api, '/a', 'PUT')).toBe('ANY /a');
  for (const path of ['/b', '/a/', '/', '/a/b']) {
    const answer = await api.ask(path);
    expect(answer).toMatchObject({ status: 404, text: '{"message":"Not Found"}' });
    expect(answer.headers['apigw-requestid']).toMatch(/^[\w-]{15}=$/);
  }
  expect(await api.ask('/%zz')).toMatchObject({ status: 400, text: '{"message":"Bad Request"}' });
});

test('$default answers at the root, other stages below their names', async () => {
  const api = await bed.newApi();
  await api.route('GET /dev', proxyTo(echo));
  await api.route('GET /x', proxyTo(echo));
  expect(await api.ask('/x')).toMatchObject({ status: 404, text: '{"message":"Not Found"}' });
  await api.stage('$default', { StageVariables: { at: 'root' } });
  expect(await api.event('/dev')).toMatchObject({ requestContext: { stage: '$default' } });
  await api.stage('dev');
  expect(await api.event('/dev/x')).toMatchObject({ rawPath: '/dev/x', requestContext: { stage: 'dev' } });
  expect(await api.event('/x')).toMatchObject({ rawPath: '/x', stageVariables: { at: 'root' } });
  // The same without names: for clients that cannot resolve them.
  const below = `${bed.cloud.endpoint}/_aws/execute-api/${api.id}`;
  expect(await (await fetch(`${below}/dev/x`)).json()).toMatchObject({ rawPath: '/dev/x' });
  expect(await (await fetch(`${below}/x`)).json()).toMatchObject({ rawPath: '/x' });
  expect((await fetch(below)).status).toBe(404);
});

test('changes are live at once where a stage is deployed automatically', async () => {
  const api = await bed.newApi();
  await api.stage();
  expect((await api.ask('/late')).status).toBe(404);
  await api.route('GET /late', proxyTo(echo));
  expect((await api.ask('/late')).status).toBe(200);
  await bed.v2.send(new UpdateStageCommand({ ApiId: api.id, StageName: '$default', AutoDeploy: false }));
  await api.route('GET /later', proxyTo(echo));
  expect((await api.ask('/later')).status).toBe(404);
  expect((await api.ask('/late')).status).toBe(200);
});

test('a closed endpoint and a deleted API', async () => {
  const api = await bed.newApi();
  await api.route('$default', proxyTo(echo));
  await api.stage();
  const close = (DisableExecuteApiEndpoint: boolean) =>
    bed.v2.send(new UpdateApiCommand({ ApiId: api.id, DisableExecuteApiEndpoint }));
  await close(true);
  expect(await api.ask('/')).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
  await close(false);
  expect((await api.ask('/')).status).toBe(200);
  await bed.v2.send(new DeleteApiCommand({ ApiId: api.id }));
  expect(await api.ask('/')).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
});

test('a function’s policy must let the route in', async () => {
  const arn = await bed.newFunction('shut', 'exports.handler = async () => "open";', false);
  const api = await bed.newApi();
  await api.route('GET /pets/{id}', proxyTo(arn));
  await api.stage();
  const refused = { status: 500, text: '{"message":"Internal Server Error"}' };
  expect(await api.ask('/pets/1')).toMatchObject(refused);
  const source = (path: string) => `arn:aws:execute-api:us-east-1:000000000000:${api.id}/*/*${path}`;
  await bed.permit('shut', source('/cats/{id}'));
  expect(await api.ask('/pets/1')).toMatchObject(refused);
  await bed.lambda.send(new RemovePermissionCommand({ FunctionName: 'shut', StatementId: 'api' }));
  // As CDK's HttpLambdaIntegration writes it.
  await bed.permit('shut', source('/pets/{id}'));
  expect(await api.ask('/pets/1')).toMatchObject({ status: 200, text: 'open' });
});

test('10 MB are the most a request may have, and 10,240 bytes its head', async () => {
  const api = await bed.newApi();
  await api.route('$default', proxyTo(echo));
  await api.stage();
  expect(await api.ask('/', { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) })).toMatchObject({
    status: 413,
    text: '{"message":"Request Entity Too Large"}',
  });
  expect((await api.ask('/', { headers: { 'x-long': 'x'.repeat(11_000) } })).status).toBe(431);
});
