import type { Clock } from '../../kernel';
import type { Collection } from '../../storage';
import type { Decided } from './decided';
import { literally, squeeze } from './generalise';

/** How often something was done, and when last (milliseconds). */
export interface Use {
  count: number;
  last: number;
  /** Whether the caller's own policies had to allow it: a resource's policy alone may do. */
  own: boolean;
  /** Whether the resource is a pattern already, of many that were taken together. */
  pattern?: true;
}

/** Action → resource → use. */
export type UsesOfOne = Record<string, Record<string, Use>>;

/** Resources that are told apart for one action of one principal: more are taken together. */
const RESOURCES = 200;
/** Principals that are remembered: whoever came first goes first. */
const PRINCIPALS = 1000;
/** Milliseconds for which what was used may be in memory only. */
const WRITE_AFTER = 1000;

type Counted = Map<string, Map<string, Use>>;

/**
 * What each role and user did that its policies, or an audit, let it do. Kept with the state: what a test run did is
 * still there when the engine comes again.
 */
export class Uses {
  readonly #collection: Collection<UsesOfOne>;
  readonly #counted = new Map<string, Counted>();
  readonly #dirty = new Set<string>();
  #writeLater: (() => void) | undefined;

  constructor(
    collection: Collection<UsesOfOne>,
    readonly clock: Clock,
  ) {
    this.#collection = collection;
    for (const { key, value } of collection.entries()) {
      const actions = Object.entries(value).map(
        ([action, resources]) => [action, new Map(Object.entries(resources))] as const,
      );
      this.#counted.set(String(key[0]), new Map(actions));
    }
  }

  /** Of a role's session or a user: others have no policies that could be smaller. */
  count(decided: Decided): void {
    const { caller, action, resource, at, decision } = decided;
    const arn = caller.roleArn ?? (caller.type === 'user' ? caller.arn : undefined);
    if (arn === undefined || decided.outcome === 'refused') return;
    const own = !decision.allowed || decision.by?.layer !== 'resource';
    if (!this.#counted.has(arn)) this.#makeRoom();
    const actions = entry(this.#counted, arn);
    const resources = entry(actions, action);
    const use = resources.get(resource);
    if (use) {
      use.count++;
      use.last = at;
      use.own ||= own;
    } else {
      resources.set(resource, { count: 1, last: at, own });
      if (resources.size > RESOURCES) actions.set(action, together(resources));
    }
    this.#dirty.add(arn);
    this.#writeLater ??= this.clock.after(WRITE_AFTER, () => this.write());
  }

  #makeRoom(): void {
    const [first] = this.#counted.keys();
    if (first === undefined || this.#counted.size < PRINCIPALS) return;
    this.#counted.delete(first);
    // What is not there any more is taken out of the state when that is written.
    this.#dirty.add(first);
  }

  /** Everybody who did something. */
  principals(): string[] {
    return [...this.#counted.keys()];
  }

  of(arn: string): UsesOfOne {
    return plain(this.#counted.get(arn) ?? new Map());
  }

  /** Begins to count anew. */
  forget(): void {
    this.#counted.clear();
    this.#dirty.clear();
    this.#collection.clear();
  }

  /** Writes what has changed. */
  write(): void {
    this.#writeLater?.();
    this.#writeLater = undefined;
    try {
      for (const arn of this.#dirty) {
        if (this.#counted.has(arn)) this.#collection.put(arn, this.of(arn));
        else this.#collection.remove(arn);
      }
      this.#dirty.clear();
    } catch {
      // A full disk is no reason to end anything: it is tried again with the next use.
    }
  }
}

function entry<V>(maps: Map<string, Map<string, V>>, name: string): Map<string, V> {
  let found = maps.get(name);
  if (!found) {
    found = new Map();
    maps.set(name, found);
  }
  return found;
}

function plain(counted: Counted): UsesOfOne {
  return Object.fromEntries(
    [...counted].map(([action, resources]) => [action, Object.fromEntries(resources)]),
  );
}

/** Those that are alike under one pattern, so that there is room for as many again. */
function together(resources: ReadonlyMap<string, Use>): Map<string, Use> {
  const byPattern = new Map([...resources].map(([resource, use]) => [patternOf(resource, use), use]));
  const fewer = new Map<string, Use>();
  for (const [pattern, members] of squeeze([...byPattern.keys()], RESOURCES / 2)) {
    const uses = members.flatMap((member) => byPattern.get(member) ?? []);
    fewer.set(pattern, {
      count: uses.reduce((sum, { count }) => sum + count, 0),
      last: Math.max(...uses.map(({ last }) => last)),
      own: uses.some(({ own }) => own),
      pattern: true,
    });
  }
  return fewer;
}

/** What was used, as a policy names it. */
export const patternOf = (resource: string, { pattern }: Pick<Use, 'pattern'>): string =>
  pattern ? resource : literally(resource);
