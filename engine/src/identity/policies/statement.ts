import type { Principal } from '../../kernel';
import type { PolicyDocument, PolicyStatement } from '../../kernel/policy-document';
import { type Condition, compileConditions } from './condition';
import type { Context } from './context';
import { arnPieces, compile, compileText, type Pattern, type Piece, piecesOf } from './pattern';
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
  /** Whether it speaks of the resource; true where that is for the request's values to say. */
  mayMean(resource: string): boolean;
  /** Whether all else of it fits a request whose action it means. */
  fits(request: AccessRequest): boolean;
  /** The first of its parts that does not fit the request; undefined where all fit. */
  mismatch(request: AccessRequest): Mismatch | undefined;
  /** How it names the caller; statements of identity policies name nobody and mean their owner. */
  names(caller: Principal): Named | undefined;
}

export type Mismatch = 'principal' | 'action' | 'resource' | Condition;

export function compileStatements(document: PolicyDocument): Statement[] {
  // Variables came with this version: in older policies they stand for themselves.
  const variables = document.Version === '2012-10-17';
  return document.Statement.map((source, index) => compileStatement(source, index, variables));
}

function compileStatement(source: PolicyStatement, index: number, variables: boolean): Statement {
  const actions = listOf(source.Action ?? source.NotAction).map((text) => text.toLowerCase());
  const actionPatterns = actions.map(compileText);
  const inverted = source.Action === undefined;
  const resource = new Resources(source, variables);
  const conditions = compileConditions(source.Condition);
  const names = namesOf(source);
  const namesOwner = source.Principal === undefined && source.NotPrincipal === undefined;
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
    mayMean: (name) => resource.mayHave(name),
    fits(request) {
      if (!namesOwner && !named(request)) return false;
      if (!resource.matches(request)) return false;
      // Last: what they ask for may be dear to find out.
      for (const condition of conditions) if (!condition.holds(request.context)) return false;
      return true;
    },
    mismatch(request) {
      if (!named(request)) return 'principal';
      if (!means(request.action.toLowerCase())) return 'action';
      if (!resource.matches(request)) return 'resource';
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

/** A pattern with the values that a request puts into it. */
type VariablePattern = (context: Context) => Pattern | undefined;

/** The resources that a statement is about. */
class Resources {
  readonly #inverted: boolean;
  /** The policy of a resource may leave out which one is meant. */
  readonly #any: boolean;
  readonly #patterns: readonly Pattern[];
  readonly #variable: readonly VariablePattern[];

  constructor({ Resource, NotResource }: PolicyStatement, variables: boolean) {
    const texts = listOf(Resource ?? NotResource);
    const isVariable = (text: string) => variables && hasVariables(text);
    this.#any = texts.length === 0;
    this.#inverted = Resource === undefined && NotResource !== undefined;
    this.#patterns = texts.filter((text) => !isVariable(text)).map((text) => compiled(text, piecesOf(text)));
    this.#variable = texts.filter(isVariable).map((text) => (context) => {
      const pieces = substitute(text, context);
      return pieces && compiled(text, pieces);
    });
  }

  matches({ resource, context }: AccessRequest): boolean {
    return this.#any || this.#has(resource, context) !== this.#inverted;
  }

  mayHave(resource: string): boolean {
    return this.#any || this.#variable.length > 0 || this.#hasFixed(resource) !== this.#inverted;
  }

  #hasFixed(resource: string): boolean {
    for (const pattern of this.#patterns) if (pattern.matches(resource)) return true;
    return false;
  }

  #has(resource: string, context: Context): boolean {
    if (this.#hasFixed(resource)) return true;
    for (const variable of this.#variable) if (variable(context)?.matches(resource)) return true;
    return false;
  }
}

const compiled = (text: string, pieces: readonly Piece[]): Pattern =>
  compile(text.startsWith('arn:') ? arnPieces(pieces) : pieces);

function namesOf(source: PolicyStatement): Statement['names'] {
  if (source.Principal !== undefined) return compilePrincipal(source.Principal);
  if (source.NotPrincipal === undefined) return () => 'self';
  const excepted = compilePrincipal(source.NotPrincipal);
  return (caller) => (excepted(caller) === undefined ? 'everyone' : undefined);
}
