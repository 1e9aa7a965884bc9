import type { Meter, Series } from '../../observe/meter';
import { meter } from '../../observe/metrics';
import { compiledOnce, type Deployed } from '../deployed';
import type { Exchange } from '../exchange';
import { methodSetting } from '../method-settings';

const NAMES = [
  'Count',
  'Latency',
  '4XXError',
  '5XXError',
  'IntegrationLatency',
  'CacheHitCount',
  'CacheMissCount',
] as const;

type Measures = Record<(typeof NAMES)[number], Series>;

/**
 * What CloudWatch gets to know of every request: by API, by stage, and by method where the stage says so.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 */
export function measure(exchange: Exchange, status: number): void {
  const { cacheStatus, host, integration, startedAt } = exchange;
  const now = host.clock.millis();
  const all = meter(host);
  for (const series of seriesOf(exchange, all)) {
    all.add(series.Count, 1, now);
    all.add(series.Latency, now - startedAt, now);
    // Zeros too: the average is the rate of errors.
    all.add(series['4XXError'], status >= 400 && status < 500 ? 1 : 0, now);
    all.add(series['5XXError'], status >= 500 ? 1 : 0, now);
    if (integration?.latency !== undefined) all.add(series.IntegrationLatency, integration.latency, now);
    if (cacheStatus === 'hit') all.add(series.CacheHitCount, 1, now);
    else if (cacheStatus === 'miss') all.add(series.CacheMissCount, 1, now);
  }
}

function seriesOf(exchange: Exchange, all: Meter): Measures[] {
  const { deployed, request, route } = exchange;
  if (!route) return ofStage(deployed, all);
  const Resource = route.resource.path;
  // A method ANY is counted as the methods it stands for.
  const Method = request.method;
  return compiledOnce(deployed, `metrics ${Method} ${Resource}`, () => {
    if (!methodSetting(exchange)?.metricsEnabled) return ofStage(deployed, all);
    const { snapshot, stage } = deployed;
    const by = { ApiName: snapshot.name, Method, Resource, Stage: stage.stageName ?? '' };
    return [...ofStage(deployed, all), measures(all, deployed, by)];
  });
}

function ofStage(deployed: Deployed, all: Meter): Measures[] {
  const { isCanary, snapshot, stage } = deployed;
  const { stageName = '' } = stage;
  return compiledOnce(deployed, 'metrics', () => [
    measures(all, deployed, { ApiName: snapshot.name }),
    measures(all, deployed, { ApiName: snapshot.name, Stage: stageName }),
    // What a canary answers is counted apart besides.
    ...(isCanary ? [measures(all, deployed, { ApiName: snapshot.name, Stage: `${stageName}/Canary` })] : []),
  ]);
}

function measures(
  all: Meter,
  { account, region }: { account: string; region: string },
  by: Readonly<Record<string, string>>,
): Measures {
  const dimensions = Object.entries(by).map(([Name, Value]) => ({ Name, Value }));
  const series = (name: (typeof NAMES)[number]) =>
    all.series({
      account,
      region,
      namespace: 'AWS/ApiGateway',
      name,
      dimensions,
      unit: name.endsWith('Latency') ? 'Milliseconds' : 'Count',
    });
  return {
    Count: series('Count'),
    Latency: series('Latency'),
    '4XXError': series('4XXError'),
    '5XXError': series('5XXError'),
    IntegrationLatency: series('IntegrationLatency'),
    CacheHitCount: series('CacheHitCount'),
    CacheMissCount: series('CacheMissCount'),
  };
}
