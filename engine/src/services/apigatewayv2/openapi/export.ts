import type { Authorizer, Cors, Integration, Route } from '@aws-sdk/client-apigatewayv2';
import { yamlDump } from 'yaml-cfn';
import { keyOfMethod } from '../../../execute-api/openapi-methods';
import type { HttpApiSnapshot } from '../../../http-api/deployed';
import type { Operation, Output } from '../../../kernel';
import { badRequest, requireApi, requireStage } from '../errors';
import { snapshotOf } from '../snapshot';
import { type ApiRecord, tables } from '../store';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-export.html */
export const exportApi: Operation<'apigatewayv2', 'ExportApi'> = (input, call) => {
  const api = requireApi(call, input.ApiId);
  if (input.Specification !== 'OAS30') throw badRequest('Invalid specification. Must be one of: [OAS30]');
  const type = input.OutputType;
  if (type !== 'JSON' && type !== 'YAML')
    throw badRequest('Invalid output type. Must be one of: [JSON, YAML]');
  if (input.ExportVersion !== undefined && input.ExportVersion !== '1.0')
    throw badRequest('Invalid export version. Must be one of: [1.0]');
  const all = tables(call);
  let snapshot = snapshotOf(all, api);
  if (input.StageName !== undefined) {
    const stage = requireStage(call, api.ApiId, input.StageName);
    snapshot = all.snapshots.get([api.ApiId, stage.DeploymentId ?? '']) ?? snapshot;
  }
  const definition = definitionOf(
    api,
    snapshot,
    call.region,
    input.IncludeExtensions ?? true,
    input.StageName,
  );
  const text = type === 'JSON' ? JSON.stringify(definition, undefined, 2) : yamlDump(definition);
  // What a client calls a blob is bytes here.
  return { body: Buffer.from(text) as unknown as Output<'apigatewayv2', 'ExportApi'>['body'] };
};

type Tree = Record<string, unknown>;

function definitionOf(
  api: ApiRecord,
  { authorizers, cors, integrations, routes }: HttpApiSnapshot,
  region: string,
  extensions: boolean,
  stage: string | undefined,
): Tree {
  const paths: Record<string, Tree> = {};
  for (const route of routes) {
    const [method = '', path = '/$default'] = (route.RouteKey ?? '').split(' ');
    const name = keyOfMethod(method === '$default' ? 'ANY' : method);
    const id = route.Target?.split('/')[1] ?? '';
    const operation = operationOf(route, extensions ? integrations[id] : undefined, authorizers);
    paths[path] = { ...(paths[path] ?? parametersOf(path)), [name]: operation };
  }
  const schemes = Object.values(authorizers).map((one) => [one.Name ?? '', schemeOf(one, extensions)]);
  const basePath = stage === undefined || stage === '$default' ? '' : stage;
  return {
    openapi: '3.0.1',
    info: {
      title: api.Name,
      ...(api.Description === undefined ? {} : { description: api.Description }),
      version: api.Version ?? api.CreatedDate.toISOString().replace(/\.\d+Z$/, 'Z'),
    },
    servers: [
      {
        url: `https://${api.ApiId}.execute-api.${region}.amazonaws.com/{basePath}`,
        variables: { basePath: { default: basePath } },
      },
    ],
    ...(Object.keys(api.Tags ?? {}).length === 0 ? {} : { tags: tagsOf(api.Tags ?? {}) }),
    paths,
    ...(schemes.length === 0 ? {} : { components: { securitySchemes: Object.fromEntries(schemes) } }),
    ...(extensions && cors ? { 'x-amazon-apigateway-cors': corsOf(cors) } : {}),
    ...(extensions ? { 'x-amazon-apigateway-importexport-version': '1.0' } : {}),
  };
}

function parametersOf(path: string): Tree {
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
  if (names.length === 0) return {};
  return {
    parameters: names.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
  };
}

function operationOf(
  route: Route,
  integration: Integration | undefined,
  authorizers: Readonly<Record<string, Authorizer>>,
): Tree {
  const scheme = authorizers[route.AuthorizerId ?? '']?.Name;
  return {
    ...(route.OperationName === undefined ? {} : { operationId: route.OperationName }),
    responses: { default: { description: `Default response for ${route.RouteKey}` } },
    ...(scheme === undefined ? {} : { security: [{ [scheme]: route.AuthorizationScopes ?? [] }] }),
    ...(route.AuthorizationType === 'AWS_IAM' ? { 'x-amazon-apigateway-auth': { type: 'AWS_IAM' } } : {}),
    ...(integration ? { 'x-amazon-apigateway-integration': integrationOf(integration) } : {}),
  };
}

/** Members under the names that definitions have for them. */
function renamed(from: object, names: Readonly<Record<string, string>>): Tree {
  return Object.fromEntries(
    Object.entries(names).flatMap(([member, name]) => {
      const value: unknown = Reflect.get(from, member);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

const integrationOf = (integration: Integration): Tree => ({
  ...renamed(integration, {
    PayloadFormatVersion: 'payloadFormatVersion',
    IntegrationMethod: 'httpMethod',
    IntegrationUri: 'uri',
    ConnectionType: 'connectionType',
    CredentialsArn: 'credentials',
    Description: 'description',
    RequestParameters: 'requestParameters',
    ResponseParameters: 'responseParameters',
    TimeoutInMillis: 'timeoutInMillis',
  }),
  type: integration.IntegrationType?.toLowerCase(),
});

function schemeOf(authorizer: Authorizer, extensions: boolean): Tree {
  const isJwt = authorizer.AuthorizerType === 'JWT';
  const base: Tree = isJwt ? { type: 'oauth2' } : { type: 'apiKey', name: 'Authorization', in: 'header' };
  if (!extensions) return base;
  const { Audience, Issuer } = authorizer.JwtConfiguration ?? {};
  return {
    ...base,
    'x-amazon-apigateway-authorizer': {
      ...renamed(authorizer, {
        AuthorizerUri: 'authorizerUri',
        AuthorizerPayloadFormatVersion: 'authorizerPayloadFormatVersion',
        AuthorizerResultTtlInSeconds: 'authorizerResultTtlInSeconds',
        AuthorizerCredentialsArn: 'authorizerCredentials',
        EnableSimpleResponses: 'enableSimpleResponses',
      }),
      identitySource: (authorizer.IdentitySource ?? []).join(','),
      ...(isJwt ? { jwtConfiguration: { audience: Audience, issuer: Issuer } } : {}),
      type: authorizer.AuthorizerType?.toLowerCase(),
    },
  };
}

const corsOf = (cors: Cors): Tree =>
  renamed(cors, {
    AllowCredentials: 'allowCredentials',
    AllowHeaders: 'allowHeaders',
    AllowMethods: 'allowMethods',
    AllowOrigins: 'allowOrigins',
    ExposeHeaders: 'exposeHeaders',
    MaxAge: 'maxAge',
  });

const tagsOf = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([name, value]) => ({ name, 'x-amazon-apigateway-tag-value': value }));
