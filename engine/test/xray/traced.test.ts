import {
  CreateAuthorizerCommand,
  PutIntegrationResponseCommand,
  PutMethodResponseCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { PutFunctionConcurrencyCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { XRayClient } from '@aws-sdk/client-xray';
import { mocked, newLogRole } from '../apigateway/seen-support';
import { Bed, proxyTo, type TestApi } from '../apigateway/support';
import { byOrigin, rootOf, sampleAll, segmentsOf } from './support';

// An API and its function as X-Ray sees them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-understanding-xray-traces.html
// https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html

let bed: Bed;
let api: TestApi;
let xray: XRayClient;

const ECHO = `exports.handler = async (event) => {
  if (event.path === '/throws') throw new TypeError('no such seat');
  return {
    statusCode: event.path === '/teapot' ? 418 : 201,
    body: JSON.stringify({
      trace: process.env._X_AMZN_TRACE_ID,
      header: event.headers?.['X-Amzn-Trace-Id'],
      missing: process.env.AWS_XRAY_CONTEXT_MISSING,
    }),
  };
};`;

const ALLOW = `exports.handler = async (event) => ({
  principalId: 'someone',
  context: { trace: process.env._X_AMZN_TRACE_ID },
  policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
});`;

const ACTIVE = { TracingConfig: { Mode: 'Active' as const } };
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:echo';

beforeAll(async () => {
  bed = await Bed.start();
  xray = bed.cloud.client(XRayClient);
  await sampleAll(xray);
  const arn = await bed.newFunction('echo', ECHO);
  const passing = await bed.newFunction('passing', ECHO);
  await bed.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'echo', ...ACTIVE }));
  api = await bed.newApi({ name: 'shows (all)' });
  for (const path of ['/ok', '/throws', '/teapot']) await api.method('GET', path, proxyTo(arn));
  await api.method('GET', '/passing', proxyTo(passing));
  await mocked(api, '/mock');
  const { id: authorizerId } = await bed.api.send(
    new CreateAuthorizerCommand({
      restApiId: api.id,
      name: 'allow',
      type: 'REQUEST',
      identitySource: 'method.request.header.token',
      authorizerResultTtlInSeconds: 0,
      authorizerUri: proxyTo(await bed.newFunction('allow', ALLOW)).uri,
    }),
  );
  await bed.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'allow', ...ACTIVE }));
  await api.method('GET', '/guarded', proxyTo(arn), { authorizationType: 'CUSTOM', authorizerId });
  const tables = await api.method('GET', '/tables', {
    type: 'AWS',
    integrationHttpMethod: 'POST',
    uri: 'arn:aws:apigateway:us-east-1:dynamodb:action/ListTables',
    credentials: await newLogRole(bed, 'reader', 'arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess'),
    passthroughBehavior: 'NEVER',
    requestTemplates: { 'application/json': '{}' },
  });
  await bed.api.send(new PutMethodResponseCommand({ ...tables, statusCode: '200' }));
  await bed.api.send(new PutIntegrationResponseCommand({ ...tables, statusCode: '200' }));
  const uri = `${bed.cloud.endpoint}/_localstack/health`;
  await api.method('GET', '/server', { type: 'HTTP_PROXY', integrationHttpMethod: 'GET', uri });
  await api.deploy();
  await traceStage(true);
});
afterAll(() => bed.stop());

const traceStage = (on: boolean) =>
  bed.api.send(
    new UpdateStageCommand({
      restApiId: api.id,
      stageName: 'prod',
      patchOperations: [{ op: 'replace', path: '/tracingEnabled', value: String(on) }],
    }),
  );

const rootIn = (response: Response) => rootOf(response.headers.get('x-amzn-trace-id'));

