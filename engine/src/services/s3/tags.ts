import type { Tag } from '@aws-sdk/client-s3';
import { invalidArgument, malformedXml, s3Error } from './errors';

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const invalidTag = (message: string, key: string, value?: string) =>
  s3Error('InvalidTag', 400, message, { TagKey: key, ...(value === undefined ? {} : { TagValue: value }) });

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export function checkTags(
  tags: readonly Tag[],
  of: 'bucket' | 'object',
  isSystem: (tag: Tag) => boolean = () => false,
): Tag[] {
  const seen = new Set<string>();
  for (const { Key: key, Value: value } of tags) {
    if (key === undefined || value === undefined) throw malformedXml();
    if (seen.has(key)) throw invalidTag('Cannot provide multiple Tags with the same key', key);
    seen.add(key);
    if (key.toLowerCase().startsWith('aws:') && !isSystem({ Key: key, Value: value })) {
      throw invalidTag(
        of === 'bucket'
          ? 'System tags cannot be added/updated by requester'
          : 'Your TagKey cannot be prefixed with aws:',
        key,
      );
    }
    if (key.length < 1 || key.length > 128 || !ALLOWED.test(key)) {
      throw invalidTag('The TagKey you have provided is invalid', key);
    }
    if (value.length > 256 || !ALLOWED.test(value)) {
      throw invalidTag('The TagValue you have provided is invalid', key, value);
    }
  }
  if (of === 'object' && tags.length > 10) {
    throw s3Error('BadRequest', 400, 'Object tags cannot be greater than 10');
  }
  if (of === 'bucket' && tags.filter((tag) => !isSystem(tag)).length > 50) {
    throw s3Error('BadRequest', 400, 'Bucket tag count cannot be greater than 50');
  }
  return tags.map(({ Key, Value }) => ({ Key, Value }));
}

/** The `x-amz-tagging` header: `a=1&b=2`, URL-encoded. */
export function tagsOfHeader(header: string | undefined): Tag[] {
  if (!header) return [];
  const pairs = [...new URLSearchParams(header)];
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    );
  }
  const tags = pairs.map(([Key, Value]) => ({ Key, Value }));
  return checkTags(tags, 'object').sort((a, b) => (a.Key! < b.Key! ? -1 : 1));
}
