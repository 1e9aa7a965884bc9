import { defineResource } from '../../../kernel';
import { bool, gone, replace } from './values';

interface Properties {
  RestApiId: string;
  Name?: string;
  ValidateRequestBody?: boolean;
  ValidateRequestParameters?: boolean;
}

const provisioned = (id: string) => ({ physicalId: id, attributes: { RequestValidatorId: id } });

export const requestValidator = defineResource<Properties>({
  type: 'AWS::ApiGateway::RequestValidator',
  properties: { RestApiId: true, Name: true, ValidateRequestBody: true, ValidateRequestParameters: true },
  async create({ call, properties }) {
    const { id = '' } = await call.invoke('apigateway', 'CreateRequestValidator', {
      restApiId: properties.RestApiId,
      name: properties.Name,
      validateRequestBody: bool(properties.ValidateRequestBody),
      validateRequestParameters: bool(properties.ValidateRequestParameters),
    });
    return provisioned(id);
  },
  async update({ call, physicalId, properties }) {
    await call.invoke('apigateway', 'UpdateRequestValidator', {
      restApiId: properties.RestApiId,
      requestValidatorId: physicalId,
      patchOperations: [
        replace('/validateRequestBody', String(bool(properties.ValidateRequestBody) ?? false)),
        replace('/validateRequestParameters', String(bool(properties.ValidateRequestParameters) ?? false)),
      ],
    });
    return provisioned(physicalId);
  },
  async delete({ call, physicalId, properties }) {
    const where = { restApiId: properties.RestApiId, requestValidatorId: physicalId };
    await gone(call.invoke('apigateway', 'DeleteRequestValidator', where));
  },
});
