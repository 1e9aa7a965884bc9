import { deleteLeftovers, deletionPolicy } from './delete-work';
import type { Engine } from './engine';
import { recordResource, resourceEvent, stackEvent } from './events';
import { inOrder } from './graph';
import { openSession, reasonOf, type Session, updateResource } from './provision';
import type { ResourceRecord } from './records';

/** Puts one changed resource back to what it was. */
async function restore(session: Session, entry: ResourceRecord): Promise<void> {
  const { engine, stack } = session;
  const { before, reason: _, ...rest } = entry;
  if (before === undefined || before === 'absent') return;
  const touched = /^UPDATE_/.test(entry.status);
  const back: ResourceRecord = {
    ...before,
    logicalId: entry.logicalId,
    status: 'UPDATE_COMPLETE',
    changedAt: entry.changedAt,
  };
  // One that was not touched keeps its status and tells nothing.
  if (!touched) {
    engine.state.resources.put([stack.id, entry.logicalId], { ...back, status: entry.status });
    return;
  }
  recordResource(engine, stack, { ...rest, before, status: 'UPDATE_IN_PROGRESS' });
  try {
    if (before.physicalId === entry.physicalId) {
      const made = await updateResource(session, entry, entry, before.properties);
      back.attributes = made.attributes;
      back.physicalId = made.physicalId;
    } else {
      const { type, physicalId, properties, attributes, dependsOn } = entry;
      engine.state.leftovers.put([stack.id, `new ${entry.logicalId}`], {
        logicalId: entry.logicalId,
        type,
        physicalId,
        properties,
        attributes,
        dependsOn,
      });
    }
    recordResource(engine, stack, back);
  } catch (error) {
    const reason = reasonOf(session, entry.type, error);
    recordResource(engine, stack, { ...rest, before, status: 'UPDATE_FAILED', reason });
    throw error;
  }
}

function undoVersion(engine: Engine, stackId: string): void {
  engine.store.transaction(() => {
    const previous = engine.state.versions.get([stackId, 'previous']);
    const stack = engine.state.stacks.get(stackId);
    if (!previous || !stack) return;
    const { body: _, description, changeSetId: __, ...rest } = previous;
    const { description: ___, ...base } = stack;
    engine.state.stacks.put(stackId, { ...base, ...rest, ...(description ? { description } : {}) });
    engine.state.versions.put([stackId, 'current'], previous);
    engine.state.versions.remove([stackId, 'previous']);
  });
}

/** Takes an update back; the stack is UPDATE_ROLLBACK_IN_PROGRESS. `skip`: what is left as it is. */
export async function rollbackUpdate(
  engine: Engine,
  stackId: string,
  skip: readonly string[] = [],
): Promise<void> {
  const stack = engine.state.stacks.get(stackId);
  if (!stack) return;
  const session = openSession(engine, stack, 'RollbackStack');
  const entries = [...engine.state.resources.values({ prefix: stackId })];
  const changed = entries.filter(({ before }) => before !== undefined && before !== 'absent');
  const byId = new Map(changed.map((entry) => [entry.logicalId, entry]));
  const graph = new Map(
    changed.map(({ logicalId, before }) => [
      logicalId,
      new Set(before === undefined || before === 'absent' ? [] : before.dependsOn),
    ]),
  );
  const { failed } = await inOrder(graph, async (id) => {
    const entry = byId.get(id);
    if (!entry) return;
    if (!skip.includes(id)) return restore(session, entry);
    const { before: _, ...rest } = entry;
    recordResource(engine, stack, { ...rest, status: 'UPDATE_COMPLETE' });
  });
  if (failed.size > 0) {
    const reason = `The following resource(s) failed to update: [${[...failed.keys()].join(', ')}]. `;
    return stackEvent(engine, stackId, 'UPDATE_ROLLBACK_FAILED', reason);
  }
  undoVersion(engine, stackId);
  engine.store.transaction(() => {
    for (const entry of entries) {
      if (entry.before !== 'absent') continue;
      const { before: _, ...rest } = entry;
      if (entry.physicalId !== '' && deletionPolicy(entry, stack) === 'Retain') {
        const { logicalId, type, physicalId } = entry;
        resourceEvent(engine, stack, { logicalId, type, physicalId, status: 'DELETE_SKIPPED' });
      } else if (entry.physicalId !== '') {
        engine.state.leftovers.put([stackId, `new ${entry.logicalId}`], rest);
      }
      engine.state.resources.remove([stackId, entry.logicalId]);
    }
  });
  stackEvent(engine, stackId, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  await deleteLeftovers(session);
  stackEvent(engine, stackId, 'UPDATE_ROLLBACK_COMPLETE');
}
