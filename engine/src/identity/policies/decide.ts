import type { Policy } from './policy';
import type { AccessRequest, Mismatch, Statement } from './statement';

/** Where a policy hangs. */
export type Layer = 'identity' | 'resource' | 'boundary' | 'session' | 'endpoint';

/** The policies that count for a request. A layer that is left out does not limit. */
export interface Layers {
  identity: readonly Policy[];
  boundary?: Policy;
  session?: readonly Policy[];
  resource?: Policy;
  /** Of the VPC endpoint that the request comes by. */
  endpoint?: Policy;
}

/** How the resource takes part in a decision. */
export interface ResourceSide {
  account: string;
  /**
   * `sufficient`: its policy alone can allow a caller of the same account, as for most resources.
   * `required`: it must allow, as a key's policy and a role's trust policy must.
   */
  policy: 'sufficient' | 'required';
}

export interface Decider {
  layer: Layer;
  policy: Policy;
  statement: Statement;
}

/** `allowed`, or why not: a statement that denies, or the layer in which nothing allows. */
export type Decision =
  | { allowed: true; by: Decider | undefined }
  | { allowed: false; explicit: Decider }
  | { allowed: false; missing: Layer };

/**
 * Decides as AWS does.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function decide(asked: AccessRequest, layers: Layers, side: ResourceSide): Decision {
  const request = layers.boundary ? bounded(asked) : asked;
  const denied = findDeny(request, layers);
  if (denied) return { allowed: false, explicit: denied };
  const decision = granted(request, layers, side);
  const { endpoint } = layers;
  if (!endpoint || !decision.allowed || findAllow(request, [endpoint], 'endpoint')) return decision;
  return { allowed: false, missing: 'endpoint' };
}

/** What allows a request that nothing denies. */
function granted(request: AccessRequest, layers: Layers, side: ResourceSide): Decision {
  const { caller } = request;
  const byResource = layers.resource && findGrant(request, layers.resource);
  // Services and strangers have no policies of their own.
  if (caller.type === 'service' || caller.type === 'anonymous' || caller.type === 'federated') {
    return byResource ? { allowed: true, by: byResource } : { allowed: false, missing: 'resource' };
  }
  const named = byResource?.statement.names(caller);
  const own = caller.account === side.account;
  const byIdentity = findAllow(request, layers.identity, 'identity');
  const mayByIdentity = byIdentity !== undefined || caller.type === 'root';
  const limit = firstLimit(request, layers);
  if (own && side.policy === 'sufficient') {
    // Named by its own ARN or with everybody, a caller is not held back by what its boundary or session leaves out.
    if (named === 'self' || named === 'everyone') return { allowed: true, by: byResource };
    if (named === 'role')
      return limit ? { allowed: false, missing: limit } : { allowed: true, by: byResource };
    return identityAlone(mayByIdentity, byIdentity, limit);
  }
  if (!byResource) return { allowed: false, missing: own || mayByIdentity ? 'resource' : 'identity' };
  if (own && (named === 'self' || named === 'everyone')) return { allowed: true, by: byResource };
  // A policy that names the account leaves the rest to it; another account's never suffices.
  if (own && named !== 'account')
    return limit ? { allowed: false, missing: limit } : { allowed: true, by: byResource };
  return identityAlone(mayByIdentity, byIdentity, limit);
}

function bounded({ caller, action, resource, context }: AccessRequest): AccessRequest {
  return { caller, action, resource, context, bounded: true };
}

function identityAlone(may: boolean, by: Decider | undefined, limit: Layer | undefined): Decision {
  if (!may) return { allowed: false, missing: 'identity' };
  return limit ? { allowed: false, missing: limit } : { allowed: true, by };
}

/** The layer that leaves the request out, of those that only limit. */
function firstLimit(request: AccessRequest, { boundary, session }: Layers): Layer | undefined {
  if (boundary && !findAllow(request, [boundary], 'boundary')) return 'boundary';
  if (session && !findAllow(request, session, 'session')) return 'session';
  return undefined;
}

/** All policies that count, layer by layer. */
export function each({
  identity,
  resource,
  boundary,
  session,
  endpoint,
}: Layers): [Layer, readonly Policy[]][] {
  return [
    ['identity', identity],
    ['resource', resource ? [resource] : []],
    ['boundary', boundary ? [boundary] : []],
    ['session', session ?? []],
    ['endpoint', endpoint ? [endpoint] : []],
  ];
}

function findDeny(request: AccessRequest, layers: Layers): Decider | undefined {
  const { identity, resource, boundary, session, endpoint } = layers;
  return (
    findIn(request, identity, 'identity', 'deny') ??
    (resource && findIn(request, [resource], 'resource', 'deny')) ??
    (boundary && findIn(request, [boundary], 'boundary', 'deny')) ??
    (session && findIn(request, session, 'session', 'deny')) ??
    (endpoint && findIn(request, [endpoint], 'endpoint', 'deny'))
  );
}

function findAllow(request: AccessRequest, policies: readonly Policy[], layer: Layer): Decider | undefined {
  return findIn(request, policies, layer, 'allow');
}

/** The first statement of an effect that fits. */
function findIn(
  request: AccessRequest,
  policies: readonly Policy[],
  layer: Layer,
  effect: 'allow' | 'deny',
): Decider | undefined {
  for (const policy of policies) {
    for (const statement of policy.speakingOf(request.action).about(request.resource)[effect])
      if (statement.fits(request)) return { layer, policy, statement };
  }
  return undefined;
}

/** The statement of a resource's policy that names the caller most closely. */
function findGrant(request: AccessRequest, policy: Policy): Decider | undefined {
  const order = ['self', 'role', 'everyone', 'account'];
  let best: Decider | undefined;
  let rank = order.length;
  for (const statement of policy.speakingOf(request.action).about(request.resource).allow) {
    if (!statement.fits(request)) continue;
    const at = order.indexOf(statement.names(request.caller) ?? '');
    if (at < rank) {
      best = { layer: 'resource', policy, statement };
      rank = at;
    }
  }
  return best;
}

/** The condition keys that a decision about an action may turn on. */
export function keysOf(layers: Layers, action: string): readonly string[] {
  const { identity, boundary, session, resource, endpoint } = layers;
  let keys = NONE;
  const add = (policy: Policy) => {
    const more = policy.speakingOf(action).keys;
    if (more.length > 0) keys = keys.length > 0 ? [...keys, ...more] : more;
  };
  for (const policy of identity) add(policy);
  if (resource) add(resource);
  if (boundary) add(boundary);
  if (endpoint) add(endpoint);
  for (const policy of session ?? NO_POLICIES) add(policy);
  return keys;
}

const NONE: readonly string[] = [];
const NO_POLICIES: readonly Policy[] = [];

/** A statement and what of it did not fit: for people who want to know why. */
export interface Considered extends Decider {
  mismatch: Mismatch | undefined;
}

/** All that a decision looked at, in its order. */
export function consider(request: AccessRequest, layers: Layers): Considered[] {
  return each(layers).flatMap(([layer, policies]) =>
    policies.flatMap((policy) =>
      policy
        .statementsFor(request.action)
        .map((statement) => ({ layer, policy, statement, mismatch: statement.mismatch(request) })),
    ),
  );
}
