import { stageCaches } from '../../../execute-api/caching/stage-caches';
import { deployedApis } from '../../../execute-api/deployed';
import { type Call, notImplemented, type Operation } from '../../../kernel';
import { refuseMapped } from '../domains/refuse-mapped';
import { badRequest, requireApi } from '../errors';
import { defaultModels } from '../models/models';
import { page } from '../pages';
import { type ApiRecord, collections, owners, tables } from '../store';
import { cloneInto } from './clone';
import { addedEndpoints, checkVpcEndpoints, newEndpointConfiguration } from './endpoint-configuration';
import { policyFor, shown } from './resource-policy';
import { compressionSize, patchRestApi } from './rest-api-patch';

export const createRestApi: Operation<'apigateway', 'CreateRestApi'> = async (input, call) => {
  const cloned = input.cloneFrom ? requireApi(call, input.cloneFrom) : undefined;
  if (input.securityPolicy !== undefined) throw notImplemented('API Gateway CreateRestApi securityPolicy');
  if (input.endpointAccessMode !== undefined) {
    throw notImplemented('API Gateway CreateRestApi endpointAccessMode');
  }
  if (!input.name) throw badRequest('API name cannot be blank');
  const endpointConfiguration = newEndpointConfiguration(input.endpointConfiguration);
  await checkVpcEndpoints(call, endpointConfiguration.vpcEndpointIds);
  const id = call.ids.lower(10);
  const api: ApiRecord = {
    id,
    name: input.name,
    description: input.description,
    createdDate: wholeSeconds(call),
    version: input.version,
    binaryMediaTypes: input.binaryMediaTypes?.length ? input.binaryMediaTypes : cloned?.binaryMediaTypes,
    minimumCompressionSize:
      input.minimumCompressionSize === undefined ? undefined : compressionSize(input.minimumCompressionSize),
    apiKeySource: input.apiKeySource ?? 'HEADER',
    endpointConfiguration,
    tags: input.tags && Object.keys(input.tags).length > 0 ? input.tags : undefined,
    disableExecuteApiEndpoint: input.disableExecuteApiEndpoint ?? false,
    rootResourceId: call.ids.lower(10),
    policy: policyFor(call, id, input.policy),
  };
  call.store.transaction(() => {
    const { apis, models, resources } = tables(call);
    apis.put(api.id, api);
    owners(call.worldStore).put(api.id, { account: call.account, region: call.region });
    resources.put([api.id, api.rootResourceId], { id: api.rootResourceId, path: '/', methods: {} });
    for (const model of defaultModels(call)) models.put([api.id, model.name], model);
    if (cloned) cloneInto(call, api, cloned.id);
  });
  return shown(api);
};

/** API Gateway's times have no milliseconds. */
export function wholeSeconds(call: Call): Date {
  return new Date(Math.floor(call.clock.millis() / 1000) * 1000);
}

export const getRestApi: Operation<'apigateway', 'GetRestApi'> = (input, call) => {
  return withTags(requireApi(call, input.restApiId));
};

/** Reads of one API show empty tags; creation and lists leave them out. */
function withTags(api: ApiRecord): ApiRecord {
  return { ...shown(api), tags: api.tags ?? {} };
}

export const getRestApis: Operation<'apigateway', 'GetRestApis'> = (input, call) => {
  const all = [...tables(call).apis.values()];
  all.sort((a, b) => a.createdDate.getTime() - b.createdDate.getTime() || (a.id < b.id ? -1 : 1));
  return page(all.map(shown), (api) => api.id, input);
};

export const updateRestApi: Operation<'apigateway', 'UpdateRestApi'> = async (input, call) => {
  await checkVpcEndpoints(call, addedEndpoints(input.patchOperations));
  const updated = patchRestApi(call, requireApi(call, input.restApiId), input.patchOperations);
  tables(call).apis.put(updated.id, updated);
  // Which VPC endpoints are associated counts at once.
  deployedApis(call).invalidate(updated.id);
  return withTags(updated);
};

export const deleteRestApi: Operation<'apigateway', 'DeleteRestApi'> = async (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  await refuseMapped(call, id);
  call.store.transaction(() => {
    const all = collections(call.store);
    all.apis.remove(id);
    owners(call.worldStore).remove(id);
    const parts = [
      all.resources,
      all.models,
      all.validators,
      all.authorizers,
      all.gatewayResponses,
      all.documentationParts,
      all.documentationVersions,
      all.deployments,
      all.snapshots,
      all.stages,
    ];
    for (const part of parts) part.clear({ prefix: [id] });
  });
  deployedApis(call).invalidate(id);
  stageCaches(call).forget(id);
  return {};
};
