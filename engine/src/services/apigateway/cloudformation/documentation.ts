import type { DocumentationPartLocation } from '@aws-sdk/client-api-gateway';
import { defineResource } from '../../../kernel';
import { gone, replace } from './values';

interface PartProperties {
  RestApiId: string;
  Properties: string;
  Location: {
    Type?: DocumentationPartLocation['type'];
    Path?: string;
    Method?: string;
    StatusCode?: string;
    Name?: string;
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-documentationpart.html */
export const documentationPart = defineResource<PartProperties>({
  type: 'AWS::ApiGateway::DocumentationPart',
  properties: {
    RestApiId: true,
    Properties: true,
    Location: { Type: true, Path: true, Method: true, StatusCode: true, Name: true },
  },
  async create({ call, properties: { RestApiId, Properties, Location } }) {
    const { id = '' } = await call.invoke('apigateway', 'CreateDocumentationPart', {
      restApiId: RestApiId,
      properties: Properties,
      location: {
        type: Location.Type,
        path: Location.Path,
        method: Location.Method,
        statusCode: Location.StatusCode,
        name: Location.Name,
      },
    });
    return { physicalId: id, attributes: { DocumentationPartId: id } };
  },
  async update({ call, physicalId, properties }) {
    await call.invoke('apigateway', 'UpdateDocumentationPart', {
      restApiId: properties.RestApiId,
      documentationPartId: physicalId,
      patchOperations: [replace('/properties', properties.Properties)],
    });
    return { physicalId, attributes: { DocumentationPartId: physicalId } };
  },
  async delete({ call, physicalId, properties }) {
    const where = { restApiId: properties.RestApiId, documentationPartId: physicalId };
    await gone(call.invoke('apigateway', 'DeleteDocumentationPart', where));
  },
});

interface VersionProperties {
  RestApiId: string;
  DocumentationVersion: string;
  Description?: string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-documentationversion.html */
export const documentationVersion = defineResource<VersionProperties>({
  type: 'AWS::ApiGateway::DocumentationVersion',
  properties: { RestApiId: true, DocumentationVersion: true, Description: true },
  async create({ call, properties }) {
    await call.invoke('apigateway', 'CreateDocumentationVersion', {
      restApiId: properties.RestApiId,
      documentationVersion: properties.DocumentationVersion,
      description: properties.Description,
    });
    return { physicalId: properties.DocumentationVersion };
  },
  async update({ call, physicalId, properties }) {
    await call.invoke('apigateway', 'UpdateDocumentationVersion', {
      restApiId: properties.RestApiId,
      documentationVersion: physicalId,
      patchOperations: [replace('/description', properties.Description ?? '')],
    });
    return { physicalId };
  },
  async delete({ call, physicalId, properties }) {
    const where = { restApiId: properties.RestApiId, documentationVersion: physicalId };
    await gone(call.invoke('apigateway', 'DeleteDocumentationVersion', where));
  },
});
