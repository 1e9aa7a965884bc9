import { Buckets, type Limit } from '../execute-api/limits/buckets';
import { ACCOUNT_LIMIT } from '../execute-api/stages/throttle';
import type { Exchange } from './exchange';
import { tooManyRequests } from './faults';

/**
 * Each route has a bucket of its own, as large as the stage says for it or else for all routes; all APIs of an account
 * share one.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export function throttle({ deployed, host, match }: Exchange): void {
  if (!match) return;
  const { account, region, snapshot, stage } = deployed;
  const key = match.route.RouteKey ?? '';
  const settings = { ...stage.DefaultRouteSettings, ...stage.RouteSettings?.[key] };
  const { ThrottlingBurstLimit: burst, ThrottlingRateLimit: rate } = settings;
  const limits: Limit[] = [{ name: `account ${account}/${region}`, ...ACCOUNT_LIMIT }];
  if (burst !== undefined || rate !== undefined) {
    limits.unshift({
      name: `route ${snapshot.apiId}/${stage.StageName} ${key}`,
      rate: rate ?? ACCOUNT_LIMIT.rate,
      burst: burst ?? ACCOUNT_LIMIT.burst,
    });
  }
  // REST APIs take from the same account's bucket.
  const buckets = host.memo('execute-api.buckets', () => new Buckets());
  if (buckets.take(limits, host.clock.millis())) throw tooManyRequests();
}
