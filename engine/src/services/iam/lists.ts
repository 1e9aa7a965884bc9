import { pageOf, pageOfList } from '../../kernel/paging';
import type { Collection, Key, KeyPart } from '../../storage';
import { invalidMarker } from './errors';

interface Asked {
  Marker?: string | undefined;
  MaxItems?: number | undefined;
}

interface Told {
  IsTruncated: boolean;
  Marker?: string;
}

/** A page as every List operation of IAM gives it: a hundred items unless told otherwise. */
export function list<V>(
  collection: Collection<V>,
  input: Asked,
  options: { prefix?: Key; keep?: (value: V, key: KeyPart[]) => boolean } = {},
): { items: V[]; page: Told } {
  const { items, next } = pageOf(collection, {
    ...options,
    limit: input.MaxItems ?? 100,
    token: input.Marker,
    invalidToken: invalidMarker,
  });
  return { items, page: told(next) };
}

/** The same over the keys of a collection, where these are what is listed. */
export function listKeys(
  collection: Collection<unknown>,
  input: Asked,
  prefix: Key,
): { items: KeyPart[][]; page: Told } {
  const keys: KeyPart[][] = [];
  for (const { key } of collection.entries({ prefix })) keys.push(key);
  return listOf(keys, (key) => key.join('/'), input);
}

export function listOf<T>(all: readonly T[], keyOf: (item: T) => string, input: Asked) {
  const { items, next } = pageOfList(all, keyOf, {
    limit: input.MaxItems ?? 100,
    token: input.Marker,
    invalidToken: invalidMarker,
  });
  return { items, page: told(next) };
}

function told(next: string | undefined): Told {
  return next === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: next };
}
