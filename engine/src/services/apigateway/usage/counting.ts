import type { Store } from '../../../storage';
import { allowance, dayOf, periodStart } from './quota';
import { type UsagePlanRecord, usageCollections } from './store';

/** What a key has used in the period of `millis`, up to then. */
function usedInPeriod(store: Store, plan: UsagePlanRecord, keyId: string, millis: number): number {
  const { usage } = usageCollections(store);
  const start = periodStart(plan.quota?.period, millis);
  const today = dayOf(millis);
  let used = 0;
  for (const { key, value } of usage.entries({ prefix: [plan.id, keyId], start: [plan.id, keyId, start] })) {
    if (String(key[2]) <= today) used += value.used;
  }
  return used;
}

/** What is left of the quota of a key at `millis`; below zero where UpdateUsage or a smaller quota took more away. */
export function remainingOf(store: Store, plan: UsagePlanRecord, keyId: string, millis: number): number {
  if (!plan.quota) return Number.POSITIVE_INFINITY;
  const { extensions, planKeys } = usageCollections(store);
  const start = periodStart(plan.quota.period, millis);
  const since = planKeys.get([plan.id, keyId])?.since ?? 0;
  const extension = extensions.get([plan.id, keyId]);
  const extra = extension?.period === start ? extension.extra : 0;
  return allowance(plan.quota, start, since) + extra - usedInPeriod(store, plan, keyId, millis);
}

/** Counts one request; false, and nothing is counted, where the quota is used up. */
export function countRequest(store: Store, plan: UsagePlanRecord, keyId: string, millis: number): boolean {
  const remaining = remainingOf(store, plan, keyId, millis);
  if (remaining <= 0) return false;
  const { usage } = usageCollections(store);
  const at = [plan.id, keyId, dayOf(millis)];
  const used = (usage.get(at)?.used ?? 0) + 1;
  usage.put(at, plan.quota ? { used, remaining: remaining - 1 } : { used });
  return true;
}
