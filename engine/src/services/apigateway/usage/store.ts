import type { ApiKey, UsagePlan } from '@aws-sdk/client-api-gateway';
import type { Store } from '../../../storage';

export type ApiKeyRecord = ApiKey & { id: string; value: string; enabled: boolean };

export type UsagePlanRecord = UsagePlan & { id: string; name: string };

/** That a key is in a plan, and since when: a quota's offset counts for the first period only. */
export interface PlanKeyRecord {
  keyId: string;
  planId: string;
  since: number;
}

/** What a key has used of a plan on one day (UTC), and what it had left of its quota at the end of it. */
export interface DayUsage {
  used: number;
  remaining?: number;
}

export function usageCollections(store: Store) {
  return {
    /** By id. */
    keys: store.collection<ApiKeyRecord>('api-keys', { sealed: true }),
    /** Key id by a digest of the value: values are secrets, and keys of collections are not sealed. */
    keyOfValue: store.collection<string>('api-key-values'),
    plans: store.collection<UsagePlanRecord>('usage-plans'),
    /** By plan and key. */
    planKeys: store.collection<PlanKeyRecord>('usage-plan-keys'),
    /** By key and plan, to find the plans of a key. */
    plansOfKey: store.collection<string>('plans-of-keys'),
    /** By plan, key and day. */
    usage: store.collection<DayUsage>('usage'),
    /** What a person gave a key beyond its quota in the current period (UpdateUsage): by plan and key. */
    extensions: store.collection<{ period: string; extra: number }>('usage-extensions'),
  };
}

export type UsageTables = ReturnType<typeof usageCollections>;
