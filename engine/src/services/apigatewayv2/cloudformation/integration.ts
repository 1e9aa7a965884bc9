import { defineResource } from '../../../kernel';
import { emptied, gone, num, texts } from './values';

interface Properties {
  ApiId: string;
  IntegrationType: 'AWS_PROXY' | 'HTTP_PROXY';
  ConnectionType?: 'INTERNET' | 'VPC_LINK';
  CredentialsArn?: string;
  Description?: string;
  IntegrationMethod?: string;
  IntegrationSubtype?: string;
  IntegrationUri?: string;
  PayloadFormatVersion?: string;
  RequestParameters?: Record<string, string>;
  ResponseParameters?: Record<string, { ResponseParameters?: { Destination: string; Source: string }[] }>;
  TimeoutInMillis?: number;
}

export const integration = defineResource<Properties>({
  type: 'AWS::ApiGatewayV2::Integration',
  properties: {
    ApiId: true,
    IntegrationType: true,
    ConnectionType: true,
    CredentialsArn: true,
    Description: true,
    IntegrationMethod: true,
    // Refused by CreateIntegration, with its name.
    IntegrationSubtype: true,
    IntegrationUri: true,
    PayloadFormatVersion: true,
    RequestParameters: true,
    ResponseParameters: true,
    TimeoutInMillis: true,
  },
  async create({ call, properties }) {
    const { IntegrationId = '' } = await call.invoke(
      'apigatewayv2',
      'CreateIntegration',
      settings(properties),
    );
    return { physicalId: IntegrationId, attributes: { IntegrationId } };
  },
  async update({ call, physicalId: IntegrationId, previous, properties }) {
    const { RequestParameters, ResponseParameters, ...rest } = settings(properties);
    const before = settings(previous);
    await call.invoke('apigatewayv2', 'UpdateIntegration', {
      ...rest,
      IntegrationId,
      RequestParameters: {
        ...emptied(before.RequestParameters, RequestParameters, ''),
        ...RequestParameters,
      },
      ResponseParameters: {
        ...emptied(before.ResponseParameters, ResponseParameters, {}),
        ...ResponseParameters,
      },
    });
    return { physicalId: IntegrationId, attributes: { IntegrationId } };
  },
  async delete({ call, physicalId: IntegrationId, properties: { ApiId } }) {
    await gone(call.invoke('apigatewayv2', 'DeleteIntegration', { ApiId, IntegrationId }));
  },
});

function settings(properties: Properties) {
  return {
    ...properties,
    RequestParameters: texts(properties.RequestParameters),
    ResponseParameters: responseParameters(properties.ResponseParameters),
    TimeoutInMillis: num(properties.TimeoutInMillis),
  };
}

/** Templates have a list where the API has a map. */
function responseParameters(given: Properties['ResponseParameters']) {
  return (
    given &&
    Object.fromEntries(
      Object.entries(given).map(([status, { ResponseParameters: list = [] }]) => [
        status,
        Object.fromEntries(list.map(({ Destination, Source }) => [Destination, String(Source)])),
      ]),
    )
  );
}
