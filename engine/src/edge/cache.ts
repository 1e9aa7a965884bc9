import type { EdgeResponse } from './viewer';

export interface Cached extends EdgeResponse {
  /** Path and query of the key, for invalidations. */
  path: string;
  storedAt: number;
  expiresAt: number;
  /** Left by a HEAD request: without a body. */
  headersOnly: boolean;
}

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_OBJECT = 8 * 1024 * 1024;

/** Answers of origins in memory, the least recently used given up first. */
export class EdgeCache {
  #entries = new Map<string, Cached>();
  #bytes = 0;

  constructor(readonly maxBytes = MAX_BYTES) {}

  get(distribution: string, key: string): Cached | undefined {
    const full = `${distribution} ${key}`;
    const entry = this.#entries.get(full);
    if (entry) {
      this.#entries.delete(full);
      this.#entries.set(full, entry);
    }
    return entry;
  }

  put(distribution: string, key: string, entry: Cached): void {
    if (entry.body.length > MAX_OBJECT) return;
    const full = `${distribution} ${key}`;
    this.#remove(full);
    this.#entries.set(full, entry);
    this.#bytes += sizeOf(full, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.maxBytes) break;
      this.#remove(oldest);
    }
  }

  /** Forgets what `matches` of a distribution; all of it without. */
  invalidate(distribution: string, matches?: (path: string) => boolean): void {
    for (const [full, entry] of this.#entries) {
      if (full.startsWith(`${distribution} `) && (!matches || matches(entry.path))) this.#remove(full);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  #remove(full: string): void {
    const entry = this.#entries.get(full);
    if (!entry) return;
    this.#entries.delete(full);
    this.#bytes -= sizeOf(full, entry);
  }
}

function sizeOf(key: string, entry: Cached): number {
  return key.length + entry.body.length + 500;
}
