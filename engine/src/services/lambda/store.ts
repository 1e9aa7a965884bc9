import type { ImageConfig, LoggingConfig } from '@aws-sdk/client-lambda';
import type { Store } from '../../storage';

export interface LayerUse {
  arn: string;
  size: number;
  blob: string;
}

/** What a function that is an image runs. */
export interface VersionImage {
  /** As it was given. */
  uri: string;
  /** The same by its digest, `…@sha256:…`: what the tag led to then. */
  resolvedUri: string;
  /** Docker's id. */
  id: string;
  config?: ImageConfig;
}

/** Code and configuration of $LATEST, or of a published version. */
export interface FunctionVersion {
  functionName: string;
  /** `$LATEST` or a number. */
  version: string;
  description: string;
  /** Empty, like the handler and the code's blob, for an image. */
  runtime: string;
  handler: string;
  image?: VersionImage;
  role: string;
  /** The role's unique id when it was given to the function: a later role of the same name is another. */
  roleId: string;
  timeout: number;
  memorySize: number;
  environment?: Record<string, string> | undefined;
  /** Of variables that are encrypted under a customer's key: the key, and what is there to decrypt, if any. */
  sealed?: { keyArn: string; blob?: Uint8Array; grantId?: string } | undefined;
  codeBlob: string;
  codeSize: number;
  codeSha256: string;
  layers: LayerUse[];
  architecture: 'x86_64' | 'arm64';
  tracingMode: 'Active' | 'PassThrough';
  logging: Required<Pick<LoggingConfig, 'LogFormat' | 'LogGroup'>> & LoggingConfig;
  ephemeralStorage: number;
  vpc?: { vpcId: string; subnetIds: string[]; securityGroupIds: string[]; ipv6: boolean };
  lastModified: string;
  /** What clients see; changes with permissions too. */
  revisionId: string;
  /** Changes with code and configuration only: tells whether there is something new to publish. */
  configId: string;
}

/** What is the function's as a whole. */
export interface FunctionRecord {
  name: string;
  lastVersion: number;
  tags: Record<string, string>;
  reservedConcurrency?: number;
  /** The configuration that was published last. */
  publishedConfigId?: string;
}

export interface Alias {
  name: string;
  description: string;
  functionVersion: string;
  /** Share of another version: version → weight. */
  weights?: Record<string, number>;
  revisionId: string;
}

/** The policy of a function, a version or an alias. It is asked at every invocation, and seldom changed. */
export interface Policy {
  /** As GetPolicy gives it. */
  document: string;
}

export interface EventInvokeConfig {
  qualifier: string;
  lastModified: Date;
  maximumRetryAttempts?: number;
  maximumEventAge?: number;
  onSuccess?: string;
  onFailure?: string;
}

export interface LayerVersion {
  layerName: string;
  version: number;
  description: string;
  licenseInfo?: string;
  runtimes?: string[];
  architectures?: string[];
  created: string;
  blob: string;
  size: number;
  sha256: string;
  policyRevision?: string;
  statements: Record<string, unknown>[];
}

/** An asynchronous invocation that is not over: kept, so that what was accepted is run whatever happens. */
export interface QueuedEvent {
  functionName: string;
  qualifier: string;
  requestId: string;
  payload: Uint8Array;
  /** Of the call that brought it. */
  trace?: string;
  acceptedAt: number;
  attempts: number;
}

/** Lambda's collections in one account and region. */
export function lambdaStore(store: Store) {
  return {
    functions: store.collection<FunctionRecord>('functions', { remembered: true }),
    /** By name and version; $LATEST is version 0. */
    versions: store.collection<FunctionVersion>('versions', { sealed: true, remembered: true }),
    aliases: store.collection<Alias>('aliases', { remembered: true }),
    policies: store.collection<Policy>('policies', { remembered: true }),
    eventInvokeConfigs: store.collection<EventInvokeConfig>('event-invoke-configs'),
    layers: store.collection<LayerVersion>('layers'),
    layerCounters: store.collection<number>('layer-counters'),
    queue: store.collection<QueuedEvent>('queue', { sealed: true }),
    transaction: <T>(work: () => T) => store.transaction(work),
  };
}

export type LambdaStore = ReturnType<typeof lambdaStore>;

export const versionKey = (name: string, version: string): [string, number] => [
  name,
  version === '$LATEST' ? 0 : Number(version),
];
