import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database as LmdbDatabase, open, type RootDatabase } from 'lmdb';
import { Packr } from 'msgpackr';
import { type Memory, RememberedCollection } from './remembered';
import { Seal } from './seal';
import type {
  BytesCollection,
  BytesRange,
  Collection,
  CollectionOptions,
  Key,
  KeyPart,
  Range,
  Store,
} from './store';

/**
 * How values lie on disk. Ours, not LMDB's own of the same make: that one is shared by all realms of a process, and
 * does not know a Date of another realm (Jest's test files are realms) for one.
 */
const encoder = new Packr({ useRecords: false, moreTypes: true, copyBuffers: true });

/** LMDB's types leave out the option that its documentation has: any object with `encode` and `decode`. */
function withEncoder<O extends object>(options: O): O {
  return { ...options, encoder };
}

/** Where it is written what the seal's key was: a state without its key is found out before anything is made anew. */
const SEAL_CHECK: KeyPart[] = ['-', '-', '-', 'seal'];

/** Sorts behind every string and number part a key can have. */
const LAST = '\u{10FFFF}';

/**
 * All durable state of one engine: one LMDB environment.
 *
 * Commits go to the operating system at once but are not forced to the disk: they survive `kill -9` of the engine,
 * not a power cut. Forcing each one was measured to cost 350-650 µs instead of 30.
 */
