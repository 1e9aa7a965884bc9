import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { ManualClock } from '../../src/kernel';
import { startCloud, type TestCloud } from '../../src/testing';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const NOW = Date.UTC(2026, 6, 15, 12);
const stream = { logGroupName: 'emf', logStreamName: 'a' };
let cloud: TestCloud;
let metrics: CloudWatchClient;

beforeAll(async () => {
  cloud = await startCloud({ clock: new ManualClock(NOW) });
  metrics = cloud.client(CloudWatchClient);
  const logs = cloud.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'emf' }));
  await logs.send(new CreateLogStreamCommand(stream));
  const line = (namespace: string, more: object = {}) =>
    JSON.stringify({
      _aws: {
        Timestamp: NOW,
        CloudWatchMetrics: [
          {
            Namespace: namespace,
            Dimensions: [['service'], ['service', 'stage']],
            Metrics: [
              { Name: 'sold', Unit: 'Count' },
              { Name: 'took', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      service: 'tickets',
      stage: 'prod',
      sold: 2,
      took: [10, 30],
      ...more,
    });
  const messages = [
    line('theatre'),
    line('theatre', { sold: 3, stage: undefined }),
    line('AWS/Mine'),
    'plain "_aws"',
    '{"_aws":{"CloudWatchMetrics":"nonsense"}}',
    '{"_aws":',
  ];
  const logEvents = messages.map((message) => ({ timestamp: NOW, message }));
  await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
});

afterAll(() => cloud.stop());

const sum = async (MetricName: string, Dimensions: { Name: string; Value: string }[]) => {
  const Metric = { Namespace: 'theatre', MetricName, Dimensions };
  const { MetricDataResults } = await metrics.send(
    new GetMetricDataCommand({
      StartTime: new Date(NOW),
      EndTime: new Date(NOW + 60_000),
      MetricDataQueries: [{ Id: 'q', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
    }),
  );
  return MetricDataResults?.[0]?.Values;
};

test('lines of a log carry metrics, for each set of dimensions they say', async () => {
  const service = { Name: 'service', Value: 'tickets' };
  expect(await sum('sold', [service])).toEqual([5]);
  expect(await sum('took', [service])).toEqual([80]);
  expect(await sum('sold', [service, { Name: 'stage', Value: 'prod' }])).toEqual([2]);
});

test('what is AWS’s own, or no such line, comes to nothing', async () => {
  const { Metrics = [] } = await metrics.send(new ListMetricsCommand({}));
  expect(new Set(Metrics.map(({ Namespace }) => Namespace))).toEqual(new Set(['theatre']));
});
