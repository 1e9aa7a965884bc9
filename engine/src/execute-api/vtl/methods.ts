import { TemplateError } from './ast';
import { LIST_METHODS, LIST_NOT_YET } from './methods-list';
import { MAP_METHODS, MAP_NOT_YET } from './methods-map';
import { NUMBER_METHODS } from './methods-number';
import { STRING_METHODS, STRING_NOT_YET } from './methods-string';
import { isEqual, isHosted, isList, isMap, isNumber, javaText, type Value } from './values';

/** A Java object's method. Undefined says that it does not take these arguments. */
export type Method<T> = (self: T, ...args: Value[]) => Value | undefined;
export type Methods<T> = Readonly<Record<string, Method<T>>>;

/** What every Java object has. */
const OBJECT: Methods<Value> = {
  toString: (self: Value) => javaText(self),
  equals: (self, other = null) => isEqual(self, other),
  hashCode: (self) => {
    let hash = 0;
    for (const char of javaText(self)) hash = (Math.imul(31, hash) + char.charCodeAt(0)) | 0;
    return hash;
  },
};

const BOOLEAN: Methods<boolean> = {
  booleanValue: (self) => self,
  compareTo: (self, other) => Number(self) - Number(other === true),
};

/**
 * Calls a method as Java's class of the value has it. One that the class does not have gives null, as Velocity does;
 * one that it has and that is missing here fails, so that nobody takes the null for AWS's answer.
 */
export function callMethod(self: Value, name: string, args: readonly Value[]): Value {
  if (self === null) return null;
  if (isHosted(self)) {
    const result = self.call(name, args);
    return result === undefined ? common(self, name, args) : result;
  }
  if (isMap(self)) return call(MAP_METHODS, MAP_NOT_YET, self, name, args);
  if (isList(self)) return call(LIST_METHODS, LIST_NOT_YET, self, name, args);
  if (typeof self === 'string') return call(STRING_METHODS, STRING_NOT_YET, self, name, args);
  if (isNumber(self)) return call(NUMBER_METHODS, new Set(), self, name, args);
  return call(BOOLEAN, new Set(), self, name, args);
}

function call<T extends Value>(
  methods: Methods<T>,
  notYet: ReadonlySet<string>,
  self: T,
  name: string,
  args: readonly Value[],
): Value {
  if (Object.hasOwn(methods, name)) return methods[name]?.(self, ...args) ?? null;
  if (notYet.has(name)) throw new TemplateError(`the method ${name}() is not implemented`);
  return common(self, name, args);
}

function common(self: Value, name: string, args: readonly Value[]): Value {
  return Object.hasOwn(OBJECT, name) ? (OBJECT[name]?.(self, ...args) ?? null) : null;
}

/** `$a.name`: a map's entry, else what a getter of Java's would give. */
export function propertyOf(self: Value, name: string): Value {
  if (self === null) return null;
  if (isHosted(self)) return self.property(name) ?? null;
  if (isMap(self) && self.has(name)) return self.get(name) ?? null;
  const capital = name.slice(0, 1).toUpperCase() + name.slice(1);
  const getter = [`is${capital}`].find((method) => method === 'isEmpty');
  return getter ? callMethod(self, getter, []) : null;
}

/** `$a[at]`: a list's item by its number, a map's entry by its key. */
export function itemOf(self: Value, at: Value): Value {
  if (self === null || isNumber(self) || typeof self === 'boolean') return null;
  return callMethod(self, 'get', [at]);
}

/** `#set($a.name = …)` and `#set($a[at] = …)`. */
export function assign(self: Value, at: Value, value: Value): void {
  if (isMap(self)) self.set(javaText(at), value);
  else if (isList(self) && isNumber(at)) callMethod(self, 'set', [at, value]);
}
