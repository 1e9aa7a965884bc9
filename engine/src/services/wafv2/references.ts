import type { Statement } from '@aws-sdk/client-wafv2';
import type { Call } from '../../kernel';
import { findByArn } from './entities';
import { associated, nonexistent } from './errors';
import { referred } from './statements';
import { type Kind, tables } from './store';

/** Whatever web ACLs or rule groups refer to stays. */
export function requireUnused(call: Call, arn: string): void {
  const { rulegroup, webacl } = tables(call);
  for (const { rules } of [...webacl.values(), ...rulegroup.values()]) {
    if (referred(rules).includes(arn)) throw associated();
  }
}

/** What a statement refers to must be there. */
export function requireReferred(call: Call, statement: Statement): void {
  requireOne(call, 'ipset', statement.IPSetReferenceStatement?.ARN);
  requireOne(call, 'regexpatternset', statement.RegexPatternSetReferenceStatement?.ARN);
  requireOne(call, 'rulegroup', statement.RuleGroupReferenceStatement?.ARN);
}

function requireOne(call: Call, kind: Kind, arn: string | undefined): void {
  if (arn !== undefined && findByArn(call, arn)?.kind !== kind) throw nonexistent();
}
