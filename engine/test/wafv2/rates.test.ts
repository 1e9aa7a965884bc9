import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateRuleGroupCommand,
  GetRateBasedStatementManagedKeysCommand,
  GetSampledRequestsCommand,
  type RateBasedStatement,
  type Rule,
} from '@aws-sdk/client-wafv2';
import { ManualClock } from '../../src/kernel';
import { bytes, NONE, rule, visible, WafBed } from './support';

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html */
const clock = new ManualClock(Date.now());
let bed: WafBed;
let acl: { Name: string; Id: string; ARN: string };
beforeAll(async () => {
  bed = await WafBed.start({ clock });
  const { ARN, Id, Name } = await bed.protected('rates', []);
  acl = { ARN: ARN!, Id: Id!, Name: Name! };
});
afterAll(() => bed.stop());

const apply = (...Rules: Rule[]) => bed.update(acl.Name, acl.Id, { Rules });
const rate = (more: Partial<RateBasedStatement> = {}) => ({
  RateBasedStatement: { Limit: 10, AggregateKeyType: 'IP' as const, EvaluationWindowSec: 60, ...more },
});

/** How many of so many requests in a row are let through. */
async function through(count: number, path = '/', init?: RequestInit): Promise<number> {
  let passed = 0;
  for (let i = 0; i < count; i++) if ((await bed.status(path, init)) === 200) passed++;
  return passed;
}

const by = (list: string): RequestInit => ({ headers: { 'x-forwarded-for': list } });

test('an address beyond the limit is blocked until there are less within the window', async () => {
  await apply(rule('ip', 0, rate()));
  expect(await through(12)).toBe(10);
  const keys = new GetRateBasedStatementManagedKeysCommand({
    Scope: 'REGIONAL',
    WebACLName: acl.Name,
    WebACLId: acl.Id,
    RuleName: 'ip',
  });
  const { ManagedKeysIPV4, ManagedKeysIPV6 } = await bed.waf.send(keys);
  expect(ManagedKeysIPV4).toEqual({ IPAddressVersion: 'IPV4', Addresses: ['127.0.0.1/32'] });
  expect(ManagedKeysIPV6?.Addresses).toEqual([]);
  clock.advance(30_000);
  expect(await through(1)).toBe(0);
  clock.advance(31_000);
  expect((await bed.waf.send(keys)).ManagedKeysIPV4?.Addresses).toEqual([]);
  // The one that was blocked half a minute ago counts, too.
  expect(await through(12)).toBe(9);
});

test('what changes elsewhere in the web ACL leaves the counts, what changes in the rule does not', async () => {
  await apply(rule('kept', 0, rate({ Limit: 11 })));
  expect(await through(11)).toBe(11);
  await apply(rule('kept', 1, rate({ Limit: 11 })), rule('more', 0, bytes('/more')));
  expect(await through(1)).toBe(0);
  await apply(rule('kept', 1, rate({ Limit: 12 })));
  expect(await through(1)).toBe(1);
});

test('only what the scope-down statement matches counts', async () => {
  await apply(rule('scoped', 0, rate({ AggregateKeyType: 'CONSTANT', ScopeDownStatement: bytes('/login') })));
  expect(await through(12, '/other')).toBe(12);
  expect(await through(12, '/login')).toBe(10);
  expect(await through(1, '/other')).toBe(1);
});

test('by the address that a proxy names', async () => {
  const config = { HeaderName: 'X-Forwarded-For', FallbackBehavior: 'MATCH' as const };
  await apply(rule('forwarded', 0, rate({ AggregateKeyType: 'FORWARDED_IP', ForwardedIPConfig: config })));
  expect(await through(11, '/', by('192.0.2.1, 10.0.0.1'))).toBe(10);
  expect(await through(1, '/', by('192.0.2.2'))).toBe(1);
  expect(await through(1, '/', by('nonsense'))).toBe(0);
  expect(await through(11)).toBe(11);
});

test('by keys of one’s own; a request without one of them is not counted', async () => {
  const keys = [
    { Header: { Name: 'X-Tenant', TextTransformations: [{ Priority: 0, Type: 'LOWERCASE' as const }] } },
    { QueryArgument: { Name: 'q', TextTransformations: NONE } },
    { HTTPMethod: {} },
    { LabelNamespace: { Namespace: 'plan:' } },
  ];
  await apply(
    rule('labels', 0, bytes('/'), { Action: { Count: {} }, RuleLabels: [{ Name: 'plan:free' }] }),
    rule('custom', 1, rate({ AggregateKeyType: 'CUSTOM_KEYS', CustomKeys: keys })),
  );
  const tenant = (name: string): RequestInit => ({ headers: { 'x-tenant': name } });
  expect(await through(6, '/?q=1', tenant('a'))).toBe(6);
  expect(await through(6, '/?q=1', tenant('A'))).toBe(4);
  expect(await through(1, '/?q=2', tenant('a'))).toBe(1);
  expect(await through(1, '/?q=1', { ...tenant('a'), method: 'POST' })).toBe(1);
  expect(await through(11, '/?q=1')).toBe(11);
  const managed = new GetRateBasedStatementManagedKeysCommand({
    Scope: 'REGIONAL',
    WebACLName: acl.Name,
    WebACLId: acl.Id,
    RuleName: 'custom',
  });
  await expect(bed.waf.send(managed)).rejects.toMatchObject({
    name: 'WAFUnsupportedAggregateKeyTypeException',
  });
});

