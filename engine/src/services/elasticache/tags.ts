import { AwsError, type Call, type Operation, parseArn } from '../../kernel';
import { findCluster, findGroup, findSubnetGroup, parameterGroups, tags } from './store';

function requireResource(call: Call, name: string | undefined): string {
  const parsed = parseArn(String(name));
  const [kind, id = ''] = parsed?.resource.split(':') ?? [];
  if (parsed?.service !== 'elasticache') throw new AwsError('InvalidARN', `Invalid ARN: ${name}`);
  if (kind === 'replicationgroup') findGroup(call, id);
  else if (kind === 'cluster') findCluster(call, id);
  else if (kind === 'subnetgroup') findSubnetGroup(call, id);
  else if (kind !== 'parametergroup' || !parameterGroups(call.store).has(id))
    throw new AwsError('InvalidARN', `Invalid ARN: ${name}`);
  return String(name);
}

export const addTagsToResource: Operation<'elasticache', 'AddTagsToResource'> = (input, call) => {
  const resource = requireResource(call, input.ResourceName);
  const all = new Map((tags(call.store).get(resource) ?? []).map((tag) => [tag.Key, tag]));
  for (const tag of input.Tags ?? []) all.set(tag.Key, tag);
  tags(call.store).put(resource, [...all.values()]);
  return { TagList: [...all.values()] };
};

export const removeTagsFromResource: Operation<'elasticache', 'RemoveTagsFromResource'> = (input, call) => {
  const resource = requireResource(call, input.ResourceName);
  const left = (tags(call.store).get(resource) ?? []).filter(
    (tag) => !input.TagKeys?.includes(tag.Key ?? ''),
  );
  tags(call.store).put(resource, left);
  return { TagList: left };
};

export const listTagsForResource: Operation<'elasticache', 'ListTagsForResource'> = (input, call) => ({
  TagList: tags(call.store).get(requireResource(call, input.ResourceName)) ?? [],
});
