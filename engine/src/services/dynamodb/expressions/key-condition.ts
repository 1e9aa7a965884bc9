import { invalid } from '../errors';
import type { Value } from '../values/value';
import type { Comparator, Condition, Operand } from './ast';
import { operandsOf } from './walk';

export type KeyOperator = 'EQ' | 'LT' | 'LE' | 'GT' | 'GE' | 'BETWEEN' | 'BEGINS_WITH' | 'OTHER';

/** What a key attribute is to be. `OTHER` stands for the operators that no key can be looked up by. */
export interface KeyTest {
  operator: KeyOperator;
  values: Value[];
}

export type KeyTests = Map<string, KeyTest>;

const OPERATORS: Partial<Record<Comparator, [forward: KeyOperator, mirrored: KeyOperator]>> = {
  '=': ['EQ', 'EQ'],
  '<': ['LT', 'GT'],
  '<=': ['LE', 'GE'],
  '>': ['GT', 'LT'],
  '>=': ['GE', 'LE'],
};

/** The tests a key condition makes, by attribute. Whether these are keys is not known here. */
export function keyTests(condition: Condition, tests: KeyTests = new Map()): KeyTests {
  if (condition.kind === 'and') {
    keyTests(condition.left, tests);
    return keyTests(condition.right, tests);
  }
  if (condition.kind === 'or' || condition.kind === 'not' || condition.kind === 'in') {
    throw badOperator(condition.kind.toUpperCase());
  }
  if (condition.kind === 'compare' && condition.comparator === '<>') {
    throw badOperator('<>');
  }
  if (condition.kind === 'test' && condition.name !== 'begins_with') {
    throw badOperator(condition.name);
  }
  const operands = operandsOf(condition);
  if (operands.some((operand) => operand.kind === 'call')) {
    throw invalid('KeyConditionExpressions cannot contain nested operations');
  }
  if (condition.kind !== 'compare' && operands[0]?.kind !== 'path') {
    const name = condition.kind === 'between' ? 'BETWEEN' : 'begins_with';
    throw invalid(
      `Invalid condition in KeyConditionExpression: ${name} operator must have the key attribute as its first operand`,
    );
  }
  addTest(tests, attributeIn(operands), testOf(condition, operands));
  return tests;
}

function badOperator(name: string) {
  return invalid(`Invalid operator used in KeyConditionExpression: ${name}`);
}

function attributeIn(operands: Operand[]): string {
  const paths = operands.flatMap((operand) => (operand.kind === 'path' ? [operand.path] : []));
  if (paths.length > 1) {
    throw invalid(
      'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
    );
  }
  const [path] = paths;
  if (!path) throw invalid('Invalid condition in KeyConditionExpression: No key attribute specified');
  if (path.length > 1) {
    throw invalid('KeyConditionExpressions cannot have conditions on nested attributes');
  }
  return String(path[0]);
}

function testOf(condition: Condition, operands: Operand[]): KeyTest {
  const values = operands.flatMap((operand) => (operand.kind === 'value' ? [operand.value] : []));
  if (condition.kind === 'between') return { operator: 'BETWEEN', values };
  if (condition.kind !== 'compare') return { operator: 'BEGINS_WITH', values };
  const [forward, mirrored] = OPERATORS[condition.comparator] ?? ['OTHER', 'OTHER'];
  return { operator: operands[0]?.kind === 'path' ? forward : mirrored, values };
}

function addTest(tests: KeyTests, attribute: string, test: KeyTest): void {
  if (tests.has(attribute)) {
    throw invalid('KeyConditionExpressions must only contain one condition per key');
  }
  tests.set(attribute, test);
}
