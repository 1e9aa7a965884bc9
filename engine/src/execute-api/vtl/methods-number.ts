import type { Methods } from './methods';
import { isNumber, type Value } from './values';

const parsed = (text: Value | undefined, pattern: RegExp): number | null =>
  typeof text === 'string' && pattern.test(text) ? Number(text) : null;

const whole = (text: Value | undefined) => parsed(text, /^[+-]?\d+$/);
const decimal = (text: Value | undefined) => parsed(text, /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/);

/** Static methods too: `#set($Integer = 0) $Integer.parseInt("5")` is how templates reach them. */
export const NUMBER_METHODS: Methods<number | bigint> = {
  intValue: (self) => Math.trunc(Number(self)) | 0,
  longValue: (self) => (typeof self === 'bigint' ? self : Math.trunc(self)),
  doubleValue: (self) => Number(self),
  floatValue: (self) => Math.fround(Number(self)),
  compareTo: (self, other) =>
    other !== undefined && isNumber(other) ? Math.sign(Number(self) - Number(other)) : null,
  isNaN: (self) => Number.isNaN(Number(self)),
  parseInt: (_self, text) => whole(text),
  parseLong: (_self, text) => whole(text),
  parseDouble: (_self, text) => decimal(text),
  parseFloat: (_self, text) => decimal(text),
  valueOf: (_self: Value, text?: Value) => (text !== undefined && isNumber(text) ? text : decimal(text)),
};
