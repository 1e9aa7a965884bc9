import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDataQuery,
  type MetricDatum,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { ManualClock } from '../../src/kernel';
import { startCloud, type TestCloud } from '../../src/testing';
import { signedHeaders } from '../support/signed';

/** A minute's beginning. */
const NOW = Date.UTC(2026, 6, 15, 12);
const MINUTE = 60_000;
const clock = new ManualClock(NOW);
const window = { StartTime: new Date(NOW - 10 * MINUTE), EndTime: new Date(NOW + MINUTE) };

let cloud: TestCloud;
let client: CloudWatchClient;

beforeAll(async () => {
  cloud = await startCloud({ clock });
  client = cloud.client(CloudWatchClient);
});

afterAll(() => cloud.stop());

const put = (Namespace: string, ...MetricData: MetricDatum[]) =>
  client.send(new PutMetricDataCommand({ Namespace, MetricData }));

const query = (Id: string, Namespace: string, MetricName: string, Stat: string, more: object = {}) =>
  ({ Id, MetricStat: { Metric: { Namespace, MetricName }, Period: 60, Stat, ...more } }) as MetricDataQuery;

const get = async (...MetricDataQueries: MetricDataQuery[]) =>
  (await client.send(new GetMetricDataCommand({ ...window, MetricDataQueries }))).MetricDataResults ?? [];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
