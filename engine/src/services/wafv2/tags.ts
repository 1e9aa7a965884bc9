import type { Tag } from '@aws-sdk/client-wafv2';
import type { Call, Operation } from '../../kernel';
import { pageOfList } from '../../kernel/paging';
import type { Collection } from '../../storage';
import { checkTags, findByArn } from './entities';
import { invalid, nonexistent } from './errors';
import { type Entity, tables } from './store';

function taggable(call: Call, arn: string | undefined) {
  const found = findByArn(call, arn);
  if (!found) throw nonexistent();
  const { entity, kind } = found;
  const collection = tables(call)[kind] as Collection<Entity>;
  return { entity, put: (tags: Tag[]) => collection.put(entity.name, { ...entity, tags }) };
}

export const tagResource: Operation<'wafv2', 'TagResource'> = (input, call) => {
  const { entity, put } = taggable(call, input.ResourceARN);
  const added = input.Tags ?? [];
  checkTags(call, added, entity.tags);
  const tags = new Map([...entity.tags, ...added].map((tag) => [tag.Key, tag]));
  put([...tags.values()]);
  return {};
};

export const untagResource: Operation<'wafv2', 'UntagResource'> = (input, call) => {
  const { entity, put } = taggable(call, input.ResourceARN);
  put(entity.tags.filter(({ Key = '' }) => !input.TagKeys?.includes(Key)));
  return {};
};

export const listTagsForResource: Operation<'wafv2', 'ListTagsForResource'> = (input, call) => {
  const { entity } = taggable(call, input.ResourceARN);
  const { items, next } = pageOfList(entity.tags, ({ Key = '' }) => Key, {
    limit: input.Limit ?? 100,
    token: input.NextMarker,
    invalidToken: () => invalid('The marker is not valid.', 'TAGS', input.NextMarker ?? ''),
  });
  return {
    TagInfoForResource: { ResourceARN: entity.arn, TagList: items },
    ...(next === undefined ? {} : { NextMarker: next }),
  };
};
