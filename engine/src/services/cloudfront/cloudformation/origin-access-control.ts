import type { OriginAccessControlConfig } from '@aws-sdk/client-cloudfront';
import { defineResource, isAwsError } from '../../../kernel';

interface Properties {
  OriginAccessControlConfig: OriginAccessControlConfig;
}

export const originAccessControl = defineResource<Properties>({
  type: 'AWS::CloudFront::OriginAccessControl',
  properties: {
    OriginAccessControlConfig: {
      Name: true,
      Description: true,
      OriginAccessControlOriginType: true,
      SigningBehavior: true,
      SigningProtocol: true,
    },
  },
  async create({ call, properties }) {
    const { OriginAccessControl } = await call.invoke('cloudfront', 'CreateOriginAccessControl', {
      OriginAccessControlConfig: properties.OriginAccessControlConfig,
    });
    const id = OriginAccessControl?.Id ?? '';
    return { physicalId: id, attributes: { Id: id } };
  },
  async update({ call, physicalId, properties }) {
    const { ETag } = await call.invoke('cloudfront', 'GetOriginAccessControl', { Id: physicalId });
    await call.invoke('cloudfront', 'UpdateOriginAccessControl', {
      Id: physicalId,
      IfMatch: ETag,
      OriginAccessControlConfig: properties.OriginAccessControlConfig,
    });
    return { physicalId, attributes: { Id: physicalId } };
  },
  async delete({ call, physicalId }) {
    try {
      const { ETag } = await call.invoke('cloudfront', 'GetOriginAccessControl', { Id: physicalId });
      await call.invoke('cloudfront', 'DeleteOriginAccessControl', { Id: physicalId, IfMatch: ETag });
    } catch (error) {
      if (!isAwsError(error, 'NoSuchOriginAccessControl')) throw error;
    }
  },
});
