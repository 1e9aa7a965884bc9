import type { SamplingRule } from '@aws-sdk/client-xray';
import type { Store } from '../../storage';

export interface RuleRecord {
  rule: SamplingRule;
  /** Milliseconds. */
  createdAt: number;
  modifiedAt: number;
}

/** X-Ray's collections in one account and region. */
export function xrayStore(store: Store) {
  return {
    /** By id, which is by time: no more than that there is such a trace. */
    traces: store.collection<true>('traces'),
    /** The documents as they came, by trace and id. */
    segments: store.collection<string>('segments'),
    rules: store.collection<RuleRecord>('sampling-rules'),
    transaction: <T>(work: () => T) => store.transaction(work),
  };
}

export type XRayStore = ReturnType<typeof xrayStore>;
