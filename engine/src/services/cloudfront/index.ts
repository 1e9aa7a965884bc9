import { type EdgeDistribution, edgeDistributions } from '../../edge/distributions';
import { defineService } from '../../kernel';
import * as cachePolicies from './cache-policies';
import * as distributions from './distributions';
import * as invalidations from './invalidations';
import * as accessControls from './origin-access-controls';
import * as identities from './origin-access-identities';
import * as requestPolicies from './origin-request-policies';
import { resolve } from './resolve';
import * as headersPolicies from './response-headers-policies';
import { collections } from './store';
import * as tags from './tags';

export default defineService({
  name: 'cloudfront',
  operations: {
    CreateDistribution: distributions.createDistribution,
    CreateDistributionWithTags: distributions.createDistributionWithTags,
    GetDistribution: distributions.getDistribution,
    GetDistributionConfig: distributions.getDistributionConfig,
    UpdateDistribution: distributions.updateDistribution,
    DeleteDistribution: distributions.deleteDistribution,
    ListDistributions: distributions.listDistributions,
    CreateInvalidation: invalidations.createInvalidation,
    GetInvalidation: invalidations.getInvalidation,
    ListInvalidations: invalidations.listInvalidations,
    CreateOriginAccessControl: accessControls.createOriginAccessControl,
    GetOriginAccessControl: accessControls.getOriginAccessControl,
    GetOriginAccessControlConfig: accessControls.getOriginAccessControlConfig,
    UpdateOriginAccessControl: accessControls.updateOriginAccessControl,
    DeleteOriginAccessControl: accessControls.deleteOriginAccessControl,
    ListOriginAccessControls: accessControls.listOriginAccessControls,
    CreateCloudFrontOriginAccessIdentity: identities.createIdentity,
    GetCloudFrontOriginAccessIdentity: identities.getIdentity,
    GetCloudFrontOriginAccessIdentityConfig: identities.getIdentityConfig,
    UpdateCloudFrontOriginAccessIdentity: identities.updateIdentity,
    DeleteCloudFrontOriginAccessIdentity: identities.deleteIdentity,
    ListCloudFrontOriginAccessIdentities: identities.listIdentities,
    CreateCachePolicy: cachePolicies.createCachePolicy,
    GetCachePolicy: cachePolicies.getCachePolicy,
    GetCachePolicyConfig: cachePolicies.getCachePolicyConfig,
    UpdateCachePolicy: cachePolicies.updateCachePolicy,
    DeleteCachePolicy: cachePolicies.deleteCachePolicy,
    ListCachePolicies: cachePolicies.listCachePolicies,
    CreateOriginRequestPolicy: requestPolicies.createOriginRequestPolicy,
    GetOriginRequestPolicy: requestPolicies.getOriginRequestPolicy,
    GetOriginRequestPolicyConfig: requestPolicies.getOriginRequestPolicyConfig,
    UpdateOriginRequestPolicy: requestPolicies.updateOriginRequestPolicy,
    DeleteOriginRequestPolicy: requestPolicies.deleteOriginRequestPolicy,
    ListOriginRequestPolicies: requestPolicies.listOriginRequestPolicies,
    CreateResponseHeadersPolicy: headersPolicies.createResponseHeadersPolicy,
    GetResponseHeadersPolicy: headersPolicies.getResponseHeadersPolicy,
    GetResponseHeadersPolicyConfig: headersPolicies.getResponseHeadersPolicyConfig,
    UpdateResponseHeadersPolicy: headersPolicies.updateResponseHeadersPolicy,
    DeleteResponseHeadersPolicy: headersPolicies.deleteResponseHeadersPolicy,
    ListResponseHeadersPolicies: headersPolicies.listResponseHeadersPolicies,
    ListTagsForResource: tags.listTags,
    TagResource: tags.tagResource,
    UntagResource: tags.untagResource,
  },
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
  async start(host, stores) {
    const accounts = () => {
      const scopes = stores.scopes().filter(({ region, account }) => region === '-' && account !== '-');
      return [...new Set(scopes.map(({ account }) => account))];
    };
    const world = stores.of('-', '-');
    await edgeDistributions(host).attach({
      ports: world.collection<number>('ports'),
      all(): EdgeDistribution[] {
        return accounts().flatMap((account) => {
          const all = collections(stores.of(account, '-'));
          return [...all.distributions.values()].map((record) => resolve(account, all, record));
        });
      },
      find(id): EdgeDistribution | undefined {
        for (const account of accounts()) {
          const all = collections(stores.of(account, '-'));
          const record = all.distributions.get(id);
          if (record) return resolve(account, all, record);
        }
        return undefined;
      },
    });
  },
});
