import { compareNumbers } from './number';
import { type Item, tagOf, type Value } from './value';

/** Deep equality of checked values: numbers are in normal form, sets have no order. */
export function equalValues(a: Value, b: Value): boolean {
  if (a.S !== undefined) return a.S === b.S;
  if (a.N !== undefined) return a.N === b.N;
  if (a.B !== undefined) return b.B !== undefined && equalBytes(a.B, b.B);
  if (a.BOOL !== undefined) return a.BOOL === b.BOOL;
  if (a.NULL !== undefined) return b.NULL !== undefined;
  if (a.SS !== undefined) return b.SS !== undefined && equalSets(a.SS, b.SS);
  if (a.NS !== undefined) return b.NS !== undefined && equalSets(a.NS, b.NS);
  if (a.BS !== undefined) return b.BS !== undefined && equalSets(a.BS.map(text), b.BS.map(text));
  if (a.L !== undefined) return b.L !== undefined && equalLists(a.L, b.L);
  return a.M !== undefined && b.M !== undefined && equalItems(a.M, b.M);
}

export function equalItems(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const other = b[name];
    return other !== undefined && equalValues(a[name]!, other);
  });
}

function equalLists(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((element, i) => equalValues(element, b[i]!));
}

function equalSets(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  const members = new Set(a);
  return b.every((member) => members.has(member));
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && Buffer.compare(a, b) === 0;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Order of two values of one ordered type (S by UTF-8, N by value, B by bytes); undefined where there is none. */
export function orderValues(a: Value, b: Value): number | undefined {
  if (a.S !== undefined) return b.S === undefined ? undefined : compareStrings(a.S, b.S);
  if (a.N !== undefined) return b.N === undefined ? undefined : compareNumbers(a.N, b.N);
  if (a.B !== undefined) return b.B === undefined ? undefined : Buffer.compare(a.B, b.B);
  return undefined;
}

/** By UTF-8, which is by code point: not what `<` does beyond the basic plane. */
function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // A surrogate stands for a code point above all others, though its own number is not the highest.
      const high = (unit: number) => (unit >= 0xd800 && unit <= 0xdfff ? 1 : 0);
      return high(x) - high(y) || x - y;
    }
  }
  return a.length - b.length;
}

/** `contains(container, wanted)`. */
export function containsValue(container: Value, wanted: Value): boolean {
  if (container.L !== undefined) return container.L.some((element) => equalValues(element, wanted));
  if (wanted.S !== undefined) {
    return container.S?.includes(wanted.S) ?? container.SS?.includes(wanted.S) ?? false;
  }
  if (wanted.N !== undefined) return container.NS?.includes(wanted.N) ?? false;
  const bytes = wanted.B;
  if (bytes === undefined) return false;
  if (container.B !== undefined) return Buffer.from(container.B).includes(Buffer.from(bytes));
  return container.BS?.some((member) => equalBytes(member, bytes)) ?? false;
}

export function beginsWith(value: Value, prefix: Value): boolean {
  if (value.S !== undefined) return prefix.S !== undefined && value.S.startsWith(prefix.S);
  if (value.B === undefined || prefix.B === undefined) return false;
  return equalBytes(value.B.subarray(0, prefix.B.byteLength), prefix.B);
}

/** `size(value)`; undefined for the types that have none. */
export function lengthOf(value: Value): number | undefined {
  switch (tagOf(value)) {
    case 'S':
      return value.S?.length;
    case 'B':
      return value.B?.byteLength;
    case 'M':
      return Object.keys(value.M ?? {}).length;
    default:
      return (value.SS ?? value.NS ?? value.BS ?? value.L)?.length;
  }
}
