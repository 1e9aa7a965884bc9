/** A limit as API Gateway has them: tokens a second, and how many may be saved up. */
export interface Limit {
  /** What the tokens are for: requests with the same name share a bucket. */
  name: string;
  rate: number;
  burst: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Buckets that nobody took from for long are full, and as good as new ones. */
const SWEEP_AT = 10_000;

/**
 * Token buckets: a request takes one token of each limit that counts for it, or none of any.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = SWEEP_AT;

  /** The first limit that has no token left at `millis`; undefined where each gave one. */
  take(limits: readonly Limit[], millis: number): Limit | undefined {
    const buckets = limits.map((limit) => this.#filled(limit, millis));
    const empty = buckets.findIndex(({ tokens }) => tokens < 1);
    if (empty >= 0) return limits[empty];
    for (const bucket of buckets) bucket.tokens -= 1;
    if (this.#buckets.size > this.#sweepAt) this.#sweep(millis);
    return undefined;
  }

  #filled({ name, rate, burst }: Limit, millis: number): Bucket {
    let bucket = this.#buckets.get(name);
    if (!bucket) {
      bucket = { tokens: burst, at: millis };
      this.#buckets.set(name, bucket);
      return bucket;
    }
    const passed = Math.max(0, millis - bucket.at);
    bucket.tokens = Math.min(burst, bucket.tokens + (passed * rate) / 1000);
    bucket.at = millis;
    return bucket;
  }

  /** Forgets what was not used for a minute; buckets in use grow the mark, so that sweeps stay rare. */
  #sweep(millis: number): void {
    for (const [name, { at }] of this.#buckets) {
      if (millis - at > 60_000) this.#buckets.delete(name);
    }
    this.#sweepAt = Math.max(SWEEP_AT, this.#buckets.size * 2);
  }
}
