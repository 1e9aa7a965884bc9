import type { Call, PrincipalNetwork } from '../../kernel';
import { contains, parseAddress, parseCidr } from './cidr';
import { all, collectionOf } from './kinds';
import type { Endpoint, Rule } from './records';

const HTTPS = 443;

/**
 * Whether security groups let a place in a VPC connect to an endpoint: its own must let it out, the endpoint's must let
 * it in. What is answered gets back without a rule.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 */
export function reaches(call: Call, { groups, subnets }: PrincipalNetwork, endpoint: Endpoint): boolean {
  const rules = all(call, 'rule').filter(forHttps);
  const to = endpoint.networkInterfaces.flatMap((id) => {
    const address = parseAddress(collectionOf(call, 'networkInterface').get(id)?.privateIp ?? '');
    return address === undefined ? [] : [{ base: address, bits: 32 }];
  });
  // Which of its subnets a function runs in nobody knows: rules must hold for all of them.
  const from = subnets.flatMap((id) => parseCidr(collectionOf(call, 'subnet').get(id)?.cidr ?? '') ?? []);
  const through = (egress: boolean, own: readonly string[], peers: readonly string[], at: typeof to) =>
    rules.some((rule) => {
      if (rule.egress !== egress || !own.includes(rule.group)) return false;
      if (rule.reference !== undefined) return peers.includes(rule.reference);
      const block = rule.cidr4 === undefined ? undefined : parseCidr(rule.cidr4);
      return block !== undefined && at.length > 0 && at.every((one) => contains(block, one));
    });
  return through(true, groups, endpoint.groups, to) && through(false, endpoint.groups, groups, from);
}

function forHttps({ from, protocol, to }: Rule): boolean {
  return protocol === '-1' || (protocol === 'tcp' && from <= HTTPS && HTTPS <= to);
}
