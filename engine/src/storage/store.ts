/** A key orders first by its first part, then by the next: strings by code point, numbers by value. */
export type KeyPart = string | number;
export type Key = KeyPart | readonly KeyPart[];

export interface Range {
  /** Only keys that begin with these parts. */
  prefix?: Key;
  /** First key of interest (inclusive; in reverse order the last). */
  start?: Key;
  /** Begin behind this key (exclusive), in the direction of travel: for pagination. */
  after?: Key;
  /** End before this key (exclusive, in the direction of travel). */
  end?: Key;
  reverse?: boolean;
  limit?: number;
}

/**
 * A durable ordered map. Reads and writes are synchronous: an operation that does not await between two of them
 * cannot be interleaved with another. When `put` returns outside a transaction, the value survives `kill -9`.
 * Values are copied in and out; they may hold plain data, Dates, Sets and Uint8Arrays; a Map comes back as an object.
 */
export interface Collection<V> {
  get(key: Key): V | undefined;
  has(key: Key): boolean;
  put(key: Key, value: V): void;
  /** True if it was there. */
  remove(key: Key): boolean;
  entries(range?: Range): Iterable<{ key: KeyPart[]; value: V }>;
  values(range?: Range): Iterable<V>;
  count(range?: Omit<Range, 'limit'>): number;
  /** Removes every key of the range (all, without one). */
  clear(range?: Omit<Range, 'limit' | 'reverse'>): void;
}

export interface BytesRange {
  /** Inclusive lower bound. */
  gte?: Uint8Array;
  gt?: Uint8Array;
  lte?: Uint8Array;
  lt?: Uint8Array;
  reverse?: boolean;
  limit?: number;
}

/** As Collection, but keyed by bytes in memcmp order (at most 3,900 of them): for callers with an order of their own. */
export interface BytesCollection<V> {
  get(key: Uint8Array): V | undefined;
  put(key: Uint8Array, value: V): void;
  remove(key: Uint8Array): boolean;
  entries(range?: BytesRange): Iterable<{ key: Uint8Array; value: V }>;
  count(range?: Omit<BytesRange, 'limit' | 'reverse'>): number;
  clear(range?: Omit<BytesRange, 'limit' | 'reverse'>): void;
}

export interface CollectionOptions {
  /** Its values hold secrets: they are encrypted at rest, as AWS does. */
  sealed?: boolean;
  /** Its values are asked for all the time, and seldom change: they are kept in memory, frozen. */
  remembered?: boolean;
}

/** The state of one service in one scope. */
export interface Store {
  collection<V>(name: string, options?: CollectionOptions): Collection<V>;
  bytes<V>(name: string): BytesCollection<V>;
  /** Runs `work` atomically: all of its writes, in any store, or none if it throws. `work` must not be async. */
  transaction<T>(work: () => T): T;
}
