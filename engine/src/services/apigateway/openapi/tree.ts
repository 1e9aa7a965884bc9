/** A mapping of a document; what is in it has yet to be looked at. */
export type Tree = Record<string, unknown>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The mapping, or an empty one where something else stands. */
export const tree = (value: unknown): Tree => (isTree(value) ? value : {});

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Texts, and what YAML and JSON may have written without quotes. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function texts(value: unknown): Record<string, string> | undefined {
  const entries = Object.entries(tree(value)).flatMap(([key, one]) => {
    const known = text(one);
    return known === undefined ? [] : [[key, known] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

export function number(value: unknown): number | undefined {
  const known = text(value);
  return known === undefined || known === '' ? undefined : Number(known);
}

export const flag = (value: unknown): boolean => value === true || value === 'true';

/** One of `known`, in whichever case it is written; undefined for anything else. */
export function oneOf<T extends string>(value: unknown, known: readonly T[]): T | undefined {
  const name = text(value)?.toUpperCase();
  return known.find((one) => one.toUpperCase() === name);
}
