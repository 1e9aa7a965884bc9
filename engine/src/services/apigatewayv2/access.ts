import { type Access, arn, type Call, type Needed, passRole } from '../../kernel';
import { domainTables, tables } from './store';

type Keys = NonNullable<Needed['keys']>;
type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Actions are HTTP's verbs, and resources the paths of the API, less its version.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
 */
function onPath(call: Call, verb: Verb, path: string, keys: Keys = {}): Needed {
  return {
    action: `apigateway:${verb}`,
    resource: arn('apigateway', call.region, '', path),
    keys: { ...resourceKeys(call, path), ...keys },
    tags: () => tagsOf(call, path),
  };
}

/** The same for a template of the path, whose names are the input's members. */
const on =
  (verb: Verb, template: string, keysOf: (input: object) => Keys = () => ({})) =>
  (input: object, call: Call): Needed[] => [
    onPath(
      call,
      verb,
      template.replace(/\{(\w+)\}/g, (_all, member: string) => String(Reflect.get(input, member) ?? '')),
      keysOf(input),
    ),
    ...roles(input, call),
  ];

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/security-iam-awsmanpol.html */
function roles(input: object, call: Call): Needed[] {
  const given = ['CredentialsArn', 'AuthorizerCredentialsArn'].map((name): unknown =>
    Reflect.get(input, name),
  );
  return given
    .filter((role): role is string => typeof role === 'string' && /:role\//.test(role))
    .map((role) => passRole(call, role, 'apigateway.amazonaws.com'));
}

const one = (value: unknown) => (value === undefined ? undefined : [String(value)]);

function resourceKeys(call: Call, path: string): Keys {
  const [, apiId = '', kind, id = ''] = path.split('/').slice(1);
  const all = () => tables(call);
  const stage = () => (kind === 'stages' ? all().stages.get([apiId, id]) : undefined);
  const authorizer = () => (kind === 'authorizers' ? all().authorizers.get([apiId, id]) : undefined);
  const route = () => (kind === 'routes' ? all().routes.get([apiId, id]) : undefined);
  return {
    'apigateway:Resource/ApiName': () => one(all().apis.get(apiId)?.Name),
    'apigateway:Resource/DisableExecuteApiEndpoint': () =>
      one(all().apis.get(apiId)?.DisableExecuteApiEndpoint),
    'apigateway:Resource/AuthorizerType': () => one(authorizer()?.AuthorizerType),
    'apigateway:Resource/AuthorizerUri': () => one(authorizer()?.AuthorizerUri),
    'apigateway:Resource/RouteAuthorizationType': () => one(route()?.AuthorizationType),
    'apigateway:Resource/AccessLoggingDestination': () => one(stage()?.AccessLogSettings?.DestinationArn),
    'apigateway:Resource/AccessLoggingFormat': () => one(stage()?.AccessLogSettings?.Format),
  };
}

/** What the request asks for, by the members that say it. */
function requestKeys(input: object): Keys {
  const log: unknown = Reflect.get(input, 'AccessLogSettings');
  const logging = typeof log === 'object' && log !== null ? log : {};
  const said: [string, unknown][] = [
    ['ApiName', Reflect.get(input, 'Name')],
    ['DisableExecuteApiEndpoint', Reflect.get(input, 'DisableExecuteApiEndpoint')],
    ['AuthorizerType', Reflect.get(input, 'AuthorizerType')],
    ['AuthorizerUri', Reflect.get(input, 'AuthorizerUri')],
    ['RouteAuthorizationType', Reflect.get(input, 'AuthorizationType')],
    ['StageName', Reflect.get(input, 'StageName')],
    ['AccessLoggingDestination', Reflect.get(logging, 'DestinationArn')],
    ['AccessLoggingFormat', Reflect.get(logging, 'Format')],
  ];
  return Object.fromEntries(
    said
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [`apigateway:Request/${name}`, String(value)]),
  );
}

/** What is tagged as it is made has no id yet. */
function taggingNew(call: Call, path: string, tags: object | undefined): Needed[] {
  if (Object.keys(tags ?? {}).length === 0) return [];
  return [onPath(call, 'POST', `/tags/${encodeURIComponent(arn('apigateway', call.region, '', path))}`)];
}

/** Tags are kept under the ARN of what has them, which is a part of the path. */
const onTags =
  (verb: Verb) =>
  (input: { ResourceArn: string | undefined }, call: Call): Needed[] => {
    const resource = input.ResourceArn ?? '';
    const tags = () => tagsOf(call, resource.split(':').slice(5).join(':'));
    const needed = { ...onPath(call, verb, `/tags/${encodeURIComponent(resource)}`), tags };
    if (verb === 'GET') return [needed];
    return [needed, { action: 'apigateway:PATCH', resource, tags }];
  };

/** A stage has tags of its own; all else of an API has the API's. */
function tagsOf(call: Call, path: string): Record<string, string> | undefined {
  const name = /^\/domainnames\/([^/]+)/.exec(path)?.[1];
  if (name !== undefined) return domainTables(call.store).domains.get(name)?.Tags;
  const [, apiId, stage] = /^\/apis\/(\w+)(?:\/stages\/([^/]+))?/.exec(path) ?? [];
  if (apiId === undefined) return undefined;
  const { apis, stages } = tables(call);
  return stage === undefined ? apis.get(apiId)?.Tags : stages.get([apiId, stage])?.Tags;
}

