import type { GatewayResponse, GatewayResponseType } from '@aws-sdk/client-api-gateway';
import { DEFAULT_STATUS, DEFAULT_TEMPLATE, gatewayResponseOf } from '../../execute-api/faults';
import type { Call, Operation } from '../../kernel';
import { badRequest, notFound, requireApi } from './errors';
import { invalidPath, type Patch, patches } from './patch';
import { tables } from './store';

const TYPES = Object.keys(DEFAULT_STATUS).sort() as GatewayResponseType[];

function customised(call: Call, apiId: string): Record<string, GatewayResponse> {
  const out: Record<string, GatewayResponse> = {};
  for (const response of tables(call).gatewayResponses.values({ prefix: [apiId] })) {
    out[response.responseType ?? ''] = response;
  }
  return out;
}

export const putGatewayResponse: Operation<'apigateway', 'PutGatewayResponse'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const type = input.responseType!;
  const response: GatewayResponse = {
    responseType: type,
    statusCode: input.statusCode ?? DEFAULT_STATUS[type],
    responseParameters: input.responseParameters ?? {},
    responseTemplates: input.responseTemplates ?? { 'application/json': DEFAULT_TEMPLATE },
    defaultResponse: false,
  };
  for (const name of Object.keys(response.responseParameters ?? {})) checkParameter(name);
  tables(call).gatewayResponses.put([id, type], response);
  return response;
};

function checkParameter(name: string): void {
  if (!/^gatewayresponse\.header\.\S+$/.test(name)) {
    throw badRequest(
      `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${name}]`,
    );
  }
}

export const getGatewayResponse: Operation<'apigateway', 'GetGatewayResponse'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  return gatewayResponseOf(input.responseType!, customised(call, id));
};

export const getGatewayResponses: Operation<'apigateway', 'GetGatewayResponses'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const own = customised(call, id);
  return { items: TYPES.map((type) => gatewayResponseOf(type, own)) };
};

export const deleteGatewayResponse: Operation<'apigateway', 'DeleteGatewayResponse'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  if (!tables(call).gatewayResponses.remove([id, input.responseType!])) {
    throw notFound('Gateway response type not defined on api');
  }
  return {};
};

export const updateGatewayResponse: Operation<'apigateway', 'UpdateGatewayResponse'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const type = input.responseType!;
  const current = gatewayResponseOf(type, customised(call, id));
  const response: GatewayResponse = {
    ...current,
    responseParameters: { ...current.responseParameters },
    responseTemplates: { ...current.responseTemplates },
    defaultResponse: false,
  };
  for (const patch of patches(input.patchOperations)) apply(response, patch);
  tables(call).gatewayResponses.put([id, type], response);
  return response;
};

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateGatewayResponse-Patch */
function apply(response: GatewayResponse, patch: Patch): void {
  const [first, key] = patch.parts;
  if (first === 'statusCode' && key === undefined) {
    if (patch.op !== 'replace') throw invalidPath(patch.path);
    response.statusCode = patch.value;
    return;
  }
  if ((first !== 'responseParameters' && first !== 'responseTemplates') || key === undefined) {
    throw invalidPath(patch.path);
  }
  const map = response[first] ?? {};
  if (patch.op === 'remove' || patch.op === 'replace') {
    if (map[key] === undefined) throw notFound('Invalid parameter name specified');
  } else if (patch.op !== 'add') throw invalidPath(patch.path);
  if (patch.op === 'remove') {
    delete map[key];
    return;
  }
  if (!patch.value) throw badRequest(`Invalid null or empty value in ${first}`);
  if (first === 'responseParameters') checkParameter(key);
  map[key] = patch.value;
}
