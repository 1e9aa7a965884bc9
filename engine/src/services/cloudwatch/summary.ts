/** What is kept of the values of a minute: enough for every statistic. */
export interface Summary {
  count: number;
  sum: number;
  min: number;
  max: number;
  /** How often each value came; undefined where only sums were given, of which there are no percentiles. */
  values: [value: number, count: number][] | undefined;
}

/** Percentiles of more values than this are of values with three digits, as precise as CloudWatch's own. */
const MAX_VALUES = 500;

export function summaryOf(values: readonly (readonly [value: number, count: number])[]): Summary {
  const summary: Summary = {
    count: 0,
    sum: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    values: [],
  };
  for (const [value, count] of values) {
    summary.count += count;
    summary.sum += value * count;
    summary.min = Math.min(summary.min, value);
    summary.max = Math.max(summary.max, value);
    summary.values?.push([value, count]);
  }
  return summary;
}

export function merged(summaries: readonly Summary[]): Summary {
  const known = summaries.every(({ values }) => values !== undefined);
  const all = summaryOf([]);
  const counts = new Map<number, number>();
  for (const one of summaries) {
    all.count += one.count;
    all.sum += one.sum;
    all.min = Math.min(all.min, one.min);
    all.max = Math.max(all.max, one.max);
    for (const [value, count] of one.values ?? []) counts.set(value, (counts.get(value) ?? 0) + count);
  }
  return { ...all, values: known ? compact(counts) : undefined };
}

function compact(counts: ReadonlyMap<number, number>): [number, number][] {
  if (counts.size <= MAX_VALUES) return [...counts];
  const rounded = new Map<number, number>();
  for (const [value, count] of counts) {
    const about = Number(value.toPrecision(3));
    rounded.set(about, (rounded.get(about) ?? 0) + count);
  }
  return [...rounded];
}

/** A statistic by CloudWatch's name of it; undefined where there is none of these values. */
export function statistic(summary: Summary, name: string): number | undefined {
  switch (name) {
    case 'SampleCount':
      return summary.count;
    case 'Sum':
      return summary.sum;
    case 'Minimum':
      return summary.min;
    case 'Maximum':
      return summary.max;
    case 'Average':
      return summary.sum / summary.count;
    default:
      return percentile(summary, Number(name.slice(1)));
  }
}

/** The smallest value that so many percent of all are not above. */
function percentile({ count, values }: Summary, percent: number): number | undefined {
  const rank = (percent / 100) * count;
  let below = 0;
  for (const [value, times] of [...(values ?? [])].sort(([a], [b]) => a - b)) {
    below += times;
    if (below >= rank) return value;
  }
  return undefined;
}
