import type { FunctionSpec } from './functions';

/** How an invocation went, as the log's last line tells it. */
export interface InvocationRecord {
  requestId: string;
  /** Milliseconds. */
  duration: number;
  /** Of the environment, in the invocation it was started for. */
  initDuration?: number;
  /** Bytes. */
  memoryUsed: number;
  status: 'success' | 'error' | 'timeout';
  errorType?: string;
}

const MB = 1024 * 1024;
const LEVELS = ['DEBUG', 'INFO', 'WARN'];

/**
 * The lines Lambda itself writes to a function's log.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 */
export class PlatformLines {
  readonly #json: boolean;
  readonly #info: boolean;

  constructor(
    readonly spec: FunctionSpec,
    readonly now: () => Date,
  ) {
    this.#json = spec.logFormat === 'JSON';
    this.#info = !this.#json || LEVELS.indexOf(spec.systemLogLevel ?? 'INFO') <= LEVELS.indexOf('INFO');
  }

  initStart(): string[] {
    const { runtime, version, functionName } = this.spec;
    // An image brings its runtime along: Lambda does not know its version.
    if (!runtime) return [];
    const name = runtime.replace(/^([a-z]+)/, '$1:').replace(/\.x$/, '');
    const arn = runtimeVersionArn(this.spec.region, runtime);
    if (!this.#json)
      return [
        `INIT_START Runtime Version: ${name}.v${process.versions.node.split('.')[1]}\tRuntime Version ARN: ${arn}\n`,
      ];
    return this.#record('platform.initStart', {
      initializationType: 'on-demand',
      phase: 'init',
      runtimeVersion: name,
      runtimeVersionArn: arn,
      functionName,
      functionVersion: version,
    });
  }

  initFailed(duration: number, status: 'error' | 'timeout', errorType?: string): string[] {
    if (this.#json)
      return this.#record('platform.initReport', {
        initializationType: 'on-demand',
        phase: 'init',
        status,
        metrics: { durationMs: round(duration) },
        ...(errorType ? { errorType } : {}),
      });
    const type = errorType ? `\tError Type: ${errorType}` : '';
    return [`INIT_REPORT Init Duration: ${duration.toFixed(2)} ms\tPhase: init\tStatus: ${status}${type}\n`];
  }

  start(requestId: string): string[] {
    const { version } = this.spec;
    if (!this.#json) return [`START RequestId: ${requestId} Version: ${version}\n`];
    return this.#record('platform.start', { requestId, version });
  }

  timedOut(requestId: string): string[] {
    if (this.#json) return [];
    return [`${this.now().toISOString()} ${requestId} ${timeoutMessage(this.spec)}\n\n`];
  }

  end(record: InvocationRecord): string[] {
    const { requestId, duration, initDuration, status, errorType } = record;
    const billed = Math.ceil(duration + (initDuration ?? 0));
    const used = Math.min(Math.ceil(record.memoryUsed / MB), this.spec.memorySize);
    if (this.#json)
      return this.#record('platform.report', {
        requestId,
        metrics: {
          durationMs: round(duration),
          billedDurationMs: billed,
          memorySizeMB: this.spec.memorySize,
          maxMemoryUsedMB: used,
          ...(initDuration === undefined ? {} : { initDurationMs: round(initDuration) }),
        },
        status,
        ...(errorType ? { errorType } : {}),
      });
    const init = initDuration === undefined ? '' : `Init Duration: ${initDuration.toFixed(2)} ms\t`;
    const failed =
      status === 'success' ? '' : `Status: ${status}${errorType ? `\tError Type: ${errorType}` : ''}`;
    return [
      `END RequestId: ${requestId}\n`,
      `REPORT RequestId: ${requestId}\tDuration: ${duration.toFixed(2)} ms\tBilled Duration: ${billed} ms\tMemory Size: ${this.spec.memorySize} MB\tMax Memory Used: ${used} MB\t${init}${failed}\n`,
    ];
  }

  #record(type: string, record: object): string[] {
    if (!this.#info) return [];
    return [`${JSON.stringify({ time: this.now().toISOString(), type, record })}\n`];
  }
}

const round = (millis: number) => Math.round(millis * 1000) / 1000;

export function timeoutMessage(spec: FunctionSpec): string {
  return `Task timed out after ${spec.timeout.toFixed(2)} seconds`;
}

/** One made-up version a runtime, the same on every machine. */
export function runtimeVersionArn(region: string, runtime: string): string {
  let hash = '';
  for (let i = 0; hash.length < 64; i++) {
    let value = 2166136261 ^ i;
    for (const char of runtime) value = Math.imul(value ^ char.charCodeAt(0), 16777619);
    hash += (value >>> 0).toString(16).padStart(8, '0');
  }
  return `arn:aws:lambda:${region}::runtime:${hash}`;
}
