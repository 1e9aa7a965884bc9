import type { Integration, MethodSetting } from '@aws-sdk/client-api-gateway';
import { compiledOnce } from '../deployed';
import { type Exchange, type Route, routeOf } from '../exchange';
import { requestValues } from '../mapping';
import { ownSetting } from '../method-settings';
import { cacheName } from './stage-caches';

/** How a method's responses are cached. */
export interface CachePlan {
  cache: string;
  size: string | undefined;
  /** What all keys of the method begin with. */
  prefix: string;
  /** Expressions whose values tell one response from another. */
  parameters: readonly string[];
  ttlMillis: number;
  /** What becomes of who asks for a fresh response and may not; undefined where everybody may. */
  unauthorized: MethodSetting['unauthorizedCacheControlHeaderStrategy'] | undefined;
}

/** The plan of the request's method; undefined where its responses are not cached. */
export function cachePlan(exchange: Exchange): CachePlan | undefined {
  const { deployed, request } = exchange;
  if (!deployed.stage.cacheClusterEnabled) return undefined;
  const route = routeOf(exchange);
  return compiledOnce(deployed, `cache ${route.resource.id}/${request.method}`, () =>
    planOf(exchange, route),
  );
}

/**
 * Caching that is enabled for a stage counts for its GET methods; a method's own settings may enable any.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html#override-api-gateway-stage-cache-for-method-cache
 */
function planOf(exchange: Exchange, route: Route): CachePlan | undefined {
  const { deployed, request } = exchange;
  const { method, resource } = route;
  const own = ownSetting(exchange, route)?.value;
  const setting = own ?? (request.method === 'GET' ? deployed.stage.methodSettings?.['*/*'] : undefined);
  const { cachingEnabled, cacheTtlInSeconds: ttl = 300 } = setting ?? {};
  if (!setting || !cachingEnabled || ttl === 0) return undefined;
  const integration = method.methodIntegration ?? {};
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
  if (integration.responseTransferMode === 'STREAM') return undefined;
  return {
    cache: cacheName(deployed),
    size: deployed.stage.cacheClusterSize,
    prefix: `${request.method} ${integration.cacheNamespace || resource.id}`,
    parameters: (integration.cacheKeyParameters ?? []).map((name) => sourceOf(name, integration)),
    ttlMillis: ttl * 1000,
    unauthorized:
      setting.requireAuthorizationForCacheControl === false
        ? undefined
        : (setting.unauthorizedCacheControlHeaderStrategy ?? 'SUCCEED_WITH_RESPONSE_HEADER'),
  };
}

/** Of a parameter of the integration, what it is mapped from; of one that may come several times, all its values. */
function sourceOf(name: string, integration: Integration): string {
  const source = name.startsWith('integration.') ? (integration.requestParameters?.[name] ?? name) : name;
  return source.replace(/^method\.request\.(header|querystring)\./, 'method.request.multivalue$1.');
}

/**
 * Requests with the same key get the same response: all else of them does not count.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html#enable-api-gateway-caching-keys
 */
export function cacheKey(exchange: Exchange, { parameters, prefix }: CachePlan): string {
  if (parameters.length === 0) return prefix;
  const values = parameters.map((expression) => requestValues(exchange, expression));
  return `${prefix} ${JSON.stringify(values)}`;
}
