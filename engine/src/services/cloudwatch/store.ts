import type { Dimension } from '@aws-sdk/client-cloudwatch';
import type { Store } from '../../storage';
import type { Summary } from './summary';

/** A metric is its namespace, its name and exactly its dimensions: there is none "with any". */
export interface MetricRecord {
  namespace: string;
  name: string;
  dimensions: Dimension[];
  /** Names its points. */
  uid: string;
  /** When a point of it was put for the last time, in milliseconds. */
  last: number;
}

export function cloudwatchStore(store: Store) {
  return {
    /** By namespace, name and dimensions. */
    metrics: store.collection<MetricRecord>('metrics'),
    /** By metric uid, start of the minute (or the second) in milliseconds, unit. */
    points: store.collection<Summary>('points'),
    transaction: <T>(work: () => T) => store.transaction(work),
  };
}

export type CloudWatchStore = ReturnType<typeof cloudwatchStore>;

/** The order in which dimensions are given makes no difference. */
export function metricKey(
  namespace: string,
  name: string,
  dimensions: readonly Dimension[] | undefined,
): string[] {
  const sorted = (dimensions ?? []).map(({ Name, Value }) => [Name, Value]).sort(byName);
  return [namespace, name, JSON.stringify(sorted)];
}

const byName = ([a = '']: (string | undefined)[], [b = '']: (string | undefined)[]) =>
  a < b ? -1 : a > b ? 1 : 0;
