import { type Call, notImplemented, type Operation } from '../../kernel';
import { changed } from './changed';
import { said } from './changes';
import { badRequest, conflict, notFound, requireApi, requireAuthorizer, requireRoute } from './errors';
import { page } from './pages';
import { checkRouteKey } from './rules/route-key';
import { type RouteRecord, tables } from './store';

type Given = Partial<Omit<RouteRecord, 'ApiGatewayManaged' | 'RouteId'>>;

const WEBSOCKET_ONLY = [
  'ModelSelectionExpression',
  'RequestModels',
  'RequestParameters',
  'RouteResponseSelectionExpression',
] as const;

function checkRoute(call: Call, apiId: string, route: RouteRecord): void {
  checkRouteKey(route.RouteKey);
  checkTarget(call, apiId, route.Target);
  const { AuthorizationType: type, AuthorizerId, AuthorizationScopes } = route;
  if (AuthorizationScopes?.length && type !== 'JWT')
    throw badRequest('Authorization scopes are only supported for JWT authorization type');
  if (type !== 'JWT' && type !== 'CUSTOM') return;
  if (AuthorizerId === undefined)
    throw badRequest('AuthorizerId must be provided when AuthorizationType is JWT or CUSTOM');
  const authorizer = requireAuthorizer(call, apiId, AuthorizerId);
  if ((authorizer.AuthorizerType === 'JWT') !== (type === 'JWT'))
    throw badRequest(`Authorizer type does not match authorization type ${type}`);
}

function checkTarget(call: Call, apiId: string, target: string | undefined): void {
  if (target === undefined) return;
  const id = /^integrations\/([a-z0-9]+)$/.exec(target)?.[1];
  if (id === undefined) throw badRequest(`Invalid target: ${target}. Format should be "integrations/<id>"`);
  if (!tables(call).integrations.has([apiId, id]))
    throw notFound(`Invalid Integration identifier specified ${id}`);
}

function refuse(operation: string, input: Given): void {
  if (input.ApiKeyRequired) throw badRequest('API keys are not supported for HTTP APIs');
  for (const name of WEBSOCKET_ONLY) {
    if (input[name] !== undefined)
      throw notImplemented(`API Gateway ${operation} ${name} (of WebSocket APIs)`);
  }
}

function checkFree(call: Call, apiId: string, key: string): void {
  for (const route of tables(call).routes.values({ prefix: [apiId] })) {
    if (route.RouteKey === key) throw conflict(`Route with key ${key} already exists for this API`);
  }
}

export const createRoute: Operation<'apigatewayv2', 'CreateRoute'> = (input, call) => {
  const { ApiId } = requireApi(call, input.ApiId);
  refuse('CreateRoute', input);
  const route: RouteRecord = {
    ApiKeyRequired: false,
    AuthorizationType: input.AuthorizationType ?? 'NONE',
    RouteId: call.ids.lower(7),
    RouteKey: input.RouteKey!,
    ...said(input, ['AuthorizationScopes', 'AuthorizerId', 'OperationName', 'Target']),
  };
  checkRoute(call, ApiId, route);
  checkFree(call, ApiId, route.RouteKey);
  tables(call).routes.put([ApiId, route.RouteId], route);
  changed(call, ApiId);
  return route;
};

export const getRoute: Operation<'apigatewayv2', 'GetRoute'> = (input, call) =>
  requireRoute(call, input.ApiId, input.RouteId);

export const getRoutes: Operation<'apigatewayv2', 'GetRoutes'> = (input, call) =>
  page(tables(call).routes, input, [requireApi(call, input.ApiId).ApiId]);

export const updateRoute: Operation<'apigatewayv2', 'UpdateRoute'> = (input, call) => {
  const { ApiId } = requireApi(call, input.ApiId);
  const route = requireRoute(call, ApiId, input.RouteId);
  refuse('UpdateRoute', input);
  const updated: RouteRecord = {
    ...route,
    ...said(input, ['AuthorizationScopes', 'AuthorizationType', 'AuthorizerId', 'OperationName', 'Target']),
    RouteKey: input.RouteKey ?? route.RouteKey,
  };
  // Who may come in otherwise needs no authorizer any more.
  if (updated.AuthorizationType === 'NONE' || updated.AuthorizationType === 'AWS_IAM') {
    delete updated.AuthorizerId;
    delete updated.AuthorizationScopes;
  }
  checkRoute(call, ApiId, updated);
  if (updated.RouteKey !== route.RouteKey) checkFree(call, ApiId, updated.RouteKey);
  tables(call).routes.put([ApiId, route.RouteId], updated);
  changed(call, ApiId);
  return updated;
};

export const deleteRoute: Operation<'apigatewayv2', 'DeleteRoute'> = (input, call) => {
  const { ApiId } = requireApi(call, input.ApiId);
  const route = requireRoute(call, ApiId, input.RouteId);
  tables(call).routes.remove([ApiId, route.RouteId]);
  changed(call, ApiId);
  return {};
};
