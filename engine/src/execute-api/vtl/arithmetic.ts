import type { Operator } from './ast';
import { isEqual, isNumber, textOf, type Value } from './values';

/** Integers stay integers, as in Java: `7 / 2` is 3. What cannot be calculated is null. */
export function calculate(operator: Operator, left: Value, right: Value): Value {
  if (operator === '==') return isEqual(left, right);
  if (operator === '!=') return !isEqual(left, right);
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string')) {
    return textOf(left) + textOf(right);
  }
  if (left === null || right === null || !isNumber(left) || !isNumber(right)) {
    return '<>'.includes(operator.slice(0, 1)) ? false : null;
  }
  switch (operator) {
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    default:
      return isWhole(left) && isWhole(right)
        ? integer(operator, BigInt(left), BigInt(right))
        : decimal(operator, Number(left), Number(right));
  }
}

const isWhole = (value: number | bigint): boolean => typeof value === 'bigint' || Number.isInteger(value);

function integer(operator: Operator, left: bigint, right: bigint): Value {
  if (right === 0n && (operator === '/' || operator === '%')) return null;
  const result =
    operator === '+'
      ? left + right
      : operator === '-'
        ? left - right
        : operator === '*'
          ? left * right
          : operator === '/'
            ? left / right
            : left % right;
  return Number.isSafeInteger(Number(result)) ? Number(result) : result;
}

function decimal(operator: Operator, left: number, right: number): Value {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  if (right === 0) return null;
  return operator === '/' ? left / right : left % right;
}
