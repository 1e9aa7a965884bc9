import { AwsError } from '../kernel';
import { type Desired, resolveProperties, scopeOf } from './evaluate';
import { recordResource } from './events';
import { resolve } from './intrinsics';
import { accept, createResource, providerFor, reasonOf, type Session } from './provision';
import type { ResourceRecord, ResourceState } from './records';
import type { Control } from './running';
import type { ResourceDeclaration } from './template';

/** What the resources of one create or update share. */
export interface Work {
  readonly session: Session;
  readonly desired: Desired;
  readonly control: Control;
  /** Names of exports that properties use. */
  readonly imported: Set<string>;
  /** Resources whose failure was told when another one failed; they are still at work. */
  readonly cancelled: Set<string>;
}

export function find(work: Work, logicalId: string): ResourceRecord | undefined {
  return work.session.engine.state.resources.get([work.session.stack.id, logicalId]);
}

/** Writes a resource's state and event, unless its failure was told already: then only the state is kept. */
export function record(work: Work, entry: ResourceRecord): void {
  const { engine, stack } = work.session;
  if (!work.cancelled.has(entry.logicalId)) {
    recordResource(engine, stack, entry);
    return;
  }
  const told = engine.state.resources.get([stack.id, entry.logicalId]);
  engine.state.resources.put([stack.id, entry.logicalId], {
    ...entry,
    status: told?.status ?? entry.status,
    ...(told?.reason ? { reason: told.reason } : {}),
  });
}

/** The members of a declaration that a resource keeps besides its properties. */
export function lasting(
  work: Work,
  logicalId: string,
  declaration: ResourceDeclaration,
): Partial<ResourceState> {
  const scope = scopeOf(work.desired, (id) => find(work, id), work.imported);
  const policy = (value: unknown): string | undefined => {
    const resolved = resolve(value, scope);
    return typeof resolved === 'string' ? resolved : undefined;
  };
  const deletionPolicy = policy(declaration.DeletionPolicy);
  const updateReplacePolicy = policy(declaration.UpdateReplacePolicy);
  return {
    dependsOn: [...(work.desired.graph.get(logicalId) ?? [])],
    ...(deletionPolicy ? { deletionPolicy } : {}),
    ...(updateReplacePolicy ? { updateReplacePolicy } : {}),
    ...(declaration.Metadata === undefined ? {} : { metadata: declaration.Metadata }),
  };
}

/** A resource's properties, resolved and accepted; thrown errors are the reason of its failure. */
export async function wanted(work: Work, logicalId: string, type: string): Promise<Record<string, unknown>> {
  const declaration = work.desired.template.Resources[logicalId];
  for (const member of ['CreationPolicy', 'UpdatePolicy'] as const) {
    if (declaration?.[member] !== undefined) {
      throw new AwsError(
        'NotImplemented',
        `tierkit does not implement ${member} yet (resource ${logicalId})`,
      );
    }
  }
  const scope = scopeOf(work.desired, (id) => find(work, id), work.imported);
  const properties = resolveProperties(work.desired, logicalId, scope);
  return accept({ logicalId, type }, await providerFor({ logicalId, type }), properties);
}

export function cancelledError(work: Work): void {
  if (work.control.cancelled !== undefined) throw new AwsError('Cancelled', work.control.cancelled);
}

/** The physical id of something that failed half-way but is there, if the provider told. */
function remains(error: unknown): string | undefined {
  const id = error instanceof AwsError ? error.members.PhysicalResourceId : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** Makes a resource that is not there yet. */
export async function make(work: Work, logicalId: string, inUpdate: boolean): Promise<void> {
  const { session, desired } = work;
  const declaration = desired.template.Resources[logicalId];
  if (!declaration) return;
  const type = declaration.Type;
  const entry: ResourceRecord = {
    logicalId,
    type,
    physicalId: '',
    properties: {},
    attributes: {},
    dependsOn: [],
    status: 'CREATE_IN_PROGRESS',
    changedAt: session.engine.host.clock.now(),
    ...(inUpdate ? { before: 'absent' as const } : {}),
  };
  try {
    cancelledError(work);
    Object.assign(entry, lasting(work, logicalId, declaration));
    entry.properties = await wanted(work, logicalId, type);
    record(work, entry);
    const made = await createResource(session, { logicalId, type }, entry.properties);
    entry.physicalId = made.physicalId;
    entry.attributes = made.attributes;
    record(work, { ...entry, reason: 'Resource creation Initiated' });
    record(work, { ...entry, status: 'CREATE_COMPLETE' });
  } catch (error) {
    const reason = reasonOf(session, type, error);
    record(work, {
      ...entry,
      physicalId: remains(error) ?? entry.physicalId,
      status: 'CREATE_FAILED',
      reason,
    });
    throw error;
  }
}

/** Tells of resources that are at work when another one fails. */
export function cancelOthers(work: Work, running: readonly string[]): void {
  for (const id of running) {
    if (work.cancelled.has(id)) continue;
    const there = find(work, id);
    if (!there?.status.endsWith('_IN_PROGRESS')) continue;
    const kind = there.status.startsWith('UPDATE') ? 'update' : 'creation';
    recordResource(work.session.engine, work.session.stack, {
      ...there,
      status: there.status.replace('_IN_PROGRESS', '_FAILED'),
      reason: `Resource ${kind} cancelled`,
    });
    work.cancelled.add(id);
  }
}
