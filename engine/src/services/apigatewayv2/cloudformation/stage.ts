import type { AccessLogSettings, RouteSettings } from '@aws-sdk/client-apigatewayv2';
import { defineResource } from '../../../kernel';
import { bool, emptied, gone, num, retag, tagMap, texts } from './values';

interface Properties {
  ApiId: string;
  StageName: string;
  AccessLogSettings?: AccessLogSettings;
  AutoDeploy?: boolean;
  DefaultRouteSettings?: RouteSettings;
  DeploymentId?: string;
  Description?: string;
  RouteSettings?: Record<string, RouteSettings>;
  StageVariables?: Record<string, string>;
  Tags?: Record<string, string>;
}

const ROUTE_SETTINGS = {
  DataTraceEnabled: true,
  DetailedMetricsEnabled: true,
  LoggingLevel: true,
  ThrottlingBurstLimit: true,
  ThrottlingRateLimit: true,
} as const;

export const stage = defineResource<Properties>({
  type: 'AWS::ApiGatewayV2::Stage',
  properties: {
    ApiId: true,
    StageName: true,
    AccessLogSettings: { DestinationArn: true, Format: true },
    AutoDeploy: true,
    DefaultRouteSettings: ROUTE_SETTINGS,
    DeploymentId: true,
    Description: true,
    RouteSettings: true,
    StageVariables: true,
    Tags: true,
  },
  async create(context) {
    const { call, properties } = context;
    await call.invoke('apigatewayv2', 'CreateStage', {
      ...settings(properties),
      Tags: tagMap(context.tags, properties.Tags),
    });
    return { physicalId: properties.StageName };
  },
  async update(context) {
    const { call, physicalId: StageName, previous, properties } = context;
    const { ApiId } = properties;
    for (const RouteKey of Object.keys(emptied(previous.RouteSettings, properties.RouteSettings, {}))) {
      await gone(call.invoke('apigatewayv2', 'DeleteRouteSettings', { ApiId, StageName, RouteKey }));
    }
    if (previous.AccessLogSettings && !properties.AccessLogSettings)
      await call.invoke('apigatewayv2', 'DeleteAccessLogSettings', { ApiId, StageName });
    const wanted = settings(properties);
    await call.invoke('apigatewayv2', 'UpdateStage', {
      ...wanted,
      AutoDeploy: wanted.AutoDeploy ?? false,
      StageVariables: {
        ...emptied(texts(previous.StageVariables), properties.StageVariables, ''),
        ...wanted.StageVariables,
      },
    });
    await retag(call, `/apis/${ApiId}/stages/${StageName}`, tagMap(context.tags, properties.Tags));
    return { physicalId: StageName };
  },
  async delete({ call, physicalId: StageName, properties: { ApiId } }) {
    await gone(call.invoke('apigatewayv2', 'DeleteStage', { ApiId, StageName }));
  },
});

function settings({ Tags: _tags, ...properties }: Properties) {
  return {
    ...properties,
    AutoDeploy: bool(properties.AutoDeploy),
    DefaultRouteSettings: properties.DefaultRouteSettings && routeSettings(properties.DefaultRouteSettings),
    RouteSettings:
      properties.RouteSettings &&
      Object.fromEntries(
        Object.entries(properties.RouteSettings).map(([key, value]) => [key, routeSettings(value)]),
      ),
    StageVariables: texts(properties.StageVariables),
  };
}

function routeSettings(given: RouteSettings): RouteSettings {
  return {
    ...given,
    DataTraceEnabled: bool(given.DataTraceEnabled),
    DetailedMetricsEnabled: bool(given.DetailedMetricsEnabled),
    ThrottlingBurstLimit: num(given.ThrottlingBurstLimit),
    ThrottlingRateLimit: num(given.ThrottlingRateLimit),
  };
}
