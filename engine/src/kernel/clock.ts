/** The only source of time in the engine, so that a test can own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  millis(): number;
  now(): Date;
  /** Runs `work` once after `ms` milliseconds of this clock; the result cancels it. Never keeps the process alive. */
  after(ms: number, work: () => void): () => void;
}

/** Node's timers take no more than these milliseconds (25 days), and fire at once for more. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

export const systemClock: Clock = {
  millis: () => Date.now(),
  now: () => new Date(),
  after(ms, work) {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      const next = Math.min(left, LONGEST_TIMEOUT);
      timer = setTimeout(() => (left > next ? wait(left - next) : work()), next);
      timer.unref();
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};

/** A clock that moves only when told to: for tests of TTLs, expiry and windows. */
export class ManualClock implements Clock {
  #millis: number;
  #timers: { at: number; work: () => void }[] = [];

  constructor(start: Date | number = Date.UTC(2026, 0, 1)) {
    this.#millis = Number(start);
  }

  millis(): number {
    return this.#millis;
  }

  now(): Date {
    return new Date(this.#millis);
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.#millis + ms, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Moves time on by `ms` and runs what came due, in order. */
  advance(ms: number): void {
    const until = this.#millis + ms;
    for (;;) {
      const due = this.#timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#millis = due.at;
      due.work();
    }
    this.#millis = until;
  }
}
