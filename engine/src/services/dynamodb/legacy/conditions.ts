import type { ComparisonOperator } from '@aws-sdk/client-dynamodb';
import { invalid, invalidParameter } from '../errors';
import type { Comparator, Condition, Operand } from '../expressions/ast';
import { checkValue } from '../values/check';
import { orderValues } from '../values/compare';
import { type Tag, tagOf, type Value } from '../values/value';

/**
 * Legacy conditions as trees that the expressions' evaluator runs.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.Conditions.html
 */
const COUNTS: Record<ComparisonOperator, [least: number, most: number]> = {
  NULL: [0, 0],
  NOT_NULL: [0, 0],
  EQ: [1, 1],
  NE: [1, 1],
  LE: [1, 1],
  LT: [1, 1],
  GE: [1, 1],
  GT: [1, 1],
  CONTAINS: [1, 1],
  NOT_CONTAINS: [1, 1],
  BEGINS_WITH: [1, 1],
  BETWEEN: [2, 2],
  IN: [1, Number.POSITIVE_INFINITY],
};
const SCALARS: Tag[] = ['S', 'N', 'B'];
const TYPES: Partial<Record<ComparisonOperator, Tag[]>> = {
  LE: SCALARS,
  LT: SCALARS,
  GE: SCALARS,
  GT: SCALARS,
  CONTAINS: SCALARS,
  NOT_CONTAINS: SCALARS,
  BEGINS_WITH: ['S', 'B'],
  IN: SCALARS,
  BETWEEN: SCALARS,
};
const COMPARATORS: Partial<Record<ComparisonOperator, Comparator>> = {
  EQ: '=',
  NE: '<>',
  LE: '<=',
  LT: '<',
  GE: '>=',
  GT: '>',
};

/** Checks the arguments of a legacy operator and gives them in normal form. */
export function checkArguments(operator: ComparisonOperator, given: readonly Value[]): Value[] {
  const values = given.map((value) => checkValue(value));
  const [least, most] = COUNTS[operator];
  if (values.length < least || values.length > most) {
    throw invalidParameter(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  }
  const types = values.map(tagOf);
  if (types.some((type) => type !== types[0])) {
    throw invalidParameter('AttributeValues inside AttributeValueList must be of same type');
  }
  const wrong = types.find((type) => TYPES[operator]?.includes(type) === false);
  if (wrong) {
    throw invalidParameter(`ComparisonOperator ${operator} is not valid for ${wrong} AttributeValue type`);
  }
  if (operator === 'BETWEEN' && (orderValues(values[0]!, values[1]!) ?? 0) > 0) {
    throw invalid(
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    );
  }
  return values;
}

/** `attribute operator values` as a condition; the values have been checked. */
export function legacyCondition(
  attribute: string,
  operator: ComparisonOperator,
  values: readonly Value[],
): Condition {
  const path: Operand = { kind: 'path', path: [attribute] };
  const operands = values.map((value): Operand => ({ kind: 'value', value }));
  const [first, second] = operands;
  const comparator = COMPARATORS[operator];
  if (comparator) return { kind: 'compare', comparator, left: path, right: first! };
  switch (operator) {
    case 'NULL':
      return { kind: 'test', name: 'attribute_not_exists', args: [path] };
    case 'NOT_NULL':
      return { kind: 'test', name: 'attribute_exists', args: [path] };
    case 'CONTAINS':
      return { kind: 'test', name: 'contains', args: [path, first!] };
    case 'NOT_CONTAINS':
      return { kind: 'not', condition: { kind: 'test', name: 'contains', args: [path, first!] } };
    case 'BEGINS_WITH':
      return { kind: 'test', name: 'begins_with', args: [path, first!] };
    case 'BETWEEN':
      return { kind: 'between', value: path, low: first!, high: second! };
    default:
      return { kind: 'in', value: path, list: operands };
  }
}

/** All (or with OR, any) of the conditions; undefined where there are none. */
export function combined(
  conditions: readonly Condition[],
  operator: string | undefined,
): Condition | undefined {
  const kind = operator === 'OR' ? 'or' : 'and';
  return conditions.reduce<Condition | undefined>(
    (left, right) => (left ? { kind, left, right } : right),
    undefined,
  );
}
