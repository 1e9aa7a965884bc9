import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { type Call, notImplemented, type Operation } from '../../kernel';
import { checkDatum, checkTime } from './datum-rules';
import { invalidValue, missingParameter } from './errors';
import { cloudwatchStore, metricKey } from './store';
import { merged, type Summary, summaryOf } from './summary';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
const MAX_DATA = 1000;

export const putMetricData: Operation<'cloudwatch', 'PutMetricData'> = (input, call) => {
  if (input.EntityMetricData) throw notImplemented('CloudWatch PutMetricData EntityMetricData');
  if (input.StrictEntityValidation) throw notImplemented('CloudWatch PutMetricData StrictEntityValidation');
  const namespace = input.Namespace ?? '';
  // Namespaces of AWS are for its services only.
  if (namespace.startsWith('AWS/') && call.principal.type !== 'service') {
    throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
  }
  const data = input.MetricData ?? [];
  if (data.length === 0) throw missingParameter('The parameter MetricData is required.');
  if (data.length > MAX_DATA) {
    throw invalidValue(`The collection MetricData must not have a size greater than ${MAX_DATA}.`);
  }
  const now = call.clock.millis();
  data.forEach((datum, index) => {
    const at = `MetricData.member.${index + 1}`;
    checkDatum(datum, at);
    // Services measure themselves, and may come late: the machine slept.
    if (call.principal.type !== 'service') checkTime(datum, at, now);
  });
  const store = cloudwatchStore(call.store);
  store.transaction(() => {
    for (const datum of data) put(call, namespace, datum);
  });
  return {};
};

function put(call: Call, namespace: string, datum: MetricDatum): void {
  const { metrics, points } = cloudwatchStore(call.store);
  const name = datum.MetricName ?? '';
  const key = metricKey(namespace, name, datum.Dimensions);
  const now = call.clock.millis();
  const known = metrics.get(key);
  const metric = known ?? {
    namespace,
    name,
    dimensions: (datum.Dimensions ?? []).map(({ Name, Value }) => ({ Name, Value })),
    uid: call.ids.hex(16),
    last: now,
  };
  // Once a minute is exact enough for what "recently active" means.
  if (!known || now - known.last > 60_000) metrics.put(key, { ...metric, last: now });
  const millis = (datum.Timestamp ?? call.clock.now()).getTime();
  const step = datum.StorageResolution === 1 ? 1000 : 60_000;
  const at = [metric.uid, millis - (millis % step), datum.Unit ?? 'None'];
  const before = points.get(at);
  const summary = summed(datum);
  points.put(at, before ? merged([before, summary]) : summary);
}

function summed({ Counts, StatisticValues: given, Value, Values }: MetricDatum): Summary {
  if (given) {
    const { Maximum = 0, Minimum = 0, SampleCount = 0, Sum = 0 } = given;
    const same = Minimum === Maximum;
    const values: [number, number][] | undefined = same ? [[Minimum, SampleCount]] : undefined;
    return { count: SampleCount, sum: Sum, min: Minimum, max: Maximum, values };
  }
  if (Values)
    return merged([summaryOf(Values.map((value, index) => [value, Counts?.[index] ?? 1] as const))]);
  return summaryOf([[Value ?? 0, 1]]);
}
