import type { IPAddressVersion } from '@aws-sdk/client-wafv2';
import { parseCidr } from '../../edge/waf/addresses';
import type { Operation } from '../../kernel';
import { drop, find, keep, newEntity, pageOfKind, requireLock, summaryOf } from './entities';
import { invalid, limitExceeded } from './errors';
import { requireUnused } from './references';
import { tables } from './store';

const MOST_ADDRESSES = 10_000;

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html */
export const createIpSet: Operation<'wafv2', 'CreateIPSet'> = (input, call) => {
  const version = input.IPAddressVersion ?? 'IPV4';
  const addresses = checked(input.Addresses, version);
  const record = { ...newEntity(call, 'ipset', input), version, addresses };
  keep(call, tables(call).ipset, record);
  return { Summary: summaryOf(record) };
};

export const getIpSet: Operation<'wafv2', 'GetIPSet'> = (input, call) => {
  const { addresses, arn, description, id, lockToken, name, version } = find(call, 'ipset', input);
  return {
    IPSet: {
      Name: name,
      Id: id,
      ARN: arn,
      Description: description ?? '',
      IPAddressVersion: version,
      Addresses: addresses,
    },
    LockToken: lockToken,
  };
};

export const updateIpSet: Operation<'wafv2', 'UpdateIPSet'> = (input, call) => {
  const known = find(call, 'ipset', input);
  requireLock(known, input.LockToken);
  const addresses = checked(input.Addresses, known.version);
  const lockToken = call.ids.uuid();
  keep(call, tables(call).ipset, { ...known, addresses, lockToken, description: input.Description });
  return { NextLockToken: lockToken };
};

export const deleteIpSet: Operation<'wafv2', 'DeleteIPSet'> = (input, call) => {
  const known = find(call, 'ipset', input);
  requireLock(known, input.LockToken);
  requireUnused(call, known.arn);
  drop(call, tables(call).ipset, known);
  return {};
};

export const listIpSets: Operation<'wafv2', 'ListIPSets'> = (input, call) => {
  const { summaries, ...more } = pageOfKind(call, 'ipset', input);
  return { IPSets: summaries, ...more };
};

function checked(addresses: readonly string[] | undefined, version: IPAddressVersion): string[] {
  const all = [...new Set(addresses)];
  if (all.length > MOST_ADDRESSES) throw limitExceeded();
  const bits = version === 'IPV4' ? 32 : 128;
  const wrong = all.find((address) => parseCidr(address)?.bits !== bits);
  if (wrong !== undefined)
    throw invalid('The parameter contains formatting that is not valid.', 'IP_ADDRESS', wrong);
  return all;
}
