import type { Methods } from './methods';
import { javaPattern, javaReplacement } from './patterns';
import { isList, isNumber, javaText, listOf, type Value } from './values';

const text = (value: Value | undefined): string => javaText(value ?? null);
const index = (value: Value | undefined): number =>
  value !== undefined && isNumber(value) ? Number(value) : 0;

/** Java's `substring`, which gives nothing (an exception there) where the places are not in the text. */
function substring(self: string, from: number, to: number): string | null {
  return from < 0 || to > self.length || from > to ? null : self.slice(from, to);
}

/** Java's trim takes off all up to the space, line ends and control characters among it. */
function trimmed(self: string): string {
  let [from, to] = [0, self.length];
  while (from < to && self.charCodeAt(from) <= 32) from++;
  while (to > from && self.charCodeAt(to - 1) <= 32) to--;
  return self.slice(from, to);
}

function compare(left: string, right: string): number {
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left.charCodeAt(i) - right.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Without a limit Java drops the empty texts at the end. */
function split(self: string, pattern: string, limit: number): Value[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of self.matchAll(javaPattern(pattern, 'g'))) {
    if (limit > 0 && parts.length === limit - 1) break;
    const empty = match[0] === '';
    if ((match.index === 0 && empty) || (empty && match.index >= self.length)) continue;
    parts.push(self.slice(from, match.index));
    from = match.index + match[0].length;
  }
  parts.push(self.slice(from));
  if (limit === 0) while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return listOf(parts);
}

/** https://docs.oracle.com/javase/8/docs/api/java/lang/String.html */
export const STRING_METHODS: Methods<string> = {
  length: (self) => self.length,
  isEmpty: (self) => self === '',
  isBlank: (self) => self.trim() === '',
  charAt: (self, at) => self[index(at)] ?? null,
  codePointAt: (self, at) => self.codePointAt(index(at)) ?? null,
  concat: (self, other) => self + text(other),
  contains: (self, other) => self.includes(text(other)),
  startsWith: (self, other, from) => self.startsWith(text(other), index(from)),
  endsWith: (self, other) => self.endsWith(text(other)),
  indexOf: (self, other, from) => self.indexOf(text(other), index(from)),
  lastIndexOf: (self, other, from) =>
    self.lastIndexOf(text(other), from === undefined ? undefined : index(from)),
  equals: (self, other) => typeof other === 'string' && self === other,
  equalsIgnoreCase: (self, other) => typeof other === 'string' && self.toLowerCase() === other.toLowerCase(),
  contentEquals: (self, other) => self === text(other),
  compareTo: (self, other) => compare(self, text(other)),
  compareToIgnoreCase: (self, other) => compare(self.toLowerCase(), text(other).toLowerCase()),
  substring: (self, from, to) => substring(self, index(from), to === undefined ? self.length : index(to)),
  subSequence: (self, from, to) => substring(self, index(from), index(to)),
  toLowerCase: (self) => self.toLowerCase(),
  toUpperCase: (self) => self.toUpperCase(),
  trim: (self) => trimmed(self),
  strip: (self) => self.trim(),
  repeat: (self, times) => self.repeat(Math.min(index(times), 10_000)),
  replace: (self, old, other) => self.replaceAll(text(old), () => text(other)),
  replaceAll: (self, pattern, other) =>
    self.replace(javaPattern(text(pattern), 'g'), javaReplacement(text(other))),
  replaceFirst: (self, pattern, other) =>
    self.replace(javaPattern(text(pattern), ''), javaReplacement(text(other))),
  matches: (self, pattern) => javaPattern(`^(?:${text(pattern)})$`, '').test(self),
  split: (self, pattern, limit) => split(self, text(pattern), index(limit)),
  toCharArray: (self) => listOf(self.split('')),
  valueOf: (_self: Value, other?: Value) => text(other),
  join: (_self, separator, ...parts) => {
    const first = parts[0] ?? null;
    return (isList(first) ? [...first] : parts).map(text).join(text(separator));
  },
};

export const STRING_NOT_YET: ReadonlySet<string> = new Set([
  'format',
  'getBytes',
  'regionMatches',
  'chars',
  'codePoints',
  'lines',
  'intern',
]);
