import { invalid } from '../errors';

/**
 * DynamoDB's numbers: decimals of up to 38 significant digits between 1E-130 and 9.99…E+125.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
 */
interface Decimal {
  negative: boolean;
  /** Significant digits without leading or trailing zeros; empty for zero. */
  digits: string;
  /** Power of ten of the first digit: 42 is digits "42", exponent 1. */
  exponent: number;
}

const MAX_DIGITS = 38;
const MAX_EXPONENT = 125;
const MIN_EXPONENT = -130;
const SYNTAX = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;
/** Integers that are in normal form already and that a double holds exactly. */
const PLAIN = /^(?:0|-?[1-9]\d{0,14})$/;

function parseNumber(text: string): Decimal {
  const match = SYNTAX.exec(text);
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (!match || whole.length + fraction.length === 0) {
    const shown = text === '' ? '' : `: ${text}`;
    throw invalid(`The parameter cannot be converted to a numeric value${shown}`);
  }
  return decimal(match[1] === '-', whole + fraction, whole.length - 1 + Number(match[4] ?? 0));
}

/** Trims `digits`, whose first stands for 10^exponent, and checks the limits. */
function decimal(negative: boolean, digits: string, exponent: number): Decimal {
  let start = 0;
  while (digits.charCodeAt(start) === 48) start++;
  let end = digits.length;
  while (end > start && digits.charCodeAt(end - 1) === 48) end--;
  if (start === end) return { negative: false, digits: '', exponent: 0 };
  const power = exponent - start;
  if (power > MAX_EXPONENT) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (power < MIN_EXPONENT) {
    throw invalid(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  }
  if (end - start > MAX_DIGITS) {
    throw invalid('Attempting to store more than 38 significant digits in a Number');
  }
  return { negative, digits: digits.slice(start, end), exponent: power };
}

/** The form in which DynamoDB stores and returns a number: plain digits, no exponent, no idle zeros. */
export function normalizeNumber(text: string): string {
  return PLAIN.test(text) ? text : formatNumber(parseNumber(text));
}

function formatNumber({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits.padEnd(exponent + 1, '0');
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  if (PLAIN.test(a) && PLAIN.test(b)) return Number(a) - Number(b);
  const x = parseNumber(a);
  const y = parseNumber(b);
  if (signOf(x) !== signOf(y)) return signOf(x) - signOf(y);
  return x.negative ? compareMagnitudes(y, x) : compareMagnitudes(x, y);
}

function signOf(number: Decimal): number {
  return number.digits === '' ? 0 : number.negative ? -1 : 1;
}

function compareMagnitudes(x: Decimal, y: Decimal): number {
  if (x.exponent !== y.exponent) return x.exponent - y.exponent;
  return x.digits < y.digits ? -1 : x.digits > y.digits ? 1 : 0;
}

/** Exact sum. */
export function addNumbers(a: string, b: string): string {
  if (PLAIN.test(a) && PLAIN.test(b)) return normalizeNumber(String(Number(a) + Number(b)));
  const x = parseNumber(a);
  const y = parseNumber(b);
  // The place of the last digit of either, so that both become integers of that unit.
  const unit = Math.min(x.exponent - x.digits.length + 1, y.exponent - y.digits.length + 1);
  const sum = scaled(x, unit) + scaled(y, unit);
  const digits = String(sum < 0n ? -sum : sum);
  return formatNumber(decimal(sum < 0n, digits, unit + digits.length - 1));
}

export function subtractNumbers(a: string, b: string): string {
  return addNumbers(a, b.startsWith('-') ? b.slice(1) : b === '0' ? b : `-${b}`);
}

function scaled({ negative, digits, exponent }: Decimal, unit: number): bigint {
  if (digits === '') return 0n;
  const magnitude = BigInt(digits) * 10n ** BigInt(exponent - digits.length + 1 - unit);
  return negative ? -magnitude : magnitude;
}

/**
 * Bytes a number counts for in an item: one, and one for every two digits on either side of the point,
 * and one for a minus.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function numberSize(text: string): number {
  const { negative, digits, exponent } = parseNumber(text);
  const whole = Math.min(digits.length, Math.max(0, exponent + 1));
  return 1 + Math.ceil(whole / 2) + Math.ceil((digits.length - whole) / 2) + (negative ? 1 : 0);
}

/**
 * Bytes whose memcmp order is the order of the numbers: a sign, the exponent, then two digits a byte.
 * Of a negative number all but the sign is complemented, and a high byte ends it, so that longer is less.
 */
export function encodeNumber(text: string): Buffer {
  const { negative, digits, exponent } = parseNumber(text);
  if (digits === '') return Buffer.of(0x80);
  const pairs = (digits.length + 1) >> 1;
  const out = Buffer.allocUnsafe(2 + pairs + (negative ? 1 : 0));
  out[0] = negative ? 0x40 : 0xc0;
  out[1] = exponent - MIN_EXPONENT;
  for (let i = 0; i < pairs; i++) {
    const high = digits.charCodeAt(2 * i) - 48;
    const low = 2 * i + 1 < digits.length ? digits.charCodeAt(2 * i + 1) - 48 : 0;
    // From 1, so that "no further digits" sorts before "further digits are 00…".
    out[2 + i] = high * 10 + low + 1;
  }
  if (negative) {
    for (let i = 1; i < 2 + pairs; i++) out[i] = 0xff - out[i]!;
    out[2 + pairs] = 0xff;
  }
  return out;
}
