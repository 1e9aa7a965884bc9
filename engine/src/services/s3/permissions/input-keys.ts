import type { Call, Needed } from '../../../kernel';
import type { More } from './needs';

/** Members of inputs that are condition keys as they stand. */
const MEMBERS: Readonly<Record<string, string>> = {
  ACL: 's3:x-amz-acl',
  GrantFullControl: 's3:x-amz-grant-full-control',
  GrantRead: 's3:x-amz-grant-read',
  GrantReadACP: 's3:x-amz-grant-read-acp',
  GrantWrite: 's3:x-amz-grant-write',
  GrantWriteACP: 's3:x-amz-grant-write-acp',
  CopySource: 's3:x-amz-copy-source',
  MetadataDirective: 's3:x-amz-metadata-directive',
  ServerSideEncryption: 's3:x-amz-server-side-encryption',
  SSEKMSKeyId: 's3:x-amz-server-side-encryption-aws-kms-key-id',
  SSECustomerAlgorithm: 's3:x-amz-server-side-encryption-customer-algorithm',
  StorageClass: 's3:x-amz-storage-class',
  WebsiteRedirectLocation: 's3:x-amz-website-redirect-location',
  ObjectOwnership: 's3:x-amz-object-ownership',
  IfMatch: 's3:if-match',
  IfNoneMatch: 's3:if-none-match',
  ObjectLockMode: 's3:object-lock-mode',
  ObjectLockLegalHoldStatus: 's3:object-lock-legal-hold',
  Prefix: 's3:prefix',
  Delimiter: 's3:delimiter',
  MaxKeys: 's3:max-keys',
};

type Keys = NonNullable<Needed['keys']>;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html */
export function inputKeys(input: object): Keys {
  const keys: Record<string, string> = {};
  for (const [member, value] of Object.entries(input)) {
    const key = MEMBERS[member];
    if (key !== undefined && value !== undefined) keys[key] = String(value);
  }
  return keys;
}

/** The tags that a request puts on an object. */
export function tagKeys(tags: Readonly<Record<string, string>>): More {
  const names = Object.keys(tags);
  return {
    keys: { 's3:RequestObjectTagKeys': names.length > 0 ? names : undefined },
    families: { 's3:RequestObjectTag/': (name) => tags[name] },
  };
}

/** Those of the `x-amz-tagging` header. */
export const tagsOfHeader = (header: string | undefined): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(header ?? ''));

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html */
export function lockKeys(call: Call, until: Date | undefined): Keys {
  if (until === undefined || Number.isNaN(until.getTime())) return {};
  const days = Math.floor((until.getTime() - call.clock.millis()) / 86_400_000);
  return {
    's3:object-lock-retain-until-date': until.toISOString(),
    's3:object-lock-remaining-retention-days': String(days),
  };
}
