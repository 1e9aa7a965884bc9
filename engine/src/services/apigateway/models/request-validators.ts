import type { RequestValidator } from '@aws-sdk/client-api-gateway';
import type { Call, Operation } from '../../../kernel';
import { badRequest, conflict, notFound, requireApi } from '../errors';
import { page } from '../pages';
import { patches, requireReplace } from '../patch';
import { tables } from '../store';

function requireValidator(call: Call, apiId: string | undefined, id: string | undefined) {
  const validator = tables(call).validators.get([apiId ?? '', id ?? '']);
  if (!validator) throw notFound('Invalid Request Validator identifier specified');
  return validator;
}

export const createRequestValidator: Operation<'apigateway', 'CreateRequestValidator'> = (input, call) => {
  const { restApiId = '' } = input;
  if (!tables(call).apis.has(restApiId)) throw badRequest('Invalid REST API identifier specified');
  const validator: RequestValidator & { id: string } = {
    id: call.ids.lower(6),
    name: input.name,
    validateRequestBody: input.validateRequestBody ?? false,
    validateRequestParameters: input.validateRequestParameters ?? false,
  };
  tables(call).validators.put([restApiId, validator.id], validator);
  return validator;
};

export const getRequestValidator: Operation<'apigateway', 'GetRequestValidator'> = (input, call) => {
  return requireValidator(call, input.restApiId, input.requestValidatorId);
};

export const getRequestValidators: Operation<'apigateway', 'GetRequestValidators'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  return page([...tables(call).validators.values({ prefix: [id] })], (validator) => validator.id, input);
};

export const updateRequestValidator: Operation<'apigateway', 'UpdateRequestValidator'> = (input, call) => {
  const validator = { ...requireValidator(call, input.restApiId, input.requestValidatorId) };
  for (const patch of patches(input.patchOperations)) {
    requireReplace(patch, ['/name', '/validateRequestParameters', '/validateRequestBody']);
    if (patch.path === '/name') {
      if (!patch.value) throw badRequest('Request Validator name cannot be blank');
      validator.name = patch.value;
    } else if (patch.path === '/validateRequestBody') validator.validateRequestBody = patch.value === 'true';
    else validator.validateRequestParameters = patch.value === 'true';
  }
  tables(call).validators.put([input.restApiId ?? '', validator.id], validator);
  return validator;
};

export const deleteRequestValidator: Operation<'apigateway', 'DeleteRequestValidator'> = (input, call) => {
  const { restApiId = '' } = input;
  const { id } = requireValidator(call, restApiId, input.requestValidatorId);
  const { resources, validators } = tables(call);
  for (const { methods, path } of resources.values({ prefix: [restApiId] })) {
    const method = Object.values(methods).find(({ requestValidatorId }) => requestValidatorId === id);
    // How the sentence goes on is that of models.
    if (method)
      throw conflict(
        `Cannot delete Request Validator '${id}', is referenced in method request: ${path}/${method.httpMethod}`,
      );
  }
  validators.remove([restApiId, id]);
  return {};
};
