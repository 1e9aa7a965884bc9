import type { Host, ServiceStores } from '../../kernel';
import { rollbackCreation } from '../../templates/create-work';
import { deleteLeftovers, deleteStack } from '../../templates/delete-work';
import type { Engine } from '../../templates/engine';
import { recordResource, stackEvent } from '../../templates/events';
import { openSession } from '../../templates/provision';
import { type StackRecord, state } from '../../templates/records';
import { rollbackUpdate } from '../../templates/rollback-work';
import { begin } from '../../templates/running';

const STOPPED = 'The engine stopped while this was in progress.';

/** What an operation that was cut off left in progress has failed: nobody knows how far it came. */
function failResources(engine: Engine, stack: StackRecord): void {
  for (const entry of [...engine.state.resources.values({ prefix: stack.id })]) {
    if (!entry.status.endsWith('_IN_PROGRESS')) continue;
    const status = entry.status.replace('_IN_PROGRESS', '_FAILED');
    recordResource(engine, stack, { ...entry, status, reason: STOPPED });
  }
}

/** Where the operation goes from here: creations and updates are taken back, all else is finished. */
function next(engine: Engine, stack: StackRecord): (() => Promise<void>) | undefined {
  const { id, status } = stack;
  switch (status) {
    case 'CREATE_IN_PROGRESS':
      if (stack.disableRollback) {
        stackEvent(engine, id, 'CREATE_FAILED', STOPPED);
        return undefined;
      }
      stackEvent(engine, id, 'ROLLBACK_IN_PROGRESS', `${STOPPED} Rollback requested by the engine.`);
      return () => rollbackCreation(engine, id);
    case 'ROLLBACK_IN_PROGRESS':
      return () => rollbackCreation(engine, id);
    case 'UPDATE_IN_PROGRESS':
      if (stack.disableRollback) {
        stackEvent(engine, id, 'UPDATE_FAILED', STOPPED);
        return undefined;
      }
      stackEvent(engine, id, 'UPDATE_ROLLBACK_IN_PROGRESS', `${STOPPED} Rollback requested by the engine.`);
      return () => rollbackUpdate(engine, id);
    case 'UPDATE_ROLLBACK_IN_PROGRESS':
      return () => rollbackUpdate(engine, id);
    case 'DELETE_IN_PROGRESS':
      return () => deleteStack(engine, id);
    default: {
      // The cleanup after an update or its rollback.
      const session = openSession(engine, stack, 'UpdateStack');
      return async () => {
        await deleteLeftovers(session);
        stackEvent(engine, id, status.replace('_CLEANUP_IN_PROGRESS', ''));
      };
    }
  }
}

/** Takes up what was in progress when the engine stopped. */
export function resume(host: Host, stores: ServiceStores): void {
  for (const { account, region } of stores.scopes()) {
    const store = stores.of(account, region);
    const all = state(store);
    for (const stack of [...all.stacks.values()]) {
      if (!stack.status.endsWith('_IN_PROGRESS') || stack.status === 'REVIEW_IN_PROGRESS') continue;
      const engine: Engine = { host, account, region, store, state: all, principal: stack.principal };
      failResources(engine, stack);
      const work = next(engine, stack);
      if (work) void begin(engine, stack.id, work);
    }
  }
}
