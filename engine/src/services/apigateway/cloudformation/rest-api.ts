import type { EndpointType, PatchOperation } from '@aws-sdk/client-api-gateway';
import { defineResource, whileMaking } from '../../../kernel';
import { BODY_PROPERTIES, type BodyProperties, importBody, putBody } from './rest-api-body';
import { add, bool, gone, num, pointer, remove, replace, retag, tagMap } from './values';

interface Properties extends BodyProperties {
  Name?: string;
  Description?: string;
  ApiKeySourceType?: 'HEADER' | 'AUTHORIZER';
  BinaryMediaTypes?: string[];
  MinimumCompressionSize?: number;
  DisableExecuteApiEndpoint?: boolean;
  Policy?: unknown;
  EndpointConfiguration?: {
    Types?: EndpointType[];
    IpAddressType?: 'ipv4' | 'dualstack';
    VpcEndpointIds?: string[];
  };
  Tags?: { Key: string; Value: string }[];
}

export const restApi = defineResource<Properties>({
  type: 'AWS::ApiGateway::RestApi',
  properties: {
    ...BODY_PROPERTIES,
    Name: true,
    Description: true,
    ApiKeySourceType: true,
    BinaryMediaTypes: true,
    MinimumCompressionSize: true,
    DisableExecuteApiEndpoint: true,
    Policy: true,
    EndpointConfiguration: { Types: true, IpAddressType: true, VpcEndpointIds: true },
    Tags: true,
  },
  async create(context) {
    const { properties, call } = context;
    const imported = await importBody(call, properties);
    if (imported) {
      const restApiId = imported.id ?? '';
      return whileMaking(restApiId, async () => {
        const patchOperations = changes({}, properties);
        await call.invoke('apigateway', 'UpdateRestApi', { restApiId, patchOperations });
        await retag(call, `/restapis/${restApiId}`, tagMap(context.tags, properties.Tags));
        return provisioned(restApiId, imported.rootResourceId ?? '');
      });
    }
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
        vpcEndpointIds: properties.EndpointConfiguration.VpcEndpointIds,
      },
      policy: policyText(properties.Policy),
      tags: tagMap(context.tags, properties.Tags),
    });
    return provisioned(api.id ?? '', api.rootResourceId ?? '');
  },
  async update(context) {
    const { call, physicalId, previous, properties } = context;
    const put = await putBody(call, physicalId, properties);
    // A definition says all anew, but for the endpoint's type; one that overwrites forgets media types, too.
    const { BinaryMediaTypes, EndpointConfiguration } = previous;
    const kept = properties.Mode === 'merge' ? { BinaryMediaTypes } : {};
    const before: Properties = put ? { EndpointConfiguration, ...kept } : previous;
    const patchOperations = changes(before, properties);
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
  out.push(...endpointChanges(before.EndpointConfiguration, after.EndpointConfiguration));
  const oldTypes = before.BinaryMediaTypes ?? [];
  const newTypes = after.BinaryMediaTypes ?? [];
  for (const type of oldTypes)
    if (!newTypes.includes(type)) out.push(remove(`/binaryMediaTypes/${pointer(type)}`));
  for (const type of newTypes)
    if (!oldTypes.includes(type)) out.push(add(`/binaryMediaTypes/${pointer(type)}`));
  return out;
}

/** VPC endpoints go before a type that has none, and come behind one that has. */
function endpointChanges(
  before: Properties['EndpointConfiguration'] = {},
  after: Properties['EndpointConfiguration'] = {},
): PatchOperation[] {
  const [from = 'EDGE'] = before.Types ?? [];
  const [to = 'EDGE'] = after.Types ?? [];
  const path = '/endpointConfiguration/vpcEndpointIds';
  const old = before.VpcEndpointIds ?? [];
  const now = after.VpcEndpointIds ?? [];
  const addresses = (type: EndpointType, given = type === 'PRIVATE' ? 'dualstack' : 'ipv4') => given;
  const oldAddresses = to === 'PRIVATE' && from !== to ? 'dualstack' : addresses(from, before.IpAddressType);
  const newAddresses = addresses(to, after.IpAddressType);
  return [
    ...old.filter((id) => !now.includes(id)).map((id) => ({ ...remove(path), value: id })),
    ...(from === to ? [] : [replace(`/endpointConfiguration/types/${from}`, to)]),
    ...(oldAddresses === newAddresses ? [] : [replace('/endpointConfiguration/ipAddressType', newAddresses)]),
    ...now.filter((id) => !old.includes(id)).map((id) => ({ ...add(path), value: id })),
  ];
}
