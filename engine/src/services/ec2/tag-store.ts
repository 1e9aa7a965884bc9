import { AwsError, type Call } from '../../kernel';
import { isReservedTag, type Tag } from '../../kernel/tags';

const MOST_TAGS = 50;

interface RawTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

interface TagSpecification {
  ResourceType?: string | undefined;
  Tags?: RawTag[] | undefined;
}

/** Tags by (resource, key). */
function tagged(call: Call) {
  return call.store.collection<string>('tags');
}

export function tagsOf(call: Call, id: string): Tag[] {
  return [...tagged(call).entries({ prefix: id })].map(({ key, value }) => ({
    Key: String(key[1]),
    Value: value,
  }));
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
export function addTags(call: Call, id: string, tags: readonly RawTag[] | undefined): void {
  const collection = tagged(call);
  for (const { Key, Value } of tags ?? []) {
    const key = Key ?? '';
    if (key === '') throw new AwsError('InvalidParameterValue', "Tag key can't be empty.");
    if (isReservedTag(call, key)) {
      throw new AwsError(
        'InvalidParameterValue',
        `Tag keys starting with 'aws:' are reserved for internal use`,
      );
    }
    if (key.length > 128)
      throw new AwsError('InvalidParameterValue', 'Tag key exceeds the maximum length of 128 characters');
    if ((Value ?? '').length > 256) {
      throw new AwsError('InvalidParameterValue', 'Tag value exceeds the maximum length of 256 characters');
    }
    if (!collection.has([id, key]) && collection.count({ prefix: id }) >= MOST_TAGS) {
      throw new AwsError('TagLimitExceeded', `The maximum number of Tags for a resource has been reached.`);
    }
    collection.put([id, key], Value ?? '');
  }
}

export function removeTags(call: Call, id: string, tags: readonly RawTag[] | undefined): void {
  if (!tags) tagged(call).clear({ prefix: id });
  for (const { Key, Value } of tags ?? []) {
    // A value given as well must be the tag's; an empty one is a value too.
    if (Value === undefined || tagged(call).get([id, Key!]) === Value) tagged(call).remove([id, Key!]);
  }
}

/** The tags a creation asks for, for the type it creates; those of another type are refused as AWS does. */
export function tagsFor(type: string, specifications: readonly TagSpecification[] | undefined): RawTag[] {
  const tags: RawTag[] = [];
  for (const { ResourceType, Tags } of specifications ?? []) {
    if (ResourceType !== type) {
      throw new AwsError(
        'InvalidParameterValue',
        `'${ResourceType}' is not a valid taggable resource type for this operation.`,
      );
    }
    tags.push(...(Tags ?? []));
  }
  return tags;
}

/** Every (resource id, key, value), for DescribeTags. */
export function allTags(call: Call): { id: string; key: string; value: string }[] {
  return [...tagged(call).entries()].map(({ key, value }) => ({
    id: String(key[0]),
    key: String(key[1]),
    value,
  }));
}
