import type { ByteMatchStatement, RateBasedStatement, Statement } from '@aws-sdk/client-wafv2';
import { type Call, notImplemented } from '../../kernel';
import { badReference, exactlyOne, invalid, limitExceeded } from './errors';
import { checkLooking, checkTransformations, given } from './field-rules';
import { requireReferred } from './references';
import { requirePattern } from './regex-pattern-sets';
import { inner } from './statements';

/** Each needs what is not here: a database of places, AWS's own rules, or their way of telling attacks. */
const MISSING = [
  'AsnMatchStatement',
  'GeoMatchStatement',
  'ManagedRuleGroupStatement',
  'SqliMatchStatement',
  'XssMatchStatement',
] as const;

const LONGEST_SEARCH = 200;

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html */
export function checkStatement(
  call: Call,
  statement: Statement,
  at: 'rule' | 'nested',
  inGroup: boolean,
): void {
  for (const name of MISSING) if (statement[name]) throw notImplemented(`WAFV2 ${name}`);
  if (given(statement).length !== 1) throw exactlyOne('STATEMENT', 'Statement');
  if (statement.RateBasedStatement && at === 'nested')
    throw badReference('RATE_BASED_STATEMENT', 'RateBasedStatement');
  if (statement.RuleGroupReferenceStatement && (at === 'nested' || inGroup))
    throw badReference('RULE_GROUP_REFERENCE_STATEMENT', 'RuleGroupReferenceStatement');
  checkFew(statement.AndStatement?.Statements, 'AND_STATEMENT', 'AndStatement');
  checkFew(statement.OrStatement?.Statements, 'OR_STATEMENT', 'OrStatement');
  const looking =
    statement.ByteMatchStatement ??
    statement.RegexMatchStatement ??
    statement.RegexPatternSetReferenceStatement ??
    statement.SizeConstraintStatement;
  if (looking) checkLooking(looking);
  if (statement.ByteMatchStatement) checkSearch(statement.ByteMatchStatement);
  if (statement.RegexMatchStatement) requirePattern(statement.RegexMatchStatement.RegexString ?? '');
  if (statement.RateBasedStatement) checkRate(statement.RateBasedStatement);
  requireReferred(call, statement);
  for (const one of inner(statement)) checkStatement(call, one, 'nested', inGroup);
}

function checkFew(
  statements: readonly Statement[] | undefined,
  field: 'AND_STATEMENT' | 'OR_STATEMENT',
  name: string,
): void {
  if (!statements || statements.length > 1) return;
  throw invalid(
    "You haven't met a minimum requirement for a threshold setting. Examples include a rule group capacity setting that's too low and an OR statement with only one statement.",
    field,
    name,
  );
}

/** A word is letters, digits and underscores. */
function checkSearch({ PositionalConstraint: position, SearchString }: ByteMatchStatement): void {
  const search = Buffer.from(SearchString ?? []).toString('latin1');
  if (search.length > LONGEST_SEARCH) throw limitExceeded();
  if (search === '' || (position === 'CONTAINS_WORD' && !/^\w+$/.test(search))) {
    throw invalid('The parameter contains formatting that is not valid.', 'BYTE_MATCH_STATEMENT', search);
  }
}

const WINDOWS = [60, 120, 300, 600];

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html */
function checkRate(rate: RateBasedStatement): void {
  const { AggregateKeyType: type, CustomKeys: keys = [], EvaluationWindowSec: window = 300 } = rate;
  const wrong = (reason: string, parameter: string) => invalid(reason, 'RATE_BASED_STATEMENT', parameter);
  if (!WINDOWS.includes(window)) throw wrong('The evaluation window is not valid.', String(window));
  for (const key of keys) {
    if (given(key).length !== 1) throw exactlyOne('CUSTOM_KEYS', 'CustomKeys');
    for (const name of ['ASN', 'JA3Fingerprint', 'JA4Fingerprint'] as const) {
      if (key[name]) throw notImplemented(`WAFV2 RateBasedStatement custom key ${name}`);
    }
    const component = key.Header ?? key.Cookie ?? key.QueryArgument ?? key.QueryString ?? key.UriPath;
    checkTransformations(component?.TextTransformations);
  }
  const forwarded = type === 'FORWARDED_IP' || keys.some((key) => key.ForwardedIP);
  if ((type === 'CUSTOM_KEYS') !== keys.length > 0) throw exactlyOne('CUSTOM_KEYS', 'CustomKeys');
  // An address alone is what the type is for.
  if (keys.length === 1 && (keys[0]?.IP ?? keys[0]?.ForwardedIP))
    throw exactlyOne('CUSTOM_KEYS', 'CustomKeys');
  if (forwarded !== (rate.ForwardedIPConfig !== undefined))
    throw invalid(
      forwarded
        ? 'The configuration of forwarded IP addresses is missing.'
        : 'Nothing uses forwarded IP addresses.',
      'FORWARDED_IP_CONFIG',
      'ForwardedIPConfig',
    );
  // Counting all requests together is only for a part of them.
  if (type === 'CONSTANT' && !rate.ScopeDownStatement)
    throw invalid('A scope-down statement is missing.', 'SCOPE_DOWN', 'ScopeDownStatement');
}
