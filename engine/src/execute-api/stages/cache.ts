import { mayInvalidate, wantsFresh } from '../caching/invalidation';
import { type CachePlan, cacheKey, cachePlan } from '../caching/plan';
import { stageCaches } from '../caching/stage-caches';
import type { ApiResponse, Exchange } from '../exchange';
import { forbidden } from '../faults';

/** What API Gateway warns of, in the words of its header. */
const IGNORED = '199 Cache-control headers were ignored because the caller was unauthorized.';

/**
 * Answers out of the stage's cache what it has, so that no integration is asked.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 */
export function cache(exchange: Exchange): void | Promise<void> {
  const plan = cachePlan(exchange);
  if (!plan) return;
  if (wantsFresh(exchange.request.headers)) return refresh(exchange, plan);
  lookUp(exchange, plan);
}

function lookUp(exchange: Exchange, plan: CachePlan, fresh = false): void {
  const { host, log } = exchange;
  const responses = stageCaches(host).named(plan.cache, plan.size);
  const key = cacheKey(exchange, plan);
  const known = fresh ? undefined : responses.get(key, host.clock.millis());
  if (known) {
    exchange.cacheStatus = 'hit';
    exchange.response = exchange.cacheWarning ? warned(known) : known;
    log?.add('Cache hit: the response comes from the cache of the stage');
    return;
  }
  exchange.cacheStatus = 'miss';
  const asked = responses.ask();
  exchange.keep = (response) => responses.put(key, response, host.clock.millis() + plan.ttlMillis, asked);
  log?.add('Cache miss: the response comes from the integration');
}

/** Who may gets a response of the integration, which takes the place of the cached one. */
async function refresh(exchange: Exchange, plan: CachePlan): Promise<void> {
  const allowed = plan.unauthorized === undefined || (await mayInvalidate(exchange));
  if (!allowed) {
    exchange.log?.add('Cache-Control was ignored: the caller may not invalidate the cache');
    if (plan.unauthorized === 'FAIL_WITH_403') throw forbidden();
    exchange.cacheWarning = plan.unauthorized === 'SUCCEED_WITH_RESPONSE_HEADER';
  }
  lookUp(exchange, plan, allowed);
}

/** Keeps what the integration answered; behind it on the path. */
export function remember(exchange: Exchange): void {
  const { cacheWarning, keep, response } = exchange;
  if (!response) return;
  if (keep) {
    const kept = copied(response);
    // It is of this request, and each has its own.
    kept.headers.remove('X-Amzn-Trace-Id');
    keep(kept);
  }
  // What is in the cache is left as it is.
  if (cacheWarning) exchange.response = warned(response);
}

function warned(response: ApiResponse): ApiResponse {
  const copy = copied(response);
  copy.headers.append('Warning', IGNORED);
  return copy;
}

function copied(response: ApiResponse): ApiResponse {
  return { ...response, headers: response.headers.copy() };
}
