import { defineResource } from '../../../kernel';
import { gone } from './values';

interface Properties {
  RestApiId: string;
  ParentId: string;
  PathPart: string;
}

/** Every property needs a replacement, so there is no update. */
export const resource = defineResource<Properties>({
  type: 'AWS::ApiGateway::Resource',
  properties: { RestApiId: true, ParentId: true, PathPart: true },
  async create({ call, properties }) {
    const { id = '' } = await call.invoke('apigateway', 'CreateResource', {
      restApiId: properties.RestApiId,
      parentId: properties.ParentId,
      pathPart: properties.PathPart,
    });
    return { physicalId: id, attributes: { ResourceId: id } };
  },
  async delete({ call, physicalId, properties }) {
    await gone(
      call.invoke('apigateway', 'DeleteResource', {
        restApiId: properties.RestApiId,
        resourceId: physicalId,
      }),
    );
  },
});
