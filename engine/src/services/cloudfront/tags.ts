import type { Call, Operation } from '../../kernel';
import { requireDistribution } from './distributions';
import { invalidArgument } from './errors';
import { type DistributionRecord, tables } from './store';

function tagged(call: Call, arn: string | undefined): DistributionRecord {
  const id = /^arn:[\w-]+:cloudfront::\d{12}:distribution\/(\w+)$/.exec(arn ?? '')?.[1];
  if (!id) throw invalidArgument('The parameter Resource is not the ARN of a distribution.');
  return requireDistribution(call, id);
}

export const listTags: Operation<'cloudfront', 'ListTagsForResource'> = (input, call) => {
  const { tags } = tagged(call, input.Resource);
  return { Tags: { Items: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } };
};

export const tagResource: Operation<'cloudfront', 'TagResource'> = (input, call) => {
  const record = tagged(call, input.Resource);
  const tags = { ...record.tags };
  for (const { Key, Value } of input.Tags?.Items ?? []) tags[Key ?? ''] = Value ?? '';
  tables(call).distributions.put(record.id, { ...record, tags });
  return {};
};

export const untagResource: Operation<'cloudfront', 'UntagResource'> = (input, call) => {
  const record = tagged(call, input.Resource);
  const tags = { ...record.tags };
  for (const key of input.TagKeys?.Items ?? []) delete tags[key];
  tables(call).distributions.put(record.id, { ...record, tags });
  return {};
};
