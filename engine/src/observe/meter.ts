/** What a metric is told by, as CloudWatch has it. */
export interface MetricName {
  account: string;
  region: string;
  namespace: string;
  name: string;
  dimensions: readonly { Name: string; Value: string }[];
  unit: 'Bytes' | 'Count' | 'Milliseconds';
}

/** How often each value came in one minute. */
export interface Measured extends MetricName {
  /** The minute's first millisecond. */
  at: number;
  counts: Map<number, number>;
}

/** One metric being counted: kept at hand by who measures it, so that a measurement costs next to nothing. */
export interface Series {
  readonly metric: MetricName;
  at: number;
  counts: Map<number, number>;
}

const MINUTE = 60_000;

/** Collects what services measure of themselves, a minute at a time, until CloudWatch takes it. */
export class Meter {
  readonly #series = new Map<string, Series>();
  readonly #counted = new Set<Series>();
  #closed: Measured[] = [];

  /** Called when there is something again. */
  constructor(readonly begun: () => void) {}

  series(metric: MetricName): Series {
    const { account, region, namespace, name, dimensions } = metric;
    const told = dimensions.map(({ Name, Value }) => [Name, Value]);
    const key = JSON.stringify([account, region, namespace, name, told]);
    let series = this.#series.get(key);
    if (!series) {
      series = { metric, at: 0, counts: new Map() };
      this.#series.set(key, series);
    }
    return series;
  }

  add(series: Series, value: number, millis: number): void {
    const at = millis - (millis % MINUTE);
    if (series.at !== at) {
      this.#close(series);
      series.at = at;
    }
    series.counts.set(value, (series.counts.get(value) ?? 0) + 1);
    if (this.#counted.size === 0) this.begun();
    this.#counted.add(series);
  }

  /** What was measured since the last time. */
  drain(): Measured[] {
    for (const series of this.#counted) this.#close(series);
    this.#counted.clear();
    const drained = this.#closed;
    this.#closed = [];
    return drained;
  }

  #close(series: Series): void {
    if (series.counts.size === 0) return;
    this.#closed.push({ ...series.metric, at: series.at, counts: series.counts });
    series.counts = new Map();
  }
}
