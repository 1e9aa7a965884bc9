import type { Cors } from '@aws-sdk/client-apigatewayv2';
import { defineResource, type ResourceContext, whileMaking } from '../../../kernel';
import { bool, gone, num, retag, tagMap } from './values';

interface Properties {
  Name?: string;
  ProtocolType?: 'HTTP' | 'WEBSOCKET';
  ApiKeySelectionExpression?: string;
  BasePath?: string;
  Body?: object;
  FailOnWarnings?: boolean;
  CorsConfiguration?: Cors;
  CredentialsArn?: string;
  Description?: string;
  DisableExecuteApiEndpoint?: boolean;
  IpAddressType?: 'ipv4' | 'dualstack';
  RouteKey?: string;
  RouteSelectionExpression?: string;
  Tags?: Record<string, string>;
  Target?: string;
  Version?: string;
}

export const api = defineResource<Properties>({
  type: 'AWS::ApiGatewayV2::Api',
  properties: {
    Name: true,
    ProtocolType: true,
    ApiKeySelectionExpression: true,
    BasePath: true,
    Body: true,
    FailOnWarnings: true,
    CorsConfiguration: {
      AllowCredentials: true,
      AllowHeaders: true,
      AllowMethods: true,
      AllowOrigins: true,
      ExposeHeaders: true,
      MaxAge: true,
    },
    CredentialsArn: true,
    Description: true,
    DisableExecuteApiEndpoint: true,
    IpAddressType: true,
    RouteKey: true,
    RouteSelectionExpression: true,
    Tags: true,
    Target: true,
    Version: true,
  },
  async create(context) {
    const { call, properties } = context;
    if (properties.Body) return imported(context, properties.Body);
    const made = await call.invoke('apigatewayv2', 'CreateApi', {
      ...settings(properties),
      Name: properties.Name ?? context.name(),
      ProtocolType: properties.ProtocolType,
      CredentialsArn: properties.CredentialsArn,
      RouteKey: properties.RouteKey,
      Target: properties.Target,
      Tags: tagMap(context.tags, properties.Tags),
    });
    return provisioned(call.region, call.account, made.ApiId ?? '', made.ApiEndpoint ?? '');
  },
  async update(context) {
    const { call, physicalId: ApiId, previous, properties } = context;
    if (properties.Body) {
      if (JSON.stringify(previous.Body) !== JSON.stringify(properties.Body))
        await call.invoke('apigatewayv2', 'ReimportApi', {
          ...definition(properties, properties.Body),
          ApiId,
        });
      return beside(context, ApiId);
    }
    if (previous.CorsConfiguration && !properties.CorsConfiguration)
      await call.invoke('apigatewayv2', 'DeleteCorsConfiguration', { ApiId });
    const quick = (given: Properties) => [given.CredentialsArn, given.RouteKey, given.Target].join(' ');
    const made = await call.invoke('apigatewayv2', 'UpdateApi', {
      ApiId,
      Name: properties.Name,
      ...settings(properties),
      ...(quick(previous) === quick(properties)
        ? {}
        : {
            CredentialsArn: properties.CredentialsArn,
            RouteKey: properties.RouteKey ?? '$default',
            Target: properties.Target ?? '',
          }),
    });
    await retag(call, `/apis/${ApiId}`, tagMap(context.tags, properties.Tags));
    return provisioned(call.region, call.account, ApiId, made.ApiEndpoint ?? '');
  },
  async delete({ call, physicalId }) {
    await gone(call.invoke('apigatewayv2', 'DeleteApi', { ApiId: physicalId }));
  },
});

const definition = ({ BasePath, FailOnWarnings }: Properties, body: object) => ({
  Basepath: BasePath,
  Body: JSON.stringify(body),
  FailOnWarnings: bool(FailOnWarnings),
});

async function imported(context: ResourceContext<Properties>, body: object) {
  const { call, properties } = context;
  const { ApiId = '' } = await call.invoke('apigatewayv2', 'ImportApi', definition(properties, body));
  return whileMaking(ApiId, () => beside(context, ApiId));
}

/** What a template says beside a definition goes before it. */
async function beside({ call, properties, tags }: ResourceContext<Properties>, ApiId: string) {
  const made = await call.invoke('apigatewayv2', 'UpdateApi', {
    ApiId,
    Name: properties.Name,
    ...settings(properties),
  });
  const Tags = tagMap(tags, properties.Tags);
  if (Tags) {
    const ResourceArn = `arn:aws:apigateway:${call.region}::/apis/${ApiId}`;
    await call.invoke('apigatewayv2', 'TagResource', { ResourceArn, Tags });
  }
  return provisioned(call.region, call.account, ApiId, made.ApiEndpoint ?? '');
}

function settings(properties: Properties) {
  const cors = properties.CorsConfiguration;
  return {
    ApiKeySelectionExpression: properties.ApiKeySelectionExpression,
    CorsConfiguration: cors && {
      ...cors,
      AllowCredentials: bool(cors.AllowCredentials),
      MaxAge: num(cors.MaxAge),
    },
    Description: properties.Description,
    DisableExecuteApiEndpoint: bool(properties.DisableExecuteApiEndpoint),
    IpAddressType: properties.IpAddressType,
    RouteSelectionExpression: properties.RouteSelectionExpression,
    Version: properties.Version,
  };
}

function provisioned(region: string, account: string, ApiId: string, ApiEndpoint: string) {
  const ExecuteApiArn = `arn:aws:execute-api:${region}:${account}:${ApiId}`;
  return { physicalId: ApiId, attributes: { ApiId, ApiEndpoint, ExecuteApiArn } };
}
