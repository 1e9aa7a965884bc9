import { createHash } from 'node:crypto';
import { type Host, isAwsError, type Principal } from '../../kernel';
import { logRole } from './log-role';

/** Where lines go. */
export interface Destination {
  account: string;
  region: string;
  group: string;
  stream: string;
  /** Whether the group is API Gateway's own, and made when it is missing. */
  own: boolean;
  /** Who writes: the account's role for API Gateway's logs, or API Gateway itself. */
  by: 'role' | 'service';
}

interface Line {
  timestamp: number;
  message: string;
}

interface Batch extends Destination {
  lines: Line[];
}

// Limits: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutLogEvents.html
const MAX_LINES = 10_000;
const MAX_BYTES = 1_000_000;

/** REST APIs' streams are hashes of numbers; one is enough here, where nobody writes beside it. */
const STREAM = createHash('md5').update('0').digest('hex');

/** Brings log lines to CloudWatch Logs once the answers are out: those of one turn of the event loop together. */
export class LogDelivery {
  #pending = new Map<string, Batch>();
  #running: Promise<void> | undefined;
  /** What was complained of last, by destination: one complaint is enough. */
  readonly #complaints = new Map<string, string>();

  constructor(readonly host: Host) {}

  add(to: Destination, lines: readonly Line[]): void {
    const { events } = this.host.parts;
    for (const { timestamp: at, message } of lines) {
      events.emit({ type: 'log', at, group: to.group, stream: to.stream, message });
    }
    const key = `${to.account}/${to.region}/${to.group}:${to.stream}`;
    const batch = this.#pending.get(key);
    if (batch) batch.lines.push(...lines);
    else this.#pending.set(key, { ...to, lines: [...lines] });
    this.#running ??= new Promise<void>((done) => setImmediate(done)).then(() => this.#write());
  }

  /** Resolves when all is written. */
  async flush(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #write(): Promise<void> {
    while (this.#pending.size > 0) {
      const batches = this.#pending;
      this.#pending = new Map();
      for (const [key, batch] of batches) await this.#deliver(key, batch);
    }
    this.#running = undefined;
  }

  async #deliver(key: string, batch: Batch): Promise<void> {
    try {
      const as = await this.#writer(batch);
      if (!as) throw new Error('the account has no role for logs that API Gateway could take');
      // Clocks may be moved while requests run; the lines of one call go by their time.
      batch.lines.sort((a, b) => a.timestamp - b.timestamp);
      for (const logEvents of parts(batch.lines)) await this.#put(batch, logEvents, as);
      this.#complaints.delete(key);
    } catch (error) {
      this.#complain(key, batch, error instanceof Error ? error.message : String(error));
    }
  }

  async #writer({ account, by, region }: Batch): Promise<Principal | undefined> {
    return by === 'role'
      ? logRole(this.host, account, region)
      : this.host.parts.identity.servicePrincipal('apigateway.amazonaws.com', account);
  }

  async #put(
    { account, region, group, own, stream: logStreamName }: Batch,
    logEvents: Line[],
    as: Principal,
  ): Promise<void> {
    const options = { as, account, region };
    const stream = { logGroupName: group, logStreamName };
    const put = () => this.host.invoke('logs', 'PutLogEvents', { ...stream, logEvents }, options);
    try {
      await put();
    } catch (error) {
      if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
      if (own) {
        await unlessThere(this.host.invoke('logs', 'CreateLogGroup', { logGroupName: group }, options));
      }
      await unlessThere(this.host.invoke('logs', 'CreateLogStream', stream, options));
      await put();
    }
  }

  #complain(key: string, { group }: Batch, why: string): void {
    if (this.#complaints.get(key) === why) return;
    this.#complaints.set(key, why);
    this.host.parts.events.emit({
      type: 'engine',
      at: this.host.clock.millis(),
      level: 'warn',
      message: `API Gateway cannot write to the log group ${group}: ${why}`,
    });
  }
}

async function unlessThere(making: Promise<unknown>): Promise<void> {
  try {
    await making;
  } catch (error) {
    if (!isAwsError(error, 'ResourceAlreadyExistsException')) throw error;
  }
}

function* parts(lines: readonly Line[]): Generator<Line[]> {
  let part: Line[] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line.message) + 26;
    if (part.length >= MAX_LINES || (part.length > 0 && bytes + size > MAX_BYTES)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(line);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

/** Where lines of a REST API go. */
export const ofRestApi = (
  { account, region }: { account: string; region: string },
  group: string,
  own: boolean,
): Destination => ({ account, region, group, own, stream: STREAM, by: 'role' });

export function logDelivery(host: Host): LogDelivery {
  return host.memo('execute-api.log-delivery', () => new LogDelivery(host));
}
