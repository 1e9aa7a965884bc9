import type { MetricDataQuery, MetricDataResult, MetricStat } from '@aws-sdk/client-cloudwatch';
import { type Call, notImplemented, type Operation } from '../../kernel';
import { decodeToken, encodeToken } from '../../kernel/paging';
import { flushMeter } from '../../observe/metrics';
import { invalidToken, validationError } from './errors';
import { labels } from './labels';
import { checkPeriod, readPoints } from './read-points';
import { checkStatistic } from './statistic-names';
import { statistic } from './summary';

const MAX_QUERIES = 500;
const MAX_POINTS = 100_800;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const getMetricData: Operation<'cloudwatch', 'GetMetricData'> = async (input, call) => {
  const queries = input.MetricDataQueries ?? [];
  checkQueries(queries);
  if (input.StartTime!.getTime() >= input.EndTime!.getTime()) {
    throw validationError('The parameter StartTime must be less than the parameter EndTime.');
  }
  if (input.LabelOptions) throw notImplemented('CloudWatch GetMetricData LabelOptions');
  await flushMeter(call);
  const returned = queries.filter(({ ReturnData }) => ReturnData !== false);
  const names = labels(returned);
  const results = returned.map((query) => ({
    ...resultOf(call, query, input.StartTime!.getTime(), input.EndTime!.getTime()),
    Label: names.get(query.Id ?? ''),
  }));
  if (input.ScanBy !== 'TimestampAscending') {
    for (const { Timestamps, Values } of results) {
      Timestamps?.reverse();
      Values?.reverse();
    }
  }
  return page(results, Math.min(input.MaxDatapoints || MAX_POINTS, MAX_POINTS), input.NextToken);
};

function checkQueries(queries: readonly MetricDataQuery[]): void {
  if (queries.length > MAX_QUERIES) {
    throw validationError(
      `The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`,
    );
  }
  if (new Set(queries.map(({ Id }) => Id)).size < queries.length) {
    throw validationError('The values for parameter id in MetricDataQueries are not unique.');
  }
  queries.forEach((query, index) => {
    const at = `MetricDataQueries.member.${index + 1}`;
    if (!/^[a-z]\w*$/.test(query.Id ?? '')) {
      throw validationError(
        `The value ${query.Id} for parameter ${at}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      );
    }
    if ((query.Expression === undefined) === (query.MetricStat === undefined)) {
      throw validationError(
        `Either Expression or MetricStat must be specified for ${at}, and not both of them.`,
      );
    }
    if (query.Expression !== undefined) throw notImplemented('CloudWatch GetMetricData Expression');
    if (query.AccountId !== undefined) throw notImplemented('CloudWatch GetMetricData AccountId');
    const { Period = 0, Stat = '' } = query.MetricStat ?? {};
    checkPeriod(Period, validationError);
    checkStatistic(Stat, () =>
      validationError(`The value ${Stat} for parameter ${at}.MetricStat.Stat is not supported.`),
    );
  });
}

function resultOf(call: Call, query: MetricDataQuery, start: number, end: number): MetricDataResult {
  const { Metric = {}, Period = 60, Stat = '', Unit }: Partial<MetricStat> = query.MetricStat ?? {};
  const period = Period * 1000;
  const units = readPoints(call, {
    namespace: Metric.Namespace ?? '',
    name: Metric.MetricName ?? '',
    dimensions: Metric.Dimensions,
    // Periods begin where whole ones do.
    from: start - (start % period),
    to: end,
    period,
    unit: Unit,
  });
  const [first] = units.values();
  const points = (first ?? []).flatMap(({ at, summary }) => {
    const value = statistic(summary, Stat);
    return value === undefined ? [] : [{ at, value }];
  });
  return {
    Id: query.Id,
    Timestamps: points.map(({ at }) => new Date(at)),
    Values: points.map(({ value }) => value),
    StatusCode: 'Complete',
    ...(units.size > 1 && {
      Messages: [
        { Code: 'MultipleUnits', Value: `Multiple units returned: '[${[...units.keys()].join(', ')}]'` },
      ],
    }),
  };
}

/** Each page has the next points of all results, in their order. */
function page(results: MetricDataResult[], limit: number, token: string | undefined) {
  const from = token === undefined ? 0 : decodeToken(token)?.[0];
  if (typeof from !== 'number') throw invalidToken();
  let skipped = 0;
  let left = limit;
  let cut = false;
  const MetricDataResults = results.map((result) => {
    const { Timestamps = [], Values = [] } = result;
    const start = Math.min(Math.max(from - skipped, 0), Values.length);
    skipped += Values.length;
    const end = Math.min(start + left, Values.length);
    left -= end - start;
    if (end < Values.length) cut = true;
    const part = { Timestamps: Timestamps.slice(start, end), Values: Values.slice(start, end) };
    return { ...result, ...part, ...(end < Values.length ? { StatusCode: 'PartialData' as const } : {}) };
  });
  return { MetricDataResults, Messages: [], ...(cut ? { NextToken: encodeToken(from + limit) } : {}) };
}
