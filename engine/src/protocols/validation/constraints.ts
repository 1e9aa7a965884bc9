import type { Shape } from '../model';
import { enumOrder } from './enum-order';
import { compilePattern, printPattern } from './patterns';

/** What a value must satisfy by itself: length, range, pattern, enum. */

export type Kind = 'null' | 'max' | 'min' | 'pattern' | 'enum';

export interface Constraint {
  kind: Kind;
  /** Behind "failed to satisfy constraint: ". */
  sentence: string;
  holds(value: unknown): boolean;
}

/** The length of a text, list, map or blob. */
function size(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  return Object.keys(value as object).length;
}

function isNumber(shape: Shape): boolean {
  return shape.type === 'integer' || shape.type === 'long' || shape.type === 'double';
}

function bounds(shape: Shape): Constraint[] {
  const { min, max } = shape.json;
  const number = isNumber(shape);
  const what = number ? 'value' : 'length';
  const measure = number ? (value: unknown) => value as number : size;
  const out: Constraint[] = [];
  if (max !== undefined) {
    out.push({
      kind: 'max',
      sentence: `Member must have ${what} less than or equal to ${max}`,
      holds: (value) => measure(value) <= max,
    });
  }
  if (min !== undefined) {
    out.push({
      kind: 'min',
      sentence: `Member must have ${what} greater than or equal to ${min}`,
      holds: (value) => measure(value) >= min,
    });
  }
  return out;
}

function pattern(shape: Shape): Constraint[] {
  if (shape.json.pattern === undefined || shape.type !== 'string') return [];
  const test = compilePattern(shape.json.pattern);
  if (!test) return [];
  return [
    {
      kind: 'pattern',
      sentence: `Member must satisfy regular expression pattern: ${printPattern(shape.json.pattern)}`,
      holds: (value) => test.test(value as string),
    },
  ];
}

function enumeration(shape: Shape): Constraint[] {
  if (!shape.json.enum || shape.type !== 'string') return [];
  const known = new Set(shape.json.enum);
  return [
    {
      kind: 'enum',
      sentence: `Member must satisfy enum value set: [${enumOrder(shape.json.enum).join(', ')}]`,
      holds: (value) => known.has(value as string),
    },
  ];
}

/** Whether constraintsOf would find any, without making them. */
export function isConstrained({ json }: Shape): boolean {
  if (json.streaming === 1) return false;
  return (
    json.min !== undefined || json.max !== undefined || json.pattern !== undefined || json.enum !== undefined
  );
}

/** In the order AWS reports them for a member of its own. */
export function constraintsOf(shape: Shape): Constraint[] {
  if (shape.json.streaming === 1) return [];
  return [...enumeration(shape), ...pattern(shape), ...bounds(shape)];
}

/** In the order AWS lists them for the elements of a collection. */
export function elementConstraintsOf(shape: Shape): Constraint[] {
  if (shape.json.streaming === 1) return [];
  return [...bounds(shape), ...pattern(shape), ...enumeration(shape)];
}
