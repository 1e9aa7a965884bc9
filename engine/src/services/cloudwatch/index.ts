import { defineService, type Host, type ServiceStores } from '../../kernel';
import { getMetricData } from './get-metric-data';
import { getMetricStatistics } from './get-metric-statistics';
import { listMetrics } from './list-metrics';
import { putMetricData } from './put-metric-data';
import { cloudwatchStore } from './store';

export default defineService({
  name: 'cloudwatch',
  operations: {
    GetMetricData: getMetricData,
    GetMetricStatistics: getMetricStatistics,
    ListMetrics: listMetrics,
    PutMetricData: putMetricData,
  },
  access: () => import('./access').then((module) => module.default),
  start: removeExpired,
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention */
const KEPT_MILLIS = 455 * 24 * 3600_000;

function removeExpired(host: Host, stores: ServiceStores): void {
  const before = host.clock.millis() - KEPT_MILLIS;
  for (const { account, region } of stores.scopes()) {
    const { metrics, points } = cloudwatchStore(stores.of(account, region));
    for (const { uid } of metrics.values()) points.clear({ prefix: [uid], end: [uid, before] });
  }
}
