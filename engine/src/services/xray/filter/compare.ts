import type { Value } from './subject';
import type { Token } from './tokens';
import { invalidFilter } from './tokens';

export type Compare = (value: Value) => boolean;

const ORDERS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const TEXTS: Readonly<Record<string, (text: string, part: string) => boolean>> = {
  CONTAINS: (text, part) => text.includes(part),
  BEGINSWITH: (text, part) => text.startsWith(part),
  ENDSWITH: (text, part) => text.endsWith(part),
};

export const isOperator = ({ kind, text }: { kind: string; text?: string }): boolean =>
  (kind === 'sign' && ['=', '!=', '<', '<=', '>', '>='].includes(text ?? '')) ||
  (kind === 'word' && Object.hasOwn(TEXTS, (text ?? '').toUpperCase()));

/**
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html#console-filters-syntax
 * @param type what the keyword's values are; undefined where an annotation may be anything
 */
export function comparison(operator: string, token: Token | undefined, type: string | undefined): Compare {
  const wanted = givenBy(token);
  if (type !== undefined && typeof wanted !== type) throw invalidFilter(`"${wanted}" is no ${type}`);
  if (operator === '=') return (value) => value === wanted;
  if (operator === '!=') return (value) => value !== wanted;
  const order = ORDERS[operator];
  if (order) {
    if (typeof wanted !== 'number') throw invalidFilter(`${operator} compares numbers`);
    return (value) => typeof value === 'number' && order(value, wanted);
  }
  const text = TEXTS[operator.toUpperCase()];
  if (!text || typeof wanted !== 'string') throw invalidFilter(`${operator} compares strings`);
  return (value) => typeof value === 'string' && text(value, wanted);
}

function givenBy(token: Token | undefined): Value {
  if (token?.kind === 'string') return token.text;
  if (token?.kind === 'number') return token.value;
  if (token?.kind === 'word' && /^(true|false)$/i.test(token.text))
    return token.text.toLowerCase() === 'true';
  throw invalidFilter('a value is missing');
}
