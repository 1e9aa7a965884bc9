import type { Condition, Operand, Path } from './ast';

/** Every document path in a condition. */
export function pathsIn(condition: Condition): Path[] {
  const found: Path[] = [];
  visit(condition, found);
  return found;
}

function visit(condition: Condition, found: Path[]): void {
  switch (condition.kind) {
    case 'and':
    case 'or':
      visit(condition.left, found);
      visit(condition.right, found);
      break;
    case 'not':
      visit(condition.condition, found);
      break;
    default:
      for (const operand of operandsOf(condition)) visitOperand(operand, found);
  }
}

function visitOperand(operand: Operand, found: Path[]): void {
  if (operand.kind === 'path') found.push(operand.path);
  else if (operand.kind === 'call') for (const argument of operand.args) visitOperand(argument, found);
}

/** The operands of a leaf, in their order. */
export function operandsOf(leaf: Exclude<Condition, { kind: 'and' | 'or' | 'not' }>): Operand[] {
  switch (leaf.kind) {
    case 'compare':
      return [leaf.left, leaf.right];
    case 'between':
      return [leaf.value, leaf.low, leaf.high];
    case 'in':
      return [leaf.value, ...leaf.list];
    case 'test':
      return leaf.args;
  }
}
