import type {
  CachePolicyConfig,
  CloudFrontOriginAccessIdentityConfig,
  DistributionConfig,
  InvalidationBatch,
  OriginAccessControlConfig,
  OriginRequestPolicyConfig,
  ResponseHeadersPolicyConfig,
} from '@aws-sdk/client-cloudfront';
import type { Call } from '../../kernel';
import type { Store } from '../../storage';

/** What every CloudFront resource has: an id, a version for If-Match, and its configuration. */
export interface Versioned<C> {
  id: string;
  etag: string;
  modified: Date;
  config: C;
}

export interface DistributionRecord extends Versioned<DistributionConfig> {
  arn: string;
  domainName: string;
  tags: Record<string, string>;
}

export interface IdentityRecord extends Versioned<CloudFrontOriginAccessIdentityConfig> {
  canonicalUserId: string;
}

export interface InvalidationRecord {
  id: string;
  created: Date;
  batch: InvalidationBatch;
}

/** The typed collections of one account; CloudFront has no regions. */
export function collections(store: Store) {
  return {
    distributions: store.collection<DistributionRecord>('distributions'),
    invalidations: store.collection<InvalidationRecord>('invalidations'),
    accessControls: store.collection<Versioned<OriginAccessControlConfig>>('origin-access-controls'),
    identities: store.collection<IdentityRecord>('origin-access-identities'),
    cachePolicies: store.collection<Versioned<CachePolicyConfig>>('cache-policies'),
    originRequestPolicies: store.collection<Versioned<OriginRequestPolicyConfig>>('origin-request-policies'),
    responseHeadersPolicies:
      store.collection<Versioned<ResponseHeadersPolicyConfig>>('response-headers-policies'),
  };
}

export type Tables = ReturnType<typeof collections>;

export function tables(call: Call): Tables {
  return collections(call.accountStore);
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** `E` and 13 capital letters and digits: ids of distributions and versions of everything. */
export function newId(call: Call): string {
  return `E${call.ids.of(UPPER, 13)}`;
}
