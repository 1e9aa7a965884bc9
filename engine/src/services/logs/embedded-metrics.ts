import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { Call } from '../../kernel';

interface Embedded {
  namespace: string;
  data: MetricDatum[];
}

type Json = Record<string, unknown>;

const MAX_DATA = 1000;

/**
 * Metrics that log lines carry in the embedded metric format, as Powertools writes them. What does not keep to the
 * format is a line like any other.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export async function putEmbeddedMetrics(call: Call, messages: readonly string[]): Promise<void> {
  const places = new Map<string, MetricDatum[]>();
  for (const { namespace, data } of messages.flatMap(embedded)) {
    places.set(namespace, [...(places.get(namespace) ?? []), ...data]);
  }
  const as = call.parts.identity.servicePrincipal('logs.amazonaws.com', call.account);
  for (const [Namespace, data] of places) {
    for (let from = 0; from < data.length; from += MAX_DATA) {
      const MetricData = data.slice(from, from + MAX_DATA);
      await call
        .invoke('cloudwatch', 'PutMetricData', { Namespace, MetricData }, { as })
        .catch((error: unknown) => complain(call, Namespace, error));
    }
  }
}

/** Whether there is anything to look for: most lines are no such metrics. */
export const mayEmbed = (message: string): boolean => message.startsWith('{') && message.includes('"_aws"');

function embedded(message: string): Embedded[] {
  const root = parsed(message);
  const aws = objectOf(root?._aws);
  const directives = aws?.CloudWatchMetrics;
  if (!root || !aws || typeof aws.Timestamp !== 'number' || !Array.isArray(directives)) return [];
  const at = new Date(aws.Timestamp);
  return directives.flatMap((directive: unknown) => {
    const { Namespace, Metrics, Dimensions = [[]] } = objectOf(directive) ?? {};
    // Its own namespaces are AWS's.
    if (typeof Namespace !== 'string' || Namespace === '' || Namespace.startsWith('AWS/')) return [];
    if (!Array.isArray(Metrics) || !Array.isArray(Dimensions)) return [];
    const sets = Dimensions.flatMap((names: unknown) => dimensionsOf(root, names));
    const data = Metrics.flatMap((metric: unknown) => datumsOf(root, objectOf(metric), sets, at));
    return [{ namespace: Namespace, data }];
  });
}

function datumsOf(
  root: Json,
  metric: Json | undefined,
  sets: readonly Dimensions[],
  at: Date,
): MetricDatum[] {
  const { Name, StorageResolution, Unit } = metric ?? {};
  if (typeof Name !== 'string') return [];
  const target = root[Name];
  const values = (Array.isArray(target) ? target : [target]).filter((one) => typeof one === 'number');
  if (values.length === 0) return [];
  return sets.map((dimensions) => ({
    MetricName: Name,
    Dimensions: dimensions,
    Timestamp: at,
    Values: values,
    ...(typeof Unit === 'string' ? { Unit: Unit as NonNullable<MetricDatum['Unit']> } : {}),
    ...(StorageResolution === 1 ? { StorageResolution } : {}),
  }));
}

type Dimensions = { Name: string; Value: string }[];

/** A set of names, with what the line says of each; none where it does not say it of all. */
function dimensionsOf(root: Json, names: unknown): Dimensions[] {
  if (!Array.isArray(names)) return [];
  const dimensions = names.flatMap((name: unknown) => {
    const value = typeof name === 'string' ? root[name] : undefined;
    return value === undefined ? [] : [{ Name: String(name), Value: String(value) }];
  });
  return dimensions.length === names.length ? [dimensions] : [];
}

function parsed(message: string): Json | undefined {
  try {
    return objectOf(JSON.parse(message));
  } catch {
    return undefined;
  }
}

const objectOf = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

function complain(call: Call, namespace: string, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  call.parts.events.emit({
    type: 'engine',
    at: call.clock.millis(),
    level: 'warn',
    message: `metrics of ${namespace} in log lines are not kept: ${why}`,
  });
}
