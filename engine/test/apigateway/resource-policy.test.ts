import {
  APIGatewayClient,
  CreateRestApiCommand,
  GetRestApiCommand,
  TestInvokeMethodCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { as, refusal } from '../identity/callers';
import { Bed, type TestApi } from './support';

const MOCK = { type: 'MOCK' as const, requestTemplates: { 'application/json': '{"statusCode":200}' } };

let bed: Bed;
let api: TestApi;
let shows: { restApiId: string; resourceId: string; httpMethod: string };

beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
  api = await bed.newApi({ policy: policy(allow('execute-api:/prod/GET/*')) });
  shows = await api.method('GET', '/shows/{id}', MOCK);
  await api.method('POST', '/shows/{id}', MOCK);
  await answering();
  await api.deploy();
  await api.deploy('beta');
});
afterAll(() => bed.stop());

function policy(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function allow(Resource: string, more: object = {}) {
  return { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource, ...more };
}

/** A mock answers by its responses. */
async function answering(): Promise<void> {
  const { PutIntegrationResponseCommand, PutMethodResponseCommand } = await import(
    '@aws-sdk/client-api-gateway'
  );
  for (const httpMethod of ['GET', 'POST']) {
    const where = { ...shows, httpMethod, statusCode: '200' };
    await bed.api.send(new PutMethodResponseCommand(where));
    await bed.api.send(new PutIntegrationResponseCommand(where));
  }
}

async function call(method = 'GET', stage = 'prod', headers: Record<string, string> = {}) {
  const response = await fetch(api.url('/shows/1', stage), { method, headers });
  return `${response.status} ${await response.text()}`;
}

const refused = (stage: string, method: string, how = '') =>
  `403 {"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********0000:${api.id}/${stage}/${method}/shows/1${how}"}`;

async function change(value: string): Promise<void> {
  const patchOperations = [{ op: 'replace' as const, path: '/policy', value }];
  await bed.api.send(new UpdateRestApiCommand({ restApiId: api.id, patchOperations }));
}

test('only what the policy allows is called', async () => {
  expect(await call()).toBe('200 ');
  expect(await call('POST')).toBe(refused('prod', 'POST'));
  expect(await call('GET', 'beta')).toBe(refused('beta', 'GET'));
  const { status } = await bed.api.send(
    new TestInvokeMethodCommand({ ...shows, httpMethod: 'POST', pathWithQueryString: '/shows/1' }),
  );
  expect(status).toBe(200);
});

test('it is shown with its whole ARNs, as a string in a string', async () => {
  const { policy: text = '' } = await bed.api.send(new GetRestApiCommand({ restApiId: api.id }));
  expect(text.startsWith('{\\"Version\\":\\"2012-10-17\\"')).toBe(true);
  expect(JSON.parse(JSON.parse(`"${text}"`))).toEqual({
    Version: '2012-10-17',
    Statement: [allow(`arn:aws:execute-api:us-east-1:000000000000:${api.id}/prod/GET/*`)],
  });
});

test('a denial goes first, and a change counts once it is deployed', async () => {
  const bot = { StringLike: { 'aws:UserAgent': 'bot*' } };
  const elsewhere = { NotIpAddress: { 'aws:SourceIp': '127.0.0.0/8' } };
  await change(
    policy(
      allow('execute-api:/*'),
      allow('execute-api:/*', { Effect: 'Deny', Condition: bot }),
      allow('execute-api:/*/POST/*', { Effect: 'Deny', Condition: elsewhere }),
    ),
  );
  expect(await call('GET', 'beta')).toBe(refused('beta', 'GET'));
  await api.deploy('beta');
  expect(await call('GET', 'beta')).toBe('200 ');
  expect(await call('POST', 'beta')).toBe('200 ');
  expect(await call('GET', 'beta', { 'user-agent': 'bot/1' })).toBe(
    refused('beta', 'GET', ' with an explicit deny'),
  );
  expect(await call('POST')).toBe(refused('prod', 'POST'));
});

test('named callers are nobody without a signature; no policy lets everybody in', async () => {
  await change(policy(allow('execute-api:/*', { Principal: { AWS: '000000000000' } })));
  await api.deploy('beta');
  expect(await call('GET', 'beta')).toBe(refused('beta', 'GET'));
  await change('');
  await api.deploy('beta');
  expect(await call('POST', 'beta')).toBe('200 ');
  const { policy: none } = await bed.api.send(new GetRestApiCommand({ restApiId: api.id }));
  expect(none).toBeUndefined();
});

test('what is no policy is refused', async () => {
  for (const text of ['nonsense', '{}', policy({ Effect: 'Allow', Action: '*', Resource: '*' })]) {
    expect(await refusal(bed.api.send(new CreateRestApiCommand({ name: 'x', policy: text })))).toBe(
      '400 BadRequestException: Invalid policy document. Please check the policy syntax and ensure that Principals are valid.',
    );
  }
});

test('to set it is a permission of its own', async () => {
  const maker = bed.cloud.client(
    APIGatewayClient,
    await as(bed.cloud, { Action: ['apigateway:POST', 'apigateway:PATCH'] }),
  );
  const open = policy(allow('execute-api:/*'));
  expect(await refusal(maker.send(new CreateRestApiCommand({ name: 'plain' })))).toBeUndefined();
  expect(await refusal(maker.send(new CreateRestApiCommand({ name: 'x', policy: open })))).toContain(
    'apigateway:UpdateRestApiPolicy on resource: arn:aws:apigateway:us-east-1::/restapis/*',
  );
  const patch = (path: string, value: string) =>
    new UpdateRestApiCommand({ restApiId: api.id, patchOperations: [{ op: 'replace', path, value }] });
  expect(await refusal(maker.send(patch('/description', 'x')))).toBeUndefined();
  expect(await refusal(maker.send(patch('/policy', open)))).toContain(
    `apigateway:UpdateRestApiPolicy on resource: arn:aws:apigateway:us-east-1::/restapis/${api.id}`,
  );
});
