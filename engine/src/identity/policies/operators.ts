import { BlockList, isIP } from 'node:net';
import type { Context } from './context';
import { compile, compileArn, type Piece } from './pattern';
import { substitute, substituteText } from './variables';

/** Says whether a request's value is as the policy's value demands. */
type Compare = (wanted: string, value: string, context: Context) => boolean;

const text =
  (same: (wanted: string, value: string) => boolean): Compare =>
  (wanted, value, context) => {
    const meant = substituteText(wanted, context);
    return meant !== undefined && same(meant, value);
  };

const pattern =
  (build: (pieces: readonly Piece[]) => { matches(text: string): boolean }): Compare =>
  (wanted, value, context) => {
    const pieces = substitute(wanted, context);
    return pieces !== undefined && build(pieces).matches(value);
  };

const numbers =
  (holds: (value: number, wanted: number) => boolean): Compare =>
  (wanted, value) => {
    const [a, b] = [numberOf(value), numberOf(wanted)];
    return a !== undefined && b !== undefined && holds(a, b);
  };

const dates =
  (holds: (value: number, wanted: number) => boolean): Compare =>
  (wanted, value) => {
    const [a, b] = [dateOf(value), dateOf(wanted)];
    return a !== undefined && b !== undefined && holds(a, b);
  };

const equal = (a: number, b: number) => a === b;

/**
 * The operators without Not, IfExists and the quantifiers, which `condition.ts` reads.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const operators: Readonly<Record<string, Compare>> = {
  stringequals: text((wanted, value) => wanted === value),
  stringequalsignorecase: text((wanted, value) => wanted.toLowerCase() === value.toLowerCase()),
  stringlike: pattern(compile),
  arnequals: pattern(compileArn),
  arnlike: pattern(compileArn),
  numericequals: numbers(equal),
  numericlessthan: numbers((value, wanted) => value < wanted),
  numericlessthanequals: numbers((value, wanted) => value <= wanted),
  numericgreaterthan: numbers((value, wanted) => value > wanted),
  numericgreaterthanequals: numbers((value, wanted) => value >= wanted),
  dateequals: dates(equal),
  datelessthan: dates((value, wanted) => value < wanted),
  datelessthanequals: dates((value, wanted) => value <= wanted),
  dategreaterthan: dates((value, wanted) => value > wanted),
  dategreaterthanequals: dates((value, wanted) => value >= wanted),
  bool: text((wanted, value) => wanted.toLowerCase() === value.toLowerCase()),
  binaryequals: (wanted, value) => Buffer.from(wanted, 'base64').equals(Buffer.from(value, 'base64')),
  ipaddress: (wanted, value) => inRange(value, wanted),
};

function numberOf(value: string): number | undefined {
  const number = Number(value);
  return value.trim() === '' || Number.isNaN(number) ? undefined : number;
}

/** ISO 8601, or seconds since 1970. */
function dateOf(value: string): number | undefined {
  const millis = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  return Number.isNaN(millis) ? undefined : millis;
}

const ranges = new Map<string, BlockList | undefined>();

function inRange(address: string, range: string): boolean {
  const kind = isIP(address);
  if (kind === 0) return false;
  if (!ranges.has(range)) {
    // Policies come and go for as long as an engine runs.
    if (ranges.size > 10_000) ranges.clear();
    ranges.set(range, listOf(range));
  }
  return ranges.get(range)?.check(address, kind === 6 ? 'ipv6' : 'ipv4') ?? false;
}

function listOf(range: string): BlockList | undefined {
  const [address = '', bits] = range.split('/');
  const kind = isIP(address);
  if (kind === 0) return undefined;
  const most = kind === 6 ? 128 : 32;
  const length = bits === undefined ? most : Number(bits);
  if (!Number.isInteger(length) || length < 0 || length > most) return undefined;
  const list = new BlockList();
  list.addSubnet(address, length, kind === 6 ? 'ipv6' : 'ipv4');
  return list;
}
