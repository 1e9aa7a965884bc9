import { Redis } from 'iovalkey';
import { setting } from '../config';
import { logger } from '../observability';
import { AddressParameter } from './address';
import { Circuit } from './circuit';

/** What a cache server must be able to do for us; iovalkey's client can. */
export interface CacheServer {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, seconds: number): Promise<void>;
  del(keys: string[]): Promise<void>;
}

const CONNECT_MS = 250;
const COMMAND_MS = 150;
const REST_MS = 5_000;

/** A cache that may be down: then it has nothing, takes nothing and says so in the log. */
export class Cache {
  constructor(
    private readonly server: CacheServer,
    private readonly circuit = new Circuit(REST_MS),
  ) {}

  async get<T>(key: string): Promise<T | undefined> {
    const text = await this.#run(() => this.server.get(key), 'get');
    return text === null || text === undefined ? undefined : (JSON.parse(text) as T);
  }

  async set(key: string, value: unknown, seconds: number): Promise<void> {
    await this.#run(() => this.server.set(key, JSON.stringify(value), seconds), 'set');
  }

  async drop(...keys: string[]): Promise<void> {
    await this.#run(() => this.server.del(keys), 'del');
  }

  /** Cache-aside: from the cache, else from `load`, which is then kept for `seconds`. */
  async through<T>(
    key: string,
    seconds: number,
    load: () => Promise<T>,
  ): Promise<{ value: T; cache: 'hit' | 'miss' }> {
    const kept = await this.get<T>(key);
    if (kept !== undefined) return { value: kept, cache: 'hit' };
    const value = await load();
    if (value !== undefined) await this.set(key, value, seconds);
    return { value, cache: 'miss' };
  }

  #run<T>(work: () => Promise<T>, command: string): Promise<T | undefined> {
    return this.circuit.run(work, (error) =>
      logger.warn('cache unavailable, going on without it', {
        command,
        error: error instanceof Error ? error.message : String(error),
      }),
    );
  }
}

/**
 * A connection that is made when first needed and again when lost, to where the server is by then, and that never
 * queues behind a dead server.
 */
export function valkey(address: Pick<AddressParameter, 'get' | 'forget'>): CacheServer {
  let client: Redis | undefined;

  async function connected(): Promise<Redis> {
    if (client?.status === 'ready') return client;
    client?.disconnect();
    const { host, port } = await address.get();
    const fresh = new Redis({
      host,
      port,
      lazyConnect: true,
      connectTimeout: CONNECT_MS,
      commandTimeout: COMMAND_MS,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    // Without a listener a lost connection would end the process; the next command reports it.
    fresh.on('error', () => undefined);
    client = fresh;
    try {
      await fresh.connect();
    } catch (error) {
      // It may have moved.
      address.forget();
      throw error;
    }
    return fresh;
  }

  return {
    get: async (key) => (await connected()).get(key),
    set: async (key, value, seconds) => {
      await (await connected()).set(key, value, 'EX', seconds);
    },
    del: async (keys) => {
      await (await connected()).del(...keys);
    },
  };
}

let shared: Cache | undefined;

export function cache(): Cache {
  shared ??= new Cache(valkey(new AddressParameter(setting('CACHE_ADDRESS_PARAMETER'))));
  return shared;
}
