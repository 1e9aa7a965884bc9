import { beginsWith, containsValue, equalValues, lengthOf, orderValues } from '../values/compare';
import { type Item, tagOf, type Value } from '../values/value';
import type { Comparator, Condition, Operand } from './ast';
import { valueAt } from './paths';

/** True if `item` (empty where there is none) meets the condition. */
export function meets(item: Item, condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
      return meets(item, condition.left) && meets(item, condition.right);
    case 'or':
      return meets(item, condition.left) || meets(item, condition.right);
    case 'not':
      return !meets(item, condition.condition);
    case 'compare':
      return compare(condition.comparator, evaluate(item, condition.left), evaluate(item, condition.right));
    case 'between': {
      const value = evaluate(item, condition.value);
      return (
        compare('>=', value, evaluate(item, condition.low)) &&
        compare('<=', value, evaluate(item, condition.high))
      );
    }
    case 'in': {
      const value = evaluate(item, condition.value);
      return condition.list.some((each) => compare('=', value, evaluate(item, each)));
    }
    case 'test':
      return test(
        condition.name,
        condition.args.map((each) => evaluate(item, each)),
      );
  }
}

function evaluate(item: Item, operand: Operand): Value | undefined {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') return valueAt(item, operand.path);
  const value = operand.args[0] && evaluate(item, operand.args[0]);
  const length = value && lengthOf(value);
  return length === undefined ? undefined : { N: String(length) };
}

function compare(comparator: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  const equal = left !== undefined && right !== undefined && equalValues(left, right);
  if (comparator === '=') return equal;
  if (comparator === '<>') return !equal;
  const order = left && right && orderValues(left, right);
  if (order === undefined) return false;
  if (comparator === '<') return order < 0;
  if (comparator === '<=') return order <= 0;
  return comparator === '>' ? order > 0 : order >= 0;
}

function test(name: string, [first, second]: (Value | undefined)[]): boolean {
  if (name === 'attribute_exists') return first !== undefined;
  if (name === 'attribute_not_exists') return first === undefined;
  if (first === undefined || second === undefined) return false;
  if (name === 'begins_with') return beginsWith(first, second);
  if (name === 'contains') return containsValue(first, second);
  return tagOf(first) === second.S;
}
