import type { GatewayResponseType } from '@aws-sdk/client-api-gateway';
import { type Call, defineResource } from '../../../kernel';
import { gone, texts } from './values';

interface Properties {
  RestApiId: string;
  ResponseType: GatewayResponseType;
  StatusCode?: string;
  ResponseParameters?: Record<string, string>;
  ResponseTemplates?: Record<string, string>;
}

async function put(call: Call, properties: Properties): Promise<void> {
  await call.invoke('apigateway', 'PutGatewayResponse', {
    restApiId: properties.RestApiId,
    responseType: properties.ResponseType,
    statusCode: properties.StatusCode === undefined ? undefined : String(properties.StatusCode),
    responseParameters: texts(properties.ResponseParameters),
    responseTemplates: texts(properties.ResponseTemplates),
  });
}

export const gatewayResponse = defineResource<Properties>({
  type: 'AWS::ApiGateway::GatewayResponse',
  properties: {
    RestApiId: true,
    ResponseType: true,
    StatusCode: true,
    ResponseParameters: true,
    ResponseTemplates: true,
  },
  async create(context) {
    await put(context.call, context.properties);
    const physicalId = context.name({ maxLength: 64 });
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update({ call, physicalId, properties }) {
    await put(call, properties);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async delete({ call, properties }) {
    const where = { restApiId: properties.RestApiId, responseType: properties.ResponseType };
    await gone(call.invoke('apigateway', 'DeleteGatewayResponse', where));
  },
});
