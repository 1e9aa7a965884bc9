import type { CachePolicyConfig, OriginRequestPolicyConfig } from '@aws-sdk/client-cloudfront';
import type {
  CacheRules,
  EdgeBehaviour,
  EdgeDistribution,
  EdgeOrigin,
  Selection,
} from '../../edge/distributions';
import { type AnyBehaviour, behavioursOf } from './behaviours';
import {
  MANAGED_CACHE_POLICIES,
  MANAGED_ORIGIN_REQUEST_POLICIES,
  MANAGED_RESPONSE_HEADERS_POLICIES,
} from './managed-policies';
import type { DistributionRecord, Tables } from './store';

type Behaviour = NonNullable<AnyBehaviour>;

/** What a distribution may refer to, and as much of it as it takes. */
interface Lookups {
  accessControls: Lookup<'accessControls', 'config'>;
  identities: Lookup<'identities', 'id' | 'canonicalUserId'>;
  cachePolicies: Lookup<'cachePolicies', 'config'>;
  originRequestPolicies: Lookup<'originRequestPolicies', 'config'>;
  responseHeadersPolicies: Lookup<'responseHeadersPolicies', 'config'>;
}

interface Lookup<T extends keyof Tables, M extends PropertyKey> {
  get(
    id: string,
  ):
    | Pick<NonNullable<ReturnType<Tables[T]['get']>>, M & keyof NonNullable<ReturnType<Tables[T]['get']>>>
    | undefined;
}

/** A distribution with all it refers to in place, so that the edge need not ask anybody while it answers. */
export function resolve(
  account: string,
  all: Lookups,
  record: Pick<DistributionRecord, 'id' | 'arn' | 'domainName' | 'config'>,
): EdgeDistribution {
  const { config } = record;
  return {
    id: record.id,
    arn: record.arn,
    account,
    domainName: record.domainName,
    enabled: config.Enabled ?? false,
    defaultRootObject: config.DefaultRootObject ?? '',
    origins: new Map((config.Origins?.Items ?? []).map((origin) => [origin.Id ?? '', originOf(all, origin)])),
    behaviours: behavioursOf(config).map((one) => behaviourOf(all, one)),
    errorResponses: new Map(
      (config.CustomErrorResponses?.Items ?? []).map((one) => [
        one.ErrorCode ?? 0,
        {
          page: one.ResponsePagePath || undefined,
          status: one.ResponseCode ? Number(one.ResponseCode) : undefined,
          minTtl: one.ErrorCachingMinTTL ?? 10,
        },
      ]),
    ),
  };
}

function originOf(
  all: Lookups,
  origin: NonNullable<NonNullable<DistributionRecord['config']['Origins']>['Items']>[number],
): EdgeOrigin {
  const shared = {
    domainName: origin.DomainName ?? '',
    path: origin.OriginPath ?? '',
    headers: (origin.CustomHeaders?.Items ?? []).map((header): [string, string] => [
      header.HeaderName ?? '',
      header.HeaderValue ?? '',
    ]),
    attempts: origin.ConnectionAttempts ?? 3,
  };
  if (origin.S3OriginConfig) {
    const control = all.accessControls.get(origin.OriginAccessControlId ?? '')?.config;
    const identity = all.identities.get(origin.S3OriginConfig.OriginAccessIdentity?.split('/')[2] ?? '');
    const signs = control && control.SigningBehavior !== 'never';
    return {
      ...shared,
      kind: 's3',
      caller: signs ? 'access-control' : identity ? 'identity' : 'anonymous',
      identity: identity && { id: identity.id, canonicalUserId: identity.canonicalUserId },
    };
  }
  const custom = origin.CustomOriginConfig;
  return {
    ...shared,
    kind: 'custom',
    protocolPolicy: custom?.OriginProtocolPolicy ?? 'https-only',
    httpPort: custom?.HTTPPort ?? 80,
    httpsPort: custom?.HTTPSPort ?? 443,
    readTimeout: (custom?.OriginReadTimeout ?? 30) * 1000,
  };
}

