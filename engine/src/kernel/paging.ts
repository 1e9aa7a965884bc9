import type { Collection, Key, KeyPart } from '../storage';

export interface Page<T> {
  items: T[];
  /** Where the next page begins; undefined where this is the last. Opaque to clients. */
  next?: string;
}

/** An opaque token for "continue behind this key". */
export function encodeToken(key: Key): string {
  return Buffer.from(JSON.stringify(Array.isArray(key) ? key : [key])).toString('base64url');
}

/** The key a token stands for, or undefined where the text is no token of ours. */
export function decodeToken(token: string): KeyPart[] | undefined {
  try {
    const key: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (!Array.isArray(key) || key.length === 0) return undefined;
    return key.every((part) => typeof part === 'string' || typeof part === 'number') ? key : undefined;
  } catch {
    return undefined;
  }
}

export interface PageOptions<V> {
  limit: number;
  /** The token of the page before. */
  token?: string | undefined;
  prefix?: Key;
  /** Bounds as in Range; `start` yields to the token. */
  start?: Key;
  end?: Key;
  reverse?: boolean;
  /** Only what passes; the page is filled up with what does. */
  keep?: (value: V, key: KeyPart[]) => boolean;
  /** What a token that is none of ours is answered with. */
  invalidToken: () => Error;
}

/** One page of a collection, in key order: its cost is that of the page, however large the collection. */
export function pageOf<V>(collection: Collection<V>, options: PageOptions<V>): Page<V> {
  const after = options.token === undefined ? undefined : decodeToken(options.token);
  if (options.token !== undefined && !after) throw options.invalidToken();
  const items: V[] = [];
  let last: KeyPart[] | undefined;
  const range = {
    ...(options.prefix === undefined ? {} : { prefix: options.prefix }),
    ...(options.start === undefined ? {} : { start: options.start }),
    ...(options.end === undefined ? {} : { end: options.end }),
    ...(options.reverse ? { reverse: true } : {}),
    ...(after ? { after } : {}),
  };
  for (const { key, value } of collection.entries(range)) {
    if (options.keep && !options.keep(value, key)) continue;
    if (items.length === options.limit && last) return { items, next: encodeToken(last) };
    items.push(value);
    last = key;
  }
  return { items };
}

/** One page of a list that is already in order, by a key that is unique in it. */
export function pageOfList<T>(
  list: readonly T[],
  keyOf: (item: T) => string,
  options: { limit: number; token?: string | undefined; invalidToken: () => Error },
): Page<T> {
  let from = 0;
  if (options.token !== undefined) {
    const key = decodeToken(options.token)?.[0];
    if (key === undefined) throw options.invalidToken();
    const at = list.findIndex((item) => keyOf(item) === key);
    // What the token named was deleted since: go on where it would stand.
    from = at >= 0 ? at + 1 : list.findIndex((item) => keyOf(item) > String(key));
    if (from < 0) from = list.length;
  }
  const items = list.slice(from, from + options.limit);
  const last = items.at(-1);
  if (from + items.length >= list.length || last === undefined) return { items };
  return { items, next: encodeToken(keyOf(last)) };
}
