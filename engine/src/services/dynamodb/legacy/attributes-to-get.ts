import { invalidParameter } from '../errors';
import type { Path } from '../expressions/ast';

/** AttributesToGet as a projection: whole attributes, whatever characters their names have. */
export function attributesToGet(names: readonly string[] | undefined): Path[] | undefined {
  if (!names) return undefined;
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw invalidParameter(`Duplicate value in attribute name: ${name}`);
    seen.add(name);
  }
  return names.map((name) => [name]);
}
