import type { JWTConfiguration } from '@aws-sdk/client-apigatewayv2';
import { defineResource } from '../../../kernel';
import { bool, gone, num } from './values';

interface Properties {
  ApiId: string;
  AuthorizerType: 'JWT' | 'REQUEST';
  Name: string;
  AuthorizerCredentialsArn?: string;
  AuthorizerPayloadFormatVersion?: string;
  AuthorizerResultTtlInSeconds?: number;
  AuthorizerUri?: string;
  EnableSimpleResponses?: boolean;
  IdentitySource?: string[];
  JwtConfiguration?: JWTConfiguration;
}

export const authorizer = defineResource<Properties>({
  type: 'AWS::ApiGatewayV2::Authorizer',
  properties: {
    ApiId: true,
    AuthorizerType: true,
    Name: true,
    AuthorizerCredentialsArn: true,
    AuthorizerPayloadFormatVersion: true,
    AuthorizerResultTtlInSeconds: true,
    AuthorizerUri: true,
    EnableSimpleResponses: true,
    IdentitySource: true,
    JwtConfiguration: { Audience: true, Issuer: true },
  },
  async create({ call, properties }) {
    const { AuthorizerId = '' } = await call.invoke('apigatewayv2', 'CreateAuthorizer', settings(properties));
    return { physicalId: AuthorizerId, attributes: { AuthorizerId } };
  },
  async update({ call, physicalId: AuthorizerId, properties }) {
    await call.invoke('apigatewayv2', 'UpdateAuthorizer', { ...settings(properties), AuthorizerId });
    return { physicalId: AuthorizerId, attributes: { AuthorizerId } };
  },
  async delete({ call, physicalId: AuthorizerId, properties: { ApiId } }) {
    await gone(call.invoke('apigatewayv2', 'DeleteAuthorizer', { ApiId, AuthorizerId }));
  },
});

const settings = (properties: Properties) => ({
  ...properties,
  AuthorizerResultTtlInSeconds: num(properties.AuthorizerResultTtlInSeconds),
  EnableSimpleResponses: bool(properties.EnableSimpleResponses),
  IdentitySource: properties.IdentitySource ?? [],
});
