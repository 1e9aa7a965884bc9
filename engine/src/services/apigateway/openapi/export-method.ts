import type { Method, MethodResponse } from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot, DeployedResource } from '../../../execute-api/deployed';
import { API_KEY, type ExportedModels, exportedAuthorizer, exportedIam } from './export-components';
import { exportedIntegration, known } from './export-integration';
import { some } from './method';
import type { Tree } from './tree';

export interface Exporting {
  version: 2 | 3;
  snapshot: ApiSnapshot;
  models: ExportedModels;
  /** What the methods ask for, by the names they call it. */
  securitySchemes: Tree;
  integrations: boolean;
  authorizers: boolean;
  /** All that API Gateway has extensions for. */
  all: boolean;
}

const KINDS: Readonly<Record<string, string>> = { path: 'path', querystring: 'query', header: 'header' };
const STRING = { type: 'string' };

export function exportedMethod(out: Exporting, resource: DeployedResource, method: Method): Tree {
  const validator = out.snapshot.validators[method.requestValidatorId ?? '']?.name;
  const parameters = [...parametersOf(out, method), ...swaggerBody(out, method)];
  return known({
    ...(out.version === 2 && contentTypes(method)),
    operationId: method.operationName,
    parameters: parameters.length > 0 ? parameters : undefined,
    requestBody: out.version === 3 ? requestBody(out, method) : undefined,
    responses: Object.fromEntries(
      Object.entries(method.methodResponses ?? {}).map(([status, one]) => [
        status,
        response(out, status, one),
      ]),
    ),
    security: securityOf(out, method),
    'x-amazon-apigateway-request-validator': out.all ? validator : undefined,
    'x-amazon-apigateway-integration':
      out.integrations && method.methodIntegration
        ? exportedIntegration(method.methodIntegration, resource.id)
        : undefined,
  });
}

function parametersOf(out: Exporting, method: Method): Tree[] {
  return Object.entries(method.requestParameters ?? {}).map(([mapping, required]) => {
    const [, , kind = '', ...name] = mapping.split('.');
    return {
      name: name.join('.'),
      in: KINDS[kind] ?? kind,
      ...(out.version === 2 ? { required } : required ? { required } : {}),
      ...(out.version === 2 ? STRING : { schema: STRING }),
    };
  });
}

/** Swagger has one body, whatever its type is. */
function swaggerBody(out: Exporting, method: Method): Tree[] {
  const [model] = Object.values(method.requestModels ?? {});
  if (out.version === 3 || model === undefined) return [];
  return [{ in: 'body', name: model, required: true, schema: out.models.reference(model) }];
}

function requestBody(out: Exporting, method: Method): Tree | undefined {
  const content = contentOf(out, method.requestModels);
  return Object.keys(content).length === 0 ? undefined : { content, required: true };
}

function contentOf(out: Exporting, models: Record<string, string> | undefined): Tree {
  const entries = Object.entries(models ?? {});
  return Object.fromEntries(entries.map(([type, model]) => [type, { schema: out.models.reference(model) }]));
}

function contentTypes(method: Method): Tree {
  const consumes = Object.keys(method.requestModels ?? {});
  const responses = Object.values(method.methodResponses ?? {});
  const produces = [...new Set(responses.flatMap((one) => Object.keys(one.responseModels ?? {})))];
  return known({
    consumes: consumes.length > 0 ? consumes : undefined,
    produces: produces.length > 0 ? produces : undefined,
  });
}

function response(out: Exporting, status: string, given: MethodResponse): Tree {
  const names = Object.keys(given.responseParameters ?? {});
  const shape = out.version === 2 ? STRING : { schema: STRING };
  const headers = some(
    Object.fromEntries(names.map((name) => [name.replace('method.response.header.', ''), shape])),
  );
  const [model] = Object.values(given.responseModels ?? {});
  const body =
    out.version === 3
      ? { content: contentOf(out, given.responseModels) }
      : { schema: model === undefined ? undefined : out.models.reference(model) };
  return known({ description: `${status} response`, headers, ...body });
}

function securityOf(out: Exporting, method: Method): Tree[] | undefined {
  const security: Tree[] = [];
  const ask = (name: string, scheme: Tree, scopes: readonly string[] = []) => {
    out.securitySchemes[name] = scheme;
    security.push({ [name]: scopes });
  };
  const authorizer = out.snapshot.authorizers?.[method.authorizerId ?? ''];
  if (authorizer?.name) {
    ask(authorizer.name, exportedAuthorizer(authorizer, out.authorizers), method.authorizationScopes);
  }
  if (method.authorizationType === 'AWS_IAM') ask('sigv4', exportedIam(out.authorizers));
  if (method.apiKeyRequired) ask('api_key', API_KEY);
  return security.length > 0 ? security : undefined;
}
