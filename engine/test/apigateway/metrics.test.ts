import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
} from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { startCloud } from '../../src/testing';
import { mocked, newLogRole, set, setLogRole } from './seen-support';
import { Bed, proxyTo, type TestApi } from './support';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html */
const Namespace = 'AWS/ApiGateway';

let bed: Bed;
let client: CloudWatchClient;
let api: TestApi;

beforeAll(async () => {
  bed = await Bed.start();
  client = bed.cloud.client(CloudWatchClient);
  api = await bed.newApi({ name: 'measured' });
  await mocked(api, '/a');
  const broken = await bed.newFunction('broken', 'exports.handler = async () => "nonsense"');
  await api.method('GET', '/broken', proxyTo(broken));
  await api.deploy();
});

afterAll(() => bed.stop());

const by = (dimensions: Record<string, string>) =>
  Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

/** Of the last hours, as the hour's end may come between. */
async function total(
  MetricName: string,
  Stat: string,
  dimensions: Record<string, string>,
): Promise<number[]> {
  const now = Date.now();
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 86_400_000),
      EndTime: new Date(now + 3_600_000),
      MetricDataQueries: [
        {
          Id: 'q',
          MetricStat: {
            Metric: { Namespace, MetricName, Dimensions: by(dimensions) },
            Period: 864_000,
            Stat,
          },
        },
      ],
    }),
  );
  return MetricDataResults?.[0]?.Values ?? [];
}

test('every request counts for its API and its stage', async () => {
  for (const path of ['/a', '/a', '/broken', '/nowhere']) await (await api.fetch(path)).arrayBuffer();
  const ofApi = { ApiName: 'measured' };
  const ofStage = { ApiName: 'measured', Stage: 'prod' };
  for (const dimensions of [ofApi, ofStage]) {
    expect(await total('Count', 'SampleCount', dimensions)).toEqual([4]);
    expect(await total('Count', 'Sum', dimensions)).toEqual([4]);
    expect(await total('4XXError', 'Sum', dimensions)).toEqual([1]);
    expect(await total('5XXError', 'Average', dimensions)).toEqual([0.25]);
    expect(await total('Latency', 'SampleCount', dimensions)).toEqual([4]);
    // Only what was called has a latency of its own.
    expect(await total('IntegrationLatency', 'SampleCount', dimensions)).toEqual([1]);
    expect(await total('CacheHitCount', 'Sum', dimensions)).toEqual([]);
  }
  const [latency] = await total('Latency', 'p99', ofStage);
  expect(latency).toBeGreaterThanOrEqual(0);
});

test('methods have metrics of their own where the stage says so', async () => {
  await set(api, { '/~1a/GET/metrics/enabled': 'true' });
  for (const path of ['/a', '/a', '/broken']) await (await api.fetch(path)).arrayBuffer();
  const dimensions = { ApiName: 'measured', Method: 'GET', Resource: '/a', Stage: 'prod' };
  expect(await total('Count', 'Sum', dimensions)).toEqual([2]);
  const { Metrics = [] } = await client.send(
    new ListMetricsCommand({ Namespace, Dimensions: [{ Name: 'Resource' }], MetricName: 'Count' }),
  );
  expect(Metrics).toEqual([{ Namespace, MetricName: 'Count', Dimensions: by(dimensions) }]);
});

test('the unit of latencies is milliseconds', async () => {
  const now = Date.now();
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace,
      MetricName: 'Latency',
      Dimensions: by({ ApiName: 'measured' }),
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now + 60_000),
      Period: 7200,
      Statistics: ['SampleCount'],
    }),
  );
  expect(Datapoints).toEqual([expect.objectContaining({ Unit: 'Milliseconds', SampleCount: 7 })]);
});

test('what was measured and logged is there after a restart', async () => {
  const state = mkdtempSync(join(tmpdir(), 'seen-'));
  const first = await Bed.start({ stateDirectory: state });
  await setLogRole(first, await newLogRole(first));
  const kept = await first.newApi({ name: 'kept' });
  await mocked(kept, '/a');
  await kept.deploy();
  await set(kept, { '/*/*/logging/loglevel': 'INFO' });
  const answer = await kept.fetch('/a');
  await first.stop();
  const cloud = await startCloud({ stateDirectory: state });
  const { Metrics = [] } = await cloud
    .client(CloudWatchClient)
    .send(new ListMetricsCommand({ Namespace, MetricName: 'Count', Dimensions: [{ Name: 'Stage' }] }));
  const { events = [] } = await cloud
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName: `API-Gateway-Execution-Logs_${kept.id}/prod` }));
  await cloud.stop();
  rmSync(state, { recursive: true });
  expect(Metrics.map(({ Dimensions }) => Dimensions)).toEqual([by({ ApiName: 'kept', Stage: 'prod' })]);
  const last = `(${answer.headers.get('x-amzn-requestid')}) Method completed with status: 200`;
  expect(events.at(-1)?.message).toBe(last);
});
