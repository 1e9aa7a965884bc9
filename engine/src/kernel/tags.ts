import type { Call } from './call';
import { isAwsError } from './errors';
import type { ResourceContext } from './resource';

export interface Tag {
  Key: string;
  Value: string;
}

/** Keys that begin with `aws:` are AWS's own: only a service of the engine (CloudFormation) may set them. */
export function isReservedTag(call: Call, key: string): boolean {
  return call.http !== undefined && key.toLowerCase().startsWith('aws:');
}

/** The tags a resource of a stack gets: the stack's, and over them its own. */
export function resourceTags<P>(resource: ResourceContext<P>, own: readonly Tag[] | undefined): Tag[] {
  const tags = new Map(resource.tags.map((tag) => [tag.Key, tag.Value]));
  for (const { Key, Value } of own ?? []) tags.set(Key, String(Value));
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** What an update of a resource's own tags adds or sets, and which keys it takes away. */
export function tagChanges(before: readonly Tag[] | undefined, after: readonly Tag[] | undefined) {
  const kept = new Set((after ?? []).map((tag) => tag.Key));
  const removed = (before ?? []).map((tag) => tag.Key).filter((key) => !kept.has(key));
  const old = new Map((before ?? []).map((tag) => [tag.Key, tag.Value]));
  const set = (after ?? []).filter((tag) => old.get(tag.Key) !== tag.Value);
  return { set: set.map(({ Key, Value }) => ({ Key, Value: String(Value) })), removed };
}

/** For a provider's delete: what is gone already is deleted, and nothing comes of it. */
export async function unlessGone<T>(work: Promise<T>, ...codes: string[]): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!isAwsError(error, ...codes)) throw error;
    return undefined;
  }
}

/** What of `after` is new, and what of `before` is no longer there. */
export function listChanges(before: readonly string[] | undefined, after: readonly string[] | undefined) {
  return {
    added: (after ?? []).filter((item) => !before?.includes(item)),
    removed: (before ?? []).filter((item) => !after?.includes(item)),
  };
}
