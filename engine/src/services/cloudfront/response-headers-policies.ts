import type { ResponseHeadersPolicyConfig } from '@aws-sdk/client-cloudfront';
import type { Operation } from '../../kernel';
import { behavioursOf } from './behaviours';
import { refuse } from './errors';
import { MANAGED_RESPONSE_HEADERS_POLICIES } from './managed-policies';
import { policyTable } from './policy-table';
import { tables, type Versioned } from './store';

export const responseHeadersPolicies = policyTable<ResponseHeadersPolicyConfig>({
  name: 'ResponseHeadersPolicy',
  managed: MANAGED_RESPONSE_HEADERS_POLICIES,
  collection: (call) => tables(call).responseHeadersPolicies,
  nameOf: (config) => config.Name ?? '',
  check(config) {
    if (config.ServerTimingHeadersConfig?.Enabled) throw refuse('ServerTimingHeadersConfig');
  },
  usedBy: (distribution, id) =>
    behavioursOf(distribution.config).some((one) => one.ResponseHeadersPolicyId === id),
});

const shown = (record: Versioned<ResponseHeadersPolicyConfig>) => ({
  Id: record.id,
  LastModifiedTime: record.modified,
  ResponseHeadersPolicyConfig: record.config,
});

export const createResponseHeadersPolicy: Operation<'cloudfront', 'CreateResponseHeadersPolicy'> = (
  input,
  call,
) => {
  const record = responseHeadersPolicies.create(call, input.ResponseHeadersPolicyConfig!);
  const Location = `https://cloudfront.amazonaws.com/2020-05-31/response-headers-policy/${record.id}`;
  return { ResponseHeadersPolicy: shown(record), Location, ETag: record.etag };
};

export const getResponseHeadersPolicy: Operation<'cloudfront', 'GetResponseHeadersPolicy'> = (
  input,
  call,
) => {
  const record = responseHeadersPolicies.get(call, input.Id);
  return { ResponseHeadersPolicy: shown(record), ETag: record.etag };
};

export const getResponseHeadersPolicyConfig: Operation<'cloudfront', 'GetResponseHeadersPolicyConfig'> = (
  input,
  call,
) => {
  const record = responseHeadersPolicies.get(call, input.Id);
  return { ResponseHeadersPolicyConfig: record.config, ETag: record.etag };
};

export const updateResponseHeadersPolicy: Operation<'cloudfront', 'UpdateResponseHeadersPolicy'> = (
  input,
  call,
) => {
  const record = responseHeadersPolicies.update(
    call,
    input.Id,
    input.IfMatch,
    input.ResponseHeadersPolicyConfig!,
  );
  return { ResponseHeadersPolicy: shown(record), ETag: record.etag };
};

export const deleteResponseHeadersPolicy: Operation<'cloudfront', 'DeleteResponseHeadersPolicy'> = (
  input,
  call,
) => {
  responseHeadersPolicies.remove(call, input.Id, input.IfMatch);
  return {};
};

export const listResponseHeadersPolicies: Operation<'cloudfront', 'ListResponseHeadersPolicies'> = (
  input,
  call,
) => {
  const { items, NextMarker, MaxItems, Quantity } = responseHeadersPolicies.list(call, input);
  const Items = items.map(({ type, record }) => ({ Type: type, ResponseHeadersPolicy: shown(record) }));
  return { ResponseHeadersPolicyList: { NextMarker, MaxItems, Quantity, Items } };
};
