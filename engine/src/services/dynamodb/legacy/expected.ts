import type { ExpectedAttributeValue } from '@aws-sdk/client-dynamodb';
import { invalidParameter } from '../errors';
import type { Condition } from '../expressions/ast';
import { checkValue } from '../values/check';
import { checkArguments, combined, legacyCondition } from './conditions';

/** The legacy `Expected` of a write as a condition; undefined where the request has none. */
export function expectedCondition(input: {
  Expected?: Record<string, ExpectedAttributeValue> | undefined;
  ConditionalOperator?: string | undefined;
}): Condition | undefined {
  const conditions = Object.entries(input.Expected ?? {}).map(([attribute, expected]) =>
    one(attribute, expected),
  );
  return combined(conditions, input.ConditionalOperator);
}

function one(attribute: string, expected: ExpectedAttributeValue): Condition {
  const { Value, Exists, ComparisonOperator, AttributeValueList } = expected;
  if (AttributeValueList && Value) {
    throw invalidParameter(
      `Value and AttributeValueList cannot be used together for Attribute: ${attribute}`,
    );
  }
  if (ComparisonOperator) {
    if (Exists !== undefined) {
      throw invalidParameter(
        `Exists and ComparisonOperator cannot be used together for Attribute: ${attribute}`,
      );
    }
    const needsNone = ComparisonOperator === 'NULL' || ComparisonOperator === 'NOT_NULL';
    if (!needsNone && !AttributeValueList && !Value) {
      throw invalidParameter(
        `Value or AttributeValueList must be used with ComparisonOperator: ${ComparisonOperator} for Attribute: ${attribute}`,
      );
    }
    const values = checkArguments(ComparisonOperator, AttributeValueList ?? (Value ? [Value] : []));
    return legacyCondition(attribute, ComparisonOperator, values);
  }
  if (AttributeValueList) {
    throw invalidParameter(
      `AttributeValueList can only be used with a ComparisonOperator for Attribute: ${attribute}`,
    );
  }
  if (Exists === false) {
    if (Value) {
      throw invalidParameter(`Value cannot be used when Exists is false for Attribute: ${attribute}`);
    }
    return legacyCondition(attribute, 'NULL', []);
  }
  if (!Value) {
    throw invalidParameter(
      `Value must be provided when Exists is ${Exists ?? 'null'} for Attribute: ${attribute}`,
    );
  }
  return legacyCondition(attribute, 'EQ', [checkValue(Value)]);
}
