/** How paths walk JSON: through plain objects, and through the maps of mapping templates. */

export const isListLike = (value: unknown): value is unknown[] => Array.isArray(value);

export function childOf(value: unknown, name: string | number): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (typeof name === 'number') {
    const found: unknown = isListLike(value) ? value.at(name) : undefined;
    return found === undefined ? [] : [found];
  }
  if (isListLike(value)) return [];
  if (value instanceof Map) return value.has(name) ? [value.get(name)] : [];
  return Object.hasOwn(value, name) ? [Reflect.get(value, name)] : [];
}

export function childrenOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return value instanceof Map ? [...value.values()] : Object.values(value);
}

export function keysOf(value: unknown): string[] | undefined {
  if (typeof value !== 'object' || value === null || isListLike(value)) return undefined;
  return value instanceof Map ? [...value.keys()].map(String) : Object.keys(value);
}

/** The value itself first. */
export function descendantsOf(value: unknown): unknown[] {
  const found: unknown[] = [];
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    found.push(next);
    const children = childrenOf(next);
    for (let i = children.length - 1; i >= 0; i--) waiting.push(children[i]);
  }
  return found;
}
