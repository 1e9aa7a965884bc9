import { type Call, type Input, isAwsError, type Needed } from '../../../kernel';
import { type SourceName, sourceName } from '../copy-source';
import { type ObjectName, onObject, reading, versionOf } from './needs';
import { writing } from './writing';

type CopyInput = Input<'s3', 'CopyObject'>;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export function copying(call: Call, input: CopyInput): Needed[] {
  const source = sourceOf(input.CopySource);
  const replaces = input.TaggingDirective === 'REPLACE';
  const written = writing(call, { ...input, Tagging: replaces ? input.Tagging : undefined }, true);
  if (!source) return written;
  return [
    ...reading(call, source, 'GetObject'),
    ...written,
    ...(replaces ? [] : copyingTags(call, source, input)),
  ];
}

/** Tags that come along are read from the one object and put on the other. */
function copyingTags(call: Call, source: ObjectName, { Bucket, Key }: CopyInput): Needed[] {
  if (!versionOf(call, source)?.tags.length) return [];
  return [
    ...reading(call, source, 'GetObjectTagging'),
    ...onObject(call, { Bucket, Key }, 'PutObjectTagging'),
  ];
}

export function copyingPart(call: Call, input: Input<'s3', 'UploadPartCopy'>): Needed[] {
  const source = sourceOf(input.CopySource);
  const target = { Bucket: input.Bucket, Key: input.Key };
  return [
    ...(source ? reading(call, source, 'GetObject') : []),
    ...onObject(call, target, 'PutObject', { keys: { 's3:ObjectCreationOperation': 'false' } }),
  ];
}

/** What cannot be read names nothing; the operation says what is wrong with it. */
function sourceOf(header: string | undefined): SourceName | undefined {
  try {
    return sourceName(header);
  } catch (error) {
    if (isAwsError(error)) return undefined;
    throw error;
  }
}
