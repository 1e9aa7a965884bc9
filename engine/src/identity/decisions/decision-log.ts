import type { Decided } from './decided';
import type { Uses } from './uses';

/** What is remembered of decisions. */
const DECISIONS = 10_000;
/** Refusals are kept beside: what goes well must not push them out. */
const REFUSALS = 1_000;

/** The latest decisions, and what everybody used. */
export class DecisionLog {
  readonly #latest = new Ring(DECISIONS);
  readonly #refused = new Ring(REFUSALS);

  constructor(readonly uses: Uses) {}

  add(decided: Decided): void {
    this.#latest.add(decided);
    if (!decided.decision.allowed) this.#refused.add(decided);
    this.uses.count(decided);
  }

  /** What was refused, or would have been: the latest last. */
  refusals(): Decided[] {
    return this.#refused.all();
  }

  /** All that is remembered, in order. */
  all(): Decided[] {
    const latest = this.#latest.all();
    const kept = new Set(latest);
    return [...this.#refused.all().filter((one) => !kept.has(one)), ...latest];
  }
}

class Ring {
  readonly #items: Decided[] = [];
  #next = 0;

  constructor(readonly size: number) {}

  add(item: Decided): void {
    this.#items[this.#next] = item;
    this.#next = (this.#next + 1) % this.size;
  }

  all(): Decided[] {
    return [...this.#items.slice(this.#next), ...this.#items.slice(0, this.#next)];
  }
}