describe('PutMetricData', () => {
  test.each<[string, MetricDatum, string, string]>([
    [
      'two kinds of values',
      { MetricName: 'm', Value: 1, Values: [1] },
      'InvalidParameterCombinationException',
      'The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.',
    ],
    [
      'counts of other values',
      { MetricName: 'm', Values: [1, 2], Counts: [1] },
      'InvalidParameterValueException',
      'The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.',
    ],
    [
      'no value',
      { MetricName: 'm' },
      'MissingRequiredParameterException',
      'The parameter MetricData.member.1.Value is required.',
    ],
    [
      'NaN',
      { MetricName: 'm', Value: Number.NaN },
      'InvalidParameterValueException',
      'The value NaN for parameter MetricData.member.1.Value is invalid.',
    ],
    [
      'a time long ago',
      { MetricName: 'm', Value: 1, Timestamp: new Date(NOW - 15 * 24 * 3600_000) },
      'InvalidParameterValueException',
      'MetricData.member.1.Timestamp',
    ],
    [
      '151 values',
      { MetricName: 'm', Values: Array.from({ length: 151 }, (_, at) => at) },
      'InvalidParameterValueException',
      'must not have a size greater than 150',
    ],
  ])('refuses %s', async (_what, datum, name, message) => {
    const refused = expect(put('bad', datum)).rejects;
    await refused.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  test('refuses namespaces of AWS', async () => {
    await expect(put('AWS/Mine', { MetricName: 'm', Value: 1 })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'The value AWS/Mine for parameter Namespace is invalid.',
    });
  });
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
describe('GetMetricData', () => {
  const ns = 'data';

  beforeAll(async () => {
    await put(
      ns,
      { MetricName: 'load', Values: [1, 2, 3, 100], Counts: [10, 5, 4, 1], Unit: 'Count' },
      { MetricName: 'load', Value: 7, Unit: 'Count', Timestamp: new Date(NOW - 5 * MINUTE) },
      { MetricName: 'mixed', Value: 60, Unit: 'Seconds' },
      { MetricName: 'mixed', Value: 60_000, Unit: 'Milliseconds' },
      { MetricName: 'sums', StatisticValues: { SampleCount: 2, Sum: 10, Minimum: 1, Maximum: 9 } },
    );
  });

  test.each([
    ['Sum', [132, 7]],
    ['SampleCount', [20, 1]],
    ['Average', [6.6, 7]],
    ['Minimum', [1, 7]],
    ['Maximum', [100, 7]],
    ['p50', [1, 7]],
    ['p95', [3, 7]],
    ['p99', [100, 7]],
  ])('%s', async (stat, values) => {
    const [result] = await get(query('q', ns, 'load', stat));
    expect(result).toEqual({
      Id: 'q',
      Label: 'load',
      StatusCode: 'Complete',
      // The latest first.
      Timestamps: [new Date(NOW), new Date(NOW - 5 * MINUTE)],
      Values: values,
    });
  });

  test('a longer period joins minutes', async () => {
    const [result] = await get(query('q', ns, 'load', 'Sum', { Period: 3600 }));
    expect(result?.Values).toEqual([132, 7]);
    expect(result?.Timestamps).toEqual([new Date(NOW), new Date(NOW - 3600_000)]);
  });

  test('other dimensions are another metric', async () => {
    const [result] = await get({
      Id: 'q',
      MetricStat: {
        Metric: { Namespace: ns, MetricName: 'load', Dimensions: [{ Name: 'a', Value: 'b' }] },
        Period: 60,
        Stat: 'Sum',
      },
    });
    expect(result).toEqual({ Id: 'q', Label: 'load', StatusCode: 'Complete', Timestamps: [], Values: [] });
  });

  test('several units are told of, unless one is asked for', async () => {
    const [all, one] = await get(
      query('all', ns, 'mixed', 'Sum'),
      query('one', ns, 'mixed', 'Sum', { Unit: 'Seconds' }),
    );
    expect(all?.Values).toEqual([60_000]);
    expect(all?.Messages).toEqual([
      { Code: 'MultipleUnits', Value: "Multiple units returned: '[Milliseconds, Seconds]'" },
    ]);
    expect(one?.Values).toEqual([60]);
    expect(one?.Messages).toBeUndefined();
  });

  test('labels tell results apart', async () => {
    const results = await get(
      query('a', ns, 'load', 'Sum'),
      query('b', ns, 'load', 'Minimum', { Period: 30 }),
      { ...query('c', ns, 'load', 'Maximum'), Label: 'own' },
      { ...query('d', ns, 'load', 'Average'), ReturnData: false },
    );
    expect(results.map(({ Label }) => Label)).toEqual(['load Sum 60', 'load Minimum 30', 'own']);
  });

  test('pages have the points of all results in order', async () => {
    const request = {
      ...window,
      MaxDatapoints: 1,
      MetricDataQueries: [query('a', ns, 'load', 'Sum'), query('b', ns, 'mixed', 'Sum')],
    };
    const values: number[] = [];
    let NextToken: string | undefined;
    do {
      const answer = await client.send(new GetMetricDataCommand({ ...request, NextToken }));
      values.push(...(answer.MetricDataResults ?? []).flatMap((result) => result.Values ?? []));
      NextToken = answer.NextToken;
    } while (NextToken);
    expect(values).toEqual([132, 7, 60_000]);
  });

  test('of sums alone there are no percentiles', async () => {
    const [sum, p50] = await get(query('a', ns, 'sums', 'Average'), query('b', ns, 'sums', 'p50'));
    expect(sum?.Values).toEqual([5]);
    expect(p50?.Values).toEqual([]);
  });

  test('refuses what is not there by its name', async () => {
    await expect(get({ Id: 'e', Expression: 'a + 1' })).rejects.toThrow(/does not implement .*Expression/);
    await expect(get(query('q', ns, 'load', 'tm90'))).rejects.toThrow(/does not implement .*tm90/);
    await expect(get(query('q', ns, 'load', 'Most'))).rejects.toThrow(
      'The value Most for parameter MetricDataQueries.member.1.MetricStat.Stat is not supported.',
    );
    await expect(client.send(new DescribeAlarmsCommand({}))).rejects.toThrow(/cloudwatch:DescribeAlarms/);
  });
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
describe('GetMetricStatistics', () => {
  const request = { Namespace: 'stats', MetricName: 'm', ...window, Period: 60 };

  test('gives what was asked for', async () => {
    const Dimensions = [
      { Name: 'b', Value: '2' },
      { Name: 'a', Value: '1' },
    ];
    await put('stats', { MetricName: 'm', Dimensions, Values: [1, 10, 8], Counts: [2, 4, 0], Unit: 'Count' });
    const { Label, Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        ...request,
        // Their order makes no difference.
        Dimensions: [...Dimensions].reverse(),
        Statistics: ['Maximum', 'SampleCount', 'Sum'],
        ExtendedStatistics: ['p90'],
      }),
    );
    expect(Label).toBe('m');
    expect(Datapoints).toEqual([
      {
        Timestamp: new Date(NOW),
        Unit: 'Count',
        Maximum: 10,
        SampleCount: 6,
        Sum: 42,
        ExtendedStatistics: { p90: 10 },
      },
    ]);
  });

  test('refuses too many points, and ends before the start', async () => {
    const day = new Date(window.EndTime.getTime() - 24 * 3600_000);
    await expect(
      client.send(
        new GetMetricStatisticsCommand({ ...request, StartTime: day, Period: 1, Statistics: ['Sum'] }),
      ),
    ).rejects.toMatchObject({
      name: 'InvalidParameterCombinationException',
      message:
        'You have requested up to 86400 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
    });
    await expect(
      client.send(
        new GetMetricStatisticsCommand({ ...request, StartTime: window.EndTime, Statistics: ['Sum'] }),
      ),
    ).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'The parameter StartTime must be less than the parameter EndTime.',
    });
  });
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
test('ListMetrics filters, and forgets what has had no data for two weeks', async () => {
  const Dimensions = [{ Name: 'stage', Value: 'prod' }];
  await put('list', { MetricName: 'a', Dimensions, Value: 1 }, { MetricName: 'b', Value: 1 });
  const list = async (more: object = {}) =>
    (await client.send(new ListMetricsCommand({ Namespace: 'list', ...more }))).Metrics ?? [];
  expect((await list()).map(({ MetricName }) => MetricName)).toEqual(['a', 'b']);
  expect(await list({ MetricName: 'a' })).toEqual([{ Namespace: 'list', MetricName: 'a', Dimensions }]);
  expect(await list({ Dimensions: [{ Name: 'stage' }] })).toHaveLength(1);
  expect(await list({ Dimensions: [{ Name: 'stage', Value: 'dev' }] })).toEqual([]);
  clock.advance(4 * 3600_000);
  expect(await list({ RecentlyActive: 'PT3H' })).toEqual([]);
  expect(await list()).toHaveLength(2);
  clock.advance(15 * 24 * 3600_000);
  expect(await list()).toEqual([]);
});

test('the query protocol is spoken, too', async () => {
  const body = new URLSearchParams({
    Action: 'PutMetricData',
    Version: '2010-08-01',
    Namespace: 'query',
    'MetricData.member.1.MetricName': 'm',
    'MetricData.member.1.Value': '3',
    'MetricData.member.1.Dimensions.member.1.Name': 'a',
    'MetricData.member.1.Dimensions.member.1.Value': 'b',
  });
  const request = {
    method: 'POST',
    url: '/',
    headers: { host: new URL(cloud.endpoint).host, 'content-type': 'application/x-www-form-urlencoded' },
    body: String(body),
  };
  const headers = signedHeaders(request, { service: 'monitoring', at: clock.now() });
  const answer = await fetch(cloud.endpoint, { ...request, headers });
  expect(await answer.text()).toContain(
    '<PutMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">',
  );
  expect(answer.status).toBe(200);
  const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'query' }));
  expect(Metrics).toEqual([{ Namespace: 'query', MetricName: 'm', Dimensions: [{ Name: 'a', Value: 'b' }] }]);
});
