import { AwsError, type Principal } from '../../kernel';
import type { SessionTag } from './session';

interface Asked {
  Tags?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;
  TransitiveTagKeys?: readonly string[] | undefined;
}

/** Tags of the caller's session that stay along a chain of roles. */
export function inheritedTags({ session }: Principal): SessionTag[] {
  const keys = new Set((session?.transitive ?? []).map((key) => key.toLowerCase()));
  return Object.entries(session?.tags ?? {}).flatMap(([Key, Value]) =>
    keys.has(Key.toLowerCase()) ? [{ Key, Value }] : [],
  );
}

/**
 * The tags of a new session: those that are asked for, and those that the caller's hands down.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
 */
export function tagsOf(asked: Asked, inherited: readonly SessionTag[]): SessionTag[] {
  const own = (asked.Tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }));
  const seen = new Set<string>();
  for (const { Key } of own) {
    const key = Key.toLowerCase();
    if (seen.has(key)) {
      throw invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
    }
    if (key.startsWith('aws:')) {
      throw new AwsError(
        'ValidationError',
        'Tag keys with the prefix "aws:" are reserved for AWS use. Please choose different tag keys.',
      );
    }
    seen.add(key);
  }
  if (inherited.some((tag) => seen.has(tag.Key.toLowerCase()))) {
    throw invalid(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  for (const key of asked.TransitiveTagKeys ?? []) {
    if (!seen.has(key.toLowerCase()))
      throw invalid('The specified transitive tag key must be included in the requested tags.');
  }
  return [...own, ...inherited];
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValue', message);
