import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { Host } from '../kernel';
import { type Measured, Meter } from './meter';
import { pendingLogs } from './pending-logs';

// Limits: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
const MAX_DATA = 1000;
const MAX_VALUES = 150;

/** After so long at the latest, what was measured is in CloudWatch; who reads there brings it in before. */
const KEPT_MILLIS = 60_000;

export function meter(host: Host): Meter {
  return host.memo('observe.meter', () => {
    const made: Meter = new Meter(() =>
      host.clock.after(KEPT_MILLIS, () => void flushMeter(host).catch(told(host))),
    );
    return made;
  });
}

/** Nobody waits for the timer: what fails there is for the log. */
const told = (host: Host) => (error: unknown) =>
  host.parts.events.emit({
    type: 'engine',
    at: host.clock.millis(),
    level: 'error',
    message: `Metrics are lost: ${error instanceof Error ? error.message : error}`,
  });

/** Hands CloudWatch what services measured. */
export async function flushMeter(host: Host): Promise<void> {
  // Lines of logs may carry metrics.
  await pendingLogs(host).flush();
  const places = new Map<string, Measured[]>();
  for (const one of meter(host).drain()) {
    const place = `${one.account} ${one.region} ${one.namespace}`;
    places.set(place, [...(places.get(place) ?? []), one]);
  }
  for (const measured of places.values()) {
    const { account, region, namespace } = measured[0]!;
    const data = measured.flatMap(dataOf);
    const as = host.parts.identity.servicePrincipal('cloudwatch.amazonaws.com', account);
    for (let from = 0; from < data.length; from += MAX_DATA) {
      const MetricData = data.slice(from, from + MAX_DATA);
      await host.invoke(
        'cloudwatch',
        'PutMetricData',
        { Namespace: namespace, MetricData },
        { as, account, region },
      );
    }
  }
}

function dataOf({ at, counts, dimensions, name, unit }: Measured): MetricDatum[] {
  const all = [...counts];
  const data: MetricDatum[] = [];
  for (let from = 0; from < all.length; from += MAX_VALUES) {
    const part = all.slice(from, from + MAX_VALUES);
    data.push({
      MetricName: name,
      Dimensions: [...dimensions],
      Timestamp: new Date(at),
      Values: part.map(([value]) => value),
      Counts: part.map(([, count]) => count),
      Unit: unit,
    });
  }
  return data;
}
