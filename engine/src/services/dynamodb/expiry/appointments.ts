import type { Clock, Host } from '../../../kernel';
import type { Scope } from '../tables/catalog';
import type { TableRecord } from '../tables/record';
import { nextExpiry } from './expiry';

export type SweepScope = Scope & { clock: Clock };

/** When each table with expiring items is to be swept next. */
interface Appointments {
  timers: Map<string, { at: number; cancel: () => void }>;
  /** Set when the service starts. */
  sweep?: (scope: SweepScope, tableName: string) => void;
}

/** AWS deletes "within a few days"; here within a minute, by the engine's clock. */
const SOONEST = 60_000;
/** Far away expiries are looked at again when they come near: timers cannot be longer than 24 days. */
const LATEST = 24 * 60 * 60_000;

export function appointments(host: Pick<Host, 'memo'>): Appointments {
  return host.memo('dynamodb:appointments', () => ({ timers: new Map() }));
}

/** Sees to it that the table is swept when its next item expires. One timer a table, none where nothing expires. */
export function scheduleSweep(scope: SweepScope, record: TableRecord): void {
  const { timers, sweep } = appointments(scope);
  if (!record.ttl || !sweep) return;
  const millis = scope.clock.millis();
  const next = nextExpiry(scope.store, record, Math.floor(millis / 1000));
  if (next === undefined) return;
  const delay = Math.min(Math.max(SOONEST, next * 1000 - millis), LATEST);
  const known = timers.get(record.id);
  if (known && known.at <= millis + delay) return;
  known?.cancel();
  const { store, account, region, clock } = scope;
  const later: SweepScope = { store, account, region, clock, memo: (name, make) => scope.memo(name, make) };
  const cancel = clock.after(delay, () => {
    timers.delete(record.id);
    sweep(later, record.name);
  });
  timers.set(record.id, { at: millis + delay, cancel });
}

export function cancelSweep(host: Pick<Host, 'memo'>, record: TableRecord): void {
  const { timers } = appointments(host);
  timers.get(record.id)?.cancel();
  timers.delete(record.id);
}
