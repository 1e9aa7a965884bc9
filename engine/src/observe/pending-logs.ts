import type { Clock, Host } from '../kernel';

/** Milliseconds: a busy function's lines go to CloudWatch Logs in one call, not in one an invocation. */
const WRITE_AFTER = 100;

/** Lines on their way to CloudWatch Logs. Who reads there brings them in before: nobody sees that they wait. */
export class PendingLogs {
  readonly #writes = new Set<() => Promise<void>>();
  #writing: Promise<unknown> | undefined;
  #cancel: (() => void) | undefined;

  constructor(readonly clock: Clock) {}

  /** Calls `write`, which never fails, in a moment; once for all that it is given until then. */
  later(write: () => Promise<void>): void {
    this.#writes.add(write);
    this.#cancel ??= this.clock.after(WRITE_AFTER, () => void this.flush());
  }

  /** Resolves when all is written. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const writes = [...this.#writes];
    this.#writes.clear();
    if (writes.length > 0) this.#writing = Promise.all([this.#writing, ...writes.map((write) => write())]);
    await this.#writing;
  }
}

export function pendingLogs(host: Pick<Host, 'memo' | 'clock'>): PendingLogs {
  return host.memo('observe.pending-logs', () => new PendingLogs(host.clock));
}
