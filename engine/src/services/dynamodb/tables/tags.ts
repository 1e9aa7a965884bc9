import type { Tag } from '@aws-sdk/client-dynamodb';
import { AwsError, type Call, type Operation, parseArn } from '../../../kernel';
import { invalid, invalidParameter } from '../errors';
import { findTable, saveTable } from './catalog';
import type { TableRecord } from './record';

const MAX_TAGS = 50;

export const tagResource: Operation<'dynamodb', 'TagResource'> = (input, call) => {
  const record = tagged(call, input.ResourceArn);
  if (!input.Tags?.length) throw invalid('Atleast one Tag needs to be provided as Input.');
  checkTags(input.Tags);
  const tags = new Map(record.tags.map((tag) => [tag.Key, tag]));
  for (const tag of input.Tags) tags.set(tag.Key, tag);
  if (tags.size > MAX_TAGS) throw tooMany();
  saveTable(call, { ...record, tags: [...tags.values()] });
  return {};
};

export const untagResource: Operation<'dynamodb', 'UntagResource'> = (input, call) => {
  const record = tagged(call, input.ResourceArn);
  if (!input.TagKeys?.length) throw invalid('Atleast one Tag Key needs to be provided as Input.');
  const gone = new Set(input.TagKeys);
  saveTable(call, { ...record, tags: record.tags.filter((tag) => !gone.has(tag.Key ?? '')) });
  return {};
};

export const listTagsOfResource: Operation<'dynamodb', 'ListTagsOfResource'> = (input, call) => ({
  // A table has at most 50 tags: they always fit on the first page.
  Tags: tagged(call, input.ResourceArn).tags,
});

function tagged(call: Call, resource: string | undefined): TableRecord {
  const arn = parseArn(resource ?? '');
  if (arn?.service !== 'dynamodb' || !/^table\/[^/]{3,255}$/.test(arn.resource)) {
    throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${resource}`);
  }
  const table = findTable(call, resource);
  if (table) return table.record;
  const message = `Requested resource not found: ResourcArn: ${resource} not found`;
  throw new AwsError('ResourceNotFoundException', message);
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html */
export function checkTags(tags: readonly Tag[] | undefined): void {
  const keys = (tags ?? []).map((tag) => tag.Key ?? '');
  if (keys.length > MAX_TAGS) throw tooMany();
  if (new Set(keys).size < keys.length) throw invalidParameter('Duplicate tag keys are not allowed');
  if (keys.some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw invalidParameter('Tag keys must not begin with the reserved prefix aws:');
  }
}

function tooMany() {
  return invalidParameter(`Number of tags exceeds the limit of ${MAX_TAGS}`);
}
