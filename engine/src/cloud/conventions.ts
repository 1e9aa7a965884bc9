import type { ServiceName } from '../kernel';

/** The stages of a start and a stop at which LocalStack runs scripts, in their order. */
export const STAGES = ['BOOT', 'START', 'READY', 'SHUTDOWN'] as const;
export type Stage = (typeof STAGES)[number];

export interface InitReport {
  completed: Record<Stage, boolean>;
  scripts: { stage: Stage; name: string; state: 'UNKNOWN' | 'RUNNING' | 'SUCCESSFUL' | 'ERROR' }[];
}

/** What is different where the engine stands in for LocalStack's container. */
export interface Conventions {
  inContainer: boolean;
  /** Whether the engine says more of itself than it should to everybody. */
  debug: boolean;
  /** The variables that were taken, for those who ask with `debug`. */
  configuration: Readonly<Record<string, string>>;
  /** Services that answer; all of them where it is left out. */
  services?: ReadonlySet<ServiceName>;
  init(): InitReport;
}

/** An engine by itself: no scripts, all stages are through. */
export const PLAIN: Conventions = {
  inContainer: false,
  debug: false,
  configuration: {},
  init: () => ({ completed: { BOOT: true, START: true, READY: true, SHUTDOWN: false }, scripts: [] }),
};
