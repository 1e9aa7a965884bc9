import type { Call } from '../../kernel';
import { changed, wholeSeconds } from './changed';
import { newIntegration } from './integrations';
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
