import type { DimensionFilter } from '@aws-sdk/client-cloudwatch';
import { notImplemented, type Operation } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { flushMeter } from '../../observe/metrics';
import { invalidToken } from './errors';
import { cloudwatchStore, type MetricRecord } from './store';

const PAGE = 500;
const DAY = 24 * 3600_000;
const RECENT = 3 * 3600_000;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
export const listMetrics: Operation<'cloudwatch', 'ListMetrics'> = async (input, call) => {
  if (input.IncludeLinkedAccounts) throw notImplemented('CloudWatch ListMetrics IncludeLinkedAccounts');
  if (input.OwningAccount) throw notImplemented('CloudWatch ListMetrics OwningAccount');
  await flushMeter(call);
  const { metrics } = cloudwatchStore(call.store);
  // What has had no data for two weeks is not listed.
  const since = call.clock.millis() - (input.RecentlyActive ? RECENT : 14 * DAY);
  const { items, next } = pageOf(metrics, {
    limit: PAGE,
    token: input.NextToken,
    ...(input.Namespace === undefined ? {} : { prefix: [input.Namespace] }),
    keep: (metric) =>
      metric.last >= since &&
      (input.MetricName === undefined || metric.name === input.MetricName) &&
      (input.Dimensions ?? []).every((filter) => matches(metric, filter)),
    invalidToken,
  });
  const Metrics = items.map(({ dimensions, name, namespace }) => ({
    Namespace: namespace,
    MetricName: name,
    Dimensions: dimensions,
  }));
  return { Metrics, ...(next === undefined ? {} : { NextToken: next }) };
};

const matches = ({ dimensions }: MetricRecord, { Name, Value }: DimensionFilter): boolean =>
  dimensions.some((one) => one.Name === Name && (Value === undefined || one.Value === Value));
