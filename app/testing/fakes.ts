import { Cache, type CacheServer } from '../shared/clients/cache';
import { Circuit } from '../shared/clients/circuit';
import type { Documents } from '../shared/clients/dynamodb';
import type { Show } from '../shared/domain';

export const show: Show = {
  id: 'hamlet',
  title: 'Hamlet',
  startsAt: '2030-01-01T19:00:00.000Z',
  venueId: 'lantern',
  venueName: 'The Lantern',
  synopsis: 'A prince hesitates.',
  priceCents: 2000,
  currency: 'EUR',
  seats: 10,
  seatsLeft: 10,
};

/** A cache server in memory that can be pulled out of the wall. */
export class FakeCacheServer implements CacheServer {
  readonly kept = new Map<string, string>();
  down = false;
  calls = 0;

  async get(key: string): Promise<string | null> {
    this.#answer();
    return this.kept.get(key) ?? null;
  }

  async set(key: string, value: string, _seconds: number): Promise<void> {
    this.#answer();
    this.kept.set(key, value);
  }

  async del(keys: string[]): Promise<void> {
    this.#answer();
    for (const key of keys) this.kept.delete(key);
  }

  #answer(): void {
    this.calls++;
    if (this.down) throw new Error('connect ECONNREFUSED');
  }
}

export function fakeCache(server = new FakeCacheServer(), now: () => number = () => 0) {
  return { server, cache: new Cache(server, new Circuit(5_000, now)) };
}

interface Sent {
  name: string;
  input: Record<string, unknown>;
}

/** Answers commands of the document client in order: with a value, or by throwing an error. */
export function fakeDocuments(...answers: unknown[]) {
  const sent: Sent[] = [];
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    sent.push({ name: command.constructor.name, input: command.input });
    if (answers.length === 0) throw new Error(`Nobody expected ${command.constructor.name}`);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { sent, db: { send } as unknown as Documents };
}
