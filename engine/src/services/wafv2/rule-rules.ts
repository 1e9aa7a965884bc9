import type {
  CustomHTTPHeader,
  CustomResponseBody,
  DefaultAction,
  Rule,
  RuleAction,
} from '@aws-sdk/client-wafv2';
import { type Call, notImplemented } from '../../kernel';
import { duplicate, exactlyOne, invalid, limitExceeded } from './errors';
import { given } from './field-rules';
import { checkStatement } from './statement-rules';

export interface Around {
  kind: 'webacl' | 'rulegroup';
  /** What actions may refer to; undefined where they are not known. */
  bodies: Readonly<Record<string, CustomResponseBody>> | undefined;
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
const MOST_RATES = { webacl: 10, rulegroup: 4 } as const;

const MISSING_ACTIONS = ['Captcha', 'Challenge', 'Monetize'] as const;

export function checkRules(call: Call, rules: readonly Rule[] | undefined, around: Around): void {
  const all = rules ?? [];
  const unique = (values: readonly unknown[]) => new Set(values).size === values.length;
  if (!unique(all.map(({ Name }) => Name)) || !unique(all.map(({ Priority }) => Priority))) throw duplicate();
  for (const rule of all) checkRule(call, rule, around);
  const rates = all.filter(({ Statement }) => Statement?.RateBasedStatement).length;
  if (rates > MOST_RATES[around.kind]) throw limitExceeded();
}

function checkRule(call: Call, rule: Rule, around: Around): void {
  const { Action, OverrideAction, RuleLabels, Statement = {} } = rule;
  for (const name of ['CaptchaConfig', 'ChallengeConfig'] as const) {
    if (rule[name]) throw notImplemented(`WAFV2 Rule ${name}`);
  }
  checkStatement(call, Statement, 'rule', around.kind === 'rulegroup');
  // A rule group's rules have actions of their own; what refers to it can only override them.
  // https://docs.aws.amazon.com/waf/latest/APIReference/API_Rule.html
  const group = Statement.RuleGroupReferenceStatement;
  if (group) {
    if (Action || !OverrideAction) throw exactlyOne('RULE', 'Rule');
    if (given(OverrideAction).length !== 1) throw exactlyOne('OVERRIDE_ACTION', 'OverrideAction');
    for (const { ActionToUse = {} } of group.RuleActionOverrides ?? []) checkAction(ActionToUse, around);
  } else {
    if (OverrideAction || !Action) throw exactlyOne('RULE_ACTION', 'RuleAction');
    checkAction(Action, around);
  }
  for (const { Name = '' } of RuleLabels ?? []) checkLabel(Name);
}

export function checkAction(action: RuleAction, around: Around): void {
  for (const name of MISSING_ACTIONS) if (action[name]) throw notImplemented(`WAFV2 action ${name}`);
  if (given(action).length !== 1) throw exactlyOne('RULE_ACTION', 'RuleAction');
  checkHandling(action, around);
}

export function checkDefaultAction(action: DefaultAction | undefined, around: Around): void {
  if (given(action).length !== 1) throw exactlyOne('DEFAULT_ACTION', 'DefaultAction');
  checkHandling(action ?? {}, around);
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/customizing-the-response-status-codes.html */
const STATUSES = new Set([
  200, 201, 202, 204, 206, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 411, 412,
  413, 414, 415, 416, 421, 429, 500, 501, 502, 503, 504, 505,
]);

const MOST_HEADERS = 10;

function checkHandling({ Allow, Block, Count }: RuleAction, { bodies }: Around): void {
  checkHeaders((Allow ?? Count)?.CustomRequestHandling?.InsertHeaders);
  const response = Block?.CustomResponse;
  if (!response) return;
  const { CustomResponseBodyKey: key, ResponseCode: code = 0, ResponseHeaders: headers } = response;
  if (!STATUSES.has(code)) throw invalid('The response code is not valid.', 'CUSTOM_RESPONSE', String(code));
  checkHeaders(headers);
  // The body says what it is.
  if (headers?.some(({ Name }) => Name?.toLowerCase() === 'content-type'))
    throw invalid('The header is not allowed.', 'CUSTOM_RESPONSE', 'content-type');
  if (key !== undefined && bodies && !Object.hasOwn(bodies, key))
    throw invalid('The custom response body is not defined.', 'CUSTOM_RESPONSE_BODY', key);
}

function checkHeaders(headers: readonly CustomHTTPHeader[] | undefined): void {
  const names = (headers ?? []).map(({ Name = '' }) => Name.toLowerCase());
  if (names.length > MOST_HEADERS) throw limitExceeded();
  if (new Set(names).size !== names.length) throw duplicate();
}

const MOST_BODIES = 50;
const LARGEST_BODY = 4096;

export function checkBodies(bodies: Readonly<Record<string, CustomResponseBody>> | undefined): void {
  const all = Object.values(bodies ?? {});
  if (all.length > MOST_BODIES) throw limitExceeded();
  if (all.some(({ Content = '' }) => Buffer.byteLength(Content) > LARGEST_BODY)) throw limitExceeded();
}

const RESERVED = new Set([
  'awswaf',
  'aws',
  'waf',
  'rulegroup',
  'webacl',
  'regexpatternset',
  'ipset',
  'managed',
]);

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-label-requirements.html */
function checkLabel(name: string): void {
  const parts = name.split(':');
  // Five namespaces, and the label's own name.
  if (parts.length > 6 || parts.some((part) => part === '' || part.length > 128 || RESERVED.has(part))) {
    throw invalid('The label is not valid.', 'RULE', name);
  }
}
