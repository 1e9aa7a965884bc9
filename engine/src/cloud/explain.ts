import { type Decided, type Explanation, explain } from '../identity/decisions';
import type { EngineEvent } from '../observe';
import type { LocalCloud } from './local-cloud';

/** What is known of a request and of those it led to. */
export interface Explained {
  /** Whether callers are held against their policies: `off` explains why nothing is known. */
  iam: string;
  /** The request itself, where it came in as one of AWS's API or of a deployed API, and is not long ago. */
  request?: Extract<EngineEvent, { type: 'request' | 'http' }>;
  /** In the order in which they were made. */
  decisions: Explanation[];
}

/** Beginnings of ids that are long enough to be meant. */
const SHORTEST = 8;

/** All decisions about a request: its own, those of calls that served it, and those of functions it led to. */
export function explained(cloud: LocalCloud, id: string): Explained {
  const all = cloud.decisions.all();
  const isIt = (other: string | undefined) =>
    other === id || (id.length >= SHORTEST && other?.startsWith(id) === true);
  const request = cloud.events
    .recent()
    .findLast(
      (event): event is NonNullable<Explained['request']> =>
        (event.type === 'request' || event.type === 'http') && isIt(event.requestId),
    );
  const root = rootOf(request?.type === 'http' ? request.trace : undefined);
  const led = root === undefined ? undefined : ofTrace(all, root);
  const found = all.filter((one) => isIt(one.requestId) || isIt(one.within) || led?.has(one));
  return { iam: cloud.iam, ...(request ? { request } : {}), decisions: found.map(explain) };
}

/** What was refused, or would have been, the latest last. */
export function refusals(cloud: LocalCloud): Decided[] {
  return cloud.decisions.refusals();
}

/** Calls that carried the trace, and those that served them. */
function ofTrace(all: readonly Decided[], root: string): Set<Decided> {
  const carried = new Set(
    all.filter(({ trace }) => rootOf(trace) === root).map(({ within, requestId }) => within ?? requestId),
  );
  return new Set(all.filter(({ requestId, within }) => carried.has(within ?? requestId)));
}

/** The part of a trace header that stays the same. https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
const rootOf = (trace: string | undefined): string | undefined => trace && /Root=([^;,]+)/.exec(trace)?.[1];
