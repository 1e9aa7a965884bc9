import type { MethodResponse } from '@aws-sdk/client-api-gateway';
import type { Call, Operation } from '../../../kernel';
import { conflict, notFound } from '../errors';
import { invalidOperation, invalidPath, patches, patchMap } from '../patch';
import { checkModels, invalidMapping } from './method-rules';
import { putMethodRecord, requireMethod } from './methods';

type Where = { restApiId?: string; resourceId?: string; httpMethod?: string; statusCode?: string };

function requireMethodResponse(call: Call, where: Where) {
  const { resource, method } = requireMethod(call, where.restApiId, where.resourceId, where.httpMethod);
  const response = method.methodResponses?.[where.statusCode ?? ''];
  if (!response) throw notFound('Invalid Response status code specified');
  return { resource, method, response };
}

function checkParameter(name: string): void {
  if (!/^method\.response\.header\.[^\s]+$/.test(name)) throw invalidMapping(name);
}

export const putMethodResponse: Operation<'apigateway', 'PutMethodResponse'> = (input, call) => {
  const { resource, method } = requireMethod(call, input.restApiId, input.resourceId, input.httpMethod);
  const statusCode = input.statusCode ?? '';
  if (method.methodResponses?.[statusCode]) throw conflict('Response already exists for this resource');
  checkModels(call, input.restApiId ?? '', input.responseModels);
  for (const name of Object.keys(input.responseParameters ?? {})) checkParameter(name);
  const response: MethodResponse = {
    statusCode,
    responseParameters: input.responseParameters,
    responseModels: input.responseModels,
  };
  method.methodResponses = { ...method.methodResponses, [statusCode]: response };
  putMethodRecord(call, input.restApiId, resource, method);
  return response;
};

export const getMethodResponse: Operation<'apigateway', 'GetMethodResponse'> = (input, call) => {
  return requireMethodResponse(call, input).response;
};

export const updateMethodResponse: Operation<'apigateway', 'UpdateMethodResponse'> = (input, call) => {
  const { resource, method, response } = requireMethodResponse(call, input);
  for (const patch of patches(input.patchOperations)) {
    const [first, key] = patch.parts;
    if (key === undefined || patch.parts.length > 2) throw invalidPath(patch.path);
    if (!['add', 'replace', 'remove'].includes(patch.op))
      throw invalidOperation(['add', 'remove', 'replace']);
    const removed = patch.op === 'remove';
    if (first === 'responseParameters') {
      checkParameter(key);
      const value = removed ? undefined : patch.value === 'true';
      response.responseParameters = patchMap(response.responseParameters, key, value);
    } else if (first === 'responseModels') {
      if (!removed) checkModels(call, input.restApiId ?? '', { [key]: patch.value ?? '' });
      response.responseModels = patchMap(response.responseModels, key, removed ? undefined : patch.value);
    } else throw invalidPath(patch.path);
  }
  putMethodRecord(call, input.restApiId, resource, method);
  return response;
};

export const deleteMethodResponse: Operation<'apigateway', 'DeleteMethodResponse'> = (input, call) => {
  const { resource, method, response } = requireMethodResponse(call, input);
  method.methodResponses = patchMap(method.methodResponses, response.statusCode ?? '', undefined);
  putMethodRecord(call, input.restApiId, resource, method);
  return {};
};
