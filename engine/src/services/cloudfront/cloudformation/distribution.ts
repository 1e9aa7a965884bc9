import { type Call, defineResource, isAwsError } from '../../../kernel';
import { toConfig } from './distribution-config';
import { CONFIG_TREE, type TemplateConfig } from './distribution-types';
import { gone } from './values';

interface Properties {
  DistributionConfig: TemplateConfig;
  Tags?: { Key: string; Value: string }[];
}

const provisioned = (id: string, domainName: string) => ({
  physicalId: id,
  attributes: { Id: id, DomainName: domainName },
});

export const distribution = defineResource<Properties>({
  type: 'AWS::CloudFront::Distribution',
  properties: { DistributionConfig: CONFIG_TREE, Tags: true },
  async create(context) {
    const { call, properties } = context;
    const tags = [...context.tags, ...(properties.Tags ?? [])];
    const config = toConfig(properties.DistributionConfig, call.ids.uuid());
    const { Distribution } = await call.invoke('cloudfront', 'CreateDistributionWithTags', {
      DistributionConfigWithTags: { DistributionConfig: config, Tags: { Items: tags } },
    });
    return provisioned(Distribution?.Id ?? '', Distribution?.DomainName ?? '');
  },
  async update({ call, physicalId, properties, tags }) {
    const { ETag, DistributionConfig } = await call.invoke('cloudfront', 'GetDistributionConfig', {
      Id: physicalId,
    });
    const config = toConfig(properties.DistributionConfig, DistributionConfig?.CallerReference ?? '');
    const { Distribution } = await call.invoke('cloudfront', 'UpdateDistribution', {
      Id: physicalId,
      IfMatch: ETag,
      DistributionConfig: config,
    });
    await retag(call, Distribution?.ARN ?? '', [...tags, ...(properties.Tags ?? [])]);
    return provisioned(physicalId, Distribution?.DomainName ?? '');
  },
  async delete({ call, physicalId }) {
    try {
      const { ETag, DistributionConfig } = await call.invoke('cloudfront', 'GetDistributionConfig', {
        Id: physicalId,
      });
      const disabled = await call.invoke('cloudfront', 'UpdateDistribution', {
        Id: physicalId,
        IfMatch: ETag,
        DistributionConfig: { ...DistributionConfig!, Enabled: false },
      });
      await gone(
        'NoSuchDistribution',
        call.invoke('cloudfront', 'DeleteDistribution', { Id: physicalId, IfMatch: disabled.ETag }),
      );
    } catch (error) {
      if (!isAwsError(error, 'NoSuchDistribution')) throw error;
    }
  },
});

async function retag(call: Call, arn: string, wanted: { Key: string; Value: string }[]): Promise<void> {
  const { Tags } = await call.invoke('cloudfront', 'ListTagsForResource', { Resource: arn });
  const keys = new Set(wanted.map(({ Key }) => Key));
  const removed = (Tags?.Items ?? []).flatMap(({ Key }) => (Key && !keys.has(Key) ? [Key] : []));
  if (removed.length > 0) {
    await call.invoke('cloudfront', 'UntagResource', { Resource: arn, TagKeys: { Items: removed } });
  }
  if (wanted.length > 0)
    await call.invoke('cloudfront', 'TagResource', { Resource: arn, Tags: { Items: wanted } });
}
