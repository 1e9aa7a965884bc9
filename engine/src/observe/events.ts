import type { DecisionEvent } from './decision';

/** Something that happened, for `tierkit logs`, traces and tests. Never holds a secret. */
export type EngineEvent =
  | {
      type: 'request';
      at: number;
      requestId: string;
      service: string;
      operation: string;
      status: number;
      millis: number;
      error?: string;
      message?: string;
    }
  | { type: 'log'; at: number; group: string; stream: string; message: string }
  | {
      type: 'http';
      at: number;
      requestId: string;
      target: string;
      method: string;
      path: string;
      status: number;
      millis: number;
      /** As the X-Amzn-Trace-Id header names it to what the request leads to. */
      trace?: string;
    }
  | DecisionEvent
  | { type: 'engine'; at: number; level: 'info' | 'warn' | 'error'; message: string };

export interface Events {
  emit(event: EngineEvent): void;
  /** Calls `listener` for every event from now on; the result ends it. */
  subscribe(listener: (event: EngineEvent) => void): () => void;
  /** The latest events, oldest first. Decisions are many, and kept elsewhere: identity/decisions. */
  recent(): readonly EngineEvent[];
}

/** One stream of events with a bounded memory. */
export class EventStream implements Events {
  #recent: EngineEvent[] = [];
  #listeners = new Set<(event: EngineEvent) => void>();

  constructor(readonly keep = 2000) {}

  emit(event: EngineEvent): void {
    if (event.type !== 'decision') {
      this.#recent.push(event);
      // Cut in halves, so that the cost of forgetting is constant per event.
      if (this.#recent.length > this.keep * 2) this.#recent = this.#recent.slice(-this.keep);
    }
    for (const listener of this.#listeners) listener(event);
  }

  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  recent(): readonly EngineEvent[] {
    return this.#recent.slice(-this.keep);
  }
}
