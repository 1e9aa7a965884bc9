import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Value = AttributeValue;
export type Item = Record<string, Value>;

/** DynamoDB's type descriptors, in the order AWS's model lists them. */
export const TAGS = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL'] as const;
export type Tag = (typeof TAGS)[number];
/** The types a key can have. */
export type KeyType = 'S' | 'N' | 'B';

/** The type of a value that has been checked: such a value has exactly one member. */
export function tagOf(value: Value): Tag {
  for (const tag in value) return tag as Tag;
  throw new Error('an attribute value without a type got past its check');
}
