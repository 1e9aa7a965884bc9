import type { Tag } from '@aws-sdk/client-ecr';
import { AwsError, type Call, type Operation, parseArn } from '../../kernel';
import { isReservedTag } from '../../kernel/tags';
import { changeRepository, invalidParameter, openRepository, type Repository } from './store';

const MOST = 50;

const tooMany = () => new AwsError('TooManyTagsException', 'A resource cannot have more than 50 tags');

export function checkTags(call: Call, tags: readonly Tag[]): Tag[] {
  const seen = new Set<string>();
  for (const { Key: key = '' } of tags) {
    if (isReservedTag(call, key)) {
      throw new AwsError('InvalidTagParameterException', `Tag keys cannot begin with 'aws:': ${key}`);
    }
    if (seen.has(key)) {
      throw new AwsError('InvalidTagParameterException', `Tag keys must be unique: ${key}`);
    }
    seen.add(key);
  }
  if (tags.length > MOST) throw tooMany();
  return tags.map(({ Key, Value }) => ({ Key, Value }));
}

function ofArn(call: Call, resourceArn: string | undefined): Repository {
  const parsed = parseArn(resourceArn ?? '');
  if (parsed?.service !== 'ecr' || !parsed.resource.startsWith('repository/')) {
    throw invalidParameter(`Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN'`);
  }
  return openRepository(call, {
    registryId: parsed.account,
    repositoryName: parsed.resource.slice('repository/'.length),
  });
}

export const tagResource: Operation<'ecr', 'TagResource'> = (input, call) => {
  const repository = ofArn(call, input.resourceArn);
  const asked = input.tags ?? [];
  const kept = repository.tags.filter((tag) => !asked.some((one) => one.Key === tag.Key));
  const tags = [...kept, ...checkTags(call, asked)];
  if (tags.length > MOST) throw tooMany();
  changeRepository(call, repository, { tags });
  return {};
};

export const untagResource: Operation<'ecr', 'UntagResource'> = (input, call) => {
  const repository = ofArn(call, input.resourceArn);
  const keys = input.tagKeys ?? [];
  changeRepository(call, repository, {
    tags: repository.tags.filter((tag) => !keys.includes(tag.Key ?? '')),
  });
  return {};
};

export const listTagsForResource: Operation<'ecr', 'ListTagsForResource'> = (input, call) => ({
  tags: ofArn(call, input.resourceArn).tags,
});
