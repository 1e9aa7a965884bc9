import { type Access, arn, type Call, type Needed } from '../../kernel';
import { tables } from './store';

/** Creations and lists know no resources. */
const anywhere = (action: string) => (): Needed => ({ action: `cloudfront:${action}`, resource: '*' });

function on(call: Call, action: string, resource: string): Needed {
  return {
    action: `cloudfront:${action}`,
    resource,
    tags: () => tables(call).distributions.get(resource.slice(resource.lastIndexOf('/') + 1))?.tags,
  };
}

const named =
  (kind: string) =>
  (action: string) =>
  (input: { Id?: string | undefined }, call: Call): Needed =>
    on(call, action, arn('cloudfront', '', call.account, `${kind}/${input.Id ?? ''}`));

const distribution = named('distribution');
const accessControl = named('origin-access-control');
const identity = named('origin-access-identity');
const cachePolicy = named('cache-policy');
const requestPolicy = named('origin-request-policy');
const headersPolicy = named('response-headers-policy');

/** Invalidations are a distribution's. */
const invalidation =
  (action: string) =>
  (input: { DistributionId?: string | undefined }, call: Call): Needed =>
    distribution(action)({ Id: input.DistributionId }, call);

const byArn =
  (action: string) =>
  (input: { Resource?: string | undefined }, call: Call): Needed =>
    on(call, action, input.Resource ?? '');

type Tags = readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;

/** CloudFront's lists of tags lie deeper in a request than those of other services. */
function bringing(needed: Needed, tags: Tags): Needed {
  const all = new Map((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  return {
    ...needed,
    keys: { 'aws:TagKeys': all.size > 0 ? [...all.keys()] : undefined },
    families: { 'aws:RequestTag/': (name) => all.get(name) },
  };
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html */
const access: Access<'cloudfront'> = {
  CreateDistribution: anywhere('CreateDistribution'),
  CreateDistributionWithTags: (input, call) => {
    const tags = input.DistributionConfigWithTags?.Tags?.Items;
    const created = arn('cloudfront', '', call.account, 'distribution/*');
    return [
      bringing(anywhere('CreateDistribution')(), tags),
      ...(tags?.length ? [bringing(on(call, 'TagResource', created), tags)] : []),
    ];
  },
  GetDistribution: distribution('GetDistribution'),
  GetDistributionConfig: distribution('GetDistributionConfig'),
  UpdateDistribution: distribution('UpdateDistribution'),
  DeleteDistribution: distribution('DeleteDistribution'),
  ListDistributions: anywhere('ListDistributions'),
  CreateInvalidation: invalidation('CreateInvalidation'),
  GetInvalidation: invalidation('GetInvalidation'),
  ListInvalidations: invalidation('ListInvalidations'),
  CreateOriginAccessControl: anywhere('CreateOriginAccessControl'),
  GetOriginAccessControl: accessControl('GetOriginAccessControl'),
  GetOriginAccessControlConfig: accessControl('GetOriginAccessControlConfig'),
  UpdateOriginAccessControl: accessControl('UpdateOriginAccessControl'),
  DeleteOriginAccessControl: accessControl('DeleteOriginAccessControl'),
  ListOriginAccessControls: anywhere('ListOriginAccessControls'),
  CreateCloudFrontOriginAccessIdentity: anywhere('CreateCloudFrontOriginAccessIdentity'),
  GetCloudFrontOriginAccessIdentity: identity('GetCloudFrontOriginAccessIdentity'),
  GetCloudFrontOriginAccessIdentityConfig: identity('GetCloudFrontOriginAccessIdentityConfig'),
  UpdateCloudFrontOriginAccessIdentity: identity('UpdateCloudFrontOriginAccessIdentity'),
  DeleteCloudFrontOriginAccessIdentity: identity('DeleteCloudFrontOriginAccessIdentity'),
  ListCloudFrontOriginAccessIdentities: anywhere('ListCloudFrontOriginAccessIdentities'),
  CreateCachePolicy: anywhere('CreateCachePolicy'),
  GetCachePolicy: cachePolicy('GetCachePolicy'),
  GetCachePolicyConfig: cachePolicy('GetCachePolicyConfig'),
  UpdateCachePolicy: cachePolicy('UpdateCachePolicy'),
  DeleteCachePolicy: cachePolicy('DeleteCachePolicy'),
  ListCachePolicies: anywhere('ListCachePolicies'),
  CreateOriginRequestPolicy: anywhere('CreateOriginRequestPolicy'),
  GetOriginRequestPolicy: requestPolicy('GetOriginRequestPolicy'),
  GetOriginRequestPolicyConfig: requestPolicy('GetOriginRequestPolicyConfig'),
  UpdateOriginRequestPolicy: requestPolicy('UpdateOriginRequestPolicy'),
  DeleteOriginRequestPolicy: requestPolicy('DeleteOriginRequestPolicy'),
  ListOriginRequestPolicies: anywhere('ListOriginRequestPolicies'),
  CreateResponseHeadersPolicy: anywhere('CreateResponseHeadersPolicy'),
  GetResponseHeadersPolicy: headersPolicy('GetResponseHeadersPolicy'),
  GetResponseHeadersPolicyConfig: headersPolicy('GetResponseHeadersPolicyConfig'),
  UpdateResponseHeadersPolicy: headersPolicy('UpdateResponseHeadersPolicy'),
  DeleteResponseHeadersPolicy: headersPolicy('DeleteResponseHeadersPolicy'),
  ListResponseHeadersPolicies: anywhere('ListResponseHeadersPolicies'),
  ListTagsForResource: byArn('ListTagsForResource'),
  TagResource: (input, call) => bringing(byArn('TagResource')(input, call), input.Tags?.Items),
  UntagResource: (input, call) => ({
    ...byArn('UntagResource')(input, call),
    keys: { 'aws:TagKeys': input.TagKeys?.Items },
  }),
};

export default access;
