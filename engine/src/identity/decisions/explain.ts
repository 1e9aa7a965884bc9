import type { DecisionEvent } from '../../observe';
import { type Considered, each, type Layer } from '../policies';
import { type Advice, adviceFor } from './advice';
import type { Decided } from './decided';

/** A statement that was looked at. */
export interface ConsideredStatement {
  statement: string | number;
  effect: 'Allow' | 'Deny';
  /** Whether it decided. */
  decided: boolean;
  /** What came of it, in words. */
  result: string;
}

export interface ConsideredPolicy {
  layer: Layer;
  policy: string;
  statements: ConsideredStatement[];
  /** How many more it has that speak of other actions. */
  others: number;
}

/** A decision in all detail. */
export interface Explanation extends DecisionEvent {
  /** Services that called on the caller's behalf, first to last. */
  via: readonly string[];
  because: string;
  considered: ConsideredPolicy[];
  advice: Advice | undefined;
}

/** Statements about other actions of the same service are shown as near misses, up to so many a policy. */
const NEAR_MISSES = 3;

/** Tells a decision again. It is found anew from what was known then: policies may have changed since. */
export function explain(decided: Decided): Explanation {
  const looked = decided.considered();
  const considered = each(decided.layers).flatMap(([layer, policies]) =>
    policies.map((policy) => {
      const own = looked.filter((one) => one.layer === layer && one.policy === policy);
      const near = own.filter(({ mismatch }) => mismatch === 'action').slice(0, NEAR_MISSES);
      const shown = own.filter((one) => one.mismatch !== 'action' || near.includes(one));
      return {
        layer,
        policy: policy.name,
        statements: shown.map((one) => statementOf(one, decided)),
        others: policy.statements.length - shown.length,
      };
    }),
  );
  return {
    ...decided.toJSON(),
    via: decided.caller.calledVia ?? [],
    because: because(decided),
    considered,
    advice: adviceFor(decided),
  };
}

const LAYER: Readonly<Record<Layer, string>> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  endpoint: 'VPC endpoint policy',
};

function because({ decision, decider }: Decided): string {
  if ('missing' in decision) return `no ${LAYER[decision.missing]} allows it`;
  if (!decider) return 'the caller is its account’s administrator';
  const { layer, policy, statement } = decider;
  const verb = decision.allowed ? 'allows' : 'denies';
  return `statement ${statement.sid || statement.index} of ${policy.name} (${LAYER[layer]}) ${verb} it`;
}

function statementOf(one: Considered, decided: Decided): ConsideredStatement {
  const { statement } = one;
  return {
    statement: statement.sid || statement.index,
    effect: statement.effect,
    decided: decided.decider?.statement === statement,
    result: resultOf(one, decided),
  };
}

function resultOf({ statement, mismatch, layer }: Considered, { caller, request }: Decided): string {
  const { source } = statement;
  if (mismatch === undefined) {
    if (statement.effect === 'Deny') return 'denies it';
    return layer === 'resource' && statement.names(caller) === 'account'
      ? 'leaves it to the policies of the caller’s account'
      : 'allows it';
  }
  if (mismatch === 'action') return not('actions', source.Action, source.NotAction);
  if (mismatch === 'resource') return not('resources', source.Resource, source.NotResource);
  if (mismatch === 'principal') return not('principals', names(source.Principal), names(source.NotPrincipal));
  const { operator, key, values } = mismatch;
  const found = request.context.get(key);
  const has = found === undefined ? 'has none' : `has ${shown(found)}`;
  return `its condition does not hold: ${operator} ${key} ${shown(values)}; the request ${has}`;
}

type Texts = string | readonly string[] | undefined;

function not(what: string, named: Texts, excepted: Texts): string {
  return named === undefined
    ? `its ${what} are all but ${shown(listOf(excepted))}`
    : `its ${what} are others: ${shown(listOf(named))}`;
}

const listOf = (texts: Texts): readonly string[] =>
  typeof texts === 'string' ? [texts] : texts === undefined ? [] : texts;

/** The names in a Principal element. */
function names(principal: unknown): string[] | undefined {
  if (principal === undefined) return undefined;
  if (typeof principal !== 'object' || principal === null) return [String(principal)];
  return Object.values(principal).flat().map(String);
}

const LONGEST = 6;

function shown(texts: readonly string[]): string {
  const more = texts.length > LONGEST ? ` and ${texts.length - LONGEST} more` : '';
  return `${texts.slice(0, LONGEST).join(', ')}${more}`;
}