export class Database {
  readonly #environment: RootDatabase;
  readonly #ordered: LmdbDatabase<unknown, KeyPart[]>;
  readonly #bytes: LmdbDatabase<unknown, Buffer>;
  readonly #seal: Seal;
  #depth = 0;
  /** By scope and name. */
  readonly #memories = new Map<string, Memory>();

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, 'state.lmdb');
    // Pages of 8 KiB allow keys of 4,026 bytes: DynamoDB's and S3's keys fit.
    this.#environment = open({
      path,
      noSync: true,
      pageSize: 8192,
      maxDbs: 4,
    } as Parameters<typeof open>[0]);
    // LMDB makes its files by the umask.
    for (const file of [path, `${path}-lock`]) chmodSync(file, 0o600);
    this.#ordered = this.#environment.openDB<unknown, KeyPart[]>('ordered', withEncoder({}));
    this.#bytes = this.#environment.openDB<unknown, Buffer>('bytes', withEncoder({ keyEncoding: 'binary' }));
    try {
      this.#seal = Seal.of(directory);
      this.#checkSeal();
    } catch (error) {
      void this.#environment.close();
      throw error;
    }
  }

  #checkSeal(): void {
    const check = new SealedCollection<string>(this.#ordered, SEAL_CHECK, this, this.#seal);
    if (check.get('key') === undefined) check.put('key', 'sealed');
  }

  /** The state of `service` in one account and region; '-' for one that spans them. */
  store(service: string, account: string, region: string): Store {
    const scope = [service, account, region];
    return {
      collection: <V>(name: string, { sealed = false, remembered = false }: CollectionOptions = {}) => {
        const at = [...scope, name];
        const kept = sealed
          ? new SealedCollection<V>(this.#ordered, at, this, this.#seal)
          : new OrderedCollection<V>(this.#ordered, at, this);
        return remembered ? new RememberedCollection(kept, this.#memoryOf(at), this) : kept;
      },
      bytes: <V>(name: string) => new ByteCollection<V>(this.#bytes, [...scope, name], this),
      transaction: (work) => this.transaction(work),
    };
  }

  #memoryOf(collection: readonly KeyPart[]): Memory {
    const name = collection.join('\u0000');
    let memory = this.#memories.get(name);
    if (!memory) {
      memory = new Map();
      this.#memories.set(name, memory);
    }
    return memory;
  }

  get inTransaction(): boolean {
    return this.#depth > 0;
  }

  transaction<T>(work: () => T): T {
    this.#depth++;
    try {
      return this.#environment.transactionSync(work);
    } finally {
      this.#depth--;
    }
  }

  /** A write of its own; within a transaction a part of it, not a child, which would cost LMDB as much again. */
  write<T>(work: () => T): T {
    return this.#depth > 0 ? work() : this.transaction(work);
  }

  /** Every (account, region) in which `service` has kept anything. */
  scopes(service: string): { account: string; region: string }[] {
    const found: { account: string; region: string }[] = [];
    let start: KeyPart[] = [service];
    for (;;) {
      // Jump from scope to scope: the cost is one look-up a scope, whatever they hold.
      const [key] = this.#ordered.getKeys({ start, end: [service, LAST], limit: 1 });
      if (!key) return found;
      found.push({ account: String(key[1]), region: String(key[2]) });
      start = [service, key[1]!, key[2]!, LAST];
    }
  }

  async close(): Promise<void> {
    await this.#environment.close();
  }
}

function parts(key: Key): readonly KeyPart[] {
  return Array.isArray(key) ? key : [key as KeyPart];
}

class OrderedCollection<V> implements Collection<V> {
  constructor(
    readonly database: LmdbDatabase<unknown, KeyPart[]>,
    readonly scope: KeyPart[],
    readonly owner: Database,
  ) {}

  #key(key: Key): KeyPart[] {
    return [...this.scope, ...parts(key)];
  }

  /** The value as it lies on disk, and back. */
  protected stored(_key: KeyPart[], value: V): unknown {
    return value;
  }

  protected loaded(_key: KeyPart[], value: unknown): V {
    return value as V;
  }

  get(key: Key): V | undefined {
    const at = this.#key(key);
    const value = this.database.get(at);
    return value === undefined ? undefined : this.loaded(at, value);
  }

  has(key: Key): boolean {
    return this.database.doesExist(this.#key(key));
  }

  put(key: Key, value: V): void {
    const at = this.#key(key);
    const stored = this.stored(at, value);
    this.owner.write(() => this.database.putSync(at, stored));
  }

  remove(key: Key): boolean {
    return this.owner.write(() => this.database.removeSync(this.#key(key)));
  }

  *entries(range: Range = {}): Iterable<{ key: KeyPart[]; value: V }> {
    for (const { key, value } of this.database.getRange(this.#bounds(range))) {
      yield { key: key.slice(this.scope.length), value: this.loaded(key, value) };
    }
  }

  *values(range: Range = {}): Iterable<V> {
    for (const { key, value } of this.database.getRange(this.#bounds(range))) yield this.loaded(key, value);
  }

  count(range: Omit<Range, 'limit'> = {}): number {
    return this.database.getKeysCount(this.#bounds(range));
  }

  clear(range: Omit<Range, 'limit' | 'reverse'> = {}): void {
    this.owner.write(() => {
      for (const key of [...this.database.getKeys(this.#bounds(range))]) this.database.removeSync(key);
    });
  }

  #bounds(range: Range) {
    const low = this.#key(range.prefix ?? []);
    const high = [...low, LAST];
    const [first, last] = range.reverse ? [high, low] : [low, high];
    const start = range.after ?? range.start;
    return {
      start: start === undefined ? first : this.#key(start),
      exclusiveStart: range.after !== undefined,
      end: range.end === undefined ? last : this.#key(range.end),
      reverse: range.reverse ?? false,
      ...(range.limit === undefined ? {} : { limit: range.limit }),
      snapshot: false,
    };
  }
}

/** Values that must not be read off the disk. Keys are not sealed: nothing secret may be in one. */
class SealedCollection<V> extends OrderedCollection<V> {
  constructor(
    database: LmdbDatabase<unknown, KeyPart[]>,
    scope: KeyPart[],
    owner: Database,
    readonly seal: Seal,
  ) {
    super(database, scope, owner);
  }

  protected override stored(key: KeyPart[], value: V): unknown {
    return this.seal.close(key, encoder.pack(value));
  }

  protected override loaded(key: KeyPart[], value: unknown): V {
    // What an engine kept before there was a seal is taken as it is, and sealed when it changes.
    if (!ArrayBuffer.isView(value)) return value as V;
    const sealed = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return encoder.unpack(this.seal.open(key, sealed)) as V;
  }
}

class ByteCollection<V> implements BytesCollection<V> {
  readonly #prefix: Buffer;

  constructor(
    readonly database: LmdbDatabase<unknown, Buffer>,
    scope: string[],
    readonly owner: Database,
  ) {
    // NUL ends the scope: none of its parts can hold one, so no scope is the beginning of another.
    this.#prefix = Buffer.from(`${scope.join('\u0001')}\u0000`);
  }

  #key(key: Uint8Array): Buffer {
    return Buffer.concat([this.#prefix, key]);
  }

  get(key: Uint8Array): V | undefined {
    return this.database.get(this.#key(key)) as V | undefined;
  }

  put(key: Uint8Array, value: V): void {
    this.owner.write(() => this.database.putSync(this.#key(key), value));
  }

  remove(key: Uint8Array): boolean {
    return this.owner.write(() => this.database.removeSync(this.#key(key)));
  }

  *entries(range: BytesRange = {}): Iterable<{ key: Uint8Array; value: V }> {
    for (const { key, value } of this.database.getRange(this.#bounds(range))) {
      yield { key: key.subarray(this.#prefix.length), value: value as V };
    }
  }

  count(range: Omit<BytesRange, 'limit' | 'reverse'> = {}): number {
    return this.database.getKeysCount(this.#bounds(range));
  }

  clear(range: Omit<BytesRange, 'limit' | 'reverse'> = {}): void {
    this.owner.write(() => {
      for (const key of [...this.database.getKeys(this.#bounds(range))]) this.database.removeSync(key);
    });
  }

  #bounds(range: BytesRange) {
    // A bound "just behind key k" is k followed by one zero byte; "behind all" is the prefix with its NUL raised.
    const behind = (key: Uint8Array) => Buffer.concat([this.#prefix, key, Buffer.of(0)]);
    const low = range.gte ? this.#key(range.gte) : range.gt ? behind(range.gt) : this.#prefix;
    const all = Buffer.from(this.#prefix);
    all[all.length - 1] = 1;
    const high = range.lt ? this.#key(range.lt) : range.lte ? behind(range.lte) : all;
    return {
      // LMDB ranges include `start` and leave out `end`; in reverse `start` is the high bound, which we leave out.
      ...(range.reverse
        ? { start: high, exclusiveStart: true, end: low, inclusiveEnd: true, reverse: true }
        : { start: low, end: high }),
      ...(range.limit === undefined ? {} : { limit: range.limit }),
      snapshot: false,
    };
  }
}
