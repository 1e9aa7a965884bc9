import type { Methods } from './methods';
import { isEqual, isList, isNumber, listOf, type Value } from './values';

const at = (self: readonly Value[], index: Value | undefined): number | undefined => {
  const number = index !== undefined && isNumber(index) ? Number(index) : Number.NaN;
  return number >= 0 && number < self.length ? number : undefined;
};
const indexOf = (self: readonly Value[], value: Value = null) => self.findIndex((one) => isEqual(one, value));
const all = (given: Value | undefined): readonly Value[] =>
  given !== undefined && isList(given) ? [...given] : [];

/** Adding prints nothing useful: templates write `#set($x = $list.add(…))` or `$list.add(…)`, which gives true. */
export const LIST_METHODS: Methods<Value[]> = {
  size: (self) => self.length,
  isEmpty: (self) => self.length === 0,
  get: (self, index) => self[at(self, index) ?? -1] ?? null,
  set: (self, index, value = null) => {
    const where = at(self, index);
    if (where === undefined) return null;
    const before = self[where] ?? null;
    self[where] = value;
    return before;
  },
  add: (self, first = null, second) => {
    if (second === undefined) self.push(first);
    else if (isNumber(first)) self.splice(Number(first), 0, second);
    return second === undefined ? true : null;
  },
  addAll: (self, other) => {
    const more = all(other);
    self.push(...more);
    return more.length > 0;
  },
  remove: (self, what = null) => {
    if (isNumber(what)) {
      const where = at(self, what);
      return where === undefined ? null : (self.splice(where, 1)[0] ?? null);
    }
    const found = indexOf(self, what);
    if (found >= 0) self.splice(found, 1);
    return found >= 0;
  },
  removeAll: (self, other) => {
    const gone = all(other);
    const kept = [...self].filter((one) => indexOf(gone, one) < 0);
    const changed = kept.length < self.length;
    self.splice(0, self.length, ...kept);
    return changed;
  },
  retainAll: (self, other) => {
    const wanted = all(other);
    const kept = [...self].filter((one) => indexOf(wanted, one) >= 0);
    const changed = kept.length < self.length;
    self.splice(0, self.length, ...kept);
    return changed;
  },
  contains: (self, value) => indexOf(self, value) >= 0,
  containsAll: (self, other) => all(other).every((one) => indexOf(self, one) >= 0),
  indexOf: (self, value) => indexOf(self, value),
  lastIndexOf: (self, value = null) => self.findLastIndex((one) => isEqual(one, value)),
  subList: (self, from = 0, to = self.length) => listOf([...self].slice(Number(from), Number(to))),
  clear: (self) => {
    self.length = 0;
    return null;
  },
};

export const LIST_NOT_YET: ReadonlySet<string> = new Set([
  'iterator',
  'listIterator',
  'stream',
  'sort',
  'toArray',
  'forEach',
  'removeIf',
  'replaceAll',
  'clone',
]);