describe('seen', () => {
  const total = async (MetricName: string, dimensions: Record<string, string>) => {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const Metric = { Namespace: 'AWS/WAFV2', MetricName, Dimensions };
    const { MetricDataResults } = await bed.bed.cloud.client(CloudWatchClient).send(
      new GetMetricDataCommand({
        StartTime: new Date(clock.millis() - 3600_000),
        EndTime: new Date(clock.millis() + 3600_000),
        MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 3600, Stat: 'Sum' } }],
      }),
    );
    return (MetricDataResults?.[0]?.Values ?? []).reduce((sum, value) => sum + value, 0);
  };

  let seen: string;
  beforeAll(async () => {
    const { Summary } = await bed.waf.send(
      new CreateRuleGroupCommand({
        Name: 'seen',
        Scope: 'REGIONAL',
        Capacity: 10,
        VisibilityConfig: visible('group'),
        Rules: [rule('inner', 0, bytes('/group'))],
      }),
    );
    const { ARN } = await bed.protected('seen', [
      rule('counts', 0, bytes('/count'), { Action: { Count: {} }, RuleLabels: [{ Name: 'counted' }] }),
      rule('blocks', 1, bytes('/block')),
      rule('quiet', 2, bytes('/quiet'), { VisibilityConfig: visible('quiet', false) }),
      rule(
        'refers',
        3,
        { RuleGroupReferenceStatement: { ARN: Summary?.ARN } },
        { OverrideAction: { None: {} } },
      ),
    ]);
    seen = ARN!;
    for (const path of ['/', '/count?a=b', '/count/block', '/block', '/quiet', '/group'])
      await bed.status(path);
  });

  /** https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html */
  test('in metrics', async () => {
    const at = (Rule: string) => ({ Region: 'us-east-1', Rule, WebACL: 'seen' });
    expect(await total('AllowedRequests', at('ALL'))).toBe(2);
    expect(await total('AllowedRequests', at('Default_Action'))).toBe(2);
    expect(await total('BlockedRequests', at('ALL'))).toBe(4);
    expect(await total('BlockedRequests', at('blocks'))).toBe(2);
    expect(await total('BlockedRequests', at('refers'))).toBe(1);
    expect(await total('BlockedRequests', at('quiet'))).toBe(0);
    expect(await total('CountedRequests', at('counts'))).toBe(2);
    expect(await total('CountedRequests', at('ALL'))).toBe(2);
    const inner = { Region: 'us-east-1', Rule: 'inner', RuleGroup: 'group' };
    expect(await total('BlockedRequests', inner)).toBe(1);
  });

  /** https://docs.aws.amazon.com/waf/latest/APIReference/API_GetSampledRequests.html */
  test('in samples', async () => {
    const samples = async (RuleMetricName: string, MaxItems = 100) => {
      const given = { WebAclArn: seen, Scope: 'REGIONAL' as const, RuleMetricName, MaxItems };
      const TimeWindow = {
        StartTime: new Date(clock.millis() - 60_000),
        EndTime: new Date(clock.millis() + 1000),
      };
      return bed.waf.send(new GetSampledRequestsCommand({ ...given, TimeWindow }));
    };
    const { PopulationSize, SampledRequests = [] } = await samples('counts', 1);
    expect([PopulationSize, SampledRequests.length]).toEqual([2, 1]);
    const all = (await samples('counts')).SampledRequests ?? [];
    expect(all[0]).toMatchObject({
      Action: 'COUNT',
      Weight: 1,
      Labels: [{ Name: 'awswaf:000000000000:webacl:seen:counted' }],
      Request: { ClientIP: '127.0.0.1', Method: 'GET', URI: '/prod/count?a=b', HTTPVersion: 'HTTP/1.1' },
    });
    expect((await samples('refers')).SampledRequests).toMatchObject([
      { Action: 'BLOCK', RuleNameWithinRuleGroup: 'inner' },
    ]);
    const blocked = (await samples('blocks')).SampledRequests ?? [];
    expect(blocked.map(({ RuleNameWithinRuleGroup }) => RuleNameWithinRuleGroup)).toEqual([
      undefined,
      undefined,
    ]);
    expect((await samples('Default_Action')).PopulationSize).toBe(2);
    expect((await samples('quiet')).SampledRequests).toEqual([]);
  });
});
