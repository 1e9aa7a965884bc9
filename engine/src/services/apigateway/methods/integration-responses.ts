import type { IntegrationResponse, Method } from '@aws-sdk/client-api-gateway';
import type { Call, Operation } from '../../../kernel';
import { badRequest, notFound, requireResource } from '../errors';
import { invalidOperation, invalidPath, type Patch, patches, patchMap } from '../patch';
import { checkTemplates } from './integration-rules';
import { contentHandling, invalidIntegration, requireIntegration } from './integrations';
import { invalidMapping, undeclaredParameter } from './method-rules';
import { putMethodRecord } from './methods';

type Where = { restApiId?: string; resourceId?: string; httpMethod?: string; statusCode?: string };

/** AWS answers "invalid integration" here for a method that is not there. */
function requireResponse(call: Call, where: Where) {
  const resource = requireResource(call, where.restApiId, where.resourceId);
  const method = resource.methods[where.httpMethod ?? ''];
  if (!method?.methodIntegration) throw invalidIntegration();
  const response = method.methodIntegration.integrationResponses?.[where.statusCode ?? ''];
  if (!response) throw notFound('Invalid Response status code specified');
  return { resource, method, integration: method.methodIntegration, response };
}

function checkMapping(method: Method, statusCode: string, target: string, source: string): void {
  if (!/^method\.response\.(header|multivalueheader)\.\S+$/.test(target)) throw invalidMapping(target);
  const declared = target.replace('.multivalueheader.', '.header.');
  if (method.methodResponses?.[statusCode]?.responseParameters?.[declared] === undefined) {
    throw undeclaredParameter(target);
  }
  const known =
    /^'.*'$/s.test(source) ||
    /^(context|stageVariables)\.\S+$/.test(source) ||
    /^integration\.response\.(header|multivalueheader)\.\S+$/.test(source) ||
    /^integration\.response\.body(\.\S+)?$/.test(source);
  if (!known) throw invalidMapping(source);
}

function checkPattern(pattern: string | undefined): void {
  try {
    if (pattern) new RegExp(pattern);
  } catch {
    throw badRequest(`Invalid selection pattern specified: ${pattern}`);
  }
}

export const putIntegrationResponse: Operation<'apigateway', 'PutIntegrationResponse'> = (input, call) => {
  const { resource, method, integration } = requireIntegration(call, input);
  const statusCode = input.statusCode ?? '';
  checkPattern(input.selectionPattern);
  checkTemplates(input.responseTemplates);
  for (const [target, source] of Object.entries(input.responseParameters ?? {})) {
    checkMapping(method, statusCode, target, source);
  }
  const response: IntegrationResponse = {
    statusCode,
    selectionPattern: input.selectionPattern,
    responseParameters: input.responseParameters,
    responseTemplates: input.responseTemplates,
    contentHandling: input.contentHandling,
  };
  integration.integrationResponses = { ...integration.integrationResponses, [statusCode]: response };
  putMethodRecord(call, input.restApiId, resource, method);
  return response;
};

export const getIntegrationResponse: Operation<'apigateway', 'GetIntegrationResponse'> = (input, call) => {
  return requireResponse(call, input).response;
};

export const updateIntegrationResponse: Operation<'apigateway', 'UpdateIntegrationResponse'> = (
  input,
  call,
) => {
  const { resource, method, response } = requireResponse(call, input);
  for (const patch of patches(input.patchOperations)) apply(method, response, patch);
  putMethodRecord(call, input.restApiId, resource, method);
  return response;
};

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateIntegrationResponse-Patch */
function apply(method: Method, response: IntegrationResponse, patch: Patch): void {
  const [first, key] = patch.parts;
  if (first === 'contentHandling' && key === undefined) {
    if (patch.op !== 'replace') throw invalidOperation(['replace']);
    response.contentHandling = contentHandling(patch.value);
    return;
  }
  if (first === 'selectionPattern' && key === undefined) {
    if (patch.op !== 'replace') throw invalidOperation(['replace']);
    checkPattern(patch.value);
    response.selectionPattern = patch.value;
    return;
  }
  if (key === undefined || patch.parts.length > 2) throw invalidPath(patch.path);
  if (!['add', 'replace', 'remove'].includes(patch.op)) throw invalidOperation(['add', 'remove', 'replace']);
  const value = patch.op === 'remove' ? undefined : (patch.value ?? '');
  if (first === 'responseTemplates') {
    response.responseTemplates = patchMap(response.responseTemplates, key, value);
  } else if (first === 'responseParameters') {
    if (value !== undefined) checkMapping(method, response.statusCode ?? '', key, value);
    response.responseParameters = patchMap(response.responseParameters, key, value);
  } else throw invalidPath(patch.path);
}

export const deleteIntegrationResponse: Operation<'apigateway', 'DeleteIntegrationResponse'> = (
  input,
  call,
) => {
  const { resource, method, integration, response } = requireResponse(call, input);
  integration.integrationResponses = patchMap(
    integration.integrationResponses,
    response.statusCode ?? '',
    undefined,
  );
  putMethodRecord(call, input.restApiId, resource, method);
  return {};
};
