import type { Dimension } from '@aws-sdk/client-cloudwatch';
import type { Call } from '../../kernel';
import { cloudwatchStore, metricKey } from './store';
import { merged, type Summary } from './summary';

export interface Wanted {
  namespace: string;
  name: string;
  dimensions: readonly Dimension[] | undefined;
  /** Milliseconds; the end is exclusive. */
  from: number;
  to: number;
  period: number;
  /** Of this unit only. */
  unit: string | undefined;
}

export interface Period {
  at: number;
  summary: Summary;
}

/** A metric's values by period, earliest first, each unit apart. */
export function readPoints(call: Call, wanted: Wanted): Map<string, Period[]> {
  const { from, period, to, unit: only } = wanted;
  const { metrics, points } = cloudwatchStore(call.store);
  const metric = metrics.get(metricKey(wanted.namespace, wanted.name, wanted.dimensions));
  const units = new Map<string, Map<number, Summary[]>>();
  if (!metric) return new Map();
  const range = { prefix: [metric.uid], start: [metric.uid, from], end: [metric.uid, to] };
  for (const { key, value } of points.entries(range)) {
    const unit = String(key[2]);
    if (only !== undefined && unit !== only) continue;
    const periods = units.get(unit) ?? new Map<number, Summary[]>();
    units.set(unit, periods);
    const at = from + Math.floor((Number(key[1]) - from) / period) * period;
    const summaries = periods.get(at);
    if (summaries) summaries.push(value);
    else periods.set(at, [value]);
  }
  const inOrder = [...units].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(inOrder.map(([unit, periods]) => [unit, periodsOf(periods)]));
}

const periodsOf = (periods: ReadonlyMap<number, Summary[]>): Period[] =>
  [...periods].map(([at, summaries]) => ({ at, summary: merged(summaries) }));

/** Whole minutes, or for the shorter periods of high resolution whole seconds. */
export function checkPeriod(period: number, otherwise: (message: string) => Error): void {
  if ([1, 5, 10, 20, 30].includes(period) || (period > 0 && period % 60 === 0)) return;
  throw otherwise(
    `The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60. The value ${period} is not valid.`,
  );
}
