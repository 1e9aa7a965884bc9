import { AwsError, type Call } from '../../kernel';
import {
  type ApiRecord,
  type AuthorizerRecord,
  type IntegrationRecord,
  type RouteRecord,
  type StageRecord,
  tables,
} from './store';

export const notFound = (message: string) => new AwsError('NotFoundException', message, { status: 404 });
export const badRequest = (message: string) => new AwsError('BadRequestException', message, { status: 400 });
export const conflict = (message: string) => new AwsError('ConflictException', message, { status: 409 });

export function requireApi(call: Call, id: string | undefined): ApiRecord {
  const api = tables(call).apis.get(id ?? '');
  if (!api) throw notFound(`Invalid API identifier specified ${call.account}:${id}`);
  return api;
}

export function requireRoute(call: Call, apiId: string | undefined, id: string | undefined): RouteRecord {
  const route = tables(call).routes.get([requireApi(call, apiId).ApiId, id ?? '']);
  if (!route) throw notFound(`Invalid Route identifier specified ${id}`);
  return route;
}

export function requireIntegration(
  call: Call,
  apiId: string | undefined,
  id: string | undefined,
): IntegrationRecord {
  const integration = tables(call).integrations.get([requireApi(call, apiId).ApiId, id ?? '']);
  if (!integration) throw notFound(`Invalid Integration identifier specified ${id}`);
  return integration;
}

export function requireAuthorizer(
  call: Call,
  apiId: string | undefined,
  id: string | undefined,
): AuthorizerRecord {
  const authorizer = tables(call).authorizers.get([requireApi(call, apiId).ApiId, id ?? '']);
  if (!authorizer) throw notFound(`Invalid Authorizer identifier specified ${id}`);
  return authorizer;
}

export function requireStage(call: Call, apiId: string | undefined, name: string | undefined): StageRecord {
  const stage = tables(call).stages.get([requireApi(call, apiId).ApiId, name ?? '']);
  if (!stage) throw notFound('Invalid stage identifier specified');
  return stage;
}
