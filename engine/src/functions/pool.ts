import type { Environment, Init } from './environment';
import type { FunctionSpec } from './functions';

/** An environment to run in, or one that failed to start. */
export type Lease = { environment: Environment; init: Init };

interface Waiting {
  spec: FunctionSpec;
  serve(lease: Lease): void;
  refuse(error: unknown): void;
}

/** Bounds how many environments start at once: processes that compete for the processors all start late. */
export class StartGate {
  #free: number;
  #queue: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Calls `work` when there is room; `work` says when it is done. */
  enter(work: () => Promise<void>): void {
    const run = () => {
      this.#free--;
      void work().finally(() => {
        this.#free++;
        this.#queue.shift()?.();
      });
    };
    if (this.#free > 0) run();
    else this.#queue.push(run);
  }
}

/**
 * The environments of one function version. An invocation takes the one used last, else waits for whichever is
 * first: one that becomes free or one that starts for it.
 */
export class Pool {
  readonly #idle: Environment[] = [];
  readonly #waiting: Waiting[] = [];
  readonly all = new Set<Environment>();
  #starting = 0;
  /** What ends as soon as it is done, whoever waits by then. */
  readonly #retired = new WeakSet<Environment>();

  constructor(
    readonly gate: StartGate,
    readonly start: (spec: FunctionSpec) => Promise<Lease>,
    readonly now: () => number,
  ) {}

  get empty(): boolean {
    return this.all.size === 0 && this.#waiting.length === 0 && this.#starting === 0;
  }

  /** An idle environment of this revision, at once. */
  takeIdle(spec: FunctionSpec): Environment | undefined {
    for (;;) {
      const environment = this.#idle.pop();
      if (!environment) return undefined;
      if (environment.ended) continue;
      if (environment.spec.revision === spec.revision && environment.expires > this.now()) return environment;
      environment.kill();
    }
  }

  acquire(spec: FunctionSpec): Promise<Lease> {
    return new Promise((serve, refuse) => {
      this.#waiting.push({ spec, serve, refuse });
      this.#startFor(spec);
    });
  }

  /** Called when an environment has finished an invocation. */
  release(environment: Environment): void {
    if (this.#retired.has(environment)) environment.kill();
    else this.#handOn(environment);
  }

  #handOn(environment: Environment): void {
    const next = this.#waiting.findIndex(
      (waiting) => waiting.spec.revision === environment.spec.revision && environment.expires > this.now(),
    );
    const [waiting] = next < 0 ? [] : this.#waiting.splice(next, 1);
    if (waiting) waiting.serve({ environment, init: 'ready' });
    else if (this.#retired.has(environment)) environment.kill();
    else this.#idle.push(environment);
  }

  forget(environment: Environment): void {
    this.all.delete(environment);
    const at = this.#idle.indexOf(environment);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  /** Ends what is idle, and what runs once it is done. */
  retire(): void {
    for (const environment of this.all) this.#retired.add(environment);
    for (const environment of this.#idle.splice(0)) environment.kill();
  }

  /** Ends environments that have been idle since `before`. */
  endIdleSince(before: number, lastUsed: (environment: Environment) => number): void {
    for (const environment of [...this.#idle]) {
      if (lastUsed(environment) > before) continue;
      // Its process is there for a moment more, and must not be given work.
      this.#idle.splice(this.#idle.indexOf(environment), 1);
      environment.kill();
    }
  }

  #startFor(spec: FunctionSpec): void {
    this.#starting++;
    this.gate.enter(async () => {
      // While this start waited for its turn, others may have served everybody.
      if (this.#waiting.length < this.#starting) {
        this.#starting--;
        return;
      }
      try {
        const lease = await this.start(spec);
        this.#starting--;
        // Whoever waits for it is served, even if it was retired in the meantime.
        if (lease.init === 'ready') this.#handOn(lease.environment);
        else this.#waiting.shift()?.serve(lease);
      } catch (error) {
        this.#starting--;
        this.#waiting.shift()?.refuse(error);
      }
    });
  }
}
