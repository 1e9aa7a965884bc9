import type { Writable } from 'node:stream';
import type { Principal } from '../kernel/call';

/** A function that is a container image. */
export interface FunctionImage {
  /** Docker's id of the image. */
  id: string;
  /** As the function's owner named it. */
  uri: string;
  /** Where they are not the image's own. */
  entryPoint?: readonly string[];
  command?: readonly string[];
  workingDirectory?: string;
}

/** What the runtime needs to know to run a function version. */
export interface FunctionSpec {
  /** Qualified ARN (`…:function:name:$LATEST`): the identity of the pool of environments. */
  arn: string;
  account: string;
  region: string;
  functionName: string;
  version: string;
  /** Empty, like the handler and the code's blob, for an image. */
  runtime: string;
  handler: string;
  image?: FunctionImage;
  architecture: 'x86_64' | 'arm64';
  /** MB of /tmp; of containers only. */
  ephemeralStorage: number;
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
  /** Gives the variables that are not in `environment`, at each start. Throws AwsError where it may not. */
  openEnvironment?: () => Promise<Readonly<Record<string, string>>>;
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
  /** Takes a streamed response as it comes; the result then has no payload. The function never ends it. */
  responseTo?: Writable;
  /** How many invocations without a reservation may run in the account and region; 1000 if left out. */
  unreservedConcurrency?: number;
}

/** When an invocation ran, for its trace; in milliseconds, the beginnings by the engine's clock. */
export interface InvocationTiming {
  startedAt: number;
  duration: number;
  /** Between the function's answer and Lambda's. */
  overhead: number;
  /** Of the environment's first invocation: how long the environment took to start. */
  init?: { startedAt: number; duration: number };
}

export interface InvocationResult {
  timing: InvocationTiming;
  payload: Uint8Array;
  /** 'Unhandled' where the function failed. */
  functionError?: string;
  /** `TypeError`, `Sandbox.Timedout`, …: how it failed. */
  errorType?: string;
  /** Last 4 KiB of the log, not yet base64; empty unless `tail` was asked for. */
  logTail: string;
  executedVersion: string;
}

/** An image as the machine's Docker has it. */
export interface LocalImage {
  id: string;
  architecture: string;
  /** Bytes. */
  size: number;
  /** Digests of manifests it was pushed or pulled by: `repository@sha256:…`. */
  repoDigests: readonly string[];
}

/** Lambda's execution environments. */
export interface Functions {
  /** Whether functions of this runtime can run here. */
  runs(runtime: string): boolean;
  /** The image Docker has by this name or id. Throws AwsError where there is no Docker that can be used. */
  image(name: string): Promise<LocalImage | undefined>;
  /** Gives an image of Docker's another name. */
  tagImage(id: string, name: string): Promise<void>;
  /** Takes a name of an image away, and the image with its last. */
  untagImage(name: string): Promise<void>;
  /** Runs one invocation to its end. Throws AwsError TooManyRequestsException when concurrency is used up. */
  invoke(spec: FunctionSpec, payload: Uint8Array, options?: InvokeFunctionOptions): Promise<InvocationResult>;
  /** Makes ready what the first invocation will need, in the background: the code unpacked, a process at hand. */
  prepare(spec: FunctionSpec): void;
  /** A path at the engine's own port that gives an archive's bytes, for a few minutes. */
  codePath(blob: string): string;
  /** Ends all idle environments of a function (all versions and revisions), and running ones once they finish. */
  retire(functionArn: string): Promise<void>;
}
