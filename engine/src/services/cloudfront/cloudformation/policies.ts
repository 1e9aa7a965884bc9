import type {
  CachePolicyConfig,
  OriginRequestPolicyConfig,
  ResponseHeadersPolicyConfig,
} from '@aws-sdk/client-cloudfront';
import { defineResource, isAwsError } from '../../../kernel';
import { countLists } from './policy-config';

const provisioned = (id: string | undefined) => ({ physicalId: id ?? '', attributes: { Id: id ?? '' } });

async function unlessMissing(code: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isAwsError(error, code)) throw error;
  }
}

export const cachePolicy = defineResource<{ CachePolicyConfig: object }>({
  type: 'AWS::CloudFront::CachePolicy',
  properties: { CachePolicyConfig: true },
  async create({ call, properties }) {
    const CachePolicyConfig = countLists<CachePolicyConfig>(properties.CachePolicyConfig);
    const { CachePolicy } = await call.invoke('cloudfront', 'CreateCachePolicy', { CachePolicyConfig });
    return provisioned(CachePolicy?.Id);
  },
  async update({ call, physicalId, properties }) {
    const { ETag } = await call.invoke('cloudfront', 'GetCachePolicy', { Id: physicalId });
    const CachePolicyConfig = countLists<CachePolicyConfig>(properties.CachePolicyConfig);
    await call.invoke('cloudfront', 'UpdateCachePolicy', {
      Id: physicalId,
      IfMatch: ETag,
      CachePolicyConfig,
    });
    return provisioned(physicalId);
  },
  async delete({ call, physicalId }) {
    await unlessMissing('NoSuchCachePolicy', async () => {
      const { ETag } = await call.invoke('cloudfront', 'GetCachePolicy', { Id: physicalId });
      await call.invoke('cloudfront', 'DeleteCachePolicy', { Id: physicalId, IfMatch: ETag });
    });
  },
});

export const originRequestPolicy = defineResource<{ OriginRequestPolicyConfig: object }>({
  type: 'AWS::CloudFront::OriginRequestPolicy',
  properties: { OriginRequestPolicyConfig: true },
  async create({ call, properties }) {
    const config = countLists<OriginRequestPolicyConfig>(properties.OriginRequestPolicyConfig);
    const input = { OriginRequestPolicyConfig: config };
    const { OriginRequestPolicy } = await call.invoke('cloudfront', 'CreateOriginRequestPolicy', input);
    return provisioned(OriginRequestPolicy?.Id);
  },
  async update({ call, physicalId, properties }) {
    const { ETag } = await call.invoke('cloudfront', 'GetOriginRequestPolicy', { Id: physicalId });
    const config = countLists<OriginRequestPolicyConfig>(properties.OriginRequestPolicyConfig);
    const input = { Id: physicalId, IfMatch: ETag, OriginRequestPolicyConfig: config };
    await call.invoke('cloudfront', 'UpdateOriginRequestPolicy', input);
    return provisioned(physicalId);
  },
  async delete({ call, physicalId }) {
    await unlessMissing('NoSuchOriginRequestPolicy', async () => {
      const { ETag } = await call.invoke('cloudfront', 'GetOriginRequestPolicy', { Id: physicalId });
      await call.invoke('cloudfront', 'DeleteOriginRequestPolicy', { Id: physicalId, IfMatch: ETag });
    });
  },
});

export const responseHeadersPolicy = defineResource<{ ResponseHeadersPolicyConfig: object }>({
  type: 'AWS::CloudFront::ResponseHeadersPolicy',
  properties: { ResponseHeadersPolicyConfig: true },
  async create({ call, properties }) {
    const config = countLists<ResponseHeadersPolicyConfig>(properties.ResponseHeadersPolicyConfig);
    const input = { ResponseHeadersPolicyConfig: config };
    const { ResponseHeadersPolicy } = await call.invoke('cloudfront', 'CreateResponseHeadersPolicy', input);
    return provisioned(ResponseHeadersPolicy?.Id);
  },
  async update({ call, physicalId, properties }) {
    const { ETag } = await call.invoke('cloudfront', 'GetResponseHeadersPolicy', { Id: physicalId });
    const config = countLists<ResponseHeadersPolicyConfig>(properties.ResponseHeadersPolicyConfig);
    const input = { Id: physicalId, IfMatch: ETag, ResponseHeadersPolicyConfig: config };
    await call.invoke('cloudfront', 'UpdateResponseHeadersPolicy', input);
    return provisioned(physicalId);
  },
  async delete({ call, physicalId }) {
    await unlessMissing('NoSuchResponseHeadersPolicy', async () => {
      const { ETag } = await call.invoke('cloudfront', 'GetResponseHeadersPolicy', { Id: physicalId });
      await call.invoke('cloudfront', 'DeleteResponseHeadersPolicy', { Id: physicalId, IfMatch: ETag });
    });
  },
});
