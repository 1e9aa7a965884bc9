import type {
  AuthorizationType,
  AuthorizerType,
  Cors,
  CreateAuthorizerRequest,
  CreateIntegrationRequest,
  IntegrationType,
} from '@aws-sdk/client-apigatewayv2';
import { methodOfKey } from '../../../execute-api/openapi-methods';
import {
  flagOf,
  importErrors,
  isTree,
  listOf,
  numberOf,
  resolved,
  type Tree,
  textOf,
  textsOf,
  treeOf,
} from './document';

export interface PlannedRoute {
  key: string;
  integration: Omit<CreateIntegrationRequest, 'ApiId'> | undefined;
  authorization: AuthorizationType;
  /** The security scheme that is its authorizer. */
  authorizer: string | undefined;
  scopes: string[];
  operationName: string | undefined;
}

/** What an API definition comes to. */
export interface Plan {
  name: string;
  description: string | undefined;
  version: string | undefined;
  cors: Cors | undefined;
  tags: Record<string, string>;
  authorizers: Map<string, Omit<CreateAuthorizerRequest, 'ApiId'>>;
  routes: PlannedRoute[];
  /** Before every path. */
  basePath: string;
  /** What of the definition counts for nothing. */
  warnings: string[];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html */
export function readDefinition(definition: Tree): Plan {
  const info = treeOf(definition.info);
  const name = textOf(info.title);
  if (!name) throw importErrors('API title cannot be blank');
  const plan: Plan = {
    name,
    description: textOf(info.description),
    version: textOf(info.version),
    cors: corsOf(definition['x-amazon-apigateway-cors']),
    tags: tagsOf(definition.tags),
    authorizers: new Map(),
    routes: [],
    basePath: basePathOf(definition),
    warnings: warningsOf(definition),
  };
  for (const [path, methods] of Object.entries(treeOf(definition.paths))) {
    for (const [method, operation] of Object.entries(treeOf(resolved(definition, methods)))) {
      const known = methodOfKey(method);
      if (known && isTree(operation))
        plan.routes.push(routeOf(definition, plan, `${known} ${path}`, operation));
    }
  }
  return plan;
}

const KNOWN = new Set(['x-amazon-apigateway-cors', 'x-amazon-apigateway-importexport-version']);

/** HTTP APIs have neither policies nor validators, gateway responses, compression or API keys. */
function warningsOf(definition: Tree): string[] {
  return Object.keys(definition)
    .filter((key) => key.startsWith('x-amazon-apigateway-') && !KNOWN.has(key))
    .map((key) => `${key} is not supported for HTTP APIs. Ignoring.`);
}

function routeOf(definition: Tree, plan: Plan, key: string, operation: Tree): PlannedRoute {
  const given = resolved(definition, operation['x-amazon-apigateway-integration']);
  const route: PlannedRoute = {
    // A path of that name is no path.
    key: key === 'ANY /$default' ? '$default' : key,
    integration: isTree(given) ? integrationOf(given) : undefined,
    authorization: 'NONE',
    authorizer: undefined,
    scopes: [],
    operationName: textOf(operation.operationId),
  };
  if (textOf(treeOf(operation['x-amazon-apigateway-auth']).type)?.toUpperCase() === 'AWS_IAM')
    return { ...route, authorization: 'AWS_IAM' };
  const security = operation.security ?? definition.security;
  const [[scheme, scopes] = []] = Array.isArray(security)
    ? security.flatMap((one) => Object.entries(treeOf(one)))
    : [];
  return scheme === undefined
    ? route
    : { ...route, ...securedBy(definition, plan, scheme, listOf(scopes) ?? []) };
}

function securedBy(definition: Tree, plan: Plan, name: string, scopes: string[]): Partial<PlannedRoute> {
  const scheme = treeOf(resolved(definition, treeOf(treeOf(definition.components).securitySchemes)[name]));
  if (textOf(scheme['x-amazon-apigateway-authtype'])?.toLowerCase() === 'awssigv4')
    return { authorization: 'AWS_IAM' };
  const given = scheme['x-amazon-apigateway-authorizer'];
  if (!isTree(given)) throw importErrors(`Security scheme ${name} has no x-amazon-apigateway-authorizer`);
  const authorizer = authorizerOf(name, given, scheme);
  plan.authorizers.set(name, authorizer);
  return authorizer.AuthorizerType === 'JWT'
    ? { authorization: 'JWT', authorizer: name, scopes }
    : { authorization: 'CUSTOM', authorizer: name };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html */
function authorizerOf(name: string, given: Tree, scheme: Tree): Omit<CreateAuthorizerRequest, 'ApiId'> {
  const jwt = treeOf(given.jwtConfiguration);
  const type = textOf(given.type)?.toUpperCase() as AuthorizerType | undefined;
  const sources =
    textOf(given.identitySource)
      ?.split(',')
      .map((one) => one.trim()) ??
    listOf(given.identitySource) ??
    [];
  if (type === 'JWT') {
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html: OpenID Connect's URL says it too.
    const discovery = textOf(scheme.openIdConnectUrl)?.replace(/\/\.well-known\/openid-configuration$/, '');
    return {
      AuthorizerType: 'JWT',
      Name: name,
      IdentitySource: sources,
      JwtConfiguration: { Audience: listOf(jwt.audience), Issuer: textOf(jwt.issuer) ?? discovery },
    };
  }
  return {
    AuthorizerType: type,
    Name: name,
    IdentitySource: sources,
    AuthorizerCredentialsArn: textOf(given.authorizerCredentials),
    AuthorizerPayloadFormatVersion: textOf(given.authorizerPayloadFormatVersion),
    AuthorizerResultTtlInSeconds: numberOf(given.authorizerResultTtlInSeconds),
    AuthorizerUri: textOf(given.authorizerUri),
    EnableSimpleResponses: flagOf(given.enableSimpleResponses),
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html */
function integrationOf(given: Tree): Omit<CreateIntegrationRequest, 'ApiId'> {
  const type = textOf(given.type)?.toUpperCase() as IntegrationType | undefined;
  const responses = given.responseParameters;
  return {
    IntegrationType: type,
    ConnectionId: textOf(given.connectionId),
    ConnectionType: textOf(given.connectionType) as CreateIntegrationRequest['ConnectionType'],
    CredentialsArn: textOf(given.credentials),
    Description: textOf(given.description),
    IntegrationMethod: textOf(given.httpMethod)?.toUpperCase(),
    IntegrationSubtype: textOf(given.integrationSubtype),
    IntegrationUri: textOf(given.uri),
    // YAML reads 2.0 as a number.
    PayloadFormatVersion: textOf(given.payloadFormatVersion)?.replace(/^(\d)$/, '$1.0'),
    RequestParameters: textsOf(given.requestParameters),
    ResponseParameters: isTree(responses)
      ? Object.fromEntries(Object.entries(responses).map(([status, map]) => [status, textsOf(map) ?? {}]))
      : undefined,
    TimeoutInMillis: numberOf(given.timeoutInMillis),
    TlsConfig: isTree(given.tlsConfig)
      ? { ServerNameToVerify: textOf(given.tlsConfig.serverNameToVerify) }
      : undefined,
  };
}

function corsOf(given: unknown): Cors | undefined {
  if (!isTree(given)) return undefined;
  return {
    AllowCredentials: flagOf(given.allowCredentials),
    AllowHeaders: listOf(given.allowHeaders),
    AllowMethods: listOf(given.allowMethods),
    AllowOrigins: listOf(given.allowOrigins),
    ExposeHeaders: listOf(given.exposeHeaders),
    MaxAge: numberOf(given.maxAge),
  };
}

function tagsOf(given: unknown): Record<string, string> {
  const tags = (Array.isArray(given) ? given : []).map(treeOf);
  return Object.fromEntries(
    tags.flatMap((tag): [string, string][] => {
      const value = textOf(tag['x-amazon-apigateway-tag-value']);
      return value === undefined ? [] : [[textOf(tag.name) ?? '', value]];
    }),
  );
}

function basePathOf({ servers }: Tree): string {
  const [server] = Array.isArray(servers) ? servers : [];
  const { url, variables } = treeOf(server);
  const filled = (textOf(url) ?? '').replace(
    /\{(\w+)\}/g,
    (_all, name: string) => textOf(treeOf(treeOf(variables)[name]).default) ?? '',
  );
  const path = filled.replace(/^https?:\/\/[^/]*/, '').replace(/^\/|\/$/g, '');
  return path;
}
