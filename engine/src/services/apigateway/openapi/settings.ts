import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { type Call, notImplemented } from '../../../kernel';
import { badRequest } from '../errors';
import { addedEndpoints, checkVpcEndpoints } from '../rest-apis/endpoint-configuration';
import { compressionSize, patchRestApi } from '../rest-apis/rest-api-patch';
import type { ApiRecord } from '../store';
import { type Definition, endpointConfigurationOf } from './document';
import { flag, list, number, text, tree } from './tree';

export type Mode = 'merge' | 'overwrite';

const union = (one: readonly string[], other: readonly string[]): string[] => [
  ...new Set([...one, ...other]),
];

/** The API with what the document says of it as a whole. */
export async function withSettings(
  call: Call,
  api: ApiRecord,
  definition: Definition,
  mode: Mode,
): Promise<ApiRecord> {
  const { root } = definition;
  const extension = (name: string) => root[`x-amazon-apigateway-${name}`];
  for (const name of ['security-policy', 'endpoint-access-mode']) {
    if (extension(name) !== undefined) throw notImplemented(`API Gateway x-amazon-apigateway-${name}`);
  }
  const info = tree(root.info);
  const kept = mode === 'merge' ? api : undefined;
  const types = list(extension('binary-media-types')).flatMap((one) => text(one) ?? []);
  const binary = union(kept?.binaryMediaTypes ?? [], types);
  const size = number(extension('minimum-compression-size'));
  const updated: ApiRecord = {
    ...api,
    name: text(info.title) ?? api.name,
    description: text(info.description) ?? kept?.description,
    version: text(info.version) ?? kept?.version,
    binaryMediaTypes: binary.length > 0 ? binary : undefined,
    minimumCompressionSize: size === undefined ? kept?.minimumCompressionSize : compressionSize(size),
    apiKeySource: keySource(extension('api-key-source')) ?? kept?.apiKeySource ?? 'HEADER',
  };
  const operations = patches(definition, kept === undefined && api.policy !== undefined);
  await checkVpcEndpoints(call, addedEndpoints(operations));
  return patchRestApi(call, updated, operations);
}

function keySource(given: unknown): 'HEADER' | 'AUTHORIZER' | undefined {
  if (given === undefined) return undefined;
  const source = text(given)?.toUpperCase();
  if (source === 'HEADER' || source === 'AUTHORIZER') return source;
  throw badRequest('Invalid apiKeySource specified. Must be one of: [HEADER, AUTHORIZER]');
}

/** What has rules of its own is set as an update would. */
function patches(definition: Definition, dropPolicy: boolean): PatchOperation[] {
  const operations: PatchOperation[] = [];
  const policy = definition.root['x-amazon-apigateway-policy'];
  if (policy !== undefined || dropPolicy) {
    const value = policy === undefined ? '' : (text(policy) ?? JSON.stringify(policy));
    operations.push({ op: 'replace', path: '/policy', value });
  }
  const endpoint = endpointConfigurationOf(definition);
  if (endpoint.disableExecuteApiEndpoint !== undefined) {
    const value = String(flag(endpoint.disableExecuteApiEndpoint));
    operations.push({ op: 'replace', path: '/disableExecuteApiEndpoint', value });
  }
  for (const id of list(endpoint.vpcEndpointIds).flatMap((one) => text(one) ?? [])) {
    operations.push({ op: 'add', path: '/endpointConfiguration/vpcEndpointIds', value: id });
  }
  return operations;
}