test('the stage, its call, Lambda and the function', async () => {
  const response = await api.fetch('/ok?day=1', { headers: { 'user-agent': 'tests' } });
  const said = (await response.json()) as Record<string, string>;
  const root = rootIn(response);
  const segments = await segmentsOf(xray, root);
  expect(segments.map(({ origin }) => origin)).toEqual([
    'AWS::ApiGateway::Stage',
    'AWS::Lambda',
    'AWS::Lambda::Function',
  ]);
  const [stage, lambda, own] = segments;
  const { aws, end_time: end, id, metadata, start_time: start, subsegments, ...rest } = stage!;
  expect(rest).toEqual({
    // The signs that names have not are left out.
    name: 'shows all/prod',
    trace_id: root,
    http: {
      request: {
        url: `https://${api.id}.execute-api.us-east-1.amazonaws.com/prod/ok?day=1`,
        method: 'GET',
        user_agent: 'tests',
        client_ip: '127.0.0.1',
        x_forwarded_for: true,
      },
      response: { status: 201, content_length: 0 },
    },
    annotations: { 'aws:api_id': api.id, 'aws:api_stage': 'prod' },
    origin: 'AWS::ApiGateway::Stage',
    resource_arn: `arn:aws:apigateway:us-east-1::/restapis/${api.id}/stages/prod`,
  });
  const requestId = response.headers.get('x-amzn-requestid');
  expect(aws).toEqual({
    xray: { sampling_rule_name: 'Default' },
    api_gateway: { account_id: '000000000000', rest_api_id: api.id, stage: 'prod', request_id: requestId },
  });
  expect(metadata).toEqual({
    default: { extended_request_id: response.headers.get('x-amz-apigw-id'), request_id: requestId },
  });
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(subsegments).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      name: 'Lambda',
      start_time: expect.any(Number),
      end_time: expect.any(Number),
      http: {
        request: {
          url: `https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/${ARN}/invocations`,
          method: 'POST',
        },
        response: { status: 201, content_length: Buffer.byteLength(JSON.stringify(said)) },
      },
      aws: { function_name: 'echo', region: 'us-east-1', operation: 'Invoke', resource_names: ['echo'] },
      namespace: 'aws',
    },
  ]);
  expect(lambda).toMatchObject({
    name: 'echo',
    parent_id: subsegments?.[0]?.id,
    http: { response: { status: 200 } },
    resource_arn: ARN,
  });
  expect(own).toMatchObject({
    name: 'echo',
    parent_id: lambda?.id,
    aws: { account_id: '000000000000', function_arn: ARN, resource_names: ['echo'] },
  });
  // The environment started for this one.
  const [init, invocation, overhead] = own?.subsegments ?? [];
  expect(own?.subsegments?.map(({ name }) => name)).toEqual(['Initialization', 'Invocation', 'Overhead']);
  expect(init!.end_time).toBeLessThanOrEqual(invocation!.start_time + 0.001);
  expect(overhead!.start_time).toBe(invocation!.end_time);
  expect(start).toBeLessThanOrEqual(lambda!.start_time);
  expect(end).toBeGreaterThanOrEqual(lambda!.end_time!);
  // The function knows whose part its own segments are, and its event what called it.
  expect(said).toEqual({
    trace: `Root=${root};Parent=${invocation?.id};Sampled=1`,
    header: `Root=${root};Parent=${subsegments?.[0]?.id};Sampled=1`,
    missing: 'LOG_ERROR',
  });
});

test('the second invocation has no initialization', async () => {
  const segments = await segmentsOf(xray, rootIn(await api.fetch('/ok')));
  const own = byOrigin(segments, 'AWS::Lambda::Function');
  expect(own?.subsegments?.map(({ name }) => name)).toEqual(['Invocation', 'Overhead']);
});

