import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { isReservedTag, type Tag } from '../../kernel/tags';
import { parseReference } from './names';
import { type Parameter, stateOf, validation } from './store';

const MOST_TAGS = 50;

interface RawTag {
  Key: string | undefined;
  Value: string | undefined;
}

export function checkTags(call: Call, tags: readonly RawTag[] | undefined): Tag[] {
  const checked = new Map<string, string>();
  for (const { Key, Value } of tags ?? []) {
    if (isReservedTag(call, Key!)) {
      throw validation(`aws: prefixed tag key names are not allowed for external use. TagKey: ${Key}`);
    }
    if (checked.has(Key!)) throw validation('Duplicated tags are not allowed');
    checked.set(Key!, Value!);
  }
  if (checked.size > MOST_TAGS) throw tooMany();
  return [...checked].map(([Key, Value]) => ({ Key, Value }));
}

function tooMany(): AwsError {
  return new AwsError(
    'TooManyTagsError',
    'The Targets parameter includes too many tags. Remove one or more tags and try the command again.',
  );
}

function find(call: Call, type: string | undefined, id: string): Parameter {
  if (type !== 'Parameter') throw notImplemented(`SSM tags of ${type}`);
  const parameter = stateOf(call).parameters.get(parseReference(id).name);
  if (!parameter) {
    throw new AwsError(
      'InvalidResourceId',
      `The resource ID "${id}" is not valid. Verify the ID and try again.`,
    );
  }
  return parameter;
}

export const addTagsToResource: Operation<'ssm', 'AddTagsToResource'> = (input, call) => {
  const parameter = find(call, input.ResourceType, input.ResourceId!);
  const tags = new Map(parameter.tags.map((tag) => [tag.Key, tag.Value]));
  for (const { Key, Value } of checkTags(call, input.Tags)) tags.set(Key, Value);
  if (tags.size > MOST_TAGS) throw tooMany();
  stateOf(call).parameters.put(parameter.name, {
    ...parameter,
    tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
  });
  return {};
};

export const removeTagsFromResource: Operation<'ssm', 'RemoveTagsFromResource'> = (input, call) => {
  const parameter = find(call, input.ResourceType, input.ResourceId!);
  stateOf(call).parameters.put(parameter.name, {
    ...parameter,
    tags: parameter.tags.filter((tag) => !input.TagKeys!.includes(tag.Key)),
  });
  return {};
};

export const listTagsForResource: Operation<'ssm', 'ListTagsForResource'> = (input, call) => ({
  TagList: find(call, input.ResourceType, input.ResourceId!).tags,
});
