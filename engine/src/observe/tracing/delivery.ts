import type { Host, Principal } from '../../kernel';
import type { SegmentDocument } from './document';

/** Where segments go, and in whose name. */
export interface Sender {
  account: string;
  region: string;
  as: Principal;
}

interface Batch extends Sender {
  documents: string[];
}

/** As many as X-Ray's daemon sends at once. https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html */
const MOST = 50;

/** So many do not wait for more. */
const PLENTY = 1000;

/** After so long at the latest, segments are in X-Ray; who reads there brings them in before. */
const KEPT_MILLIS = 1000;

/** Brings segments to X-Ray, many at a time, once what they tell of is long answered. */
export class SegmentDelivery {
  #pending = new Map<string, Batch>();
  #running: Promise<void> = Promise.resolve();
  /** What has segments on their way to here, and waits until they have come. */
  readonly sources = new Set<() => Promise<void>>();
  readonly #complaints = new Set<string>();

  constructor(readonly host: Host) {}

  add(to: Sender, ...documents: readonly SegmentDocument[]): void {
    this.addText(to, ...documents.map((document) => JSON.stringify(document)));
  }

  addText(to: Sender, ...documents: readonly string[]): void {
    const { account, region, as } = to;
    const key = `${account} ${region} ${as.arn}`;
    const batch = this.#pending.get(key);
    if (batch) {
      batch.documents.push(...documents);
      if (batch.documents.length >= PLENTY) void this.#send();
      return;
    }
    if (this.#pending.size === 0) this.host.clock.after(KEPT_MILLIS, () => void this.#send());
    this.#pending.set(key, { ...to, documents: [...documents] });
  }

  /** Resolves when all that was sent until now is in X-Ray. */
  async flush(): Promise<void> {
    await Promise.all([...this.sources].map((arrived) => arrived()));
    await this.#send();
  }

  async #send(): Promise<void> {
    const batches = [...this.#pending.values()];
    this.#pending = new Map();
    this.#running = Promise.all([this.#running, ...batches.map((batch) => this.#deliver(batch))]).then(
      () => {},
    );
    await this.#running;
  }

  async #deliver({ documents, ...to }: Batch): Promise<void> {
    try {
      for (let from = 0; from < documents.length; from += MOST) {
        const TraceSegmentDocuments = documents.slice(from, from + MOST);
        const { UnprocessedTraceSegments = [] } = await this.host.invoke(
          'xray',
          'PutTraceSegments',
          { TraceSegmentDocuments },
          to,
        );
        for (const { Message } of UnprocessedTraceSegments) this.#complain(to, Message ?? '');
      }
    } catch (error) {
      this.#complain(to, error instanceof Error ? error.message : String(error));
    }
  }

  /** One complaint of a kind is enough. */
  #complain({ as }: Sender, why: string): void {
    const message = `segments of ${as.arn} are not in X-Ray: ${why}`;
    if (this.#complaints.has(message) || this.#complaints.size > 100) return;
    this.#complaints.add(message);
    this.host.parts.events.emit({ type: 'engine', at: this.host.clock.millis(), level: 'warn', message });
  }
}

export function segmentDelivery(host: Host): SegmentDelivery {
  return host.memo('observe.segments', () => new SegmentDelivery(host));
}