test('errors of the function are faults', async () => {
  const header = `Root=${madeRoot()};Sampled=1`;
  await api.fetch('/throws', { headers: { 'x-amzn-trace-id': header } });
  const segments = await segmentsOf(xray, rootOf(header));
  const stage = byOrigin(segments, 'AWS::ApiGateway::Stage');
  expect(stage).toMatchObject({ fault: true, http: { response: { status: 502 } } });
  expect(stage?.subsegments).toMatchObject([{ name: 'Lambda', fault: true }]);
  expect(byOrigin(segments, 'AWS::Lambda')).toMatchObject({
    fault: true,
    http: { response: { status: 200 } },
  });
  const cause = { exceptions: [{ message: 'no such seat', type: 'TypeError' }] };
  const own = byOrigin(segments, 'AWS::Lambda::Function');
  expect(own).toMatchObject({ fault: true, cause });
  expect(own?.subsegments?.find(({ name }) => name === 'Invocation')).toMatchObject({ fault: true, cause });
});

test('what the caller did wrong is an error', async () => {
  const teapot = await segmentsOf(xray, rootIn(await api.fetch('/teapot')));
  expect(byOrigin(teapot, 'AWS::ApiGateway::Stage')).toMatchObject({ error: true });
  expect(byOrigin(teapot, 'AWS::ApiGateway::Stage')?.fault).toBeUndefined();
  // Nothing was called, and the response says nothing of the trace.
  const headers = { 'x-amzn-trace-id': `Root=${madeRoot()};Sampled=1` };
  expect((await api.fetch('/nowhere', { headers })).status).toBe(403);
  const [nowhere, ...others] = await segmentsOf(xray, rootOf(headers['x-amzn-trace-id']));
  expect(nowhere).toMatchObject({ error: true, http: { response: { status: 403 } } });
  expect([others, nowhere?.subsegments]).toEqual([[], undefined]);
});

const madeRoot = () => {
  const seconds = Math.floor(bed.cloud.host().clock.millis() / 1000).toString(16);
  return `1-${seconds}-${bed.cloud.host().ids.hex(24)}`;
};

test('a throttled function', async () => {
  const limit = (ReservedConcurrentExecutions: number) =>
    bed.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'echo', ReservedConcurrentExecutions }),
    );
  await limit(0);
  try {
    const header = `Root=${madeRoot()};Sampled=1`;
    await api.fetch('/ok', { headers: { 'x-amzn-trace-id': header } });
    const lambda = byOrigin(await segmentsOf(xray, rootOf(header)), 'AWS::Lambda');
    expect(lambda).toMatchObject({ throttle: true, error: true, http: { response: { status: 429 } } });
  } finally {
    await limit(10);
  }
});

test('an authorizer is called apart', async () => {
  const response = await api.fetch('/guarded', { headers: { token: 'x' } });
  const segments = await segmentsOf(xray, rootIn(response));
  const [authorizer, integration] = byOrigin(segments, 'AWS::ApiGateway::Stage')?.subsegments ?? [];
  expect([authorizer, integration]).toMatchObject([
    { name: 'Lambda', aws: { function_name: 'allow' } },
    { name: 'Lambda', aws: { function_name: 'echo' } },
  ]);
  const parents = segments
    .filter(({ origin }) => origin === 'AWS::Lambda')
    .map(({ name, parent_id }) => [name, parent_id]);
  expect(parents.sort()).toEqual([
    ['allow', authorizer?.id],
    ['echo', integration?.id],
  ]);
});

test('a function that is not traced hands the trace on, and X-Ray infers it', async () => {
  const response = await api.fetch('/passing');
  const { trace, header } = (await response.json()) as Record<string, string>;
  expect(trace).toBe(header);
  const segments = await segmentsOf(xray, rootIn(response));
  const inferred = byOrigin(segments, 'AWS::Lambda');
  const call = byOrigin(segments, 'AWS::ApiGateway::Stage')?.subsegments?.[0];
  expect(segments).toHaveLength(2);
  expect(inferred).toMatchObject({ name: 'Lambda', inferred: true, parent_id: call?.id });
});

