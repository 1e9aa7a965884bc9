import type { OriginRequestPolicyConfig } from '@aws-sdk/client-cloudfront';
import type { Operation } from '../../kernel';
import { behavioursOf } from './behaviours';
import { refuse } from './errors';
import { MANAGED_ORIGIN_REQUEST_POLICIES } from './managed-policies';
import { policyTable } from './policy-table';
import { tables, type Versioned } from './store';

export const originRequestPolicies = policyTable<OriginRequestPolicyConfig>({
  name: 'OriginRequestPolicy',
  managed: MANAGED_ORIGIN_REQUEST_POLICIES,
  collection: (call) => tables(call).originRequestPolicies,
  nameOf: (config) => config.Name ?? '',
  check(config) {
    if (config.HeadersConfig?.HeaderBehavior === 'allViewerAndWhitelistCloudFront') {
      throw refuse('HeaderBehavior allViewerAndWhitelistCloudFront');
    }
  },
  usedBy: (distribution, id) =>
    behavioursOf(distribution.config).some((one) => one.OriginRequestPolicyId === id),
});

const shown = (record: Versioned<OriginRequestPolicyConfig>) => ({
  Id: record.id,
  LastModifiedTime: record.modified,
  OriginRequestPolicyConfig: record.config,
});

export const createOriginRequestPolicy: Operation<'cloudfront', 'CreateOriginRequestPolicy'> = (
  input,
  call,
) => {
  const record = originRequestPolicies.create(call, input.OriginRequestPolicyConfig!);
  const Location = `https://cloudfront.amazonaws.com/2020-05-31/origin-request-policy/${record.id}`;
  return { OriginRequestPolicy: shown(record), Location, ETag: record.etag };
};

export const getOriginRequestPolicy: Operation<'cloudfront', 'GetOriginRequestPolicy'> = (input, call) => {
  const record = originRequestPolicies.get(call, input.Id);
  return { OriginRequestPolicy: shown(record), ETag: record.etag };
};

export const getOriginRequestPolicyConfig: Operation<'cloudfront', 'GetOriginRequestPolicyConfig'> = (
  input,
  call,
) => {
  const record = originRequestPolicies.get(call, input.Id);
  return { OriginRequestPolicyConfig: record.config, ETag: record.etag };
};

export const updateOriginRequestPolicy: Operation<'cloudfront', 'UpdateOriginRequestPolicy'> = (
  input,
  call,
) => {
  const record = originRequestPolicies.update(
    call,
    input.Id,
    input.IfMatch,
    input.OriginRequestPolicyConfig!,
  );
  return { OriginRequestPolicy: shown(record), ETag: record.etag };
};

export const deleteOriginRequestPolicy: Operation<'cloudfront', 'DeleteOriginRequestPolicy'> = (
  input,
  call,
) => {
  originRequestPolicies.remove(call, input.Id, input.IfMatch);
  return {};
};

export const listOriginRequestPolicies: Operation<'cloudfront', 'ListOriginRequestPolicies'> = (
  input,
  call,
) => {
  const { items, NextMarker, MaxItems, Quantity } = originRequestPolicies.list(call, input);
  const Items = items.map(({ type, record }) => ({ Type: type, OriginRequestPolicy: shown(record) }));
  return { OriginRequestPolicyList: { NextMarker, MaxItems, Quantity, Items } };
};
