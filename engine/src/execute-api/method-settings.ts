import type { MethodSetting } from '@aws-sdk/client-api-gateway';
import { type Exchange, type Route, routeOf } from './exchange';

/**
 * What is said of the request's method by its path and name, `shows/GET`. A method ANY is, to stages and usage plans,
 * the methods it stands for: their editor lists each. What is said of ANY itself counts for those that have nothing of
 * their own.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html#override-api-gateway-stage-cache-for-method-cache
 */
export function ofMethod<T>(
  settings: Readonly<Record<string, T>> | undefined,
  path: string,
  { method }: Route,
  requested: string,
): { key: string; value: T } | undefined {
  for (const name of [requested, method.httpMethod]) {
    const key = `${path}/${name}`;
    const value = settings?.[key];
    if (value !== undefined) return { key, value };
  }
  return undefined;
}

/** The stage's own settings of the request's method. */
export function ownSetting({ deployed, request }: Exchange, route: Route) {
  return ofMethod(deployed.stage.methodSettings, route.resource.path.slice(1), route, request.method);
}

/** What the stage says of the request's method: its own settings, else those of all methods. */
export function methodSetting(exchange: Exchange): MethodSetting | undefined {
  const settings = exchange.deployed.stage.methodSettings;
  return ownSetting(exchange, routeOf(exchange))?.value ?? settings?.['*/*'];
}
