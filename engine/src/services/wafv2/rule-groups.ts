import type { CreateRuleGroupCommandInput, UpdateRuleGroupCommandInput } from '@aws-sdk/client-wafv2';
import { type Call, notImplemented, type Operation } from '../../kernel';
import { capacityOf } from './capacity';
import { drop, find, findByArn, keep, newEntity, pageOfKind, requireLock, summaryOf } from './entities';
import { nonexistent, tooExpensive } from './errors';
import { requireUnused } from './references';
import { checkBodies, checkRules } from './rule-rules';
import { everyStatement } from './statements';
import { type RulesRecord, tables } from './store';
import { named } from './web-acls';

/** https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html */
const MOST_UNITS = 5000;

function contents(
  call: Call,
  input: CreateRuleGroupCommandInput | UpdateRuleGroupCommandInput,
  capacity: number,
) {
  if (input.MonetizationConfig) throw notImplemented('WAFV2 RuleGroup MonetizationConfig');
  const { CustomResponseBodies: bodies, Rules: rules = [] } = input;
  checkBodies(bodies);
  checkRules(call, rules, { kind: 'rulegroup', bodies: bodies ?? {} });
  const needed = capacityOf(rules, tables(call));
  if (needed > capacity || capacity > MOST_UNITS)
    throw tooExpensive('RULE_GROUP', Math.max(needed, capacity));
  const visibility = input.VisibilityConfig as RulesRecord['visibility'];
  return { rules, bodies, capacity, visibility, description: input.Description };
}

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateRuleGroup.html */
export const createRuleGroup: Operation<'wafv2', 'CreateRuleGroup'> = (input, call) => {
  const made = newEntity(call, 'rulegroup', input);
  const record: RulesRecord = { ...made, ...contents(call, input, input.Capacity ?? 0) };
  keep(call, tables(call).rulegroup, record);
  return { Summary: summaryOf(record) };
};

export const getRuleGroup: Operation<'wafv2', 'GetRuleGroup'> = (input, call) => {
  const record = input.ARN === undefined ? find(call, 'rulegroup', named(input)) : byArn(call, input.ARN);
  const LabelNamespace = `awswaf:${call.account}:rulegroup:${record.name}:`;
  const labels = record.rules.flatMap(({ RuleLabels }) => RuleLabels ?? []);
  const looked = [...everyStatement(record.rules)]
    .flatMap(({ LabelMatchStatement: label }) => (label?.Scope === 'LABEL' ? [label.Key ?? ''] : []))
    .map((key) => (key.startsWith('awswaf:') ? key : LabelNamespace + key));
  return {
    RuleGroup: {
      Name: record.name,
      Id: record.id,
      Capacity: record.capacity,
      ARN: record.arn,
      Description: record.description ?? '',
      Rules: record.rules,
      VisibilityConfig: record.visibility,
      LabelNamespace,
      ...(record.bodies && { CustomResponseBodies: record.bodies }),
      ...(labels.length > 0 && {
        AvailableLabels: unique(labels.map(({ Name }) => LabelNamespace + Name)),
      }),
      ...(looked.length > 0 && { ConsumedLabels: unique(looked) }),
    },
    LockToken: record.lockToken,
  };
};

const unique = (names: readonly string[]) => [...new Set(names)].map((Name) => ({ Name }));

function byArn(call: Call, arn: string): RulesRecord {
  const found = findByArn(call, arn);
  const record = found?.kind === 'rulegroup' ? tables(call).rulegroup.get(found.entity.name) : undefined;
  if (!record) throw nonexistent();
  return record;
}

export const updateRuleGroup: Operation<'wafv2', 'UpdateRuleGroup'> = (input, call) => {
  const known = find(call, 'rulegroup', input);
  requireLock(known, input.LockToken);
  const lockToken = call.ids.uuid();
  keep(call, tables(call).rulegroup, { ...known, ...contents(call, input, known.capacity), lockToken });
  return { NextLockToken: lockToken };
};

export const deleteRuleGroup: Operation<'wafv2', 'DeleteRuleGroup'> = (input, call) => {
  const known = find(call, 'rulegroup', input);
  requireLock(known, input.LockToken);
  requireUnused(call, known.arn);
  drop(call, tables(call).rulegroup, known);
  return {};
};

export const listRuleGroups: Operation<'wafv2', 'ListRuleGroups'> = (input, call) => {
  const { summaries, ...more } = pageOfKind(call, 'rulegroup', input);
  return { RuleGroups: summaries, ...more };
};
