import type { Principal } from '../kernel/call';

/** What the runtime needs to know to run a function version. */
export interface FunctionSpec {
  /** Qualified ARN: the identity of the pool of environments. */
  arn: string;
  account: string;
  region: string;
  functionName: string;
  version: string;
  runtime: string;
  handler: string;
  /** Seconds. */
  timeout: number;
  /** MB. */
  memorySize: number;
  /** Blob id of the code archive, and of its layers in order. */
  codeBlob: string;
  layerBlobs: readonly string[];
  /** Changes whenever code or configuration does: environments of an older revision are not used again. */
  revision: string;
  environment: Readonly<Record<string, string>>;
  role: Principal;
  logGroup: string;
  reservedConcurrency?: number;
}

export interface InvocationResult {
  payload: Uint8Array;
  /** 'Handled' | 'Unhandled' where the function failed. */
  functionError?: string;
  /** Last 4 KiB of the log, not yet base64. */
  logTail: string;
  executedVersion: string;
}

/** Lambda's execution environments. */
export interface Functions {
  /** Runs one invocation to its end. Throws AwsError TooManyRequestsException when concurrency is used up. */
  invoke(
    spec: FunctionSpec,
    payload: Uint8Array,
    options?: { clientContext?: string; requestId?: string; traceHeader?: string },
  ): Promise<InvocationResult>;
  /** Ends all idle environments of a function (all revisions), and running ones once they finish. */
  retire(functionArn: string): Promise<void>;
}
