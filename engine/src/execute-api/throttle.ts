import type { MethodSetting, ThrottleSettings } from '@aws-sdk/client-api-gateway';
import type { Host } from '../kernel';
import { Buckets, type Limit } from './buckets';
import type { Deployed } from './deployed';
import { type Exchange, type Route, routeOf } from './exchange';
import { limitExceeded, tooManyRequests } from './faults';
import { usagePlans } from './usage-plans';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const ACCOUNT_LIMIT = { rate: 10_000, burst: 5_000 };

/**
 * Counts the request against every limit it is under, in AWS's order: the client's in its usage plan, the method's in
 * the stage, the account's; then against the client's quota.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 */
export function throttle(exchange: Exchange): void {
  if (exchange.testedBy) return;
  const { client, deployed, host, log } = exchange;
  const route = routeOf(exchange);
  const millis = host.clock.millis();
  const full = buckets(host).take(limitsOf(exchange, route), millis);
  if (full) {
    log?.add(
      `Method request was throttled: ${full.name.split(' ')[0]} limit of ${full.rate} requests per second`,
    );
    throw tooManyRequests();
  }
  if (client && !usagePlans(host).source?.count(deployed, client.plan.id, client.key.id, millis)) {
    log?.add(`Quota of usage plan ${client.plan.id} exceeded`);
    throw limitExceeded();
  }
}

function limitsOf({ client, deployed }: Exchange, route: Route): Limit[] {
  const { account, region, snapshot, stage } = deployed;
  const method = `${route.resource.path}/${route.method.httpMethod}`;
  const at = `${snapshot.apiId}/${stage.stageName}`;
  const limits: Limit[] = [];
  if (client) {
    const planned = client.plan.apiStages?.find(
      ({ apiId, stage: name }) => apiId === snapshot.apiId && name === stage.stageName,
    );
    const own = planned?.throttle?.[method];
    const whose = `${client.plan.id}/${client.key.id}`;
    // A method's own limit in the plan stands in the place of the plan's.
    if (own) limits.push(limit(`plan ${whose} ${at}${method}`, own));
    else if (client.plan.throttle) limits.push(limit(`plan ${whose}`, client.plan.throttle));
  }
  const setting = methodSetting(deployed, route);
  const { throttlingRateLimit: rate = -1, throttlingBurstLimit: burst = -1 } = setting ?? {};
  // Below zero: without a limit of its own.
  if (rate >= 0 && burst >= 0) limits.push({ name: `method ${at}${method}`, rate, burst });
  limits.push({ name: `account ${account}/${region}`, ...ACCOUNT_LIMIT });
  return limits;
}

const limit = (name: string, { burstLimit, rateLimit }: ThrottleSettings): Limit => ({
  name,
  rate: rateLimit ?? 0,
  burst: burstLimit ?? 0,
});

/** What the stage says of a method: its own settings, else those of all methods. */
export function methodSetting({ stage }: Deployed, { resource, method }: Route): MethodSetting | undefined {
  const settings = stage.methodSettings;
  return settings?.[`${resource.path.slice(1)}/${method.httpMethod}`] ?? settings?.['*/*'];
}

function buckets(host: Host): Buckets {
  return host.memo('execute-api.buckets', () => new Buckets());
}
