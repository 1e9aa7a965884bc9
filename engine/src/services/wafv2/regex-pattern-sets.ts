import type { Regex } from '@aws-sdk/client-wafv2';
import { linearPattern } from '../../edge/waf/linear-pattern';
import type { Operation } from '../../kernel';
import { drop, find, keep, newEntity, pageOfKind, requireLock, summaryOf } from './entities';
import { invalid, limitExceeded } from './errors';
import { requireUnused } from './references';
import { tables } from './store';

// https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
const MOST_PATTERNS = 10;
const LONGEST = 200;

export const createRegexPatternSet: Operation<'wafv2', 'CreateRegexPatternSet'> = (input, call) => {
  const patterns = checked(input.RegularExpressionList);
  const record = { ...newEntity(call, 'regexpatternset', input), patterns };
  keep(call, tables(call).regexpatternset, record);
  return { Summary: summaryOf(record) };
};

export const getRegexPatternSet: Operation<'wafv2', 'GetRegexPatternSet'> = (input, call) => {
  const { arn, description, id, lockToken, name, patterns } = find(call, 'regexpatternset', input);
  return {
    RegexPatternSet: {
      Name: name,
      Id: id,
      ARN: arn,
      Description: description ?? '',
      RegularExpressionList: patterns,
    },
    LockToken: lockToken,
  };
};

export const updateRegexPatternSet: Operation<'wafv2', 'UpdateRegexPatternSet'> = (input, call) => {
  const known = find(call, 'regexpatternset', input);
  requireLock(known, input.LockToken);
  const patterns = checked(input.RegularExpressionList);
  const lockToken = call.ids.uuid();
  keep(call, tables(call).regexpatternset, { ...known, patterns, lockToken, description: input.Description });
  return { NextLockToken: lockToken };
};

export const deleteRegexPatternSet: Operation<'wafv2', 'DeleteRegexPatternSet'> = (input, call) => {
  const known = find(call, 'regexpatternset', input);
  requireLock(known, input.LockToken);
  requireUnused(call, known.arn);
  drop(call, tables(call).regexpatternset, known);
  return {};
};

export const listRegexPatternSets: Operation<'wafv2', 'ListRegexPatternSets'> = (input, call) => {
  const { summaries, ...more } = pageOfKind(call, 'regexpatternset', input);
  return { RegexPatternSets: summaries, ...more };
};

function checked(patterns: readonly Regex[] | undefined): Regex[] {
  const all = [...(patterns ?? [])];
  if (all.length > MOST_PATTERNS) throw limitExceeded();
  for (const { RegexString = '' } of all) requirePattern(RegexString);
  return all;
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-regex-pattern-support.html */
export function requirePattern(pattern: string): void {
  if (pattern.length > LONGEST) throw limitExceeded();
  if (linearPattern(pattern)) return;
  throw invalid('The parameter contains formatting that is not valid.', 'REGEX_PATTERN_SET', pattern);
}
