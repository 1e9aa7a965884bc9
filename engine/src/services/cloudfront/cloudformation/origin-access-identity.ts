import { defineResource, isAwsError } from '../../../kernel';

interface Properties {
  CloudFrontOriginAccessIdentityConfig: { Comment: string };
}

export const originAccessIdentity = defineResource<Properties>({
  type: 'AWS::CloudFront::CloudFrontOriginAccessIdentity',
  properties: { CloudFrontOriginAccessIdentityConfig: { Comment: true } },
  async create({ call, properties }) {
    const { CloudFrontOriginAccessIdentity: identity } = await call.invoke(
      'cloudfront',
      'CreateCloudFrontOriginAccessIdentity',
      {
        CloudFrontOriginAccessIdentityConfig: {
          CallerReference: call.ids.uuid(),
          Comment: properties.CloudFrontOriginAccessIdentityConfig.Comment,
        },
      },
    );
    const id = identity?.Id ?? '';
    return { physicalId: id, attributes: { Id: id, S3CanonicalUserId: identity?.S3CanonicalUserId ?? '' } };
  },
  async update({ call, physicalId, properties, attributes }) {
    const current = await call.invoke('cloudfront', 'GetCloudFrontOriginAccessIdentityConfig', {
      Id: physicalId,
    });
    await call.invoke('cloudfront', 'UpdateCloudFrontOriginAccessIdentity', {
      Id: physicalId,
      IfMatch: current.ETag,
      CloudFrontOriginAccessIdentityConfig: {
        CallerReference: current.CloudFrontOriginAccessIdentityConfig?.CallerReference,
        Comment: properties.CloudFrontOriginAccessIdentityConfig.Comment,
      },
    });
    return { physicalId, attributes: { ...attributes } };
  },
  async delete({ call, physicalId }) {
    try {
      const { ETag } = await call.invoke('cloudfront', 'GetCloudFrontOriginAccessIdentity', {
        Id: physicalId,
      });
      await call.invoke('cloudfront', 'DeleteCloudFrontOriginAccessIdentity', {
        Id: physicalId,
        IfMatch: ETag,
      });
    } catch (error) {
      if (!isAwsError(error, 'NoSuchCloudFrontOriginAccessIdentity')) throw error;
    }
  },
});
