import type { Host } from '../kernel';
import type { Engine } from './engine';
import { stackEvent } from './events';

/** An operation at work on a stack. */
export interface Control {
  /** Why it is to stop: nothing more is started. */
  cancelled?: string;
}

interface Running {
  control: Control;
  done: Promise<void>;
}

function table({ host }: { host: Host }): Map<string, Running> {
  return host.memo('cloudformation operations', () => new Map<string, Running>());
}

/** Starts an operation that goes on after the call that asked for it. One at a time a stack. */
export function begin(
  engine: Engine,
  stackId: string,
  work: (control: Control) => Promise<void>,
): Promise<void> {
  const control: Control = {};
  const running = table(engine);
  const before = running.get(stackId)?.done ?? Promise.resolve();
  const done = before
    .then(() => work(control))
    .catch((error: unknown) => {
      // The engine itself failed: say so, and leave the stack in a state from which it can be deleted.
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      engine.host.parts.events.emit({
        type: 'engine',
        at: engine.host.clock.millis(),
        level: 'error',
        message: text,
      });
      const status = engine.state.stacks.get(stackId)?.status ?? '';
      if (status.endsWith('_IN_PROGRESS'))
        stackEvent(engine, stackId, failedStatus(status), 'Internal Failure');
    })
    // An engine that stops in the middle closes its storage: what is left is found at the next start.
    .catch(() => {})
    .finally(() => {
      if (running.get(stackId)?.control === control) running.delete(stackId);
    });
  running.set(stackId, { control, done });
  return done;
}

/** Where an operation ends that can go no further. */
function failedStatus(status: string): string {
  switch (status) {
    case 'CREATE_IN_PROGRESS':
      return 'CREATE_FAILED';
    case 'ROLLBACK_IN_PROGRESS':
      return 'ROLLBACK_FAILED';
    case 'DELETE_IN_PROGRESS':
      return 'DELETE_FAILED';
    case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
      return 'UPDATE_COMPLETE';
    case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
      return 'UPDATE_ROLLBACK_COMPLETE';
    default:
      return 'UPDATE_ROLLBACK_FAILED';
  }
}

/** Asks the operation at work on a stack to stop; false where there is none. */
export function cancel(engine: Engine, stackId: string, reason: string): boolean {
  const running = table(engine).get(stackId);
  if (!running) return false;
  running.control.cancelled = reason;
  return true;
}

/** Resolves when no operation is at work on the stack. */
export function settled(engine: { host: Host }, stackId: string): Promise<void> {
  return table(engine).get(stackId)?.done ?? Promise.resolve();
}

/** How long the answer to what begins an operation waits for its end, in milliseconds. */
const PATIENCE = 1000;

/**
 * Waits until the operation is over, but not long. Clients ask for a stack's state every few seconds (the CDK CLI
 * every 5, waiters every 30): one that is answered when a fast operation is over need not ask twice.
 */
export function soon(engine: { host: Host }, done: Promise<void>, patience = PATIENCE): Promise<void> {
  return new Promise((resolve) => {
    const stop = engine.host.clock.after(patience, resolve);
    void done.then(() => {
      stop();
      resolve();
    });
  });
}

/** The engine stops: operations at work get a moment to end. What does not is found in progress at the next start. */
export async function finish(host: Host): Promise<void> {
  const all = Promise.allSettled([...table({ host }).values()].map(({ done }) => done));
  await new Promise<void>((resolve) => {
    const stop = host.clock.after(1000, resolve);
    void all.then(() => {
      stop();
      resolve();
    });
  });
}
