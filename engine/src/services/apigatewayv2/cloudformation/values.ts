import { type Call, isAwsError } from '../../../kernel';

/** Templates may write numbers and booleans as text. */
export const bool = (value: unknown): boolean | undefined =>
  value === undefined ? undefined : value === true || value === 'true';

export const num = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));

/** A map whose values are text on the wire. */
export function texts(map: object | undefined): Record<string, string> | undefined {
  return map && Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));
}

/** The stack's tags and the template's, the latter winning. */
export function tagMap(
  stackTags: readonly { Key: string; Value: string }[],
  own: object | undefined,
): Record<string, string> | undefined {
  const all = { ...Object.fromEntries(stackTags.map(({ Key, Value }) => [Key, Value])), ...texts(own) };
  return Object.keys(all).length === 0 ? undefined : all;
}

/** Deleting what is gone is done. */
export async function gone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isAwsError(error, 'NotFoundException')) throw error;
  }
}

/** Makes the tags of an API or a stage those of the template. */
export async function retag(
  call: Call,
  path: string,
  wanted: Record<string, string> | undefined,
): Promise<void> {
  const ResourceArn = `arn:aws:apigateway:${call.region}::${path}`;
  const { Tags = {} } = await call.invoke('apigatewayv2', 'GetTags', { ResourceArn });
  const TagKeys = Object.keys(Tags).filter((key) => wanted?.[key] === undefined);
  if (TagKeys.length > 0) await call.invoke('apigatewayv2', 'UntagResource', { ResourceArn, TagKeys });
  if (wanted) await call.invoke('apigatewayv2', 'TagResource', { ResourceArn, Tags: wanted });
}

/** Entries of `before` that `after` has no more, with an empty value: that takes them away. */
export function emptied<V>(
  before: Record<string, V> | undefined,
  after: object | undefined,
  empty: V,
): Record<string, V> {
  const keys = Object.keys(before ?? {}).filter((key) => !Object.hasOwn(after ?? {}, key));
  return Object.fromEntries(keys.map((key) => [key, empty]));
}
