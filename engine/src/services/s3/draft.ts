import type { StorageClass } from '@aws-sdk/client-s3';
import type { Call } from '../../kernel';
import { type AclInput, objectGrants } from './acl';
import { s3Error } from './errors';
import { type HeaderInput, headersOf } from './headers';
import { type LockInput, locksFor } from './locks';
import type { Bucket, ObjectVersion } from './records';
import { tagsOfHeader } from './tags';

export interface UploadInput extends AclInput, HeaderInput, LockInput {
  StorageClass?: string | undefined;
  Tagging?: string | undefined;
}

const CLASSES: readonly string[] = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
];

function storageClassOf(name: string | undefined): StorageClass {
  if (name === undefined) return 'STANDARD';
  if (!CLASSES.includes(name)) {
    throw s3Error('InvalidStorageClass', 400, 'The storage class you specified is not valid', {
      StorageClassRequested: name,
    });
  }
  return name as StorageClass;
}

export type Described = Pick<
  ObjectVersion,
  keyof ReturnType<typeof headersOf> | 'storageClass' | 'tags' | 'acl' | 'retention' | 'legalHold'
>;

/** All that an upload says about its object, checked, before any of its bytes is read. */
export function describe(call: Call, bucket: Bucket, input: UploadInput): Described {
  return {
    ...headersOf(call, input),
    ...locksFor(call, bucket, input),
    storageClass: storageClassOf(input.StorageClass),
    tags: tagsOfHeader(input.Tagging),
    acl: objectGrants(call, bucket, input),
  };
}
