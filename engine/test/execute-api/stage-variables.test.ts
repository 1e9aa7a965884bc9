import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  PutGatewayResponseCommand,
  PutIntegrationResponseCommand,
  PutMethodResponseCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateAliasCommand, PublishVersionCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { Bed, proxyTo, type TestApi } from '../apigateway/support';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html */
let bed: Bed;
let api: TestApi;
let backend: Server;
let port: number;

const code = (answer: string) => `exports.handler = async () => ({ statusCode: 200, body: '${answer}' });`;

beforeAll(async () => {
  bed = await Bed.start();
  backend = createServer((req, res) => res.end(`${req.headers['x-stage'] ?? 'none'} ${req.url}`));
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', () => resolve()));
  port = (backend.address() as AddressInfo).port;

  const arn = await bed.newFunction('versions', code('first'), false);
  const FunctionName = 'versions';
  await bed.lambda.send(new PublishVersionCommand({ FunctionName }));
  await bed.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
  const ZipFile = zipSync({ 'index.js': Buffer.from(code('second')) });
  await bed.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
  await bed.lambda.send(new PublishVersionCommand({ FunctionName }));
  await bed.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'next', FunctionVersion: '2' }));
  for (const alias of ['live', 'next']) await bed.permit(`versions:${alias}`);

  api = await bed.newApi();
  await api.method('GET', '/alias', proxyTo(`${arn}:$\{stageVariables.alias}`));
  await api.method('GET', '/http', {
    type: 'HTTP_PROXY',
    integrationHttpMethod: 'GET',
    uri: 'http://${stageVariables.host}/${stageVariables.base}/x?y=${stageVariables.base}',
    requestParameters: { 'integration.request.header.X-Stage': 'stageVariables.who' },
  });
  const where = await api.method('GET', '/mock', {
    type: 'MOCK',
    requestTemplates: { 'application/json': '{"statusCode": $stageVariables.status}' },
  });
  const answer = { ...where, statusCode: '200' };
  const X = 'method.response.header.X-Who';
  await bed.api.send(new PutMethodResponseCommand({ ...answer, responseParameters: { [X]: true } }));
  await bed.api.send(
    new PutIntegrationResponseCommand({
      ...answer,
      responseParameters: { [X]: 'stageVariables.who' },
      responseTemplates: {
        'application/json': '$stageVariables.who ${stageVariables.who} $stageVariables.get("who")',
      },
    }),
  );
  await bed.api.send(
    new PutGatewayResponseCommand({
      restApiId: api.id,
      responseType: 'MISSING_AUTHENTICATION_TOKEN',
      responseParameters: { 'gatewayresponse.header.X-Who': 'stageVariables.who' },
      responseTemplates: { 'application/json': '"${stageVariables.who}"' },
    }),
  );
  await api.deploy();
  await api.deploy('other');
  await variables('prod', {
    alias: 'live',
    host: `127.0.0.1:${port}`,
    base: 'one',
    who: 'ann',
    status: '200',
  });
  await variables('other', {
    alias: 'next',
    host: `127.0.0.1:${port}`,
    base: 'two',
    who: 'bob',
    status: '200',
  });
});
afterAll(async () => {
  await bed.stop();
  backend.closeAllConnections();
  backend.close();
});

async function variables(stageName: string, values: Record<string, string>): Promise<void> {
  const patchOperations = Object.entries(values).map(([name, value]) => ({
    op: 'replace' as const,
    path: `/variables/${name}`,
    value,
  }));
  await bed.api.send(new UpdateStageCommand({ restApiId: api.id, stageName, patchOperations }));
}

async function ask(path: string, stage: string) {
  const response = await fetch(api.url(path, stage));
  return [await response.text(), response.headers.get('x-who')];
}

test('choose a function’s alias', async () => {
  expect(await ask('/alias', 'prod')).toEqual(['first', null]);
  expect(await ask('/alias', 'other')).toEqual(['second', null]);
});

test('are host, path and query of an HTTP integration, and its headers', async () => {
  expect(await ask('/http', 'prod')).toEqual(['ann /one/x?y=one', null]);
  expect(await ask('/http', 'other')).toEqual(['bob /two/x?y=two', null]);
});

test('are in templates both ways, and in mapped headers', async () => {
  expect(await ask('/mock', 'prod')).toEqual(['ann ann ann', 'ann']);
  expect(await ask('/mock', 'other')).toEqual(['bob bob bob', 'bob']);
});

test('are in gateway responses', async () => {
  expect(await ask('/nowhere', 'prod')).toEqual(['"ann"', 'ann']);
  expect(await ask('/nowhere', 'other')).toEqual(['"bob"', 'bob']);
});

test('count at once when they are changed', async () => {
  await variables('other', { alias: 'live' });
  expect(await ask('/alias', 'other')).toEqual(['first', null]);
});

test('that are not there make no alias', async () => {
  await bed.api.send(
    new UpdateStageCommand({
      restApiId: api.id,
      stageName: 'other',
      patchOperations: [{ op: 'remove', path: '/variables/alias' }],
    }),
  );
  expect((await fetch(api.url('/alias', 'other'))).status).toBe(500);
});