function behaviourOf(all: Lookups, behaviour: Behaviour): EdgeBehaviour {
  const cachePolicy =
    all.cachePolicies.get(behaviour.CachePolicyId ?? '')?.config ??
    MANAGED_CACHE_POLICIES.get(behaviour.CachePolicyId ?? '');
  const requestPolicy =
    all.originRequestPolicies.get(behaviour.OriginRequestPolicyId ?? '')?.config ??
    MANAGED_ORIGIN_REQUEST_POLICIES.get(behaviour.OriginRequestPolicyId ?? '');
  const headersPolicy =
    all.responseHeadersPolicies.get(behaviour.ResponseHeadersPolicyId ?? '')?.config ??
    MANAGED_RESPONSE_HEADERS_POLICIES.get(behaviour.ResponseHeadersPolicyId ?? '');
  return {
    pattern: behaviour.PathPattern ?? '*',
    originId: behaviour.TargetOriginId ?? '',
    allowedMethods: new Set(behaviour.AllowedMethods?.Items ?? ['GET', 'HEAD']),
    cachedMethods: new Set(behaviour.AllowedMethods?.CachedMethods?.Items ?? ['GET', 'HEAD']),
    compress: behaviour.Compress ?? false,
    cache: cachePolicy ? fromPolicy(cachePolicy) : fromForwardedValues(behaviour),
    forward: requestPolicy && fromRequestPolicy(requestPolicy),
    responseHeaders: headersPolicy,
  };
}

const NOTHING: Selection = { behaviour: 'none', names: [] };

function selection(behaviour: string | undefined, names: readonly string[] | undefined): Selection {
  switch (behaviour) {
    case 'all':
    case 'allViewer':
      return { behaviour: 'all', names: [] };
    case 'whitelist':
      return { behaviour: 'some', names: names ?? [] };
    case 'allExcept':
      return { behaviour: 'except', names: names ?? [] };
    default:
      return NOTHING;
  }
}

/** Defaults: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CachePolicyConfig.html */
function fromPolicy(policy: CachePolicyConfig): CacheRules {
  const key = policy.ParametersInCacheKeyAndForwardedToOrigin;
  const minTtl = policy.MinTTL ?? 0;
  const defaultTtl = policy.DefaultTTL ?? Math.max(86_400, minTtl);
  return {
    minTtl,
    defaultTtl,
    maxTtl: policy.MaxTTL ?? Math.max(31_536_000, defaultTtl),
    gzip: key?.EnableAcceptEncodingGzip ?? false,
    brotli: key?.EnableAcceptEncodingBrotli ?? false,
    headers: selection(key?.HeadersConfig?.HeaderBehavior, key?.HeadersConfig?.Headers?.Items),
    cookies: selection(key?.CookiesConfig?.CookieBehavior, key?.CookiesConfig?.Cookies?.Items),
    query: selection(
      key?.QueryStringsConfig?.QueryStringBehavior,
      key?.QueryStringsConfig?.QueryStrings?.Items,
    ),
  };
}

/** The settings before there were cache policies; what is forwarded is also the cache key. */
function fromForwardedValues(behaviour: Behaviour): CacheRules {
  const values = behaviour.ForwardedValues;
  const headers = values?.Headers?.Items ?? [];
  const keys = values?.QueryStringCacheKeys?.Items ?? [];
  const all = headers.includes('*');
  return {
    minTtl: behaviour.MinTTL ?? 0,
    // With all headers forwarded nothing is cached.
    defaultTtl: all ? 0 : (behaviour.DefaultTTL ?? 86_400),
    maxTtl: all ? 0 : (behaviour.MaxTTL ?? 31_536_000),
    gzip: behaviour.Compress ?? false,
    brotli: false,
    headers: all
      ? { behaviour: 'all', names: [] }
      : selection(headers.length ? 'whitelist' : 'none', headers),
    cookies: selection(values?.Cookies?.Forward, values?.Cookies?.WhitelistedNames?.Items),
    query: values?.QueryString ? selection(keys.length ? 'whitelist' : 'all', keys) : NOTHING,
  };
}

function fromRequestPolicy(policy: OriginRequestPolicyConfig) {
  return {
    headers: selection(policy.HeadersConfig?.HeaderBehavior, policy.HeadersConfig?.Headers?.Items),
    cookies: selection(policy.CookiesConfig?.CookieBehavior, policy.CookiesConfig?.Cookies?.Items),
    query: selection(
      policy.QueryStringsConfig?.QueryStringBehavior,
      policy.QueryStringsConfig?.QueryStrings?.Items,
    ),
  };
}
