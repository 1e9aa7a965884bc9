import { writeJson } from './json';

/** What templates work on. JSON's arrays are plain; lists that a template makes are JavaLists, which print otherwise. */
export type Value = null | string | number | bigint | boolean | Value[] | Map<string, Value> | Hosted;

/** An object of the gateway's own: `$input`, `$util`, an entry of a map. */
export interface Hosted {
  property(name: string): Value | undefined;
  /** Undefined where there is no such method. */
  call(name: string, args: readonly Value[]): Value | undefined;
  text(): string;
}

/** `[a, b]` as Java's collections print: what a template's own lists, and a map's keys and values are. */
export class JavaList extends Array<Value> {}

export function listOf(items: Iterable<Value>): JavaList {
  const list = new JavaList();
  for (const item of items) list.push(item);
  return list;
}

export const isMap = (value: Value): value is Map<string, Value> => value instanceof Map;
export const isList = (value: Value): value is Value[] => Array.isArray(value);
export const isNumber = (value: Value): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

export function isHosted(value: Value): value is Hosted {
  return typeof value === 'object' && value !== null && !isMap(value) && !isList(value);
}

/** As a reference prints it: nothing for null, `{a=b}` for a map, JSON for an array that came from JSON. */
export function textOf(value: Value): string {
  return value === null ? '' : javaText(value);
}

export function javaText(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  if (isMap(value)) return `{${[...value].map(([key, inner]) => `${key}=${javaText(inner)}`).join(', ')}}`;
  if (value instanceof JavaList) return `[${Array.from(value, javaText).join(', ')}]`;
  if (isList(value)) return writeJson(value);
  if (isHosted(value)) return value.text();
  if (typeof value === 'number') return numberText(value);
  return String(value);
}

/** Java prints doubles from 10^7 on, and below 10^-3, with an exponent. */
function numberText(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** Null, false and the empty text, which is what the gateway makes of anything that is not there, are false. */
export function isTrue(value: Value): boolean {
  return value !== null && value !== false && value !== '';
}

/** Numbers by their value, anything else by its text; what is not there is null and the empty text alike. */
export function isEqual(left: Value, right: Value): boolean {
  if (left === null || right === null) return isNothing(left) && isNothing(right);
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals a number of the same value
  if (isNumber(left) && isNumber(right)) return left == right;
  return javaText(left) === javaText(right);
}

const isNothing = (value: Value): boolean => value === null || value === '';
