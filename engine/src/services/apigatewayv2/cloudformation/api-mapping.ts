import { defineResource } from '../../../kernel';
import { gone } from './values';

interface Properties {
  ApiId: string;
  DomainName: string;
  Stage: string;
  ApiMappingKey?: string;
}

export const apiMapping = defineResource<Properties>({
  type: 'AWS::ApiGatewayV2::ApiMapping',
  properties: { ApiId: true, DomainName: true, Stage: true, ApiMappingKey: true },
  async create({ call, properties }) {
    const { ApiMappingId = '' } = await call.invoke('apigatewayv2', 'CreateApiMapping', properties);
    return { physicalId: ApiMappingId, attributes: { ApiMappingId } };
  },
  async update({ call, physicalId: ApiMappingId, properties }) {
    const ApiMappingKey = properties.ApiMappingKey ?? '';
    await call.invoke('apigatewayv2', 'UpdateApiMapping', { ...properties, ApiMappingKey, ApiMappingId });
    return { physicalId: ApiMappingId, attributes: { ApiMappingId } };
  },
  async delete({ call, physicalId: ApiMappingId, properties: { DomainName } }) {
    await gone(call.invoke('apigatewayv2', 'DeleteApiMapping', { DomainName, ApiMappingId }));
  },
});
