import { BlockList, isIP } from 'node:net';
import type { Context } from './context';
import { compile, compileArn, type Pattern, type Piece, piecesOf } from './pattern';
import { hasVariables, substitute, substituteText } from './variables';

/** Says whether a request's value is as a policy's value demands. */
type Holds = (value: string, context: Context) => boolean;
/** Reads a policy's value once: it is asked about again and again. */
type Operator = (wanted: string) => Holds;

const text =
  (same: (wanted: string, value: string) => boolean): Operator =>
  (wanted) => {
    if (!hasVariables(wanted)) return (value) => same(wanted, value);
    return (value, context) => {
      const meant = substituteText(wanted, context);
      return meant !== undefined && same(meant, value);
    };
  };

const pattern =
  (build: (pieces: readonly Piece[]) => Pattern): Operator =>
  (wanted) => {
    if (!hasVariables(wanted)) {
      let compiled: Pattern | undefined;
      return (value) => {
        compiled ??= build(piecesOf(wanted));
        return compiled.matches(value);
      };
    }
    return (value, context) => {
      const pieces = substitute(wanted, context);
      return pieces !== undefined && build(pieces).matches(value);
    };
  };

const scale =
  (read: (text: string) => number | undefined) =>
  (holds: (value: number, wanted: number) => boolean): Operator =>
  (text) => {
    const wanted = read(text);
    return (value) => {
      const found = read(value);
      return wanted !== undefined && found !== undefined && holds(found, wanted);
    };
  };

const numbers = scale(numberOf);
const dates = scale(dateOf);

const equal = (a: number, b: number) => a === b;

/**
 * The operators without Not, IfExists and the quantifiers, which `condition.ts` reads.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const operators: Readonly<Record<string, Operator>> = {
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
  binaryequals: (wanted) => {
    const bytes = Buffer.from(wanted, 'base64');
    return (value) => bytes.equals(Buffer.from(value, 'base64'));
  },
  ipaddress: (wanted) => {
    let list: BlockList | undefined;
    return (value) => {
      const kind = isIP(value);
      list ??= listOf(wanted);
      return kind !== 0 && (list?.check(value, kind === 6 ? 'ipv6' : 'ipv4') ?? false);
    };
  },
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
