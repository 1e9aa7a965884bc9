import { defineResource } from '../../../kernel';
import { gone, replace } from './values';

interface Properties {
  RestApiId: string;
  Name?: string;
  ContentType?: string;
  Description?: string;
  Schema?: unknown;
}

const schemaText = (schema: unknown) => (typeof schema === 'string' ? schema : JSON.stringify(schema ?? {}));

export const model = defineResource<Properties>({
  type: 'AWS::ApiGateway::Model',
  properties: { RestApiId: true, Name: true, ContentType: true, Description: true, Schema: true },
  async create(context) {
    const { call, properties } = context;
    const { name = '' } = await call.invoke('apigateway', 'CreateModel', {
      restApiId: properties.RestApiId,
      // Models' names have no hyphens.
      name: properties.Name ?? context.name({ maxLength: 120 }).replace(/[^a-zA-Z0-9]/g, ''),
      contentType: properties.ContentType ?? 'application/json',
      description: properties.Description,
      schema: schemaText(properties.Schema),
    });
    return { physicalId: name };
  },
  async update({ call, physicalId, properties }) {
    await call.invoke('apigateway', 'UpdateModel', {
      restApiId: properties.RestApiId,
      modelName: physicalId,
      patchOperations: [
        replace('/schema', schemaText(properties.Schema)),
        replace('/description', properties.Description ?? ''),
      ],
    });
    return { physicalId };
  },
  async delete({ call, physicalId, properties }) {
    const where = { restApiId: properties.RestApiId, modelName: physicalId };
    await gone(call.invoke('apigateway', 'DeleteModel', where));
  },
});
