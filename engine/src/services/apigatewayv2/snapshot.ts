import type { HttpApiSnapshot } from '../../http-api/deployed';
import type { ApiRecord, Tables } from './store';

/** The API as it is now, all that a request depends on. */
export function snapshotOf(all: Tables, api: ApiRecord): HttpApiSnapshot {
  const prefix = [api.ApiId];
  return {
    apiId: api.ApiId,
    name: api.Name,
    routes: [...all.routes.values({ prefix })],
    integrations: Object.fromEntries(
      [...all.integrations.values({ prefix })].map((one) => [one.IntegrationId, one]),
    ),
    authorizers: Object.fromEntries(
      [...all.authorizers.values({ prefix })].map((one) => [one.AuthorizerId, one]),
    ),
    ...(api.CorsConfiguration ? { cors: api.CorsConfiguration } : {}),
  };
}
