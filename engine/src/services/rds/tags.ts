import { AwsError, type Call, type Operation, parseArn } from '../../kernel';
import { findInstance, findParameterGroup, findSnapshot, findSubnetGroup, tags } from './store';

function requireResource(call: Call, name: string | undefined): string {
  const parsed = parseArn(String(name));
  const [kind, ...rest] = parsed?.resource.split(':') ?? [];
  const identifier = rest.join(':');
  if (parsed?.service !== 'rds')
    throw new AwsError(
      'InvalidParameterValue',
      `The specified resource name does not match an RDS resource in this region.`,
    );
  if (kind === 'db') findInstance(call, identifier);
  else if (kind === 'snapshot') findSnapshot(call, identifier);
  else if (kind === 'subgrp') findSubnetGroup(call, identifier);
  else if (kind === 'pg') findParameterGroup(call, identifier);
  else
    throw new AwsError(
      'InvalidParameterValue',
      `The specified resource name does not match an RDS resource in this region.`,
    );
  return String(name);
}

export const addTagsToResource: Operation<'rds', 'AddTagsToResource'> = (input, call) => {
  const resource = requireResource(call, input.ResourceName);
  const all = new Map((tags(call.store).get(resource) ?? []).map((tag) => [tag.Key, tag]));
  for (const tag of input.Tags ?? []) all.set(tag.Key, tag);
  tags(call.store).put(resource, [...all.values()]);
  return {};
};

export const removeTagsFromResource: Operation<'rds', 'RemoveTagsFromResource'> = (input, call) => {
  const resource = requireResource(call, input.ResourceName);
  const left = (tags(call.store).get(resource) ?? []).filter(
    (tag) => !input.TagKeys?.includes(tag.Key ?? ''),
  );
  tags(call.store).put(resource, left);
  return {};
};

export const listTagsForResource: Operation<'rds', 'ListTagsForResource'> = (input, call) => ({
  TagList: tags(call.store).get(requireResource(call, input.ResourceName)) ?? [],
});
