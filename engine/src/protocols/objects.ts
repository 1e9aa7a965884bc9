/** Sets a key that came from outside: `__proto__` becomes a property like any other. */
export function setKey(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else target[key] = value;
}

/** How deep a request may nest; AWS's own limits (DynamoDB: 32 levels, two shapes each) are far below. */
export const MAX_DEPTH = 400;
