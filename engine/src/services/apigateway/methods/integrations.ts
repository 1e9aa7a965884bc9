import type { ContentHandlingStrategy, Integration, ResponseTransferMode } from '@aws-sdk/client-api-gateway';
import { type Call, notImplemented, type Operation } from '../../../kernel';
import { badRequest, notFound } from '../errors';
import { invalidOperation, invalidPath, type Patch, patches, patchMap } from '../patch';
import { checkContentHandling, checkIntegration } from './integration-rules';
import { putMethodRecord, requireMethod } from './methods';

type Where = { restApiId?: string; resourceId?: string; httpMethod?: string };

export const invalidIntegration = () => notFound('Invalid Integration identifier specified');

export function requireIntegration(call: Call, where: Where) {
  const { resource, method } = requireMethod(call, where.restApiId, where.resourceId, where.httpMethod);
  const integration = method.methodIntegration;
  if (!integration) throw invalidIntegration();
  return { resource, method, integration };
}

export const putIntegration: Operation<'apigateway', 'PutIntegration'> = (input, call) => {
  const { resource, method } = requireMethod(call, input.restApiId, input.resourceId, input.httpMethod);
  checkIntegration(input, method, call.account);
  const http = input.type === 'HTTP' || input.type === 'HTTP_PROXY';
  const integration: Integration = {
    type: input.type,
    httpMethod: input.type === 'MOCK' ? undefined : input.integrationHttpMethod,
    uri: input.type === 'MOCK' ? undefined : input.uri,
    credentials: input.credentials || undefined,
    connectionType: http ? (input.connectionType ?? 'INTERNET') : undefined,
    requestParameters: input.requestParameters,
    requestTemplates: input.requestTemplates,
    passthroughBehavior: passthrough(input.passthroughBehavior),
    contentHandling: input.contentHandling,
    timeoutInMillis: input.timeoutInMillis ?? 29_000,
    tlsConfig: input.tlsConfig,
    responseTransferMode: input.responseTransferMode,
    cacheNamespace: input.cacheNamespace || resource.id,
    cacheKeyParameters: [...new Set(input.cacheKeyParameters)],
    // Put again, an integration keeps no responses of the one before.
  };
  method.methodIntegration = integration;
  putMethodRecord(call, input.restApiId, resource, method);
  return integration;
};

function passthrough(value: string | undefined): string {
  if (value === undefined) return 'WHEN_NO_MATCH';
  if (!['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'].includes(value)) {
    throw badRequest(
      'Invalid passthrough behavior specified. Must be one of: [WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER]',
    );
  }
  return value;
}

export const getIntegration: Operation<'apigateway', 'GetIntegration'> = (input, call) => {
  return requireIntegration(call, input).integration;
};

export const updateIntegration: Operation<'apigateway', 'UpdateIntegration'> = (input, call) => {
  const { resource, method, integration } = requireIntegration(call, input);
  for (const patch of patches(input.patchOperations)) apply(integration, patch);
  checkIntegration(
    {
      restApiId: input.restApiId,
      resourceId: input.resourceId,
      httpMethod: input.httpMethod,
      type: integration.type,
      integrationHttpMethod: integration.httpMethod,
      uri: integration.uri,
      requestParameters: integration.requestParameters,
      requestTemplates: integration.requestTemplates,
      credentials: integration.credentials,
      contentHandling: integration.contentHandling,
      tlsConfig: integration.tlsConfig,
      responseTransferMode: integration.responseTransferMode,
      cacheKeyParameters: integration.cacheKeyParameters,
      timeoutInMillis: integration.timeoutInMillis,
    },
    method,
    call.account,
  );
  putMethodRecord(call, input.restApiId, resource, method);
  return integration;
};

const REPLACED = [
  'cacheNamespace',
  'uri',
  'httpMethod',
  'credentials',
  'contentHandling',
  'passthroughBehavior',
  'responseTransferMode',
  'timeoutInMillis',
];

function transferMode(value: string | undefined): ResponseTransferMode {
  if (value === 'BUFFERED' || value === 'STREAM') return value;
  throw badRequest('Invalid response transfer mode specified. Must be one of: [BUFFERED, STREAM]');
}

/** Empty takes it away. */
export function contentHandling(value: string | undefined): ContentHandlingStrategy | undefined {
  checkContentHandling(value);
  return value === 'CONVERT_TO_BINARY' || value === 'CONVERT_TO_TEXT' ? value : undefined;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateIntegration-Patch */
function apply(integration: Integration, patch: Patch): void {
  const [first = '', key] = patch.parts;
  const removed = patch.op === 'remove';
  if (key !== undefined) {
    if (patch.parts.length > 2) throw invalidPath(patch.path);
    if (!['add', 'replace', 'remove'].includes(patch.op))
      throw invalidOperation(['add', 'remove', 'replace']);
    const value = removed ? undefined : (patch.value ?? '');
    if (first === 'requestParameters') {
      integration.requestParameters = patchMap(integration.requestParameters, key, value);
    } else if (first === 'requestTemplates') {
      integration.requestTemplates = patchMap(integration.requestTemplates, key, value);
    } else if (first === 'tlsConfig' && key === 'insecureSkipVerification') {
      if (patch.op !== 'replace') throw invalidOperation(['replace']);
      integration.tlsConfig = { insecureSkipVerification: value === 'true' };
    } else if (first === 'cacheKeyParameters') {
      if (patch.op === 'replace') throw invalidOperation(['add', 'remove']);
      const others = (integration.cacheKeyParameters ?? []).filter((name) => name !== key);
      integration.cacheKeyParameters = removed ? others : [...others, key];
    } else throw invalidPath(patch.path);
    return;
  }
  if (['connectionType', 'connectionId'].includes(first)) {
    throw notImplemented(`API Gateway UpdateIntegration /${first}`);
  }
  if (!REPLACED.includes(first)) throw invalidPath(patch.path);
  if (patch.op !== 'replace') throw invalidOperation(['replace']);
  if (first === 'uri') integration.uri = patch.value;
  else if (first === 'cacheNamespace') integration.cacheNamespace = patch.value;
  else if (first === 'httpMethod') integration.httpMethod = patch.value;
  else if (first === 'responseTransferMode') integration.responseTransferMode = transferMode(patch.value);
  else if (first === 'credentials') integration.credentials = patch.value || undefined;
  else if (first === 'contentHandling') integration.contentHandling = contentHandling(patch.value);
  else if (first === 'passthroughBehavior') integration.passthroughBehavior = passthrough(patch.value);
  else integration.timeoutInMillis = Number(patch.value);
}

export const deleteIntegration: Operation<'apigateway', 'DeleteIntegration'> = (input, call) => {
  const { resource, method } = requireIntegration(call, input);
  delete method.methodIntegration;
  putMethodRecord(call, input.restApiId, resource, method);
  return {};
};
