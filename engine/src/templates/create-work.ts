import { deleteStack, deleteStackResources, failedToDelete } from './delete-work';
import type { Engine } from './engine';
import type { Desired } from './evaluate';
import { stackEvent } from './events';
import { inOrder } from './graph';
import { publishOutputs, unsupportedAttribute } from './outputs';
import { openSession } from './provision';
import { cancelOthers, make, type Work } from './resource-work';
import type { Control } from './running';

/** What went wrong with a stack as a whole, if anything did. */
export function failureText(created: readonly string[], updated: readonly string[] = []): string {
  const create =
    created.length > 0 ? `The following resource(s) failed to create: [${created.join(', ')}]. ` : '';
  const update =
    updated.length > 0 ? `The following resource(s) failed to update: [${updated.join(', ')}]. ` : '';
  return create + update;
}

/** Makes all resources of a new stack and its outputs; the reason where that fails. */
async function makeAll(work: Work): Promise<string | undefined> {
  const { session, desired, imported } = work;
  const { engine, stack } = session;
  const unsupported = unsupportedAttribute(desired.template);
  if (unsupported) return `${unsupported}. `;
  const { failed } = await inOrder(
    desired.graph,
    (id) => make(work, id, false),
    (_, __, running) => cancelOthers(work, running),
  );
  if (work.control.cancelled !== undefined) return `${work.control.cancelled} `;
  if (failed.size > 0) return failureText([...new Set([...failed.keys(), ...work.cancelled])]);
  return publishOutputs(engine, stack.id, desired, imported);
}

/** Creates a stack that is CREATE_IN_PROGRESS, and takes it back where that fails. */
export async function createStack(
  engine: Engine,
  stackId: string,
  desired: Desired,
  control: Control,
): Promise<void> {
  const stack = engine.state.stacks.get(stackId);
  if (!stack) return;
  const session = openSession(engine, stack, 'CreateStack');
  const work: Work = { session, desired, control, imported: new Set(), cancelled: new Set() };
  const stopTimer =
    stack.timeoutInMinutes === undefined
      ? () => {}
      : engine.host.clock.after(stack.timeoutInMinutes * 60_000, () => {
          control.cancelled = 'Stack creation time exceeded the specified timeout.';
        });
  const reason = await makeAll(work);
  stopTimer();
  if (reason === undefined) return stackEvent(engine, stackId, 'CREATE_COMPLETE');
  if (stack.disableRollback || stack.onFailure === 'DO_NOTHING') {
    return stackEvent(engine, stackId, 'CREATE_FAILED', reason);
  }
  if (stack.onFailure === 'DELETE') {
    stackEvent(engine, stackId, 'CREATE_FAILED', reason);
    stackEvent(engine, stackId, 'DELETE_IN_PROGRESS', `${reason}Delete requested by user.`);
    return deleteStack(engine, stackId);
  }
  stackEvent(engine, stackId, 'ROLLBACK_IN_PROGRESS', `${reason}Rollback requested by user.`);
  await rollbackCreation(engine, stackId);
}

/** Takes a failed creation back: the stack stays, empty. */
export async function rollbackCreation(engine: Engine, stackId: string): Promise<void> {
  const failed = await deleteStackResources(engine, stackId, {
    atCreation: true,
    operation: 'RollbackStack',
  });
  const stack = engine.state.stacks.get(stackId);
  if (stack) engine.state.stacks.put(stackId, { ...stack, deletedAt: engine.host.clock.now() });
  if (failed.length > 0) stackEvent(engine, stackId, 'ROLLBACK_FAILED', failedToDelete(failed));
  else stackEvent(engine, stackId, 'ROLLBACK_COMPLETE');
}
