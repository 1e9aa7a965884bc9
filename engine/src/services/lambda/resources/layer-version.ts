import type { Architecture, Runtime } from '@aws-sdk/client-lambda';
import { defineResource } from '../../../kernel';

interface LayerVersionProperties {
  Content: { S3Bucket: string; S3Key: string; S3ObjectVersion?: string };
  LayerName?: string;
  Description?: string;
  LicenseInfo?: string;
  CompatibleRuntimes?: Runtime[];
  CompatibleArchitectures?: Architecture[];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-layerversion.html */
export const layerVersion = defineResource<LayerVersionProperties>({
  type: 'AWS::Lambda::LayerVersion',
  properties: {
    Content: { S3Bucket: true, S3Key: true, S3ObjectVersion: true },
    LayerName: true,
    Description: true,
    LicenseInfo: true,
    CompatibleRuntimes: true,
    CompatibleArchitectures: true,
  },
  async create({ call, properties, logicalId }) {
    const { LayerVersionArn } = await call.invoke('lambda', 'PublishLayerVersion', {
      ...properties,
      // CloudFormation names a layer after its logical id, without a suffix.
      LayerName: properties.LayerName ?? logicalId,
    });
    return { physicalId: LayerVersionArn!, attributes: { LayerVersionArn } };
  },
  async delete({ call, physicalId }) {
    const parts = physicalId.split(':');
    await call.invoke('lambda', 'DeleteLayerVersion', {
      LayerName: parts.at(-2),
      VersionNumber: Number(parts.at(-1)),
    });
  },
});
