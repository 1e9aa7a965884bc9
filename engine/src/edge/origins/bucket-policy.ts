/** Who asks for an object, as a bucket policy names him. */
export interface Asker {
  /** Values that a statement's Principal may name: a service, an ARN, a canonical user. */
  service?: string;
  arns: readonly string[];
  canonicalUser?: string;
  /** Condition keys of the request, lower case. */
  context: Readonly<Record<string, string>>;
}

type Raw = Record<string, unknown>;

/**
 * Whether a bucket policy lets `asker` do `action` on `resource`: a matching Allow and no matching Deny.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function policyAllows(
  text: string | undefined,
  asker: Asker,
  action: string,
  resource: string,
): boolean {
  if (text === undefined) return false;
  const policy = JSON.parse(text) as { Statement?: Raw | Raw[] };
  const statements = list(policy.Statement) as Raw[];
  let allowed = false;
  for (const statement of statements) {
    if (!matches(statement, asker, action, resource)) continue;
    if (statement.Effect === 'Deny') return false;
    allowed = true;
  }
  return allowed;
}

function matches(statement: Raw, asker: Asker, action: string, resource: string): boolean {
  return (
    names(statement, asker) &&
    oneOf(statement.Action, statement.NotAction, action.toLowerCase(), true) &&
    oneOf(statement.Resource, statement.NotResource, resource, false) &&
    holds(statement, asker)
  );
}

function names(statement: Raw, asker: Asker): boolean {
  if (statement.NotPrincipal !== undefined) return !named(statement.NotPrincipal, asker);
  return named(statement.Principal, asker);
}

function named(principal: unknown, asker: Asker): boolean {
  if (principal === '*') return true;
  if (typeof principal !== 'object' || principal === null) return false;
  const { Service, AWS, CanonicalUser } = principal as Raw;
  if (list(AWS).includes('*')) return true;
  if (asker.service !== undefined && list(Service).includes(asker.service)) return true;
  if (asker.arns.some((arn) => list(AWS).includes(arn))) return true;
  return asker.canonicalUser !== undefined && list(CanonicalUser).includes(asker.canonicalUser);
}

function oneOf(positive: unknown, negative: unknown, value: string, lower: boolean): boolean {
  const hit = (patterns: unknown) =>
    list(patterns).some((pattern) => like(lower ? String(pattern).toLowerCase() : String(pattern), value));
  return negative === undefined ? hit(positive) : !hit(negative);
}

/** An operator that is not known makes an Allow fail and a Deny hold. */
function holds(statement: Raw, asker: Asker): boolean {
  const conditions = (statement.Condition ?? {}) as Record<string, Raw>;
  for (const [operator, keys] of Object.entries(conditions)) {
    for (const [key, wanted] of Object.entries(keys)) {
      const result = compare(operator, asker.context[key.toLowerCase()], list(wanted).map(String));
      if (result === undefined) return statement.Effect === 'Deny';
      if (!result) return false;
    }
  }
  return true;
}

function compare(
  operator: string,
  actual: string | undefined,
  wanted: readonly string[],
): boolean | undefined {
  const ifExists = operator.endsWith('IfExists');
  const base = ifExists ? operator.slice(0, -'IfExists'.length) : operator;
  if (actual === undefined && ifExists) return true;
  const value = actual ?? '';
  const present = actual !== undefined;
  switch (base) {
    case 'StringEquals':
      return present && wanted.includes(value);
    case 'StringNotEquals':
      return !wanted.includes(value);
    case 'StringLike':
    case 'ArnLike':
    case 'ArnEquals':
      return present && wanted.some((pattern) => like(pattern, value));
    case 'StringNotLike':
    case 'ArnNotLike':
    case 'ArnNotEquals':
      return !wanted.some((pattern) => like(pattern, value));
    case 'Bool':
      return present && wanted.includes(value);
    case 'NumericLessThan':
      return present && wanted.some((limit) => Number(value) < Number(limit));
    default:
      return undefined;
  }
}

const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

function like(pattern: string, value: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === value;
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*+/g, '.*').replace(/\?/g, '.')}$`, 's').test(value);
}
