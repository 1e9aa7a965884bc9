import type { ApiSnapshot } from '../../../execute-api/deployed';
import type { ApiRecord, Tables } from '../store';

/** The API as it is now, all that a request depends on. */
export function snapshotOf(all: Tables, api: ApiRecord): ApiSnapshot {
  const prefix = [api.id];
  return {
    apiId: api.id,
    name: api.name,
    binaryMediaTypes: api.binaryMediaTypes ?? [],
    minimumCompressionSize: api.minimumCompressionSize,
    apiKeySource: api.apiKeySource ?? 'HEADER',
    endpointType: api.endpointConfiguration?.types?.[0],
    disableExecuteApiEndpoint: api.disableExecuteApiEndpoint ?? false,
    policy: api.policy,
    resources: [...all.resources.values({ prefix })].map(({ id, path, methods }) => ({ id, path, methods })),
    models: Object.fromEntries(
      [...all.models.values({ prefix })].map((model) => [model.name, model.schema ?? '{}']),
    ),
    authorizers: Object.fromEntries([...all.authorizers.values({ prefix })].map((one) => [one.id, one])),
    validators: Object.fromEntries([...all.validators.values({ prefix })].map((one) => [one.id, one])),
    gatewayResponses: Object.fromEntries(
      [...all.gatewayResponses.values({ prefix })].map((response) => [response.responseType ?? '', response]),
    ),
  };
}
