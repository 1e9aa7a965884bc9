import { invalid } from '../errors';

/** Where a reader leaves what it finds wrong. */
export interface FaultSink<Kind extends string> {
  note(kind: Kind, message: string): void;
}

/**
 * AWS reads an expression to its end and then names one fault, by rank and not by place:
 * this keeps the first of each kind.
 */
export class Faults<Kind extends string> implements FaultSink<Kind> {
  readonly #found: Partial<Record<Kind, string>> = {};

  constructor(readonly ranks: readonly Kind[]) {}

  note(kind: Kind, message: string): void {
    this.#found[kind] ??= message;
  }

  /** Throws the highest in rank, if there is any. */
  settle(): void {
    for (const kind of this.ranks) {
      const message = this.#found[kind];
      if (message !== undefined) throw invalid(message);
    }
  }
}
