import type { Call, Operation } from '../../kernel';
import { isReservedTag } from '../../kernel/tags';
import { invalidInput, quotaExceeded } from './errors';
import { findProfile, findRole, findUser } from './find';
import { listOf } from './lists';
import { findOwnPolicy } from './managed-policies';
import { keyOf, stateOf, type Tag } from './store';

interface RawTag {
  Key: string | undefined;
  Value: string | undefined;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules */
export function checkTags(call: Call, tags: readonly RawTag[] | undefined): Tag[] {
  const checked = (tags ?? []).map(({ Key, Value }) => ({ Key: Key!, Value: Value! }));
  const seen = new Set<string>();
  for (const { Key } of checked) {
    if (isReservedTag(call, Key)) {
      throw invalidInput(
        'Tag keys with the prefix "aws:" are reserved for AWS use. Please choose different tag keys.',
      );
    }
    const key = Key.toLowerCase();
    if (seen.has(key)) {
      throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    seen.add(key);
  }
  if (checked.length > 50) throw quotaExceeded('TagsPerResource', 50);
  return checked;
}

/** Tag keys are compared without case, and the new spelling wins. */
export function merged(call: Call, existing: readonly Tag[], added: readonly RawTag[] | undefined): Tag[] {
  const tags = new Map(existing.map((tag) => [tag.Key.toLowerCase(), tag]));
  for (const tag of checkTags(call, added)) tags.set(tag.Key.toLowerCase(), tag);
  if (tags.size > 50) throw quotaExceeded('TagsPerResource', 50);
  return [...tags.values()];
}

export function without(existing: readonly Tag[], keys: readonly string[] | undefined): Tag[] {
  const gone = new Set((keys ?? []).map((key) => key.toLowerCase()));
  return existing.filter((tag) => !gone.has(tag.Key.toLowerCase()));
}

export function listed(tags: readonly Tag[], input: { Marker?: string; MaxItems?: number }) {
  const sorted = [...tags].sort((a, b) => (a.Key < b.Key ? -1 : 1));
  const { items, page } = listOf(sorted, (tag) => tag.Key, input);
  return { Tags: items, ...page };
}

export const tagRole: Operation<'iam', 'TagRole'> = (input, call) => {
  const role = findRole(call, input.RoleName!);
  stateOf(call).roles.put(keyOf(role.name), { ...role, tags: merged(call, role.tags, input.Tags) });
  return {};
};

export const untagRole: Operation<'iam', 'UntagRole'> = (input, call) => {
  const role = findRole(call, input.RoleName!);
  stateOf(call).roles.put(keyOf(role.name), { ...role, tags: without(role.tags, input.TagKeys) });
  return {};
};

export const listRoleTags: Operation<'iam', 'ListRoleTags'> = (input, call) =>
  listed(findRole(call, input.RoleName!).tags, input);

export const tagUser: Operation<'iam', 'TagUser'> = (input, call) => {
  const user = findUser(call, input.UserName!);
  stateOf(call).users.put(keyOf(user.name), { ...user, tags: merged(call, user.tags, input.Tags) });
  return {};
};

export const untagUser: Operation<'iam', 'UntagUser'> = (input, call) => {
  const user = findUser(call, input.UserName!);
  stateOf(call).users.put(keyOf(user.name), { ...user, tags: without(user.tags, input.TagKeys) });
  return {};
};

export const listUserTags: Operation<'iam', 'ListUserTags'> = (input, call) =>
  listed(findUser(call, input.UserName!).tags, input);

export const tagPolicy: Operation<'iam', 'TagPolicy'> = (input, call) => {
  const policy = findOwnPolicy(call, input.PolicyArn!);
  stateOf(call).policies.put(keyOf(policy.name), { ...policy, tags: merged(call, policy.tags, input.Tags) });
  return {};
};

export const untagPolicy: Operation<'iam', 'UntagPolicy'> = (input, call) => {
  const policy = findOwnPolicy(call, input.PolicyArn!);
  stateOf(call).policies.put(keyOf(policy.name), { ...policy, tags: without(policy.tags, input.TagKeys) });
  return {};
};

export const listPolicyTags: Operation<'iam', 'ListPolicyTags'> = (input, call) =>
  listed(findOwnPolicy(call, input.PolicyArn!).tags, input);

export const tagInstanceProfile: Operation<'iam', 'TagInstanceProfile'> = (input, call) => {
  const profile = findProfile(call, input.InstanceProfileName!);
  stateOf(call).profiles.put(keyOf(profile.name), {
    ...profile,
    tags: merged(call, profile.tags, input.Tags),
  });
  return {};
};

export const untagInstanceProfile: Operation<'iam', 'UntagInstanceProfile'> = (input, call) => {
  const profile = findProfile(call, input.InstanceProfileName!);
  stateOf(call).profiles.put(keyOf(profile.name), { ...profile, tags: without(profile.tags, input.TagKeys) });
  return {};
};

export const listInstanceProfileTags: Operation<'iam', 'ListInstanceProfileTags'> = (input, call) =>
  listed(findProfile(call, input.InstanceProfileName!).tags, input);
