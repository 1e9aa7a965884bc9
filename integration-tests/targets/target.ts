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
  /** Suites this target cannot run, with the reason that is printed. */
  skips: Record<string, string>;
}

/** Somewhere the app can be deployed to and tested. */
export interface Target {
  name: string;
  /** Suite names with the reason why they do not run here. */
  skips: Record<string, string>;
  /** Brings the system up, deployed and seeded. */
  start(): Promise<Deployment>;
  stop(): Promise<void>;
}
