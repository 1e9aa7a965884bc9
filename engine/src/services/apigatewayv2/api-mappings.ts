import { type Call, isAwsError, type Operation } from '../../kernel';
import { requireDomain } from './domain-names';
import { badRequest, conflict, notFound } from './errors';
import { page } from './pages';
import { domainTables, type MappingRecord, tables } from './store';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html */
const KEY = /^(?:[\w$.+!*'(),-]+(?:\/[\w$.+!*'(),-]+)*)?$/;

function requireMapping(call: Call, name: string | undefined, id: string | undefined): MappingRecord {
  const { DomainName } = requireDomain(call, name);
  const mapping = domainTables(call.store).mappings.get([DomainName, id ?? '']);
  if (!mapping) throw notFound('The api mapping resource specified in the request was not found.');
  return mapping;
}

async function checkMapping(call: Call, name: string, mapping: MappingRecord): Promise<void> {
  if (!KEY.test(mapping.ApiMappingKey)) throw badRequest(`Invalid API mapping key: ${mapping.ApiMappingKey}`);
  for (const other of domainTables(call.store).mappings.values({ prefix: [name] })) {
    if (other.ApiMappingKey === mapping.ApiMappingKey && other.ApiMappingId !== mapping.ApiMappingId)
      throw conflict('ApiMapping key already exists for this domain name');
  }
  // REST APIs' own operations have looked at it already, and may leave the stage to the caller.
  if (call.principal.type === 'service') return;
  const { ApiId = '', Stage = '' } = mapping;
  if (tables(call).apis.has(ApiId)) {
    const [configuration] = requireDomain(call, name).DomainNameConfigurations ?? [];
    if (configuration?.EndpointType === 'EDGE')
      throw badRequest('HTTP APIs can only be mapped to REGIONAL domain names.');
    if (!tables(call).stages.has([ApiId, Stage])) throw badRequest('Invalid stage identifier specified');
    return;
  }
  // The API may be a REST API: then the other service knows it.
  const as = call.parts.identity.servicePrincipal('apigateway.amazonaws.com', call.account);
  try {
    await call.invoke('apigateway', 'GetStage', { restApiId: ApiId, stageName: Stage }, { as });
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw badRequest(
      /stage/i.test(error.message)
        ? 'Invalid stage identifier specified'
        : `Invalid API identifier specified ${call.account}:${ApiId}`,
    );
  }
}

export const createApiMapping: Operation<'apigatewayv2', 'CreateApiMapping'> = async (input, call) => {
  const { DomainName } = requireDomain(call, input.DomainName);
  const mapping: MappingRecord = {
    ApiId: input.ApiId,
    ApiMappingId: call.ids.lower(6),
    ApiMappingKey: input.ApiMappingKey ?? '',
    Stage: input.Stage,
  };
  await checkMapping(call, DomainName, mapping);
  domainTables(call.store).mappings.put([DomainName, mapping.ApiMappingId], mapping);
  return mapping;
};

export const getApiMapping: Operation<'apigatewayv2', 'GetApiMapping'> = (input, call) =>
  requireMapping(call, input.DomainName, input.ApiMappingId);

export const getApiMappings: Operation<'apigatewayv2', 'GetApiMappings'> = (input, call) =>
  page(domainTables(call.store).mappings, input, [requireDomain(call, input.DomainName).DomainName]);

export const updateApiMapping: Operation<'apigatewayv2', 'UpdateApiMapping'> = async (input, call) => {
  const mapping = requireMapping(call, input.DomainName, input.ApiMappingId);
  const updated: MappingRecord = {
    ...mapping,
    ApiId: input.ApiId ?? mapping.ApiId,
    ApiMappingKey: input.ApiMappingKey ?? mapping.ApiMappingKey,
    Stage: input.Stage ?? mapping.Stage,
  };
  await checkMapping(call, input.DomainName!, updated);
  domainTables(call.store).mappings.put([input.DomainName!, mapping.ApiMappingId], updated);
  return updated;
};

export const deleteApiMapping: Operation<'apigatewayv2', 'DeleteApiMapping'> = (input, call) => {
  const { ApiMappingId } = requireMapping(call, input.DomainName, input.ApiMappingId);
  domainTables(call.store).mappings.remove([input.DomainName!, ApiMappingId]);
  return {};
};

/** What a custom domain leads to is not removed from under it. */
export function refuseMapped(call: Call, apiId: string, stage?: string): void {
  for (const { key, value } of domainTables(call.store).mappings.entries()) {
    if (value.ApiId !== apiId || (stage !== undefined && value.Stage !== stage)) continue;
    throw badRequest(
      `Deleting stages failed. Please remove all API mappings related to the stage in your domain: ${key[0]}/${value.ApiMappingKey}`,
    );
  }
}
