import type { CachePolicyConfig } from '@aws-sdk/client-cloudfront';
import type { Operation } from '../../kernel';
import { behavioursOf } from './behaviours';
import { invalidArgument } from './errors';
import { MANAGED_CACHE_POLICIES } from './managed-policies';
import { policyTable } from './policy-table';
import { tables, type Versioned } from './store';

export const cachePolicies = policyTable<CachePolicyConfig>({
  name: 'CachePolicy',
  managed: MANAGED_CACHE_POLICIES,
  collection: (call) => tables(call).cachePolicies,
  nameOf: (config) => config.Name ?? '',
  check(config) {
    const {
      MinTTL = 0,
      DefaultTTL = Math.max(86_400, MinTTL),
      MaxTTL = Math.max(31_536_000, DefaultTTL),
    } = config;
    if (MinTTL > DefaultTTL || DefaultTTL > MaxTTL) {
      throw invalidArgument(
        'The parameter MinTTL must be less than or equal to DefaultTTL, which must be less than or equal to MaxTTL.',
      );
    }
  },
  usedBy: (distribution, id) => behavioursOf(distribution.config).some((one) => one.CachePolicyId === id),
});

const shown = (record: Versioned<CachePolicyConfig>) => ({
  Id: record.id,
  LastModifiedTime: record.modified,
  CachePolicyConfig: record.config,
});

export const createCachePolicy: Operation<'cloudfront', 'CreateCachePolicy'> = (input, call) => {
  const record = cachePolicies.create(call, input.CachePolicyConfig!);
  const Location = `https://cloudfront.amazonaws.com/2020-05-31/cache-policy/${record.id}`;
  return { CachePolicy: shown(record), Location, ETag: record.etag };
};

export const getCachePolicy: Operation<'cloudfront', 'GetCachePolicy'> = (input, call) => {
  const record = cachePolicies.get(call, input.Id);
  return { CachePolicy: shown(record), ETag: record.etag };
};

export const getCachePolicyConfig: Operation<'cloudfront', 'GetCachePolicyConfig'> = (input, call) => {
  const record = cachePolicies.get(call, input.Id);
  return { CachePolicyConfig: record.config, ETag: record.etag };
};

export const updateCachePolicy: Operation<'cloudfront', 'UpdateCachePolicy'> = (input, call) => {
  const record = cachePolicies.update(call, input.Id, input.IfMatch, input.CachePolicyConfig!);
  return { CachePolicy: shown(record), ETag: record.etag };
};

export const deleteCachePolicy: Operation<'cloudfront', 'DeleteCachePolicy'> = (input, call) => {
  cachePolicies.remove(call, input.Id, input.IfMatch);
  return {};
};

export const listCachePolicies: Operation<'cloudfront', 'ListCachePolicies'> = (input, call) => {
  const { items, NextMarker, MaxItems, Quantity } = cachePolicies.list(call, input);
  const Items = items.map(({ type, record }) => ({ Type: type, CachePolicy: shown(record) }));
  return { CachePolicyList: { NextMarker, MaxItems, Quantity, Items } };
};
