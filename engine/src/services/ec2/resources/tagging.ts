import type { ResourceContext, UpdatingResource } from '../../../kernel';
import { resourceTags, type Tag, tagChanges } from '../../../kernel/tags';

export interface Tagged {
  Tags?: Tag[];
}

/** A creation's tags: those of the stack and the template's. */
export function specification<T extends string>(resource: ResourceContext<Tagged>, ResourceType: T) {
  const tags = resourceTags(resource, resource.properties.Tags);
  return tags.length > 0 ? { TagSpecifications: [{ ResourceType, Tags: tags }] } : {};
}

export async function updateTags(resource: UpdatingResource<Tagged>, id: string): Promise<void> {
  const { call, previous, properties } = resource;
  const { set, removed } = tagChanges(previous.Tags, properties.Tags);
  if (removed.length > 0) {
    await call.invoke('ec2', 'DeleteTags', { Resources: [id], Tags: removed.map((Key) => ({ Key })) });
  }
  if (set.length > 0) await call.invoke('ec2', 'CreateTags', { Resources: [id], Tags: set });
}

export const TAGS = { Key: true, Value: true } as const;
