import type { SamplingRule, SamplingRuleRecord, SamplingRuleUpdate } from '@aws-sdk/client-xray';
import { AwsError, arn, type Call, notImplemented, type Operation } from '../../kernel';
import { forgetSampler } from '../../observe/tracing';
import { invalidRequest, invalidToken } from './errors';
import { type RuleRecord, xrayStore } from './store';

/** https://docs.aws.amazon.com/general/latest/gr/xray.html#limits_xray */
const MOST = 25;

const DEFAULT = 'Default';

const ruleArn = (call: Call, name: string) => arn('xray', call.region, call.account, `sampling-rule/${name}`);

/**
 * There is always one more, for what no other matches.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
 */
const defaultRule = (call: Call): RuleRecord => ({
  rule: {
    RuleName: DEFAULT,
    RuleARN: ruleArn(call, DEFAULT),
    ResourceARN: '*',
    Priority: 10_000,
    FixedRate: 0.05,
    ReservoirSize: 1,
    ServiceName: '*',
    ServiceType: '*',
    Host: '*',
    HTTPMethod: '*',
    URLPath: '*',
    Version: 1,
    Attributes: {},
  },
  createdAt: 0,
  modifiedAt: 0,
});

/** In the order in which they are asked. */
export function allRules(call: Call): RuleRecord[] {
  const own = [...xrayStore(call.store).rules.values()];
  const all = own.some(({ rule }) => rule.RuleName === DEFAULT) ? own : [...own, defaultRule(call)];
  return all.sort((a, b) => (a.rule.Priority ?? 0) - (b.rule.Priority ?? 0) || byName(a, b));
}

const byName = (a: RuleRecord, b: RuleRecord): number =>
  (a.rule.RuleName ?? '') < (b.rule.RuleName ?? '') ? -1 : 1;

const shown = ({ rule, createdAt, modifiedAt }: RuleRecord): SamplingRuleRecord => ({
  SamplingRule: rule,
  CreatedAt: new Date(createdAt),
  ModifiedAt: new Date(modifiedAt),
});

/** There are too few for a second page. */
export const getSamplingRules: Operation<'xray', 'GetSamplingRules'> = (input, call) => {
  if (input.NextToken !== undefined) throw invalidToken();
  return { SamplingRuleRecords: allRules(call).map(shown) };
};

/** https://docs.aws.amazon.com/xray/latest/api/API_CreateSamplingRule.html */
export const createSamplingRule: Operation<'xray', 'CreateSamplingRule'> = (input, call) => {
  const rule = input.SamplingRule!;
  if (input.Tags?.length) throw notImplemented('X-Ray CreateSamplingRule Tags');
  if (rule.SamplingRateBoost) throw notImplemented('X-Ray sampling rules with SamplingRateBoost');
  const name = rule.RuleName ?? nameIn(rule.RuleARN);
  if (!name) throw invalidRequest('RuleName or RuleARN must be specified.');
  if (rule.Version !== 1) throw invalidRequest('Version must be 1.');
  const known = allRules(call);
  if (known.some((one) => one.rule.RuleName === name)) throw invalidRequest(`Rule ${name} already exists.`);
  if (known.length > MOST) {
    throw new AwsError(
      'RuleLimitExceededException',
      'You have reached the maximum number of sampling rules.',
      {
        status: 400,
      },
    );
  }
  const now = call.clock.millis();
  const made: SamplingRule = {
    ...rule,
    RuleName: name,
    RuleARN: ruleArn(call, name),
    Attributes: rule.Attributes ?? {},
  };
  return { SamplingRuleRecord: keep(call, { rule: made, createdAt: now, modifiedAt: now }) };
};

/** https://docs.aws.amazon.com/xray/latest/api/API_UpdateSamplingRule.html */
export const updateSamplingRule: Operation<'xray', 'UpdateSamplingRule'> = (input, call) => {
  const { RuleName, RuleARN, SamplingRateBoost, ...changes } = input.SamplingRuleUpdate!;
  if (SamplingRateBoost) throw notImplemented('X-Ray sampling rules with SamplingRateBoost');
  const known = find(call, RuleName, RuleARN);
  checkChanges(changes, known.rule.RuleName === DEFAULT);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const rule: SamplingRule = { ...known.rule, ...given };
  return { SamplingRuleRecord: keep(call, { ...known, rule, modifiedAt: call.clock.millis() }) };
};

/** What the model says of a new rule's numbers it does not say of an update's. */
function checkChanges(changes: SamplingRuleUpdate, ofDefault: boolean): void {
  const { FixedRate, Priority, ReservoirSize, ...others } = changes;
  if (FixedRate !== undefined && !(FixedRate >= 0 && FixedRate <= 1))
    throw invalidRequest('FixedRate must be between 0 and 1.');
  if (ReservoirSize !== undefined && ReservoirSize < 0)
    throw invalidRequest('ReservoirSize must not be negative.');
  if (Priority !== undefined && !(Priority >= 1 && Priority <= 9999) && !ofDefault)
    throw invalidRequest('Priority must be between 1 and 9999.');
  const more = Object.entries({ Priority, ...others }).filter(([, value]) => value !== undefined);
  if (ofDefault && more.length > 0)
    throw invalidRequest(
      `Only FixedRate and ReservoirSize of the Default rule can be changed, not ${more[0]?.[0]}.`,
    );
}

/** https://docs.aws.amazon.com/xray/latest/api/API_DeleteSamplingRule.html */
export const deleteSamplingRule: Operation<'xray', 'DeleteSamplingRule'> = (input, call) => {
  const known = find(call, input.RuleName, input.RuleARN);
  const name = known.rule.RuleName ?? '';
  if (name === DEFAULT) throw invalidRequest('The Default rule cannot be deleted.');
  xrayStore(call.store).rules.remove(name);
  forgetSampler(call, call);
  return { SamplingRuleRecord: shown(known) };
};

function find(call: Call, name: string | undefined, ruleArn: string | undefined): RuleRecord {
  if ((name === undefined) === (ruleArn === undefined))
    throw invalidRequest('Either RuleName or RuleARN must be specified, but not both.');
  const wanted = name ?? nameIn(ruleArn);
  const known = allRules(call).find(({ rule }) => rule.RuleName === wanted);
  if (!known) throw invalidRequest('Sampling rule does not exist.');
  return known;
}

const nameIn = (ruleArn: string | undefined): string | undefined =>
  /:sampling-rule\/(.+)$/.exec(ruleArn ?? '')?.[1];

function keep(call: Call, record: RuleRecord): SamplingRuleRecord {
  xrayStore(call.store).rules.put(record.rule.RuleName ?? '', record);
  forgetSampler(call, call);
  return shown(record);
}
