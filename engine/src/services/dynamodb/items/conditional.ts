import type { ReturnValuesOnConditionCheckFailure } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../kernel';
import type { Condition } from '../expressions/ast';
import { meets } from '../expressions/evaluate';
import type { Item } from '../values/value';

const NO_ITEM: Item = {};

/** Throws ConditionalCheckFailedException where the item does not meet the condition. */
export function requireCondition(
  condition: Condition | undefined,
  item: Item | undefined,
  onFailure: ReturnValuesOnConditionCheckFailure | undefined,
): void {
  if (!condition || meets(item ?? NO_ITEM, condition)) return;
  const members = onFailure === 'ALL_OLD' && item ? { Item: item } : {};
  throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', { members });
}
