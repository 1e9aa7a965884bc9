import { follow } from './index';
import type { Filter, Operand } from './parse';
import { childrenOf, isListLike } from './tree';

/** Whether an item passes `[?(…)]`. */
export function matches(filter: Filter, root: unknown, item: unknown): boolean {
  switch (filter.kind) {
    case 'or':
      return matches(filter.left, root, item) || matches(filter.right, root, item);
    case 'and':
      return matches(filter.left, root, item) && matches(filter.right, root, item);
    case 'not':
      return !matches(filter.operand, root, item);
    case 'exists': {
      const found = operandOf(filter.of, root, item);
      return isListLike(found) && filter.of.kind === 'path' ? found.length > 0 : found !== undefined;
    }
    case 'compare':
      return compare(filter.operator, operandOf(filter.left, root, item), filter.right, root, item);
  }
}

function operandOf(operand: Operand, root: unknown, item: unknown): unknown {
  if (operand.kind === 'path') return follow(root, operand.root === '$' ? root : item, operand.steps);
  if (operand.kind === 'list') return operand.items.map((one) => operandOf(one, root, item));
  return operand.kind === 'value' ? operand.value : operand.pattern;
}

function compare(operator: string, left: unknown, operand: Operand, root: unknown, item: unknown): boolean {
  const right = operandOf(operand, root, item);
  switch (operator) {
    case '==':
    case '===':
      return left === right;
    case '!=':
    case '!==':
      return left !== right;
    case '=~':
      return typeof left === 'string' && right instanceof RegExp && right.test(left);
    case 'in':
      return isListLike(right) && right.includes(left);
    case 'nin':
      return isListLike(right) && !right.includes(left);
    case 'contains':
      return isListLike(left)
        ? left.includes(right)
        : typeof left === 'string' && typeof right === 'string' && left.includes(right);
    case 'size':
      return sizeOf(left) === right;
    case 'empty':
      return (sizeOf(left) === 0) === right;
    default:
      return ordered(operator, left, right);
  }
}

const sizeOf = (value: unknown): number =>
  typeof value === 'string' ? value.length : childrenOf(value).length;

function ordered(operator: string, left: unknown, right: unknown): boolean {
  const comparable =
    (typeof left === 'number' && typeof right === 'number') ||
    (typeof left === 'string' && typeof right === 'string');
  if (!comparable) return false;
  if (operator === '<') return left < right;
  if (operator === '>') return left > right;
  return operator === '<=' ? left <= right : left >= right;
}
