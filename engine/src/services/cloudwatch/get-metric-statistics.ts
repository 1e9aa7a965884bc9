import type { Datapoint, Statistic } from '@aws-sdk/client-cloudwatch';
import type { Operation } from '../../kernel';
import { flushMeter } from '../../observe/metrics';
import { invalidCombination, invalidValue, missingParameter } from './errors';
import { checkPeriod, type Period, readPoints } from './read-points';
import { checkStatistic, isPercentile } from './statistic-names';
import { statistic } from './summary';

const MAX_POINTS = 1440;
const DAY = 24 * 3600_000;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
export const getMetricStatistics: Operation<'cloudwatch', 'GetMetricStatistics'> = async (input, call) => {
  const statistics = input.Statistics ?? [];
  const extended = input.ExtendedStatistics ?? [];
  if (statistics.length + extended.length === 0) {
    throw missingParameter(
      'At least one of the parameters Statistics and ExtendedStatistics must be specified.',
    );
  }
  for (const name of extended) {
    const refused = () =>
      invalidValue(`The value ${name} for parameter ExtendedStatistics is not supported.`);
    checkStatistic(name, refused);
    if (!isPercentile(name)) throw refused();
  }
  const seconds = input.Period!;
  checkPeriod(seconds, invalidValue);
  const [start, end] = [input.StartTime!.getTime(), input.EndTime!.getTime()];
  if (start >= end) throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
  const asked = Math.ceil((end - start) / (seconds * 1000));
  if (asked > MAX_POINTS) {
    throw invalidCombination(
      `You have requested up to ${asked} datapoints, which exceeds the limit of ${MAX_POINTS}. ` +
        'You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
    );
  }
  await flushMeter(call);
  const units = readPoints(call, {
    namespace: input.Namespace!,
    name: input.MetricName!,
    dimensions: input.Dimensions,
    from: rounded(start, call.clock.millis(), seconds),
    to: end,
    period: seconds * 1000,
    unit: input.Unit,
  });
  const Datapoints = [...units].flatMap(([unit, periods]) =>
    periods.map((period) => datapoint(period, unit, statistics, extended)),
  );
  return { Label: input.MetricName, Datapoints };
};

/** Starts are rounded down, the older the more. */
function rounded(start: number, now: number, period: number): number {
  const age = now - start;
  const step = age > 63 * DAY ? 3600_000 : age > 15 * DAY ? 300_000 : period < 60 ? period * 1000 : 60_000;
  return start - (start % step);
}

function datapoint(
  { at, summary }: Period,
  unit: string,
  statistics: readonly Statistic[],
  extended: readonly string[],
): Datapoint {
  const values = (names: readonly string[]) =>
    names.flatMap((name): [string, number][] => {
      const value = statistic(summary, name);
      return value === undefined ? [] : [[name, value]];
    });
  return {
    Timestamp: new Date(at),
    Unit: unit as Datapoint['Unit'],
    ...Object.fromEntries(values(statistics)),
    ...(extended.length > 0 && { ExtendedStatistics: Object.fromEntries(values(extended)) }),
  };
}
