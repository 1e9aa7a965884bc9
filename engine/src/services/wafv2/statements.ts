import type { Rule, Statement } from '@aws-sdk/client-wafv2';

/** The statements right below a statement. */
export function inner(statement: Statement): Statement[] {
  const { AndStatement, NotStatement, OrStatement, RateBasedStatement } = statement;
  const one = NotStatement?.Statement ?? RateBasedStatement?.ScopeDownStatement;
  return [...(AndStatement?.Statements ?? []), ...(OrStatement?.Statements ?? []), ...(one ? [one] : [])];
}

/** Rules' statements with all that is below them. */
export function* everyStatement(rules: readonly Rule[] | undefined): Generator<Statement> {
  const open = (rules ?? []).flatMap(({ Statement: statement }) => (statement ? [statement] : []));
  for (let next = open.pop(); next; next = open.pop()) {
    yield next;
    open.push(...inner(next));
  }
}

/** The ARNs of what rules refer to. */
export function referred(rules: readonly Rule[] | undefined): string[] {
  const found = new Set<string>();
  for (const one of everyStatement(rules)) {
    const reference =
      one.IPSetReferenceStatement ?? one.RegexPatternSetReferenceStatement ?? one.RuleGroupReferenceStatement;
    if (reference?.ARN) found.add(reference.ARN);
  }
  return [...found];
}
