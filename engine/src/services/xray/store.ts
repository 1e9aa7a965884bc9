import type { SamplingRule } from '@aws-sdk/client-xray';
import type { Store } from '../../storage';

/** What came of a trace. */
export interface TraceRecord {
  /** Of its earliest segment, in milliseconds. */
  start: number;
}

export interface RuleRecord {
  rule: SamplingRule;
  /** Milliseconds. */
  createdAt: number;
  modifiedAt: number;
}

/** X-Ray's collections in one account and region. */
export function xrayStore(store: Store) {
  return {
    traces: store.collection<TraceRecord>('traces'),
    /** By start and id: no more than that there is such a trace. */
    byStart: store.collection<true>('traces-by-start'),
    /** The documents as they came, by trace and id. */
    segments: store.collection<string>('segments'),
    rules: store.collection<RuleRecord>('sampling-rules'),
    transaction: <T>(work: () => T) => store.transaction(work),
  };
}

export type XRayStore = ReturnType<typeof xrayStore>;
