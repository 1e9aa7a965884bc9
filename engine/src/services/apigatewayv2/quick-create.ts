import type { Call } from '../../kernel';
import { changed, wholeSeconds } from './changed';
import { badRequest } from './errors';
import { newIntegration } from './integrations';
import { checkIntegration } from './rules/integration';
import { checkRouteKey } from './rules/route-key';
import { tables } from './store';

interface Quick {
  Target?: string | undefined;
  RouteKey?: string | undefined;
  CredentialsArn?: string | undefined;
}

/**
 * An API with an integration, a route that leads to it (all requests, if none is named) and a stage, in one call.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop.html
 */
export function quickCreate(call: Call, apiId: string, { Target, RouteKey, CredentialsArn }: Quick): void {
  const { integrations, routes, stages } = tables(call);
  const key = RouteKey ?? '$default';
  checkRouteKey(key);
  const isUrl = /^https?:/.test(Target ?? '');
  const integration = {
    ...newIntegration(call, {
      IntegrationType: isUrl ? 'HTTP_PROXY' : 'AWS_PROXY',
      IntegrationMethod: isUrl ? 'ANY' : undefined,
      IntegrationUri: Target,
      PayloadFormatVersion: isUrl ? '1.0' : '2.0',
      CredentialsArn,
    }),
    ApiGatewayManaged: true,
  };
  integrations.put([apiId, integration.IntegrationId], integration);
  const RouteId = call.ids.lower(7);
  routes.put([apiId, RouteId], {
    ApiGatewayManaged: true,
    ApiKeyRequired: false,
    AuthorizationType: 'NONE',
    RouteId,
    RouteKey: key,
    Target: `integrations/${integration.IntegrationId}`,
  });
  stages.put([apiId, '$default'], {
    ApiGatewayManaged: true,
    AutoDeploy: true,
    CreatedDate: wholeSeconds(call),
    DefaultRouteSettings: { DetailedMetricsEnabled: false },
    LastUpdatedDate: wholeSeconds(call),
    RouteSettings: {},
    StageName: '$default',
    StageVariables: {},
    Tags: {},
  });
  changed(call, apiId);
}

/** Changes what quick create made; of another API there is nothing to change. */
export function quickUpdate(call: Call, apiId: string, { Target, RouteKey, CredentialsArn }: Quick): void {
  const { integrations, routes } = tables(call);
  const prefix = [apiId];
  const integration = [...integrations.values({ prefix })].find((one) => one.ApiGatewayManaged);
  const route = [...routes.values({ prefix })].find((one) => one.ApiGatewayManaged);
  if (!integration || !route)
    throw badRequest(
      'Target, RouteKey and CredentialsArn can only be updated for APIs made with quick create',
    );
  if (RouteKey !== undefined) {
    checkRouteKey(RouteKey);
    routes.put([apiId, route.RouteId], { ...route, RouteKey });
  }
  const changedOnes = {
    ...integration,
    ...(Target === undefined ? {} : { IntegrationUri: Target }),
    ...(CredentialsArn === undefined ? {} : { CredentialsArn }),
  };
  checkIntegration(changedOnes);
  integrations.put([apiId, integration.IntegrationId], changedOnes);
}
