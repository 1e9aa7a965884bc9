import type { EndpointType, PatchOperation } from '@aws-sdk/client-api-gateway';
import { defineResource } from '../../../kernel';
import { add, bool, gone, num, pointer, remove, replace, retag, tagMap } from './values';

interface Properties {
  Name?: string;
  Description?: string;
  ApiKeySourceType?: 'HEADER' | 'AUTHORIZER';
  BinaryMediaTypes?: string[];
  MinimumCompressionSize?: number;
  DisableExecuteApiEndpoint?: boolean;
  Policy?: unknown;
  EndpointConfiguration?: { Types?: EndpointType[]; IpAddressType?: 'ipv4' | 'dualstack' };
  Tags?: { Key: string; Value: string }[];
}

export const restApi = defineResource<Properties>({
  type: 'AWS::ApiGateway::RestApi',
  properties: {
    Name: true,
    Description: true,
    ApiKeySourceType: true,
    BinaryMediaTypes: true,
    MinimumCompressionSize: true,
    DisableExecuteApiEndpoint: true,
    Policy: true,
    EndpointConfiguration: { Types: true, IpAddressType: true },
    Tags: true,
  },
  async create(context) {
    const { properties, call } = context;
    const api = await call.invoke('apigateway', 'CreateRestApi', {
      name: properties.Name ?? context.name(),
      description: properties.Description,
      apiKeySource: properties.ApiKeySourceType,
      binaryMediaTypes: properties.BinaryMediaTypes,
      minimumCompressionSize: num(properties.MinimumCompressionSize),
      disableExecuteApiEndpoint: bool(properties.DisableExecuteApiEndpoint),
      endpointConfiguration: properties.EndpointConfiguration && {
        types: properties.EndpointConfiguration.Types,
        ipAddressType: properties.EndpointConfiguration.IpAddressType,
      },
      policy: policyText(properties.Policy),
      tags: tagMap(context.tags, properties.Tags),
    });
    return provisioned(api.id ?? '', api.rootResourceId ?? '');
  },
  async update(context) {
    const { call, physicalId, previous, properties } = context;
    const patchOperations = changes(previous, properties);
    const api = await call.invoke('apigateway', 'UpdateRestApi', { restApiId: physicalId, patchOperations });
    await retag(call, `/restapis/${physicalId}`, tagMap(context.tags, properties.Tags));
    return provisioned(physicalId, api.rootResourceId ?? '');
  },
  async delete({ call, physicalId }) {
    await gone(call.invoke('apigateway', 'DeleteRestApi', { restApiId: physicalId }));
  },
});

const policyText = (policy: unknown): string | undefined =>
  policy === undefined || typeof policy === 'string' ? policy : JSON.stringify(policy);

function provisioned(id: string, rootResourceId: string) {
  return { physicalId: id, attributes: { RestApiId: id, RootResourceId: rootResourceId } };
}

function changes(before: Properties, after: Properties): PatchOperation[] {
  const out: PatchOperation[] = [];
  const set = (path: string, from: unknown, to: unknown) => {
    if (from !== to) out.push(replace(path, to === undefined ? '' : String(to)));
  };
  if (after.Name !== undefined) set('/name', before.Name, after.Name);
  set('/description', before.Description, after.Description);
  set('/apiKeySource', before.ApiKeySourceType ?? 'HEADER', after.ApiKeySourceType ?? 'HEADER');
  set('/minimumCompressionSize', before.MinimumCompressionSize, after.MinimumCompressionSize);
  set(
    '/disableExecuteApiEndpoint',
    bool(before.DisableExecuteApiEndpoint) ?? false,
    bool(after.DisableExecuteApiEndpoint) ?? false,
  );
  set('/policy', policyText(before.Policy), policyText(after.Policy));
  const oldAddresses = before.EndpointConfiguration?.IpAddressType ?? 'ipv4';
  set(
    '/endpointConfiguration/ipAddressType',
    oldAddresses,
    after.EndpointConfiguration?.IpAddressType ?? 'ipv4',
  );
  const [from = 'EDGE'] = before.EndpointConfiguration?.Types ?? [];
  const [to = 'EDGE'] = after.EndpointConfiguration?.Types ?? [];
  set(`/endpointConfiguration/types/${from}`, from, to);
  const oldTypes = before.BinaryMediaTypes ?? [];
  const newTypes = after.BinaryMediaTypes ?? [];
  for (const type of oldTypes)
    if (!newTypes.includes(type)) out.push(remove(`/binaryMediaTypes/${pointer(type)}`));
  for (const type of newTypes)
    if (!oldTypes.includes(type)) out.push(add(`/binaryMediaTypes/${pointer(type)}`));
  return out;
}
