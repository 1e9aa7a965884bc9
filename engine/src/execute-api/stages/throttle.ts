import type { ThrottleSettings } from '@aws-sdk/client-api-gateway';
import type { Host } from '../../kernel';
import { compiledOnce, type Deployed } from '../deployed';
import { type Exchange, type Route, routeOf } from '../exchange';
import { limitExceeded, tooManyRequests } from '../faults';
import { Buckets, type Limit } from '../limits/buckets';
import { type Client, usagePlans } from '../limits/usage-plans';
import { methodSetting, ofMethod, ownSetting } from '../method-settings';

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

function limitsOf(exchange: Exchange, route: Route): readonly Limit[] {
  const { client, deployed, request } = exchange;
  const name = `limits ${request.method} ${route.resource.path}`;
  const ofStage = compiledOnce(deployed, name, () => stageLimits(exchange, route));
  return client ? [...clientLimits(client, deployed, route, request.method), ...ofStage] : ofStage;
}

function clientLimits({ key, plan }: Client, deployed: Deployed, route: Route, requested: string): Limit[] {
  const { snapshot, stage } = deployed;
  const planned = plan.apiStages?.find(
    ({ apiId, stage: name }) => apiId === snapshot.apiId && name === stage.stageName,
  );
  const own = ofMethod(planned?.throttle, route.resource.path, route, requested);
  const whose = `${plan.id}/${key.id}`;
  // A method's own limit in the plan stands in the place of the plan's.
  if (own) return [limit(`plan ${whose} ${snapshot.apiId}/${stage.stageName}${own.key}`, own.value)];
  return plan.throttle ? [limit(`plan ${whose}`, plan.throttle)] : [];
}

/** What counts for everybody. */
function stageLimits(exchange: Exchange, route: Route): Limit[] {
  const { account, region, snapshot, stage } = exchange.deployed;
  const ofAccount = { name: `account ${account}/${region}`, ...ACCOUNT_LIMIT };
  const setting = ownSetting(exchange, route);
  const method = setting?.key ?? `${route.resource.path.slice(1)}/${exchange.request.method}`;
  const { throttlingRateLimit: rate = -1, throttlingBurstLimit: burst = -1 } = methodSetting(exchange) ?? {};
  // Below zero: without a limit of its own.
  if (rate < 0 || burst < 0) return [ofAccount];
  return [{ name: `method ${snapshot.apiId}/${stage.stageName}/${method}`, rate, burst }, ofAccount];
}

const limit = (name: string, { burstLimit, rateLimit }: ThrottleSettings): Limit => ({
  name,
  rate: rateLimit ?? 0,
  burst: burstLimit ?? 0,
});

function buckets(host: Host): Buckets {
  return host.memo('execute-api.buckets', () => new Buckets());
}
