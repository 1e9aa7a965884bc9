import type {
  CORSRule,
  Grant,
  LifecycleRule,
  NotificationConfiguration,
  ObjectLockRetentionMode,
  ObjectLockRule,
  ObjectOwnership,
  PublicAccessBlockConfiguration,
  ServerSideEncryptionRule,
  StorageClass,
  Tag,
  TransitionDefaultMinimumObjectSize,
  WebsiteConfiguration,
} from '@aws-sdk/client-s3';
import type { Checksum } from './checksums';

/** A bucket and all that is configured on it. */
export interface Bucket {
  name: string;
  account: string;
  region: string;
  created: number;
  versioning?: 'Enabled' | 'Suspended';
  objectLock?: { rule?: ObjectLockRule };
  encryption: ServerSideEncryptionRule;
  /** True where somebody set the encryption, and did not leave it at what every bucket has. */
  encryptionSet?: boolean;
  policy?: string;
  publicAccessBlock?: PublicAccessBlockConfiguration;
  ownership?: ObjectOwnership;
  acl: Grant[];
  cors?: CORSRule[];
  lifecycle?: { rules: LifecycleRule[]; minimumSize: TransitionDefaultMinimumObjectSize; sweptAt: number };
  tags?: Tag[];
  website?: WebsiteConfiguration;
  notification?: NotificationConfiguration;
  requesterPays?: boolean;
}

/** Bytes at rest: small ones lie in the store, large ones in a file of their own. */
export interface Content {
  id: string;
  size: number;
  small: boolean;
}

export interface Encryption {
  algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  /** ARN. */
  keyId?: string;
  bucketKey?: boolean;
  /** The encryption context under which KMS made the data key. */
  context?: string;
  /** The data key as KMS encrypted it, base64. */
  dataKey?: string;
}

export interface Retention {
  mode: ObjectLockRetentionMode;
  until: number;
}

/** What a request says about an object, apart from its bytes. */
export interface Headers {
  contentType?: string;
  cacheControl?: string;
  contentDisposition?: string;
  contentEncoding?: string;
  contentLanguage?: string;
  expires?: string;
  metadata: Record<string, string>;
  redirect?: string;
}

interface Part {
  number: number;
  size: number;
  etag: string;
  checksum?: Checksum;
}

export interface ObjectVersion extends Headers {
  bucket: string;
  key: string;
  /** 'null' for one written while versioning was not enabled. */
  versionId: string;
  /** Orders the versions of a key: later ones are greater. */
  seq: number;
  modified: number;
  deleteMarker?: boolean;
  contents: Content[];
  size: number;
  etag: string;
  checksum?: Checksum;
  parts?: Part[];
  storageClass: StorageClass;
  encryption: Encryption;
  tags: Tag[];
  acl: Grant[];
  retention?: Retention;
  legalHold?: 'ON' | 'OFF';
}

export interface Upload extends Headers {
  id: string;
  bucket: string;
  key: string;
  initiated: number;
  initiator: string;
  /** When the key was deleted since (a sequence number): a conditional completion must know. */
  deletedAt?: number;
  checksum?: { algorithm: Checksum['algorithm']; kind: Checksum['kind'] };
  storageClass: StorageClass;
  encryption: Encryption;
  tags: Tag[];
  acl: Grant[];
  retention?: Retention;
  legalHold?: 'ON' | 'OFF';
}

export interface UploadedPart extends Part {
  content: Content;
  modified: number;
}
