import type { Call, Operation } from '../../kernel';
import { isReservedTag, type Tag } from '../../kernel/tags';
import { findLive, invalidParameter, invalidRequest, stateOf } from './store';

interface RawTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

const MOST_TAGS = 50;

export function checkTags(call: Call, tags: readonly RawTag[] | undefined): Tag[] {
  const checked = new Map<string, string>();
  for (const { Key, Value } of tags ?? []) {
    if (Key === undefined) throw invalidParameter('You must provide a key for each tag.');
    if (isReservedTag(call, Key)) {
      throw invalidRequest(`The tag key ${Key} is reserved: keys may not begin with aws:.`);
    }
    checked.set(Key, Value ?? '');
  }
  if (checked.size > MOST_TAGS) throw invalidParameter('A secret can have at most 50 tags.');
  return [...checked].map(([Key, Value]) => ({ Key, Value }));
}

export const tagResource: Operation<'secretsmanager', 'TagResource'> = (input, call) => {
  const secret = findLive(call, input.SecretId!);
  const added = checkTags(call, input.Tags);
  const tags = new Map(secret.tags.map(({ Key, Value }) => [Key, Value]));
  for (const { Key, Value } of added) tags.set(Key, Value);
  if (tags.size > MOST_TAGS) throw invalidParameter('A secret can have at most 50 tags.');
  stateOf(call).secrets.put(secret.name, {
    ...secret,
    tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
  });
  return {};
};

export const untagResource: Operation<'secretsmanager', 'UntagResource'> = (input, call) => {
  const secret = findLive(call, input.SecretId!);
  stateOf(call).secrets.put(secret.name, {
    ...secret,
    tags: secret.tags.filter(({ Key }) => !input.TagKeys!.includes(Key)),
  });
  return {};
};
