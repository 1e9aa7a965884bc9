import { isIPv6 } from 'node:net';
import { webAcls } from '../../edge/waf';
import { AwsError, type Call, type Operation } from '../../kernel';
import { find, findByArn, nameIn, requireRegional } from './entities';
import { nonexistent } from './errors';
import { tables } from './store';

const KEPT_MILLIS = 3 * 3600_000;

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_GetSampledRequests.html */
export const getSampledRequests: Operation<'wafv2', 'GetSampledRequests'> = (input, call) => {
  requireRegional(input.Scope);
  const found = findByArn(call, input.WebAclArn);
  if (found?.kind !== 'webacl') throw nonexistent();
  const now = call.clock.millis();
  // Of longer ago there are none: AWS moves the window.
  const from = Math.max(input.TimeWindow?.StartTime?.getTime() ?? 0, now - KEPT_MILLIS);
  const to = input.TimeWindow?.EndTime?.getTime() ?? now;
  const all = webAcls(call)
    .samples.of(found.entity.arn, input.RuleMetricName ?? '')
    .filter(({ Timestamp }) => Timestamp.getTime() >= from && Timestamp.getTime() <= to);
  return {
    SampledRequests: all.slice(-(input.MaxItems ?? 100)),
    PopulationSize: all.length,
    TimeWindow: { StartTime: new Date(from), EndTime: new Date(to) },
  };
};

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_GetRateBasedStatementManagedKeys.html */
export const getRateBasedStatementManagedKeys: Operation<'wafv2', 'GetRateBasedStatementManagedKeys'> = (
  input,
  call,
) => {
  const { arn } = find(call, 'webacl', { Id: input.WebACLId, Name: input.WebACLName, Scope: input.Scope });
  const { RuleGroupRuleName: outer, RuleName: name = '' } = input;
  const rate = rateStatement(call, input.WebACLName, outer, name);
  if (rate.AggregateKeyType === 'CUSTOM_KEYS' || rate.AggregateKeyType === 'CONSTANT') {
    throw new AwsError(
      'WAFUnsupportedAggregateKeyTypeException',
      'The rule that you have named is not one that aggregates on IP addresses.',
    );
  }
  const path = outer === undefined ? name : `${outer}/${name}`;
  const limited = webAcls(call).limits.find(arn, path)?.limited(call.clock.millis()) ?? [];
  return {
    ManagedKeysIPV4: { IPAddressVersion: 'IPV4', Addresses: ranges(limited, false) },
    ManagedKeysIPV6: { IPAddressVersion: 'IPV6', Addresses: ranges(limited, true) },
  };
};

const ranges = (addresses: readonly string[], six: boolean): string[] =>
  addresses.filter((address) => isIPv6(address) === six).map((address) => `${address}/${six ? 128 : 32}`);

/** That of a rule of the web ACL, or of one in the rule group that a rule refers to. */
function rateStatement(call: Call, webAcl = '', outer: string | undefined, name: string) {
  const { rulegroup, webacl } = tables(call);
  const own = webacl.get(webAcl)?.rules ?? [];
  const reference = own.find((rule) => rule.Name === outer)?.Statement?.RuleGroupReferenceStatement;
  const rules = outer === undefined ? own : (rulegroup.get(nameIn(reference?.ARN))?.rules ?? []);
  const rate = rules.find((rule) => rule.Name === name)?.Statement?.RateBasedStatement;
  if (!rate) throw nonexistent();
  return rate;
}
