import type {
  CustomHTTPHeader,
  CustomResponse,
  DefaultAction,
  Rule,
  RuleAction,
  VisibilityConfig,
} from '@aws-sdk/client-wafv2';
import type { RateCounters } from './rate-counters';
import type { Inspection } from './request';
import type { RuleSet, WebAclSource } from './source';
import { compileStatement, type Matches } from './statements';

/** Finds, or begins, what a rule has counted. */
export type CountersOf = (path: string, rule: Rule) => RateCounters;

export type Effect = 'Allow' | 'Block' | 'Count';

/** That a rule matched, for metrics and samples. */
export interface Matched {
  effect: Effect;
  visibility: VisibilityConfig;
  /** Of a rule in a rule group: the group's. */
  group?: VisibilityConfig;
  /** Of a rule that refers to a rule group: the rule there that ended it. */
  within?: string;
}

/** A response in place of the usual one of requests that are blocked. */
export interface BlockResponse {
  status: number;
  headers: readonly CustomHTTPHeader[];
  body?: { type: string; text: string };
}

/** What the rules did with a request so far. */
export interface Course {
  matched: Matched[];
  inserted: CustomHTTPHeader[];
}

/** That a rule ended the evaluation. */
export interface Ending {
  effect: 'Allow' | 'Block';
  response?: BlockResponse;
}

/** A rule ready to be asked; undefined where those behind it are still to be. */
export type CompiledRule = (inspection: Inspection, course: Course) => Ending | undefined;

interface Surroundings {
  source: WebAclSource;
  bodyLimit: number;
  countersOf: CountersOf;
}

export const byPriority = (rules: readonly Rule[]): Rule[] =>
  [...rules].sort((a, b) => (a.Priority ?? 0) - (b.Priority ?? 0));

export function compileRule(rule: Rule, around: Surroundings): CompiledRule {
  return rule.Statement?.RuleGroupReferenceStatement
    ? groupRule(rule, around)
    : ownRule(rule, compileAction(rule.Action ?? {}, around.source), around.source, `${rule.Name}`, around);
}

/** A rule with a statement of its own. */
function ownRule(
  rule: Rule,
  { effect, inserted, response }: Action,
  { labelNamespace, visibility: group }: RuleSet,
  path: string,
  { bodyLimit, countersOf, source }: Surroundings,
): CompiledRule {
  const counters = () => countersOf(path, rule);
  const matches: Matches = compileStatement(rule.Statement ?? {}, {
    source,
    labelNamespace,
    bodyLimit,
    counters,
  });
  const labels = (rule.RuleLabels ?? []).map(({ Name = '' }) => labelNamespace + Name);
  const visibility = rule.VisibilityConfig as VisibilityConfig;
  const matched = { effect, visibility, ...(group !== source.visibility && { group }) };
  return (inspection, course) => {
    inspection.inapplicable = false;
    if (!matches(inspection) || inspection.inapplicable) return undefined;
    for (const label of labels) inspection.labels.add(label);
    course.matched.push(matched);
    course.inserted.push(...inserted);
    return effect === 'Count' ? undefined : { effect, ...(response && { response }) };
  };
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-rule-group-override-options.html */
function groupRule(rule: Rule, around: Surroundings): CompiledRule {
  const reference = rule.Statement?.RuleGroupReferenceStatement;
  const group = around.source.ruleGroup(reference?.ARN ?? '');
  if (!group) return () => undefined;
  const excluded = new Set((reference?.ExcludedRules ?? []).map(({ Name }) => Name));
  const overrides = new Map((reference?.RuleActionOverrides ?? []).map((one) => [one.Name, one.ActionToUse]));
  const inner = byPriority(group.rules).map((one) => {
    const override = excluded.has(one.Name) ? { Count: {} } : overrides.get(one.Name);
    // What is written in the web ACL is about the web ACL's bodies.
    const action = override ? compileAction(override, around.source) : compileAction(one.Action ?? {}, group);
    return [one.Name, ownRule(one, action, group, `${rule.Name}/${one.Name}`, around)] as const;
  });
  const { Count } = rule.OverrideAction ?? {};
  const counting = Count && compileAction({ Count }, group);
  const visibility = rule.VisibilityConfig as VisibilityConfig;
  return (inspection, course) => {
    for (const [name, ask] of inner) {
      const ending = ask(inspection, course);
      if (!ending) continue;
      const { effect, inserted } = counting ?? { effect: ending.effect, inserted: [] };
      course.matched.push({ effect, visibility, ...(name === undefined ? {} : { within: name }) });
      course.inserted.push(...inserted);
      return counting ? undefined : ending;
    }
    return undefined;
  };
}

interface Action {
  effect: Effect;
  inserted: readonly CustomHTTPHeader[];
  response: BlockResponse | undefined;
}

/** What comes of an action: of a rule's or of the web ACL's own. */
export function compileAction(action: RuleAction | DefaultAction, { bodies }: RuleSet): Action {
  const { Allow, Block } = action;
  const { Count } = action as RuleAction;
  const inserted = (Allow ?? Count)?.CustomRequestHandling?.InsertHeaders ?? [];
  const effect: Effect = Block ? 'Block' : Allow ? 'Allow' : 'Count';
  const response = Block?.CustomResponse && blockResponse(Block.CustomResponse, bodies);
  return { effect, inserted, response };
}

const TYPES: Readonly<Record<string, string>> = {
  TEXT_PLAIN: 'text/plain',
  TEXT_HTML: 'text/html',
  APPLICATION_JSON: 'application/json',
};

/** https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-for-blocked-requests.html */
function blockResponse(given: CustomResponse, bodies: RuleSet['bodies']): BlockResponse {
  const body = given.CustomResponseBodyKey === undefined ? undefined : bodies[given.CustomResponseBodyKey];
  return {
    status: given.ResponseCode ?? 403,
    headers: given.ResponseHeaders ?? [],
    ...(body && { body: { type: TYPES[body.ContentType ?? ''] ?? 'text/plain', text: body.Content ?? '' } }),
  };
}
