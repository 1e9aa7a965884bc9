import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { type Call, isAwsError } from '../../../kernel';

/** Templates may write numbers and booleans as text. */
export const bool = (value: unknown): boolean | undefined =>
  value === undefined ? undefined : value === true || value === 'true';

export const num = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));

/** A map whose values are text on the wire. */
export function texts(
  map: Readonly<Record<string, unknown>> | undefined,
): Record<string, string> | undefined {
  return map && Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));
}

export function flags(
  map: Readonly<Record<string, unknown>> | undefined,
): Record<string, boolean> | undefined {
  return map && Object.fromEntries(Object.entries(map).map(([key, value]) => [key, bool(value) ?? false]));
}

/** The stack's tags and the template's, the latter winning. */
export function tagMap(
  stackTags: readonly { Key: string; Value: string }[],
  own: readonly { Key: string; Value: string }[] | undefined,
): Record<string, string> | undefined {
  const all = [...stackTags, ...(own ?? [])];
  return all.length === 0 ? undefined : Object.fromEntries(all.map(({ Key, Value }) => [Key, Value]));
}

/** Deleting what is gone is done. */
export async function gone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isAwsError(error, 'NotFoundException')) throw error;
  }
}

export const replace = (path: string, value: string): PatchOperation => ({ op: 'replace', path, value });
export const add = (path: string, value?: string): PatchOperation => ({ op: 'add', path, value });
export const remove = (path: string): PatchOperation => ({ op: 'remove', path });

export const pointer = (part: string): string => part.replace(/~/g, '~0').replace(/\//g, '~1');

/** Makes the tags of an API or a stage those of the template. */
export async function retag(
  call: Call,
  pathOrArn: string,
  wanted: Record<string, string> | undefined,
): Promise<void> {
  const resourceArn = pathOrArn.startsWith('arn:')
    ? pathOrArn
    : `arn:aws:apigateway:${call.region}::${pathOrArn}`;
  const { tags = {} } = await call.invoke('apigateway', 'GetTags', { resourceArn });
  const tagKeys = Object.keys(tags).filter((key) => wanted?.[key] === undefined);
  if (tagKeys.length > 0) await call.invoke('apigateway', 'UntagResource', { resourceArn, tagKeys });
  if (wanted) await call.invoke('apigateway', 'TagResource', { resourceArn, tags: wanted });
}
