import type { ContextEntry, EvaluationResult, ResourceSpecificResult, Statement } from '@aws-sdk/client-iam';
import {
  type AccessRequest,
  type Considered,
  Context,
  consider,
  decide,
  type Layers,
  Policy,
} from '../../../identity/policies';
import type { NamedPolicy, Principal } from '../../../kernel';
import { parsePolicy } from '../../../kernel/policy-document';
import { statementSpans } from './positions';

export interface Simulation {
  caller: Principal;
  identity: readonly NamedPolicy[];
  boundary?: NamedPolicy | undefined;
  resource?: NamedPolicy | undefined;
  /** The account the resources are of. */
  owner: string;
  context: readonly ContextEntry[];
}

type Verdict = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** From the most to the least restrictive. */
const ORDER: readonly Verdict[] = ['explicitDeny', 'implicitDeny', 'allowed'];

interface Outcome {
  verdict: Verdict;
  matched: Statement[];
  missing: string[];
  byBoundary?: boolean;
}

/** Asks the evaluator that decides about calls. https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html */
export class Simulator {
  readonly #texts = new Map<Policy, string>();
  readonly #layers: Layers;
  readonly #context: Context;

  constructor(readonly simulation: Simulation) {
    const { identity, boundary, resource } = simulation;
    this.#layers = {
      identity: identity.map((policy) => this.#compile(policy, 'identity')),
      ...(boundary ? { boundary: this.#compile(boundary, 'identity') } : {}),
      ...(resource ? { resource: this.#compile(resource, 'resource') } : {}),
    };
    this.#context = contextOf(simulation);
  }

  #compile({ name, text }: NamedPolicy, kind: 'identity' | 'resource'): Policy {
    const policy = new Policy(name, parsePolicy(text, kind));
    this.#texts.set(policy, text);
    return policy;
  }

  /** One result an action: the most restrictive of its resources' results, and each of these. */
  result(action: string, resources: readonly string[] | undefined): EvaluationResult {
    const outcomes = (resources ?? ['*']).map((resource) => ({ resource, ...this.#try(action, resource) }));
    const verdict =
      ORDER.find((one) => outcomes.some((outcome) => outcome.verdict === one)) ?? 'implicitDeny';
    const deciding = outcomes.filter((outcome) => outcome.verdict === verdict);
    return {
      EvalActionName: action,
      EvalResourceName: outcomes.length === 1 ? outcomes[0]?.resource : '*',
      EvalDecision: verdict,
      MatchedStatements: distinct(deciding.flatMap(({ matched }) => matched)),
      MissingContextValues: resources ? [] : (outcomes[0]?.missing ?? []),
      ...boundaryDetail(outcomes.map(({ byBoundary }) => byBoundary)),
      ...(resources ? { EvalDecisionDetails: {}, ResourceSpecificResults: outcomes.map(specific) } : {}),
    };
  }

  #try(action: string, resource: string): Outcome {
    const { caller, owner } = this.simulation;
    const request: AccessRequest = { caller, action, resource, context: this.#context };
    const decision = decide(request, this.#layers, { account: owner, policy: 'sufficient' });
    const considered = consider(request, this.#layers);
    const verdict = decision.allowed ? 'allowed' : 'explicit' in decision ? 'explicitDeny' : 'implicitDeny';
    const effect = verdict === 'allowed' ? 'Allow' : 'Deny';
    const fitting = considered.filter(
      ({ mismatch, statement, layer }) =>
        mismatch === undefined && statement.effect === effect && (effect === 'Deny' || layer !== 'boundary'),
    );
    return {
      verdict,
      matched: verdict === 'implicitDeny' ? [] : fitting.map((one) => this.#shown(one)),
      missing: this.#missing(considered),
      ...(this.#layers.boundary ? { byBoundary: allows(considered, 'boundary') } : {}),
    };
  }

  #shown({ policy, statement, layer }: Considered): Statement {
    const span = statementSpans(this.#texts.get(policy) ?? '')[statement.index];
    const type = layer === 'resource' ? 'Resource Policy' : 'IAM Policy';
    return {
      SourcePolicyId: policy.name,
      // What IAM says here is not among the values that its model knows.
      SourcePolicyType: type as Statement['SourcePolicyType'],
      StartPosition: span?.start,
      EndPosition: span?.end,
    };
  }

  /** Keys that statements ask for, of those whose other parts fit, and that nobody gave. */
  #missing(considered: readonly Considered[]): string[] {
    const keys = considered
      .filter(({ mismatch }) => mismatch === undefined || typeof mismatch === 'object')
      .flatMap(({ statement }) => statement.conditions)
      .filter(({ operator, key }) => !/^null$/i.test(operator) && this.#context.get(key) === undefined)
      .map(({ key }) => key);
    return [...new Set(keys)];
  }
}

function allows(considered: readonly Considered[], layer: Considered['layer']): boolean {
  const of = considered.filter((one) => one.layer === layer && one.mismatch === undefined);
  return of.length > 0 && of.every(({ statement }) => statement.effect === 'Allow');
}

function boundaryDetail(allowed: readonly (boolean | undefined)[]) {
  if (allowed.some((one) => one === undefined)) return {};
  return { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: allowed.every(Boolean) } };
}

function specific({ resource, verdict, matched, missing, byBoundary }: Outcome & { resource: string }) {
  const result: ResourceSpecificResult = {
    EvalResourceName: resource,
    EvalResourceDecision: verdict,
    MatchedStatements: matched,
    MissingContextValues: missing,
    ...boundaryDetail([byBoundary]),
  };
  return result;
}

function distinct(statements: readonly Statement[]): Statement[] {
  return [...new Map(statements.map((statement) => [JSON.stringify(statement), statement])).values()];
}

function contextOf({ caller, context }: Simulation): Context {
  const made = new Context()
    .set('aws:PrincipalArn', caller.arn)
    .set('aws:PrincipalAccount', caller.account)
    .set('aws:username', caller.type === 'user' ? caller.arn.split('/').at(-1) : undefined);
  for (const { ContextKeyName, ContextKeyValues } of context) {
    if (ContextKeyName !== undefined) made.set(ContextKeyName, ContextKeyValues ?? []);
  }
  return made;
}
