import type { Principal } from '../../kernel';
import type { PolicyDocument, PolicyStatement } from '../../kernel/policy-document';
import { type Condition, compileConditions } from './condition';
import type { Context } from './context';
import { arnPieces, compile, compileText, type Pattern, piecesOf } from './pattern';
import { compilePrincipal, type Named } from './principal';
import { hasVariables, substitute } from './variables';

/** What is asked: may this caller do this to that? */
export interface AccessRequest {
  caller: Principal;
  /** `service:Action`. */
  action: string;
  /** The resource's ARN; `*` for actions that know none. */
  resource: string;
  context: Context;
  /** Whether the caller has a permissions boundary. */
  bounded?: boolean;
}

/** A statement that is ready to be asked. */
export interface Statement {
  effect: 'Allow' | 'Deny';
  sid: string | undefined;
  /** Its place in the policy, from 0. */
  index: number;
  /** The services its actions are of; undefined where it may be any. */
  services: ReadonlySet<string> | undefined;
  conditions: readonly Condition[];
  source: PolicyStatement;
  /** Whether it speaks of the action, whose name is in lower case. */
  means(action: string): boolean;
  /** Whether all else of it fits a request whose action it means. */
  fits(request: AccessRequest): boolean;
  /** The first of its parts that does not fit the request; undefined where all fit. */
  mismatch(request: AccessRequest): Mismatch | undefined;
  /** How it names the caller; statements of identity policies name nobody and mean their owner. */
  names(caller: Principal): Named | undefined;
}

export type Mismatch = 'principal' | 'action' | 'resource' | Condition;

type ResourceMatcher = (request: AccessRequest) => boolean;

export function compileStatements(document: PolicyDocument): Statement[] {
  // Variables came with this version: in older policies they stand for themselves.
  const variables = document.Version === '2012-10-17';
  return document.Statement.map((source, index) => compileStatement(source, index, variables));
}

function compileStatement(source: PolicyStatement, index: number, variables: boolean): Statement {
  const actions = listOf(source.Action ?? source.NotAction).map((text) => text.toLowerCase());
  const actionPatterns = actions.map(compileText);
  const inverted = source.Action === undefined;
  const resource = resourceMatcher(source, variables);
  const conditions = compileConditions(source.Condition);
  const names = namesOf(source);
  // Whoever has a boundary is denied, whatever the element names.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
  const sparesNobody = source.Effect === 'Deny' && source.NotPrincipal !== undefined;
  const means = (action: string) => actionPatterns.some((pattern) => pattern.matches(action)) !== inverted;
  const named = ({ caller, bounded }: AccessRequest) =>
    names(caller) !== undefined || (bounded === true && sparesNobody);
  return {
    effect: source.Effect,
    sid: source.Sid,
    index,
    services: inverted ? undefined : servicesOf(actions),
    conditions,
    source,
    names,
    means,
    fits: (request) =>
      named(request) &&
      resource(request) &&
      conditions.every((condition) => condition.holds(request.context)),
    mismatch(request) {
      if (!named(request)) return 'principal';
      if (!means(request.action.toLowerCase())) return 'action';
      if (!resource(request)) return 'resource';
      return conditions.find((condition) => !condition.holds(request.context));
    },
  };
}

const listOf = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

function servicesOf(actions: readonly string[]): ReadonlySet<string> | undefined {
  const services = actions.map((action) => action.split(':')[0] ?? '');
  return services.some((service) => /[*?]/.test(service)) ? undefined : new Set(services);
}

function resourceMatcher(source: PolicyStatement, variables: boolean): ResourceMatcher {
  const inverted = source.Resource === undefined && source.NotResource !== undefined;
  const patterns = listOf(source.Resource ?? source.NotResource);
  // The policy of a resource may leave out which one is meant.
  if (patterns.length === 0) return () => true;
  const matchers = patterns.map((text) => oneResource(text, variables));
  return (request) => matchers.some((matches) => matches(request)) !== inverted;
}

function oneResource(text: string, variables: boolean): ResourceMatcher {
  const compiled = (pieces: ReturnType<typeof piecesOf>): Pattern =>
    compile(text.startsWith('arn:') ? arnPieces(pieces) : pieces);
  if (!variables || !hasVariables(text)) {
    const pattern = compiled(piecesOf(text));
    return ({ resource }) => pattern.matches(resource);
  }
  return ({ resource, context }) => {
    const pieces = substitute(text, context);
    return pieces !== undefined && compiled(pieces).matches(resource);
  };
}

function namesOf(source: PolicyStatement): Statement['names'] {
  if (source.Principal !== undefined) return compilePrincipal(source.Principal);
  if (source.NotPrincipal === undefined) return () => 'self';
  const excepted = compilePrincipal(source.NotPrincipal);
  return (caller) => (excepted(caller) === undefined ? 'everyone' : undefined);
}
