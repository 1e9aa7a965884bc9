import type { Collection, Key, KeyPart, Range } from './store';

/** Of one collection: what was asked for lately, by its key. */
export type Memory = Map<string, unknown>;

/** Values of one collection that are kept in memory, at most. */
const MOST = 1000;

/**
 * A collection whose values are asked for far more often than they change: read off the disk once. All who ask share
 * what was read, so it is frozen.
 */
export class RememberedCollection<V> implements Collection<V> {
  constructor(
    readonly kept: Collection<V>,
    readonly memory: Memory,
    readonly owner: { readonly inTransaction: boolean },
  ) {}

  get(key: Key): V | undefined {
    // What a transaction wrote may never come to be.
    if (this.owner.inTransaction) return this.kept.get(key);
    const name = nameOf(key);
    const known = this.memory.get(name);
    if (known !== undefined) return known as V;
    const value = this.kept.get(key);
    if (value === undefined) return undefined;
    if (this.memory.size >= MOST) this.memory.clear();
    this.memory.set(name, frozen(value));
    return value;
  }

  has(key: Key): boolean {
    return this.kept.has(key);
  }

  put(key: Key, value: V): void {
    this.memory.delete(nameOf(key));
    this.kept.put(key, value);
  }

  remove(key: Key): boolean {
    this.memory.delete(nameOf(key));
    return this.kept.remove(key);
  }

  entries(range?: Range): Iterable<{ key: KeyPart[]; value: V }> {
    return this.kept.entries(range);
  }

  values(range?: Range): Iterable<V> {
    return this.kept.values(range);
  }

  count(range?: Omit<Range, 'limit'>): number {
    return this.kept.count(range);
  }

  clear(range?: Omit<Range, 'limit' | 'reverse'>): void {
    this.memory.clear();
    this.kept.clear(range);
  }
}

const nameOf = (key: Key): string => JSON.stringify(typeof key === 'object' ? key : [key]);

function frozen(value: unknown): unknown {
  // Bytes cannot be frozen.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