const access: Access<'apigatewayv2'> = {
  CreateApi: (input, call) => [
    onPath(call, 'POST', '/apis', requestKeys(input)),
    ...roles(input, call),
    ...taggingNew(call, '/apis/*', input.Tags),
  ],
  GetApi: on('GET', '/apis/{ApiId}'),
  GetApis: on('GET', '/apis'),
  UpdateApi: on('PATCH', '/apis/{ApiId}', requestKeys),
  DeleteApi: on('DELETE', '/apis/{ApiId}'),
  DeleteCorsConfiguration: on('DELETE', '/apis/{ApiId}/cors'),
  ImportApi: on('PUT', '/apis'),
  ReimportApi: on('PUT', '/apis/{ApiId}'),
  ExportApi: on('GET', '/apis/{ApiId}/exports/{Specification}'),
  CreateRoute: on('POST', '/apis/{ApiId}/routes', requestKeys),
  GetRoute: on('GET', '/apis/{ApiId}/routes/{RouteId}'),
  GetRoutes: on('GET', '/apis/{ApiId}/routes'),
  UpdateRoute: on('PATCH', '/apis/{ApiId}/routes/{RouteId}', requestKeys),
  DeleteRoute: on('DELETE', '/apis/{ApiId}/routes/{RouteId}'),
  CreateIntegration: on('POST', '/apis/{ApiId}/integrations'),
  GetIntegration: on('GET', '/apis/{ApiId}/integrations/{IntegrationId}'),
  GetIntegrations: on('GET', '/apis/{ApiId}/integrations'),
  UpdateIntegration: on('PATCH', '/apis/{ApiId}/integrations/{IntegrationId}'),
  DeleteIntegration: on('DELETE', '/apis/{ApiId}/integrations/{IntegrationId}'),
  CreateAuthorizer: on('POST', '/apis/{ApiId}/authorizers', requestKeys),
  GetAuthorizer: on('GET', '/apis/{ApiId}/authorizers/{AuthorizerId}'),
  GetAuthorizers: on('GET', '/apis/{ApiId}/authorizers'),
  UpdateAuthorizer: on('PATCH', '/apis/{ApiId}/authorizers/{AuthorizerId}', requestKeys),
  DeleteAuthorizer: on('DELETE', '/apis/{ApiId}/authorizers/{AuthorizerId}'),
  ResetAuthorizersCache: on('DELETE', '/apis/{ApiId}/stages/{StageName}/cache/authorizers'),
  CreateStage: (input, call) => [
    onPath(call, 'POST', `/apis/${input.ApiId}/stages`, requestKeys(input)),
    ...taggingNew(call, `/apis/${input.ApiId}/stages/${input.StageName}`, input.Tags),
  ],
  GetStage: on('GET', '/apis/{ApiId}/stages/{StageName}'),
  GetStages: on('GET', '/apis/{ApiId}/stages'),
  UpdateStage: on('PATCH', '/apis/{ApiId}/stages/{StageName}', requestKeys),
  DeleteStage: on('DELETE', '/apis/{ApiId}/stages/{StageName}'),
  DeleteAccessLogSettings: on('DELETE', '/apis/{ApiId}/stages/{StageName}/accesslogsettings'),
  DeleteRouteSettings: on('DELETE', '/apis/{ApiId}/stages/{StageName}/routesettings/{RouteKey}'),
  CreateDeployment: on('POST', '/apis/{ApiId}/deployments', requestKeys),
  GetDeployment: on('GET', '/apis/{ApiId}/deployments/{DeploymentId}'),
  GetDeployments: on('GET', '/apis/{ApiId}/deployments'),
  UpdateDeployment: on('PATCH', '/apis/{ApiId}/deployments/{DeploymentId}'),
  DeleteDeployment: on('DELETE', '/apis/{ApiId}/deployments/{DeploymentId}'),
  CreateDomainName: (input, call) => [
    onPath(call, 'POST', '/domainnames', requestKeys(input)),
    ...taggingNew(call, `/domainnames/${input.DomainName}`, input.Tags),
  ],
  GetDomainName: on('GET', '/domainnames/{DomainName}'),
  GetDomainNames: on('GET', '/domainnames'),
  UpdateDomainName: on('PATCH', '/domainnames/{DomainName}'),
  DeleteDomainName: on('DELETE', '/domainnames/{DomainName}'),
  CreateApiMapping: on('POST', '/domainnames/{DomainName}/apimappings'),
  GetApiMapping: on('GET', '/domainnames/{DomainName}/apimappings/{ApiMappingId}'),
  GetApiMappings: on('GET', '/domainnames/{DomainName}/apimappings'),
  UpdateApiMapping: on('PATCH', '/domainnames/{DomainName}/apimappings/{ApiMappingId}'),
  DeleteApiMapping: on('DELETE', '/domainnames/{DomainName}/apimappings/{ApiMappingId}'),
  TagResource: onTags('POST'),
  UntagResource: onTags('DELETE'),
  GetTags: onTags('GET'),
};

export default access;
