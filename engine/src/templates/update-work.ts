import { AwsError } from '../kernel';
import { failureText } from './create-work';
import { deleteLeftovers, deletionPolicy } from './delete-work';
import { propertyChanges, strongest } from './diff';
import type { Engine } from './engine';
import type { Desired } from './evaluate';
import { resourceEvent, stackEvent } from './events';
import { resourceFacts } from './facts';
import { inOrder } from './graph';
import { publishOutputs, unsupportedAttribute } from './outputs';
import { createResource, openSession, providerFor, reasonOf, updateResource } from './provision';
import type { ResourceRecord, ResourceState } from './records';
import {
  cancelledError,
  cancelOthers,
  find,
  lasting,
  make,
  record,
  type Work,
  wanted,
} from './resource-work';
import { rollbackUpdate } from './rollback-work';
import type { Control } from './running';

const REPLACING = 'Requested update requires the creation of a new physical resource; hence creating one.';

function stateOf(entry: ResourceRecord): ResourceState {
  const {
    type,
    physicalId,
    properties,
    attributes,
    dependsOn,
    deletionPolicy,
    updateReplacePolicy,
    metadata,
  } = entry;
  return {
    type,
    physicalId,
    properties,
    attributes,
    dependsOn,
    ...(deletionPolicy ? { deletionPolicy } : {}),
    ...(updateReplacePolicy ? { updateReplacePolicy } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** A resource whose name the template gives cannot be made beside its predecessor of the same name. */
function refuseSameName(entry: ResourceRecord, properties: Record<string, unknown>): void {
  const facts = resourceFacts(entry.type);
  const [name, ...others] = facts?.identifier ?? [];
  if (name === undefined || others.length > 0 || !facts?.properties[name]) return;
  const value = properties[name];
  if (typeof value === 'string' && value === entry.properties[name] && value === entry.physicalId) {
    throw new AwsError(
      'ValidationError',
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${value} and update the stack again.`,
    );
  }
}

/** Brings one resource that is there to what the template wants of it. */
async function change(
  work: Work,
  logicalId: string,
  entry: ResourceRecord,
  tagsChanged: boolean,
): Promise<void> {
  const { session, desired } = work;
  const declaration = desired.template.Resources[logicalId];
  if (!declaration) return;
  const before = entry.before ?? stateOf(entry);
  const { reason: _, ...rest } = entry;
  const next: ResourceRecord = { ...rest, before, status: 'UPDATE_IN_PROGRESS' };
  let replacing = false;
  try {
    cancelledError(work);
    const properties = await wanted(work, logicalId, entry.type);
    Object.assign(next, { deletionPolicy: undefined, updateReplacePolicy: undefined, metadata: undefined });
    Object.assign(next, lasting(work, logicalId, declaration));
    const changes = propertyChanges(entry.type, entry.properties, properties);
    const retag = tagsChanged && resourceFacts(entry.type)?.tags !== undefined;
    if (changes.length === 0 && !retag) {
      session.engine.state.resources.put([session.stack.id, logicalId], { ...next, status: entry.status });
      return;
    }
    const provider = await providerFor(entry);
    replacing = strongest(changes) === 'always' || (!provider.update && changes.length > 0);
    if (!replacing && !provider.update) return;
    if (replacing) refuseSameName(entry, properties);
    next.properties = properties;
    record(work, { ...next, ...(replacing ? { reason: REPLACING } : {}) });
    const made = replacing
      ? await createResource(session, entry, properties)
      : await updateResource(session, entry, entry, properties);
    if (replacing) record(work, { ...next, ...made, reason: 'Resource creation Initiated' });
    record(work, { ...next, ...made, status: 'UPDATE_COMPLETE' });
  } catch (error) {
    const reason = reasonOf(session, entry.type, error);
    // What a failed update has changed of a resource is unknown: taking it back writes all of the old again.
    record(work, { ...next, status: 'UPDATE_FAILED', reason });
    throw error;
  }
}

/** What the update makes superfluous is put aside, to be deleted when nothing can fail any more. */
function setAside(work: Work): void {
  const { engine, stack } = work.session;
  let n = 0;
  const aside = (logicalId: string, from: ResourceState, policy: string | undefined): void => {
    const { type, physicalId } = from;
    if (policy === 'Retain') {
      resourceEvent(engine, stack, { logicalId, type, physicalId, status: 'DELETE_SKIPPED' });
    } else {
      const snapshot = policy === 'Snapshot' ? { snapshot: true as const } : {};
      engine.state.leftovers.put([stack.id, n++], { ...from, logicalId, ...snapshot });
    }
  };
  engine.store.transaction(() => {
    for (const entry of [...engine.state.resources.values({ prefix: stack.id })]) {
      const { before, ...rest } = entry;
      if (!work.desired.graph.has(entry.logicalId)) {
        const gone = entry.status.startsWith('DELETE_') || entry.physicalId === '';
        if (!gone) aside(entry.logicalId, stateOf(entry), deletionPolicy(entry));
        engine.state.resources.remove([stack.id, entry.logicalId]);
        continue;
      }
      if (
        before &&
        before !== 'absent' &&
        before.physicalId !== entry.physicalId &&
        before.physicalId !== ''
      ) {
        aside(entry.logicalId, before, entry.updateReplacePolicy);
      }
      engine.state.resources.put([stack.id, entry.logicalId], rest);
    }
    engine.state.versions.remove([stack.id, 'previous']);
  });
}

/** Changes resources and outputs; the reason where that fails. */
async function changeAll(work: Work, tagsChanged: boolean): Promise<string | undefined> {
  const { session, desired, imported } = work;
  const { engine, stack } = session;
  const unsupported = unsupportedAttribute(desired.template);
  if (unsupported) return `${unsupported}. `;
  const { failed } = await inOrder(
    desired.graph,
    (id) => {
      const entry = find(work, id);
      // What a former attempt did not make, or a rollback took away, is made anew.
      const there = entry && entry.physicalId !== '' && !entry.status.startsWith('DELETE_');
      return there ? change(work, id, entry, tagsChanged) : make(work, id, true);
    },
    (_, __, running) => cancelOthers(work, running),
  );
  if (work.control.cancelled !== undefined) return `${work.control.cancelled} `;
  if (failed.size > 0) {
    const ids = [...new Set([...failed.keys(), ...work.cancelled])];
    const made = ids.filter((id) => find(work, id)?.status.startsWith('CREATE_'));
    return failureText(
      made,
      ids.filter((id) => !made.includes(id)),
    );
  }
  return publishOutputs(engine, stack.id, desired, imported);
}

/** Updates a stack that is UPDATE_IN_PROGRESS, and takes the update back where it fails. */
export async function updateStack(
  engine: Engine,
  stackId: string,
  desired: Desired,
  control: Control,
  tagsChanged: boolean,
): Promise<void> {
  const stack = engine.state.stacks.get(stackId);
  if (!stack) return;
  const session = openSession(engine, stack, 'UpdateStack');
  const work: Work = { session, desired, control, imported: new Set(), cancelled: new Set() };
  const reason = await changeAll(work, tagsChanged);
  if (reason === undefined) {
    setAside(work);
    stackEvent(engine, stackId, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    await deleteLeftovers(session);
    return stackEvent(engine, stackId, 'UPDATE_COMPLETE');
  }
  if (stack.disableRollback) return stackEvent(engine, stackId, 'UPDATE_FAILED', reason);
  stackEvent(engine, stackId, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  await rollbackUpdate(engine, stackId);
}
