import type { Principal } from '../kernel/call';

/** What the runtime needs to know to run a function version. */
export interface FunctionSpec {
  /** Qualified ARN (`…:function:name:$LATEST`): the identity of the pool of environments. */
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
  /** The session the function's code acts as. */
  role: Principal;
  logGroup: string;
  logFormat: 'Text' | 'JSON';
  applicationLogLevel?: string;
  systemLogLevel?: string;
  reservedConcurrency?: number;
}

export interface InvokeFunctionOptions {
  /** Base64 of the client context, as the header brings it. */
  clientContext?: string;
  requestId?: string;
  traceHeader?: string;
  /** The ARN the caller named, with its alias; the spec's if left out. */
  invokedArn?: string;
  /** Collects the log: the result then waits for the end of it. */
  tail?: boolean;
  /** How many invocations without a reservation may run in the account and region; 1000 if left out. */
  unreservedConcurrency?: number;
}

export interface InvocationResult {
  payload: Uint8Array;
  /** 'Unhandled' where the function failed. */
  functionError?: string;
  /** Last 4 KiB of the log, not yet base64; empty unless `tail` was asked for. */
  logTail: string;
  executedVersion: string;
}

/** Lambda's execution environments. */
export interface Functions {
  /** Runs one invocation to its end. Throws AwsError TooManyRequestsException when concurrency is used up. */
  invoke(spec: FunctionSpec, payload: Uint8Array, options?: InvokeFunctionOptions): Promise<InvocationResult>;
  /** Makes ready what the first invocation will need, in the background: the code unpacked, a process at hand. */
  prepare(spec: FunctionSpec): void;
  /** A path at the engine's own port that gives an archive's bytes, for a few minutes. */
  codePath(blob: string): string;
  /** Ends all idle environments of a function (all versions and revisions), and running ones once they finish. */
  retire(functionArn: string): Promise<void>;
}
