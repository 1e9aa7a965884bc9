import type { Methods } from './methods';
import { type Hosted, isEqual, isMap, javaText, listOf, type Value } from './values';

/** https://docs.oracle.com/javase/8/docs/api/java/util/Map.html */
export const MAP_METHODS: Methods<Map<string, Value>> = {
  get: (self, key = null) => self.get(javaText(key)) ?? null,
  getOrDefault: (self, key = null, other = null) => self.get(javaText(key)) ?? other,
  put: (self, key = null, value = null) => {
    const before = self.get(javaText(key)) ?? null;
    self.set(javaText(key), value);
    return before;
  },
  putIfAbsent: (self, key = null, value = null) => {
    const before = self.get(javaText(key)) ?? null;
    if (before === null) self.set(javaText(key), value);
    return before;
  },
  putAll: (self, other = null) => {
    if (isMap(other)) for (const [key, value] of [...other]) self.set(key, value);
    return null;
  },
  containsKey: (self, key = null) => self.has(javaText(key)),
  containsValue: (self, value = null) => [...self.values()].some((one) => isEqual(one, value)),
  keySet: (self) => listOf(self.keys()),
  values: (self) => listOf(self.values()),
  entrySet: (self) => listOf([...self].map(([key]) => entryOf(self, key))),
  size: (self) => self.size,
  isEmpty: (self) => self.size === 0,
  remove: (self, key = null) => {
    const before = self.get(javaText(key)) ?? null;
    self.delete(javaText(key));
    return before;
  },
  clear: (self) => {
    self.clear();
    return null;
  },
};

export const MAP_NOT_YET: ReadonlySet<string> = new Set([
  'clone',
  'replace',
  'merge',
  'forEach',
  'replaceAll',
]);

/** An entry of a map: `.key`, `.value`, `.getKey()`, `.getValue()`, `.setValue()`. */
export function entryOf(map: Map<string, Value>, key: string): Hosted {
  const value = () => map.get(key) ?? null;
  return {
    property: (name) => (name === 'key' ? key : name === 'value' ? value() : undefined),
    call: (name, [given = null]) => {
      if (name === 'getKey') return key;
      if (name === 'getValue') return value();
      if (name !== 'setValue') return undefined;
      const before = value();
      map.set(key, given);
      return before;
    },
    text: () => `${key}=${javaText(value())}`,
  };
}
