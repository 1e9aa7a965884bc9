import type { EndpointConfiguration, PatchOperation } from '@aws-sdk/client-api-gateway';
import { type Call, isAwsError } from '../../../kernel';
import { badRequest } from '../errors';
import { invalidOperation, invalidPath, type Patch, patches } from '../patch';

const TYPES = ['EDGE', 'REGIONAL', 'PRIVATE'] as const;
const ONLY_PRIVATE = 'VPCEndpoints can only be specified with PRIVATE apis.';
const ONLY_DUALSTACK = 'Only dualstack ipAddressType is supported for Private APIs.';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-endpoint-types.html */
export function newEndpointConfiguration(given: EndpointConfiguration | undefined): EndpointConfiguration {
  const types = given?.types ?? ['EDGE'];
  if (types.length === 0)
    throw badRequest('REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.');
  if (types.length > 1) throw badRequest('Cannot create an api with multiple Endpoint Types.');
  const isPrivate = types[0] === 'PRIVATE';
  const vpcEndpointIds = [...new Set(given?.vpcEndpointIds)];
  if (vpcEndpointIds.length > 0 && !isPrivate) throw badRequest(ONLY_PRIVATE);
  if (isPrivate && given?.ipAddressType === 'ipv4') throw badRequest(ONLY_DUALSTACK);
  return {
    types,
    ipAddressType: given?.ipAddressType ?? (isPrivate ? 'dualstack' : 'ipv4'),
    ...(vpcEndpointIds.length > 0 ? { vpcEndpointIds } : {}),
  };
}

/**
 * Private APIs become regional ones only.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-api-migration.html
 */
export function patchEndpointConfiguration(
  before: EndpointConfiguration | undefined,
  patch: Patch,
): EndpointConfiguration {
  const [, member, third, rest] = patch.parts;
  if (rest !== undefined) throw invalidPath(patch.path);
  if (member === 'vpcEndpointIds') return patchVpcEndpoints(before, patch);
  if (member === 'types' && third !== undefined) return patchType(before, patch);
  if (member === 'ipAddressType' && third === undefined) return patchAddresses(before, patch);
  throw invalidPath(patch.path);
}

function patchType(before: EndpointConfiguration | undefined, { op, value }: Patch): EndpointConfiguration {
  if (op !== 'replace')
    throw badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'");
  const type = TYPES.find((one) => one === value);
  if (!type) throw badRequest('Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE');
  const [old = 'EDGE'] = before?.types ?? [];
  if (old === 'PRIVATE' && type === 'EDGE') {
    throw badRequest('Cannot update endpoint type from PRIVATE to EDGE');
  }
  if (type !== 'PRIVATE' && before?.vpcEndpointIds?.length) throw badRequest(ONLY_PRIVATE);
  return { ...before, types: [type], ...(type === 'PRIVATE' ? { ipAddressType: 'dualstack' } : {}) };
}

function patchAddresses(
  before: EndpointConfiguration | undefined,
  { op, value }: Patch,
): EndpointConfiguration {
  if (op !== 'replace') throw invalidOperation(['replace']);
  if (value !== 'ipv4' && value !== 'dualstack')
    throw badRequest('ipAddressType must be either ipv4 or dualstack.');
  if (value === 'ipv4' && before?.types?.[0] === 'PRIVATE') throw badRequest(ONLY_DUALSTACK);
  return { ...before, ipAddressType: value };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/associate-private-api-with-vpc-endpoint.html */
function patchVpcEndpoints(
  before: EndpointConfiguration | undefined,
  { op, parts: [, , named], value = named }: Patch,
): EndpointConfiguration {
  if (op !== 'add' && op !== 'remove') throw invalidOperation(['add', 'remove']);
  if (op === 'add' && before?.types?.[0] !== 'PRIVATE') throw badRequest(ONLY_PRIVATE);
  const others = (before?.vpcEndpointIds ?? []).filter((id) => id !== value);
  const { vpcEndpointIds: _old, ...rest } = before ?? {};
  const ids = op === 'add' && value ? [...others, value] : others;
  return ids.length > 0 ? { ...rest, vpcEndpointIds: ids } : rest;
}

/** The VPC endpoints that an update names as new. */
export const addedEndpoints = (operations: readonly PatchOperation[] | undefined): string[] =>
  patches(operations)
    .filter(({ op, parts }) => op === 'add' && parts[0] === 'endpointConfiguration')
    .flatMap(({ parts, value = parts[2] }) => value ?? []);

/** Only endpoints for API Gateway lead to APIs. */
export async function checkVpcEndpoints(call: Call, ids: readonly string[] | undefined): Promise<void> {
  const as = call.parts.identity.root(call.account);
  const service = `com.amazonaws.${call.region}.execute-api`;
  for (const id of ids ?? []) {
    const found = await call
      .invoke('ec2', 'DescribeVpcEndpoints', { VpcEndpointIds: [id] }, { as })
      .catch((error) => {
        if (isAwsError(error) && error.code.startsWith('InvalidVpcEndpoint')) return undefined;
        throw error;
      });
    if (found?.VpcEndpoints?.[0]?.ServiceName !== service)
      throw badRequest(`Invalid VPC endpoint identifier specified: ${id}`);
  }
}
