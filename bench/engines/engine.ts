import type { Samples } from '../figures';

/** One that is measured: tierkit, or a peer. */
export interface EngineKind {
  name: string;
  /** Why it cannot be measured here, or undefined. Also prepares what must not be timed: builds, downloads. */
  prepare(): Promise<string | undefined>;
  start(): Promise<RunningEngine>;
  /** What is too short to be measured from outside: in this process, `count` times. */
  inside?(samples: Samples, count: number): void;
}

export interface RunningEngine {
  endpoint: string;
  pid: number;
  /** Milliseconds from the start of the process until its health page answered. */
  startMillis: number;
  stop(): Promise<void>;
}
