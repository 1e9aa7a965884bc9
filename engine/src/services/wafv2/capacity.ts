import type {
  FieldToMatch,
  PositionalConstraint,
  Rule,
  Statement,
  TextTransformation,
} from '@aws-sdk/client-wafv2';
import type { Operation } from '../../kernel';
import { nameIn, requireRegional } from './entities';
import { checkRules } from './rule-rules';
import { type Tables, tables } from './store';

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_CheckCapacity.html */
export const checkCapacity: Operation<'wafv2', 'CheckCapacity'> = (input, call) => {
  requireRegional(input.Scope);
  checkRules(call, input.Rules, { kind: 'webacl', bodies: undefined });
  return { Capacity: capacityOf(input.Rules, tables(call)) };
};

/**
 * Web ACL capacity units. AWS may take less where rules share transformations, which is not documented further.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html
 */
export function capacityOf(rules: readonly Rule[] | undefined, all: Tables): number {
  return (rules ?? []).reduce((sum, { Statement: statement }) => sum + unitsOf(statement ?? {}, all), 0);
}

const BY_POSITION: Readonly<Record<PositionalConstraint, number>> = {
  EXACTLY: 2,
  STARTS_WITH: 2,
  ENDS_WITH: 2,
  CONTAINS: 10,
  CONTAINS_WORD: 10,
};

const PATTERN = 3;
const PATTERN_SET = 25;
const RATE = 2;
const RATE_KEY = 30;
const ANY_POSITION = 4;

function unitsOf(statement: Statement, all: Tables): number {
  const below = (inner: readonly Statement[] | undefined) =>
    (inner ?? []).reduce((sum, one) => sum + unitsOf(one, all), 0);
  const {
    AndStatement: and,
    ByteMatchStatement: bytes,
    IPSetReferenceStatement: addresses,
    NotStatement: not,
    OrStatement: or,
    RateBasedStatement: rate,
    RegexMatchStatement: pattern,
    RegexPatternSetReferenceStatement: patterns,
    RuleGroupReferenceStatement: group,
    SizeConstraintStatement: size,
  } = statement;
  if (and ?? or) return below((and ?? or)?.Statements);
  if (not) return unitsOf(not.Statement ?? {}, all);
  if (bytes) return looking(BY_POSITION[bytes.PositionalConstraint ?? 'EXACTLY'], bytes);
  if (pattern) return looking(PATTERN, pattern);
  if (patterns) return looking(PATTERN_SET, patterns);
  if (size) return looking(1, size);
  if (addresses) return 1 + (addresses.IPSetForwardedIPConfig?.Position === 'ANY' ? ANY_POSITION : 0);
  if (group) return all.rulegroup.get(nameIn(group.ARN))?.capacity ?? 0;
  if (rate) {
    const scope = rate.ScopeDownStatement ? unitsOf(rate.ScopeDownStatement, all) : 0;
    return RATE + RATE_KEY * (rate.CustomKeys?.length ?? 0) + scope;
  }
  return 1;
}

interface Looking {
  FieldToMatch: FieldToMatch | undefined;
  TextTransformations: TextTransformation[] | undefined;
}

const EVERY_ARGUMENT = 10;
const TRANSFORMATION = 10;

function looking(base: number, { FieldToMatch: field, TextTransformations: given }: Looking): number {
  const transformations = (given ?? []).filter(({ Type }) => Type !== 'NONE').length;
  const component = base * (field?.JsonBody ? 2 : 1) + (field?.AllQueryArguments ? EVERY_ARGUMENT : 0);
  return component + transformations * TRANSFORMATION;
}