// https://docs.aws.amazon.com/xray/latest/devguide/xray-services-apigateway.html
test('services and servers behind a method', async () => {
  const [service, server] = await Promise.all(
    ['/tables', '/server'].map(async (path) => {
      const header = `Root=${madeRoot()};Sampled=1`;
      expect((await api.fetch(path, { headers: { 'x-amzn-trace-id': header } })).status).toBe(200);
      return segmentsOf(xray, rootOf(header));
    }),
  );
  expect(byOrigin(service!, 'AWS::ApiGateway::Stage')?.subsegments).toMatchObject([
    {
      name: 'DynamoDB',
      namespace: 'aws',
      http: {
        request: { method: 'POST', url: 'https://dynamodb.us-east-1.amazonaws.com/' },
        response: { status: 200 },
      },
      aws: { region: 'us-east-1', operation: 'ListTables' },
    },
  ]);
  expect(byOrigin(service!, 'AWS::DynamoDB::Table')?.inferred).toBe(true);
  const url = `${bed.cloud.endpoint}/_localstack/health`;
  expect(byOrigin(server!, 'AWS::ApiGateway::Stage')?.subsegments).toMatchObject([
    {
      name: url.replace('http://', ''),
      namespace: 'remote',
      http: { request: { method: 'GET', url }, response: { status: 200 } },
    },
  ]);
  expect(byOrigin(server!, 'remote')?.inferred).toBe(true);
});

describe('who decides', () => {
  test('the caller: its trace goes on, below its segment', async () => {
    const root = madeRoot();
    const header = `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`;
    const response = await api.fetch('/mock', { headers: { 'x-amzn-trace-id': header } });
    expect(rootIn(response)).toBe(root);
    const [stage] = await segmentsOf(xray, root);
    expect(stage).toMatchObject({ parent_id: '53995c3f42cd8ad8', name: 'shows all/prod' });
    // No rule was asked, and nothing is behind the method.
    expect(stage?.aws).not.toHaveProperty('xray');
    expect(stage).not.toHaveProperty('subsegments');
  });

  test('the caller: not sampled', async () => {
    const header = `Root=${madeRoot()};Parent=53995c3f42cd8ad8;Sampled=0`;
    const response = await api.fetch('/ok', { headers: { 'x-amzn-trace-id': header } });
    const { trace } = (await response.json()) as Record<string, string>;
    expect([response.headers.get('x-amzn-trace-id'), trace]).toEqual([header, header]);
    expect(await segmentsOf(xray, rootOf(header))).toEqual([]);
  });

  test('the rules, where the caller leaves it open', async () => {
    const root = madeRoot();
    await api.fetch('/mock', { headers: { 'x-amzn-trace-id': `Root=${root}` } });
    expect(await segmentsOf(xray, root)).toHaveLength(1);
    await sampleAll(xray, false);
    try {
      const response = await api.fetch('/ok');
      expect(response.headers.get('x-amzn-trace-id')).toMatch(/^Root=[0-9a-f-]{35};Sampled=0$/);
      const { trace } = (await response.json()) as Record<string, string>;
      expect(trace).toMatch(/^Root=[0-9a-f-]{35};Parent=[0-9a-f]{16};Sampled=0$/);
      expect(await segmentsOf(xray, rootIn(response))).toEqual([]);
    } finally {
      await sampleAll(xray);
    }
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enabling-xray.html#apigateway-tracing-modes
  test('a stage that is not traced follows its caller only', async () => {
    await traceStage(false);
    try {
      const header = `Root=${madeRoot()};Parent=53995c3f42cd8ad8;Sampled=1`;
      await api.fetch('/mock', { headers: { 'x-amzn-trace-id': header } });
      expect(await segmentsOf(xray, rootOf(header))).toHaveLength(1);
      const alone = await api.fetch('/mock');
      expect(alone.headers.get('x-amzn-trace-id')).toMatch(/^Root=[0-9a-f-]{35}$/);
      expect(await segmentsOf(xray, rootIn(alone))).toEqual([]);
    } finally {
      await traceStage(true);
    }
  });
});
