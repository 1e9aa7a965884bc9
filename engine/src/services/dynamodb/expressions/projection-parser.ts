import type { RawStep } from './ast';
import { Faults } from './faults';
import { Lexer } from './lexer';
import { type OperandFault, OperandParser } from './operand-parser';

const NONE = new Set<string>();

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html */
export function parseProjection(text: string): RawStep[][] {
  const lexer = new Lexer(text);
  const faults = new Faults<OperandFault>(['reserved']);
  const operands = new OperandParser(lexer, faults, NONE, NONE);
  const paths = [operands.path()];
  while (lexer.accept(',')) paths.push(operands.path());
  if (lexer.token.kind !== 'end') throw lexer.error();
  faults.settle();
  return paths;
}
