/**
 * The grammar of JSON policies, shared by every service that stores one. Each service has error codes of its own,
 * so what is wrong is told as a PolicyProblem and the service dresses it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export class PolicyProblem extends Error {}

export type PolicyKind = 'identity' | 'resource' | 'trust';

export interface PolicyStatement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: unknown;
  NotPrincipal?: unknown;
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface PolicyDocument {
  Version?: string;
  Id?: string;
  Statement: PolicyStatement[];
}

const SYNTAX = 'Syntax errors in policy.';
const TOP = new Set(['Version', 'Id', 'Statement']);
const MEMBERS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

/** Takes a policy apart, or throws a PolicyProblem that says what IAM would say. */
export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  const value = parseJson(text);
  for (const member of Object.keys(value)) if (!TOP.has(member)) throw new PolicyProblem(SYNTAX);
  const version = value.Version;
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17') {
    throw new PolicyProblem(
      typeof version === 'string' ? 'The policy must contain a valid version string' : SYNTAX,
    );
  }
  if (kind === 'identity' && version === '2008-10-17') {
    throw new PolicyProblem('Policy document must be version 2012-10-17 or greater.');
  }
  if (value.Id !== undefined && typeof value.Id !== 'string') throw new PolicyProblem(SYNTAX);
  const statements = Array.isArray(value.Statement) ? value.Statement : [value.Statement];
  if (value.Statement === undefined || statements.length === 0) throw new PolicyProblem(SYNTAX);
  const sids = new Set<string>();
  const parsed = statements.map((statement: unknown) => checkStatement(statement, kind, sids));
  return {
    ...(typeof version === 'string' ? { Version: version } : {}),
    ...(typeof value.Id === 'string' ? { Id: value.Id } : {}),
    Statement: parsed,
  };
}

function parseJson(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PolicyProblem('This policy contains invalid Json');
  }
  if (!isObject(value)) throw new PolicyProblem(SYNTAX);
  return value;
}

function checkStatement(statement: unknown, kind: PolicyKind, sids: Set<string>): PolicyStatement {
  if (!isObject(statement)) throw new PolicyProblem(SYNTAX);
  for (const member of Object.keys(statement)) if (!MEMBERS.has(member)) throw new PolicyProblem(SYNTAX);
  const { Sid, Effect } = statement;
  checkEffect(Effect, kind);
  if (Sid !== undefined) checkSid(Sid, kind, sids);
  checkPrincipal(statement, kind);
  checkActions(statement, kind);
  checkResources(statement, kind);
  if (statement.Condition !== undefined) checkCondition(statement.Condition);
  return statement as unknown as PolicyStatement;
}

const LEGACY = 'The policy failed legacy parsing';

function checkEffect(effect: unknown, kind: PolicyKind): void {
  if (effect === 'Allow' || effect === 'Deny') return;
  if (kind === 'identity')
    throw new PolicyProblem(typeof effect === 'string' && /^(allow|deny)$/i.test(effect) ? LEGACY : SYNTAX);
  throw new PolicyProblem(
    effect === undefined
      ? 'Missing required field Effect'
      : `Invalid effect: ${typeof effect === 'string' ? effect : JSON.stringify(effect)}`,
  );
}

