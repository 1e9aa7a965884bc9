import type { Host, ServiceStores } from '../../kernel';
import { type XRayStore, xrayStore } from './store';
import { idsAt } from './times';

/** https://docs.aws.amazon.com/general/latest/gr/xray.html#limits_xray */
export const KEPT_MILLIS = 30 * 24 * 3600_000;

/** How often what is too old is looked for. */
const SWEEP_MILLIS = 3600_000;

export const oldest = ({ clock }: Host): number => clock.millis() - KEPT_MILLIS;

/** At the start, what became too old while nobody was there. */
export function removeAllExpired(host: Host, stores: ServiceStores): void {
  for (const { account, region } of stores.scopes())
    remove(xrayStore(stores.of(account, region)), oldest(host));
}

/** With new segments, now and then; reads leave out the rest. */
export function removeExpired(host: Host, place: string, store: XRayStore): void {
  const swept = host.memo('xray.swept', () => new Map<string, number>());
  const now = host.clock.millis();
  const last = swept.get(place);
  if (last === undefined) swept.set(place, now);
  if (last === undefined || now - last < SWEEP_MILLIS) return;
  swept.set(place, now);
  remove(store, oldest(host));
}

function remove(store: XRayStore, before: number): void {
  store.transaction(() => {
    for (const { key } of [...store.traces.entries({ end: [idsAt(before)] })]) {
      store.segments.clear({ prefix: key });
      store.traces.remove(key);
    }
  });
}
