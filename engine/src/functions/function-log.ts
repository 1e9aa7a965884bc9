import type { Host } from '../kernel';
import { isAwsError } from '../kernel';
import { pendingLogs } from '../observe/pending-logs';
import type { FunctionSpec } from './functions';

interface Line {
  timestamp: number;
  message: string;
}

/** CloudWatch Logs' limits of one PutLogEvents. */
const MAX_BATCH = 10_000;
const MAX_BATCH_BYTES = 1_000_000;

/**
 * The log stream of one environment. Lines are kept until the invocation is answered and then put to CloudWatch
 * Logs as the function's role: without its permission they are dropped, as on AWS.
 */
export class FunctionLog {
  readonly streamName: string;
  #lines: Line[] = [];
  #tail: string[] | undefined;
  #writing: Promise<void> | undefined;
  #ready = false;
  #complained = false;

  constructor(
    readonly host: Host,
    readonly spec: FunctionSpec,
  ) {
    const day = host.clock.now().toISOString().slice(0, 10).replaceAll('-', '/');
    this.streamName = `${day}/[${spec.version}]${host.ids.hex(32)}`;
  }

  add(messages: readonly string[], timestamp = this.host.clock.millis()): void {
    for (const message of messages) {
      this.#lines.push({ timestamp, message });
      this.#tail?.push(message);
      this.host.parts.events.emit({
        type: 'log',
        at: timestamp,
        group: this.spec.logGroup,
        stream: this.streamName,
        message,
      });
    }
  }

  /** Collects a copy of what is added from now on, for an invocation whose caller wants to see its log. */
  startTail(): void {
    this.#tail = [];
  }

  /** The last 4 KiB of what was collected. */
  endTail(): string {
    const bytes = Buffer.from((this.#tail ?? []).join(''));
    this.#tail = undefined;
    return bytes.subarray(Math.max(0, bytes.length - 4096)).toString('utf8');
  }

  /** Writes what there is in a moment, with what comes until then. */
  flushLater(): void {
    pendingLogs(this.host).later(this.#flush);
  }

  readonly #flush = () => this.flush();

  /** Writes what there is. One batch at a time, in order. */
  async flush(): Promise<void> {
    if (this.#lines.length > 0) this.#writing ??= this.#write();
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#lines.length > 0) {
      const lines = this.#take();
      try {
        await this.#put(lines);
      } catch (error) {
        this.#complain(error);
      }
    }
    this.#writing = undefined;
  }

  #take(): Line[] {
    let bytes = 0;
    let count = 0;
    for (const line of this.#lines) {
      bytes += Buffer.byteLength(line.message) + 26;
      if (count > 0 && (bytes > MAX_BATCH_BYTES || count >= MAX_BATCH)) break;
      count++;
    }
    return this.#lines.splice(0, count);
  }

  async #put(lines: Line[]): Promise<void> {
    const { account, region, role, logGroup } = this.spec;
    const as = { as: role, account, region };
    const at = { logGroupName: logGroup, logStreamName: this.streamName };
    // In order of time, as PutLogEvents demands: clocks of two processes may differ by a millisecond.
    const logEvents = lines
      .map((line) => ({ timestamp: line.timestamp, message: line.message }))
      .sort((a, b) => a.timestamp - b.timestamp);
    const put = () => this.host.invoke('logs', 'PutLogEvents', { ...at, logEvents }, as);
    if (this.#ready) {
      try {
        await put();
        return;
      } catch (error) {
        // Somebody deleted the group or the stream: they come back with the next lines.
        if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
      }
    }
    const stream = () => this.#ensure(() => this.host.invoke('logs', 'CreateLogStream', at, as));
    try {
      await stream();
    } catch (error) {
      if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
      await this.#ensure(() => this.host.invoke('logs', 'CreateLogGroup', { logGroupName: logGroup }, as));
      await stream();
    }
    this.#ready = true;
    await put();
  }

  async #ensure(create: () => Promise<unknown>): Promise<void> {
    try {
      await create();
    } catch (error) {
      // A role may write to a group that it may not create.
      if (!isAwsError(error, 'ResourceAlreadyExistsException', 'AccessDeniedException')) throw error;
    }
  }

  #complain(error: unknown): void {
    // A grant that is missing is missing for each line; one that was added counts with the next.
    if (this.#complained && isAwsError(error, 'AccessDeniedException')) return;
    this.#complained = isAwsError(error, 'AccessDeniedException');
    const why = error instanceof Error ? error.message : String(error);
    this.host.parts.events.emit({
      type: 'engine',
      at: this.host.clock.millis(),
      level: 'warn',
      message: `the log of ${this.spec.functionName} is not kept in CloudWatch Logs: ${why}`,
    });
  }
}
