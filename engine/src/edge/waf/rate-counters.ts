/** After so many different keys, those that nobody used for longest are forgotten. */
const MOST_KEYS = 10_000;

const SECOND = 1000;

interface Counter {
  /** Requests by second, within the window. */
  seconds: Map<number, number>;
  sum: number;
}

/**
 * How many requests of each key came within the window. AWS WAF estimates it every few seconds; here it is exact.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-request-limiting.html
 */
export class RateCounters {
  readonly #counters = new Map<string, Counter>();

  constructor(
    readonly limit: number,
    readonly windowSeconds: number,
  ) {}

  /** Counts a request; whether there are more of its key than the limit now. */
  count(key: string, millis: number): boolean {
    const counter = this.#counters.get(key) ?? { seconds: new Map(), sum: 0 };
    const second = Math.floor(millis / SECOND);
    this.#forgetOld(counter, second);
    counter.seconds.set(second, (counter.seconds.get(second) ?? 0) + 1);
    counter.sum++;
    // A map remembers the order of what is put into it.
    this.#counters.delete(key);
    this.#counters.set(key, counter);
    if (this.#counters.size > MOST_KEYS) this.#counters.delete(this.#counters.keys().next().value ?? '');
    return counter.sum > this.limit;
  }

  /** The keys that are over the limit. */
  limited(millis: number): string[] {
    const second = Math.floor(millis / SECOND);
    const over: string[] = [];
    for (const [key, counter] of this.#counters) {
      this.#forgetOld(counter, second);
      if (counter.sum > this.limit) over.push(key);
    }
    return over;
  }

  #forgetOld(counter: Counter, second: number): void {
    for (const [at, count] of counter.seconds) {
      if (at > second - this.windowSeconds) break;
      counter.seconds.delete(at);
      counter.sum -= count;
    }
  }
}
