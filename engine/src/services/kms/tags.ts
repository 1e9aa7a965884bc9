import { AwsError, type Call, type Operation } from '../../kernel';
import { pageOfList } from '../../kernel/paging';
import { isReservedTag } from '../../kernel/tags';
import { checkState, findKeyById, refuseManaged } from './find-key';
import { invalidMarker, type Key, stateOf } from './store';

interface RawTag {
  TagKey: string | undefined;
  TagValue: string | undefined;
}

export function checkTags(call: Call, tags: readonly RawTag[] | undefined): Key['tags'] {
  const checked = new Map<string, string>();
  for (const { TagKey, TagValue } of tags ?? []) {
    if (isReservedTag(call, TagKey!))
      throw new AwsError('TagException', 'Tags beginning with aws: are reserved');
    if (checked.has(TagKey!)) throw new AwsError('TagException', 'Duplicate tag keys');
    checked.set(TagKey!, TagValue ?? '');
  }
  if (checked.size > 50) throw new AwsError('TagException', 'Too many tags');
  return [...checked].map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}

function taggable(call: Call, id: string): Key {
  const key = findKeyById(call, id);
  refuseManaged(call, key);
  checkState(call, key, true);
  return key;
}

export const tagResource: Operation<'kms', 'TagResource'> = (input, call) => {
  const key = taggable(call, input.KeyId!);
  const tags = new Map(key.tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
  for (const { TagKey, TagValue } of checkTags(call, input.Tags)) tags.set(TagKey, TagValue);
  if (tags.size > 50) throw new AwsError('TagException', 'Too many tags');
  stateOf(call).keys.put(key.id, {
    ...key,
    tags: [...tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
  });
  return {};
};

export const untagResource: Operation<'kms', 'UntagResource'> = (input, call) => {
  const key = taggable(call, input.KeyId!);
  stateOf(call).keys.put(key.id, {
    ...key,
    tags: key.tags.filter(({ TagKey }) => !input.TagKeys!.includes(TagKey)),
  });
  return {};
};

export const listResourceTags: Operation<'kms', 'ListResourceTags'> = (input, call) => {
  const tags = [...findKeyById(call, input.KeyId!).tags].sort((a, b) => (a.TagKey < b.TagKey ? -1 : 1));
  const { items, next } = pageOfList(tags, ({ TagKey }) => TagKey, {
    limit: input.Limit ?? 50,
    token: input.Marker,
    invalidToken: invalidMarker,
  });
  return {
    Tags: items,
    Truncated: next !== undefined,
    ...(next === undefined ? {} : { NextMarker: next }),
  };
};
