import type { LifecycleRule, Tag } from '@aws-sdk/client-s3';
import type { ObjectVersion } from './records';

export const DAY = 86_400_000;

/** Lifecycle days end at the midnight (UTC) behind them. */
export function midnightBehind(millis: number): number {
  return Math.ceil(millis / DAY) * DAY;
}

/** True where a rule's filter takes an object in. */
export function applies(
  rule: LifecycleRule,
  object: { key: string; size?: number; tags?: readonly Tag[] },
): boolean {
  if (rule.Status !== 'Enabled') return false;
  const filter = rule.Filter ?? { Prefix: rule.Prefix };
  const { Prefix, ObjectSizeGreaterThan, ObjectSizeLessThan } = filter.And ?? filter;
  const tags = filter.And?.Tags ?? (filter.Tag ? [filter.Tag] : []);
  const size = object.size ?? 0;
  return (
    object.key.startsWith(Prefix ?? '') &&
    (ObjectSizeGreaterThan === undefined || size > ObjectSizeGreaterThan) &&
    (ObjectSizeLessThan === undefined || size < ObjectSizeLessThan) &&
    tags.every((tag) => object.tags?.some((own) => own.Key === tag.Key && own.Value === tag.Value))
  );
}

/** When the earliest rule expires an object's current version. */
export function expiryOf(
  rules: readonly LifecycleRule[],
  object: ObjectVersion,
): { at: number; rule: string } | undefined {
  let earliest: { at: number; rule: string } | undefined;
  for (const rule of rules) {
    const { Days: days, Date: date } = rule.Expiration ?? {};
    if ((days ?? date) === undefined || !applies(rule, object)) continue;
    const at = date ? new Date(date).getTime() : midnightBehind(object.modified + (days ?? 0) * DAY);
    if (!earliest || at < earliest.at) earliest = { at, rule: rule.ID ?? '' };
  }
  return earliest;
}
