import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStageCommand, UpdateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { logDelivery } from '../../src/execute-api/seen/log-delivery';
import { ManualClock } from '../../src/kernel';
import { startCloud } from '../../src/testing';
import { Bed, proxyTo } from './support';

let bed: Bed;
let clock: ManualClock;
let echo: string;
beforeAll(async () => {
  clock = new ManualClock(Date.now());
  bed = await Bed.start({ clock });
  echo = await bed.echo('limited');
});
afterAll(() => bed.stop());

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
test('each route has a bucket of the stage’s size, or of its own', async () => {
  const api = await bed.newApi();
  const { IntegrationId = '' } = await api.integration(proxyTo(echo));
  for (const key of ['GET /a', 'GET /b', 'GET /c']) await api.route(key, IntegrationId);
  await api.stage('$default', {
    DefaultRouteSettings: { ThrottlingBurstLimit: 2, ThrottlingRateLimit: 1 },
    RouteSettings: { 'GET /b': { ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1 } },
  });
  const statuses = async (path: string, count: number) => {
    const out: number[] = [];
    for (let i = 0; i < count; i++) out.push((await api.ask(path)).status);
    return out;
  };
  expect(await statuses('/a', 3)).toEqual([200, 200, 429]);
  expect(await api.ask('/a')).toMatchObject({ status: 429, text: '{"message":"Too Many Requests"}' });
  expect(await statuses('/b', 2)).toEqual([200, 429]);
  expect(await statuses('/c', 2)).toEqual([200, 200]);
  clock.advance(1000);
  expect(await statuses('/a', 2)).toEqual([200, 429]);
});

test('settings of a route that there is not are refused, and those of WebSocket APIs', async () => {
  const { id: ApiId } = await bed.newApi();
  const create = (input: object) =>
    bed.v2.send(new CreateStageCommand({ ApiId, StageName: 'x', AutoDeploy: true, ...input }));
  await expect(create({ RouteSettings: { 'GET /x': {} } })).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Unable to find Route by key GET /x within the provided RouteSettings',
  });
  await expect(create({ DefaultRouteSettings: { LoggingLevel: 'INFO' } })).rejects.toMatchObject({
    name: 'BadRequestException',
    message: 'Execution logs are not supported on protocolType HTTP',
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
test('access logs are written in the given format', async () => {
  const logs = bed.cloud.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/http/access' }));
  const api = await bed.newApi();
  await api.route('GET /pets/{id}', proxyTo(echo));
  const settings = (Format: string, name = '/http/access') => ({
    AccessLogSettings: { DestinationArn: `arn:aws:logs:us-east-1:000000000000:log-group:${name}`, Format },
  });
  await api.stage('$default', {
    ...settings(
      '{"id":"$context.requestId","route":"$context.routeKey","status":"$context.status","ip":"$context.identity.sourceIp","path":"$context.path","integration":"$context.integration.status","error":"$context.error.message","nothing":"$context.authorizer.claims.sub","length":"$context.responseLength"}',
    ),
  });
  const fine = await api.ask('/pets/1');
  const lost = await api.ask('/lost');
  await logDelivery(bed.cloud.host()).flush();
  const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/http/access' }));
  expect(events?.map((event) => JSON.parse(event.message ?? ''))).toEqual([
    {
      id: fine.headers['apigw-requestid'],
      route: 'GET /pets/{id}',
      status: '200',
      ip: '127.0.0.1',
      path: '/pets/1',
      integration: '200',
      error: '-',
      nothing: '-',
      length: String(fine.body.length),
    },
    expect.objectContaining({
      id: lost.headers['apigw-requestid'],
      status: '404',
      error: 'Not Found',
      route: '-',
    }),
  ]);
  const update = (input: object) =>
    bed.v2.send(new UpdateStageCommand({ ApiId: api.id, StageName: '$default', ...input }));
  await expect(update(settings('$context.status'))).rejects.toMatchObject({ name: 'BadRequestException' });
  await expect(
    update({ AccessLogSettings: { DestinationArn: 'arn:aws:s3:::b', Format: '$context.requestId' } }),
  ).rejects.toMatchObject({ name: 'BadRequestException' });
});

test('each of many requests at once has its line in the access log, also where the engine stops then', async () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'http-logs-'));
  const first = await Bed.start({ stateDirectory });
  await first.cloud
    .client(CloudWatchLogsClient)
    .send(new CreateLogGroupCommand({ logGroupName: '/http/many' }));
  const api = await first.newApi();
  await api.route('GET /pets', proxyTo(await first.echo('many')));
  const DestinationArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/http/many';
  await api.stage('$default', { AccessLogSettings: { DestinationArn, Format: '$context.requestId' } });
  const answers = await Promise.all(Array.from({ length: 40 }, () => api.ask('/lost')));
  await first.stop();
  const cloud = await startCloud({ stateDirectory });
  const { events = [] } = await cloud
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName: '/http/many' }));
  await cloud.stop();
  rmSync(stateDirectory, { recursive: true });
  const told = events.map(({ logStreamName, message }) => `${logStreamName} ${message}`).sort();
  expect(told).toEqual(
    answers.map(({ headers }) => `${api.id}-default ${headers['apigw-requestid']}`).sort(),
  );
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
test('requests are measured by API and stage, and by route where the stage says so', async () => {
  const client = bed.cloud.client(CloudWatchClient);
  const api = await bed.newApi();
  const { IntegrationId = '' } = await api.integration(proxyTo(echo));
  await api.route('GET /a', IntegrationId);
  await api.route('GET /b', IntegrationId);
  await api.stage('$default', { RouteSettings: { 'GET /b': { DetailedMetricsEnabled: true } } });
  for (const path of ['/a', '/b', '/b', '/lost']) await api.ask(path);
  const sum = async (MetricName: string, dimensions: Record<string, string>) => {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/ApiGateway',
        MetricName,
        Dimensions: Object.entries({ ApiId: api.id, ...dimensions }).map(([Name, Value]) => ({
          Name,
          Value,
        })),
        StartTime: new Date(clock.millis() - 3_600_000),
        EndTime: new Date(clock.millis() + 3_600_000),
        Period: 86_400,
        Statistics: ['Sum'],
      }),
    );
    return Datapoints.reduce((total, point) => total + (point.Sum ?? 0), 0);
  };
  expect(await sum('Count', {})).toBe(4);
  expect(await sum('4xx', { Stage: '$default' })).toBe(1);
  expect(await sum('5xx', {})).toBe(0);
  expect(await sum('DataProcessed', {})).toBeGreaterThan(100);
  expect(await sum('Count', { Method: 'GET', Resource: '/b', Stage: '$default' })).toBe(2);
  expect(await sum('Count', { Method: 'GET', Resource: '/a', Stage: '$default' })).toBe(0);
});

test('what a request went through is told', async () => {
  const api = await bed.newApi();
  await api.route('GET /', proxyTo(echo), { AuthorizationType: 'AWS_IAM' });
  await api.stage();
  const answer = await api.ask('/');
  const told = bed.cloud.cloud.events
    .recent()
    .find((event) => event.type === 'http' && event.requestId === answer.headers['apigw-requestid']);
  expect(told).toMatchObject({
    target: `${api.id}/$default`,
    status: 403,
    answered: 'authorize',
    steps: [
      ['mutualTls', 0],
      ['route', 0],
      ['throttle', 0],
      ['authorize', expect.any(Number)],
    ],
  });
});
