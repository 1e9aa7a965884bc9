import { redact } from '../observe';
import type { Engine } from './engine';
import type { ResourceRecord, StackRecord } from './records';
import { secretsOf } from './secrets';

const MAX_PROPERTIES = 8192;

/**
 * The place and the time of a stack's next event. Clients order events by their times, which have milliseconds:
 * no two of a stack have the same.
 */
function next(engine: Engine, stackId: string): { n: number; at: Date } {
  const now = engine.host.clock.millis();
  for (const { key, value } of engine.state.events.entries({ prefix: stackId, reverse: true, limit: 1 })) {
    return { n: Number(key[1]) + 1, at: new Date(Math.max(now, value.at.getTime() + 1)) };
  }
  return { n: 0, at: new Date(now) };
}

/** Moves a stack to a status and writes its event. */
export function stackEvent(engine: Engine, id: string, status: string, reason?: string): void {
  engine.store.transaction(() => {
    const stack = engine.state.stacks.get(id);
    if (!stack) return;
    stack.status = status;
    if (reason === undefined) delete stack.statusReason;
    else stack.statusReason = reason;
    engine.state.stacks.put(id, stack);
    const { n, at } = next(engine, id);
    engine.state.events.put([id, n], {
      id: engine.host.ids.uuid(),
      at,
      logicalId: stack.name,
      type: 'AWS::CloudFormation::Stack',
      physicalId: id,
      status,
      ...(reason === undefined ? {} : { reason }),
      ...(stack.clientToken ? { clientToken: stack.clientToken } : {}),
      ...(stack.operationId ? { operationId: stack.operationId } : {}),
    });
  });
}

export interface ResourceChange {
  logicalId: string;
  type: string;
  physicalId: string;
  status: string;
  reason?: string | undefined;
  properties?: Record<string, unknown> | undefined;
}

/** Writes the event of a resource; the record of the resource is the caller's. */
export function resourceEvent(engine: Engine, stack: StackRecord, change: ResourceChange): void {
  const { logicalId, type, physicalId, status, reason, properties } = change;
  const text = properties && redact(JSON.stringify(properties), secretsOf(engine, stack));
  const named = /_(IN_PROGRESS|COMPLETE|FAILED|SKIPPED)$/.test(status) && properties !== undefined;
  const { n, at } = next(engine, stack.id);
  engine.state.events.put([stack.id, n], {
    id: named ? `${logicalId}-${status}-${at.toISOString()}` : `${logicalId}-${engine.host.ids.uuid()}`,
    at,
    logicalId,
    type,
    physicalId,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(text === undefined ? {} : { properties: text.slice(0, MAX_PROPERTIES) }),
    ...(stack.clientToken ? { clientToken: stack.clientToken } : {}),
    ...(stack.operationId ? { operationId: stack.operationId } : {}),
    ...(status.endsWith('_FAILED') ? { failure: true as const } : {}),
  });
  if (status.endsWith('_FAILED') && !CANCELLED.test(reason ?? '')) tellFailure(engine, stack, change);
}

/** A resource fails like this where another one's failure ended its work. */
const CANCELLED = /^Resource (creation|update) cancelled$/;

/** A failed deployment is explained in the engine's log too, where what the functions said is. */
function tellFailure(engine: Engine, stack: StackRecord, change: ResourceChange): void {
  const { logicalId, type, status, reason = 'no reason given' } = change;
  engine.host.parts.events.emit({
    type: 'engine',
    at: engine.host.clock.millis(),
    level: 'error',
    message: `stack ${stack.name}: ${logicalId} (${type}) ${status}: ${reason}`,
  });
}

/** Keeps a resource and writes its event, together. */
export function recordResource(engine: Engine, stack: StackRecord, record: ResourceRecord): void {
  engine.store.transaction(() => {
    record.changedAt = engine.host.clock.now();
    engine.state.resources.put([stack.id, record.logicalId], record);
    resourceEvent(engine, stack, record);
  });
}
