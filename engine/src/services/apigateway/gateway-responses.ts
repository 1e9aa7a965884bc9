import type { GatewayResponse, GatewayResponseType } from '@aws-sdk/client-api-gateway';
import { DEFAULT_STATUS, DEFAULT_TEMPLATE, gatewayResponseOf } from '../../execute-api/faults';
import type { Call, Operation } from '../../kernel';
import { badRequest, notFound, requireApi } from './errors';
import { invalidMapping } from './methods/method-rules';
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
  for (const [name, value] of Object.entries(response.responseParameters ?? {})) checkParameter(name, value);
  tables(call).gatewayResponses.put([id, type], response);
  return response;
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html */
function checkParameter(name: string, value: string): void {
  if (!/^gatewayresponse\.header\.\S+$/.test(name)) throw invalidMapping(name);
  const known =
    /^'.*'$/s.test(value) ||
    /^(?:context|stageVariables)\.\S+$/.test(value) ||
    /^method\.request\.(?:path|(?:multivalue)?(?:querystring|header))\.\S+$/.test(value);
  if (!known) throw invalidMapping(value);
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
    if (!/^[1-5]\d\d$/.test(patch.value ?? '')) throw badRequest('Invalid status code specified');
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
  if (first === 'responseParameters') checkParameter(key, patch.value);
  map[key] = patch.value;
}