function checkSid(sid: unknown, kind: PolicyKind, seen: Set<string>): void {
  if (typeof sid !== 'string') throw new PolicyProblem(SYNTAX);
  // Only identity policies hold Sids to letters and digits; resource policies take spaces too.
  if (kind !== 'resource' && !/^[0-9A-Za-z]*$/.test(sid)) {
    throw new PolicyProblem(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  }
  if (sid !== '' && seen.has(sid))
    throw new PolicyProblem('Statement IDs (SID) in a single policy must be unique.');
  seen.add(sid);
}

function checkPrincipal(statement: Record<string, unknown>, kind: PolicyKind): void {
  const { Principal, NotPrincipal } = statement;
  if (kind === 'identity') {
    if (Principal !== undefined || NotPrincipal !== undefined) {
      throw new PolicyProblem('Policy document should not specify a principal.');
    }
    return;
  }
  if (Principal !== undefined && NotPrincipal !== undefined) throw new PolicyProblem(SYNTAX);
  const principal = Principal ?? NotPrincipal;
  if (principal === undefined) throw new PolicyProblem('Missing required field Principal');
  if (typeof principal === 'string') {
    if (principal !== '*') throw new PolicyProblem(`Invalid principal in policy: "${principal}"`);
    return;
  }
  if (!isObject(principal)) throw new PolicyProblem(SYNTAX);
  if (Object.keys(principal).length === 0) {
    throw new PolicyProblem('Missing required field Principal cannot be empty!');
  }
  for (const [type, names] of Object.entries(principal)) {
    if (!['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(type)) {
      throw new PolicyProblem(`Invalid principal in policy: "${type}"`);
    }
    if (listOf(names).length === 0) throw new PolicyProblem(`Invalid principal in policy: "${type}"`);
    for (const name of listOf(names)) {
      if (kind === 'trust' && type === 'Federated' && !FEDERATED.test(name)) {
        throw new PolicyProblem('Federated principals must be valid domain names or SAML metadata ARNs');
      }
      checkPrincipalName(type, name);
    }
  }
}

/** An identity provider's ARN, or the domain of one that everybody has. */
const FEDERATED = /^(arn:aws[a-z-]*:iam::\d{12}:(saml|oidc)-provider\/.+|([a-z0-9-]+\.)+[a-z]+)$/;

function checkPrincipalName(type: string, name: string): void {
  const known =
    type === 'AWS'
      ? /^(\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::\d{12}:.+|A[A-Z0-9]{15,}|arn:aws:iam::cloudfront:.+)$/.test(
          name,
        )
      : type === 'Service'
        ? /^[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)$/.test(name) || name === '*'
        : name !== '';
  if (!known) throw new PolicyProblem(`Invalid principal in policy: "${type.toUpperCase()}":"${name}"`);
}

function checkActions(statement: Record<string, unknown>, kind: PolicyKind): void {
  const { Action, NotAction } = statement;
  if (Action !== undefined && NotAction !== undefined) throw new PolicyProblem(SYNTAX);
  const actions = Action ?? NotAction;
  if (actions === undefined || listOf(actions).length === 0) {
    throw new PolicyProblem(
      kind === 'trust' ? 'Missing required field Action' : 'Policy statement must contain actions.',
    );
  }
  for (const action of listOf(actions)) {
    if (action === '*') {
      if (kind === 'trust')
        throw new PolicyProblem('AssumeRole policy may only specify STS AssumeRole actions.');
      continue;
    }
    const [vendor, name, ...rest] = action.split(':');
    if (rest.length > 0) throw new PolicyProblem('Actions/Condition can contain only one colon.');
    if (!name) {
      throw new PolicyProblem('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    }
    if (!/^[A-Za-z0-9.-]+$/.test(vendor ?? '')) throw new PolicyProblem(`Vendor ${vendor} is not valid`);
    if (kind === 'trust' && !isAssuming(action)) {
      throw new PolicyProblem('AssumeRole policy may only specify STS AssumeRole actions.');
    }
  }
}

/** What a role's trust policy may speak of. */
const ASSUMING = [
  'sts:assumerole',
  'sts:assumerolewithsaml',
  'sts:assumerolewithwebidentity',
  'sts:tagsession',
  'sts:setsourceidentity',
  'sts:setcontext',
];

function isAssuming(action: string): boolean {
  const pattern = action.toLowerCase();
  return ASSUMING.some((name) => matches(pattern, name));
}

/** `*` stands for anything, `?` for one character; in linear time. */
function matches(pattern: string, text: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  for (let i = 0; i < text.length; ) {
    if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[i])) {
      at++;
      i++;
    } else if (pattern[at] === '*') {
      star = at++;
      resume = i;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

function checkResources(statement: Record<string, unknown>, kind: PolicyKind): void {
  const { Resource, NotResource } = statement;
  if (kind === 'trust') {
    if (Resource !== undefined || NotResource !== undefined)
      throw new PolicyProblem('Has prohibited field Resource');
    return;
  }
  if (Resource !== undefined && NotResource !== undefined) throw new PolicyProblem(SYNTAX);
  const resources = Resource ?? NotResource;
  if (resources === undefined || listOf(resources).length === 0) {
    if (kind === 'resource' && resources === undefined) return;
    throw new PolicyProblem('Policy statement must contain resources.');
  }
  for (const resource of listOf(resources)) checkResource(resource, kind);
}

function checkResource(resource: string, kind: PolicyKind): void {
  if (resource === '*' || (kind === 'resource' && !resource.startsWith('arn:'))) return;
  const parts = resource.split(':');
  if (!resource.startsWith('arn:'))
    throw new PolicyProblem(`Resource ${resource} must be in ARN format or "*".`);
  if (!/^(aws[a-z-]*|\*)$/.test(parts[1] ?? '')) {
    throw new PolicyProblem(`Partition "${parts[1] ?? ''}" is not valid for resource "${resource}".`);
  }
  // Wildcards may stand for several parts, so a short ARN is one only where none ends it.
  if (parts.length < 6 && !resource.includes('*')) throw new PolicyProblem(LEGACY);
  if (kind === 'identity') checkPlace(resource, parts);
}

const IAM_PATHS = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
];

/** IAM's and S3's ARNs have no region, and IAM's say what they are of. */
function checkPlace(resource: string, [, , service, region = '', , ...rest]: readonly string[]): void {
  if (service === 's3' && region !== '' && region !== '*')
    throw new PolicyProblem(`Resource ${resource} can not contain region information.`);
  if (service !== 'iam' || rest.length === 0) return;
  if (region !== '' && region !== '*')
    throw new PolicyProblem(`IAM resource ${resource} cannot contain region information.`);
  const path = rest.join(':');
  if (path.startsWith('*') || path.startsWith('${') || path === 'root') return;
  if (
    !IAM_PATHS.some((start) => path.startsWith(start) || (path.includes('*') && isBeginning(path, start)))
  ) {
    throw new PolicyProblem(`IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`);
  }
}

/** Whether what stands before a wildcard is the beginning of a path. */
const isBeginning = (path: string, start: string): boolean =>
  start.startsWith(path.slice(0, path.indexOf('*')));

function checkCondition(condition: unknown): void {
  if (!isObject(condition)) throw new PolicyProblem(SYNTAX);
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isObject(keys)) throw new PolicyProblem(SYNTAX);
    if (!OPERATOR.test(operator)) throw new PolicyProblem(`Invalid Condition type : ${operator}.`);
    const isDate = /^(for\w+:)?date/i.test(operator);
    for (const [key, values] of Object.entries(keys)) {
      if (!key.includes(':')) throw new PolicyProblem(`Condition key "${key}" is not valid`);
      for (const value of Array.isArray(values) ? values : [values]) {
        if (!['string', 'number', 'boolean'].includes(typeof value)) throw new PolicyProblem(SYNTAX);
        if (isDate && !isDateValue(String(value))) throw new PolicyProblem(LEGACY);
      }
    }
  }
}

/** ISO 8601 or seconds since 1970; variables are known later. */
const isDateValue = (text: string): boolean =>
  text.includes('${') || /^-?\d+(\.\d+)?$/.test(text) || !Number.isNaN(Date.parse(text));

const OPERATOR = new RegExp(
  '^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals|Like)|String(Not)?EqualsIgnoreCase|' +
    'Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|' +
    'Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?$',
  'i',
);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((item): item is string => typeof item === 'string')) throw new PolicyProblem(SYNTAX);
  return list;
}
