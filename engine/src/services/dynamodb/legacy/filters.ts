import type { Condition as LegacyCondition } from '@aws-sdk/client-dynamodb';
import type { Condition } from '../expressions/ast';
import type { KeyOperator, KeyTests } from '../expressions/key-condition';
import { checkArguments, combined, legacyCondition } from './conditions';

/** The legacy `QueryFilter` and `ScanFilter` as a condition. */
export function legacyFilter(
  filter: Record<string, LegacyCondition> | undefined,
  operator: string | undefined,
): Condition | undefined {
  const conditions = Object.entries(filter ?? {}).map(([attribute, condition]) => {
    const comparison = condition.ComparisonOperator ?? 'EQ';
    const values = checkArguments(comparison, condition.AttributeValueList ?? []);
    return legacyCondition(attribute, comparison, values);
  });
  return combined(conditions, operator);
}

const KEY_OPERATORS = new Set<string>(['EQ', 'LT', 'LE', 'GT', 'GE', 'BETWEEN', 'BEGINS_WITH']);

/** The legacy `KeyConditions`. */
export function legacyKeyTests(conditions: Record<string, LegacyCondition>): KeyTests {
  const tests: KeyTests = new Map();
  for (const [attribute, condition] of Object.entries(conditions)) {
    const comparison = condition.ComparisonOperator ?? 'EQ';
    const values = checkArguments(comparison, condition.AttributeValueList ?? []);
    const operator = KEY_OPERATORS.has(comparison) ? (comparison as KeyOperator) : 'OTHER';
    tests.set(attribute, { operator, values });
  }
  return tests;
}
