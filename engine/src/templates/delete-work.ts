import type { Engine } from './engine';
import { recordResource, resourceEvent, stackEvent } from './events';
import { inOrder, reversed } from './graph';
import { importers, withdraw } from './outputs';
import { deleteResource, openSession, reasonOf, type Session, snapshotResource } from './provision';
import type { Leftover, ResourceRecord, ResourceState } from './records';

/** Types whose resources leave a snapshot where a template does not say otherwise. */
const SNAPSHOT_BY_DEFAULT = new Set(['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance']);

/**
 * What becomes of a resource that goes.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
export function deletionPolicy(
  resource: ResourceState,
  creation?: { retainExceptOnCreate?: boolean | undefined },
): 'Delete' | 'Retain' | 'Snapshot' {
  const policy = resource.deletionPolicy;
  if (policy === 'RetainExceptOnCreate') return creation ? 'Delete' : 'Retain';
  if (policy === 'Retain') return creation?.retainExceptOnCreate ? 'Delete' : 'Retain';
  // What a failed operation made just now holds nothing to take a snapshot of.
  if (creation || policy === 'Delete') return 'Delete';
  if (policy === 'Snapshot') return policy;
  const clustered = resource.properties.DBClusterIdentifier !== undefined;
  return SNAPSHOT_BY_DEFAULT.has(resource.type) && !clustered ? 'Snapshot' : 'Delete';
}

/** As CloudFormation names the snapshots it takes. */
function snapshotName(session: Session, logicalId: string): string {
  return `${session.stack.name}-snapshot-${logicalId}-${session.call.ids.lower(12)}`.toLowerCase();
}

/** Deletes a set of resources, users before what they use; says which could not be deleted. */
async function deleteAll(
  session: Session,
  resources: readonly (ResourceState & { logicalId: string })[],
  choose: (resource: ResourceState & { logicalId: string }) => 'Delete' | 'Retain' | 'Snapshot',
  tell: (resource: ResourceState & { logicalId: string }, status: string, reason?: string) => void,
): Promise<string[]> {
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const needs = new Map(resources.map(({ logicalId, dependsOn }) => [logicalId, new Set(dependsOn)]));
  const { failed } = await inOrder(
    reversed(needs),
    async (id) => {
      const resource = byId.get(id);
      if (!resource) return;
      const policy = resource.physicalId === '' ? 'Delete' : choose(resource);
      if (policy === 'Retain') return tell(resource, 'DELETE_SKIPPED');
      // What failed before it was made has nothing to delete.
      if (resource.physicalId === '') return tell(resource, 'DELETE_COMPLETE');
      tell(resource, 'DELETE_IN_PROGRESS');
      try {
        if (policy === 'Snapshot')
          await snapshotResource(session, resource, resource, snapshotName(session, id));
        await deleteResource(session, resource, resource);
      } catch (error) {
        tell(resource, 'DELETE_FAILED', reasonOf(session, resource.type, error));
        throw error;
      }
      tell(resource, 'DELETE_COMPLETE');
    },
    () => {},
    true,
  );
  return [...failed.keys()].sort();
}

/** Deletes what updates left behind. Failures stay behind: the stack is done without them, as on AWS. */
export async function deleteLeftovers(session: Session): Promise<void> {
  const { engine, stack } = session;
  const keyed = [...engine.state.leftovers.entries({ prefix: stack.id })];
  const leftovers = new Map(keyed.map(({ value }) => [value.logicalId, value]));
  const keys = new Map<Leftover, (string | number)[]>(keyed.map(({ key, value }) => [value, key]));
  await deleteAll(
    session,
    keyed.map(({ value }) => value),
    (resource) => (leftovers.get(resource.logicalId)?.snapshot ? 'Snapshot' : 'Delete'),
    (resource, status, reason) => {
      const { logicalId, type, physicalId } = resource;
      resourceEvent(engine, stack, { logicalId, type, physicalId, status, reason });
      const key = keys.get(resource);
      if (key && !status.endsWith('_IN_PROGRESS')) engine.state.leftovers.remove(key);
    },
  );
}

/** Deletes the resources of a stack that are its own; false where some could not be deleted (the stack says which). */
export async function deleteStackResources(
  engine: Engine,
  stackId: string,
  options: { atCreation?: boolean; retain?: readonly string[]; force?: boolean; operation: string },
): Promise<string[]> {
  const stack = engine.state.stacks.get(stackId);
  if (!stack) return [];
  const session = openSession(engine, stack, options.operation);
  const there = [...engine.state.resources.values({ prefix: stackId })].filter(
    ({ status }) => status !== 'DELETE_COMPLETE' && status !== 'DELETE_SKIPPED',
  );
  const records = new Map<string, ResourceRecord>(there.map((each) => [each.logicalId, each]));
  const failed = await deleteAll(
    session,
    there,
    (resource) =>
      options.retain?.includes(resource.logicalId)
        ? 'Retain'
        : deletionPolicy(resource, options.atCreation ? stack : undefined),
    (resource, status, reason) => {
      const record = records.get(resource.logicalId);
      if (!record) return;
      const { reason: _, ...rest } = record;
      recordResource(engine, stack, { ...rest, status, ...(reason === undefined ? {} : { reason }) });
    },
  );
  await deleteLeftovers(session);
  return options.force ? [] : failed;
}

export function failedToDelete(ids: readonly string[]): string {
  return `The following resource(s) failed to delete: [${ids.join(', ')}]. `;
}

/** Deletes a stack. */
export async function deleteStack(
  engine: Engine,
  stackId: string,
  options: { retain?: readonly string[]; force?: boolean } = {},
): Promise<void> {
  const used = [...engine.state.exports.values()]
    .filter((each) => each.stackId === stackId)
    .map(({ name }) => ({ name, users: importers(engine, name) }))
    .find(({ users }) => users.length > 0);
  if (used) {
    const reason = `Export ${used.name} cannot be deleted as it is in use by ${used.users.join(', ')}`;
    return stackEvent(engine, stackId, 'DELETE_FAILED', reason);
  }
  const failed = await deleteStackResources(engine, stackId, { ...options, operation: 'DeleteStack' });
  if (failed.length > 0) return stackEvent(engine, stackId, 'DELETE_FAILED', failedToDelete(failed));
  engine.store.transaction(() => {
    withdraw(engine, stackId);
    const stack = engine.state.stacks.get(stackId);
    if (!stack) return;
    engine.state.stacks.put(stackId, { ...stack, deletedAt: engine.host.clock.now() });
    if (engine.state.names.get(stack.name) === stackId) engine.state.names.remove(stack.name);
  });
  stackEvent(engine, stackId, 'DELETE_COMPLETE');
}
