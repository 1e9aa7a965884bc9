import { defineResource } from '../../../kernel';
import { bool, gone } from './values';

interface Properties {
  ApiId: string;
  RouteKey: string;
  ApiKeyRequired?: boolean;
  AuthorizationScopes?: string[];
  AuthorizationType?: 'AWS_IAM' | 'CUSTOM' | 'JWT' | 'NONE';
  AuthorizerId?: string;
  OperationName?: string;
  Target?: string;
}

export const route = defineResource<Properties>({
  type: 'AWS::ApiGatewayV2::Route',
  properties: {
    ApiId: true,
    RouteKey: true,
    ApiKeyRequired: true,
    AuthorizationScopes: true,
    AuthorizationType: true,
    AuthorizerId: true,
    OperationName: true,
    Target: true,
  },
  async create({ call, properties }) {
    const { RouteId = '' } = await call.invoke('apigatewayv2', 'CreateRoute', settings(properties));
    return { physicalId: RouteId, attributes: { RouteId } };
  },
  async update({ call, physicalId: RouteId, properties }) {
    const { AuthorizationType = 'NONE' } = properties;
    await call.invoke('apigatewayv2', 'UpdateRoute', { ...settings(properties), AuthorizationType, RouteId });
    return { physicalId: RouteId, attributes: { RouteId } };
  },
  async delete({ call, physicalId: RouteId, properties: { ApiId } }) {
    await gone(call.invoke('apigatewayv2', 'DeleteRoute', { ApiId, RouteId }));
  },
});

const settings = (properties: Properties) => ({
  ...properties,
  ApiKeyRequired: bool(properties.ApiKeyRequired),
});
