import type { Meter, Series } from '../observe/meter';
import { meter } from '../observe/metrics';
import type { Deployed } from './deployed';
import type { Exchange, HttpResponse } from './exchange';

const UNITS = {
  Count: 'Count',
  '4xx': 'Count',
  '5xx': 'Count',
  Latency: 'Milliseconds',
  IntegrationLatency: 'Milliseconds',
  DataProcessed: 'Bytes',
} as const;

type Name = keyof typeof UNITS;
export type Measures = Record<Name, Series>;

/**
 * What CloudWatch gets to know of every request: by API, by stage, and by route where the stage says so.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
 */
export function measure(exchange: Exchange, { body, status }: HttpResponse): void {
  const { host, integration, request, startedAt } = exchange;
  const now = host.clock.millis();
  const all = meter(host);
  for (const series of seriesOf(exchange, all)) {
    all.add(series.Count, 1, now);
    // Zeros too: the average is the rate of errors.
    all.add(series['4xx'], status >= 400 && status < 500 ? 1 : 0, now);
    all.add(series['5xx'], status >= 500 ? 1 : 0, now);
    all.add(series.Latency, now - startedAt, now);
    all.add(series.DataProcessed, request.body.length + body.length, now);
    if (integration?.latency !== undefined) all.add(series.IntegrationLatency, integration.latency, now);
  }
}

function seriesOf({ deployed, match }: Exchange, all: Meter): Measures[] {
  const { snapshot, stage } = deployed;
  const ApiId = snapshot.apiId;
  const Stage = stage.StageName;
  const found = [measures(all, deployed, { ApiId }), measures(all, deployed, { ApiId, Stage })];
  const key = match?.route.RouteKey;
  if (key === undefined) return found;
  const { DetailedMetricsEnabled } = { ...stage.DefaultRouteSettings, ...stage.RouteSettings?.[key] };
  if (!DetailedMetricsEnabled) return found;
  const [Method = '', Resource = Method] = key.split(' ');
  return [...found, measures(all, deployed, { ApiId, Method, Resource, Stage })];
}

function measures(all: Meter, deployed: Deployed, by: Readonly<Record<string, string>>): Measures {
  const told = Object.values(by).join(' ');
  let known = deployed.series.get(told);
  if (!known) {
    const { account, region } = deployed;
    const dimensions = Object.entries(by).map(([Name, Value]) => ({ Name, Value }));
    const of = (name: Name) =>
      all.series({ account, region, namespace: 'AWS/ApiGateway', name, dimensions, unit: UNITS[name] });
    known = {
      Count: of('Count'),
      '4xx': of('4xx'),
      '5xx': of('5xx'),
      Latency: of('Latency'),
      IntegrationLatency: of('IntegrationLatency'),
      DataProcessed: of('DataProcessed'),
    };
    deployed.series.set(told, known);
  }
  return known;
}
