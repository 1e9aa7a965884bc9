import type { Method } from '@aws-sdk/client-api-gateway';
import type { Call, Operation } from '../../../kernel';
import { badRequest, conflict, notFound, requireResource } from '../errors';
import { patches } from '../patch';
import { type ResourceRecord, tables } from '../store';
import { authorizationOf, isAuthorization, patchAuthorization } from './method-authorization';
import { applyMethodPatch } from './method-patch';
import { checkModels, checkRequestParameter, checkValidator } from './method-rules';

const HTTP_METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'ANY'];

const invalidMethod = () => notFound('Invalid Method identifier specified');

export function requireMethod(
  call: Call,
  apiId: string | undefined,
  resourceId: string | undefined,
  httpMethod: string | undefined,
): { resource: ResourceRecord; method: Method } {
  const resource = requireResource(call, apiId, resourceId);
  const name = httpMethod ?? '';
  const method = Object.hasOwn(resource.methods, name) ? resource.methods[name] : undefined;
  if (!method) throw invalidMethod();
  return { resource, method };
}

export function putMethodRecord(
  call: Call,
  apiId: string | undefined,
  resource: ResourceRecord,
  method: Method,
): void {
  resource.methods[method.httpMethod ?? ''] = method;
  tables(call).resources.put([apiId ?? '', resource.id], resource);
}

export const putMethod: Operation<'apigateway', 'PutMethod'> = (input, call) => {
  const resource = requireResource(call, input.restApiId, input.resourceId);
  const httpMethod = input.httpMethod ?? '';
  if (!HTTP_METHODS.includes(httpMethod)) {
    throw badRequest(`Invalid HttpMethod specified. Valid options are ${HTTP_METHODS.join(',')}`);
  }
  if (Object.hasOwn(resource.methods, httpMethod)) throw conflict('Method already exists for this resource');
  const authorization = authorizationOf(call, input.restApiId ?? '', input);
  checkValidator(call, input.restApiId ?? '', input.requestValidatorId);
  checkModels(call, input.restApiId ?? '', input.requestModels);
  for (const name of Object.keys(input.requestParameters ?? {})) checkRequestParameter(name);
  const method: Method = {
    httpMethod,
    ...authorization,
    apiKeyRequired: input.apiKeyRequired ?? false,
    operationName: input.operationName || undefined,
    requestParameters: input.requestParameters,
    requestModels: input.requestModels,
    requestValidatorId: input.requestValidatorId || undefined,
  };
  putMethodRecord(call, input.restApiId, resource, method);
  return method;
};

export const getMethod: Operation<'apigateway', 'GetMethod'> = (input, call) => {
  return requireMethod(call, input.restApiId, input.resourceId, input.httpMethod).method;
};

export const updateMethod: Operation<'apigateway', 'UpdateMethod'> = (input, call) => {
  const { resource, method } = requireMethod(call, input.restApiId, input.resourceId, input.httpMethod);
  const all = patches(input.patchOperations);
  for (const patch of all)
    if (!isAuthorization(patch)) applyMethodPatch(call, input.restApiId ?? '', method, patch);
  patchAuthorization(call, input.restApiId ?? '', method, all.filter(isAuthorization));
  putMethodRecord(call, input.restApiId, resource, method);
  return method;
};

export const deleteMethod: Operation<'apigateway', 'DeleteMethod'> = (input, call) => {
  const { resource, method } = requireMethod(call, input.restApiId, input.resourceId, input.httpMethod);
  delete resource.methods[method.httpMethod ?? ''];
  tables(call).resources.put([input.restApiId ?? '', resource.id], resource);
  return {};
};
