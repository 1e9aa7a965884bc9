import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';

/**
 * What results are called where the query does not say it: the metric, and whatever tells it from the others.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
 */
export function labels(queries: readonly MetricDataQuery[]): Map<string, string> {
  const facts = queries.map(({ Label, Id = '', MetricStat: stat }) => ({
    Id,
    Label,
    name: stat?.Metric?.MetricName ?? Id,
    more: [
      (stat?.Metric?.Dimensions ?? []).map(({ Value }) => Value).join(' '),
      stat?.Stat ?? '',
      String(stat?.Period ?? ''),
    ],
  }));
  // Metrics that have names of their own need nothing else.
  const same = facts.length > 1 && new Set(facts.map(({ name }) => name)).size < facts.length;
  const differing = [0, 1, 2].filter((at) => new Set(facts.map(({ more }) => more[at])).size > 1);
  return new Map(
    facts.map(({ Id, Label, name, more }) => {
      const told = same ? differing.map((at) => more[at] ?? '').filter((part) => part !== '') : [];
      return [Id, Label ?? [name, ...told].join(' ')];
    }),
  );
}
