import type { Host, ServiceStores } from '../../../kernel';
import { write } from '../items/write';
import { findTable, tableRecords } from '../tables/catalog';
import { appointments, type SweepScope, scheduleSweep } from './appointments';
import { expiredItems } from './expiry';

/** Items deleted in one transaction. */
const BATCH = 500;

/** Deletes what has expired in the table, and makes the next appointment. */
function sweep(scope: SweepScope, name: string): void {
  const table = findTable(scope, name);
  if (!table?.record.ttl) return;
  const now = Math.floor(scope.clock.millis() / 1000);
  for (;;) {
    const keys = expiredItems(scope.store, table.record, now, BATCH);
    scope.store.transaction(() => {
      for (const bytes of keys) {
        write(scope, { table, bytes, old: table.items.get(bytes), next: undefined }, false);
      }
    });
    if (keys.length < BATCH) break;
  }
  scheduleSweep(scope, table.record);
}

/** After a start: takes up all tables that have a TTL attribute. */
export function startSweeps(host: Host, stores: ServiceStores): void {
  appointments(host).sweep = sweep;
  for (const { account, region } of stores.scopes()) {
    if (account === '-' || region === '-') continue;
    const store = stores.of(account, region);
    const memo: Host['memo'] = (name, make) => host.memo(name, make);
    for (const record of tableRecords(store)) {
      scheduleSweep({ store, account, region, clock: host.clock, memo }, record);
    }
  }
}

export function stopSweeps(host: Host): void {
  const { timers } = appointments(host);
  for (const { cancel } of timers.values()) cancel();
  timers.clear();
}
