/** What a load process does, and what it found. Bounded in both count and time. */
export interface Job {
  kind: 'http' | 'get-item';
  /** A page of this machine for `http`, an endpoint for `get-item`. */
  url: string;
  table?: string;
  clients: number;
  requests: number;
  seconds: number;
  /** Requests that are made before and do not count. */
  warmUp: number;
  /** A status that is no failure, but is only counted: 429 of what is limited. */
  refusal?: number;
}

export interface JobResult {
  /** Milliseconds, one a request. */
  latencies: number[];
  seconds: number;
  refusals: number;
  failures: number;
  firstFailure?: string;
}
