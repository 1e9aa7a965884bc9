/** `suite` or `suite › test`, with the reason that is printed. */
export type Skips = Record<string, string>;

/** What the suites know of a running system, whatever it runs on. Plain data: it is handed on as JSON. */
export interface Deployment {
  target: string;
  /** Without a slash at its end. */
  siteUrl: string;
  /** Where the stage answers, without a slash at its end. */
  apiUrl: string;
  /** The stack's outputs. */
  outputs: Record<string, string>;
  /** What an SDK client needs to reach this deployment's AWS. */
  clientConfig: {
    endpoint?: string;
    region: string;
    credentials?: { accessKeyId: string; secretAccessKey: string };
  };
  /** What this target cannot run. */
  skips: Skips;
}

/** Somewhere the app can be deployed to and tested. */
export interface Target {
  name: string;
  /** Brings the system up, deployed and seeded. Gives up, leaving the rest to `stop`, when it is interrupted. */
  start(interrupted: AbortSignal): Promise<Deployment>;
  /** Takes away whatever `start` made, also when it was given up half-way. */
  stop(): Promise<void>;
}

/** Why a target does not run here and now: no failure of a test, so it is one line and an exit code of its own. */
export class TargetError extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
    this.name = 'TargetError';
  }
}

/** Exit codes of sysexits.h. */
export const EXIT = { usage: 64, unavailable: 69, refused: 77 } as const;

/** The machine lacks what the target needs. */
export const unavailable = (message: string) => new TargetError(message, EXIT.unavailable);
/** The target could run, and was not allowed to. */
export const refused = (message: string) => new TargetError(message, EXIT.refused);
