import type { Access, Call, Input, Needed } from '../../../kernel';
import { copying, copyingPart } from './copying';
import { deletingEach } from './delete-objects';
import { inputKeys, lockKeys, tagKeys } from './input-keys';
import { existingTags, type ObjectName, onBucket, onObject, reading } from './needs';
import { requestKeys } from './request-keys';
import { bypassing, deleting, sharesBucket, writing } from './writing';

interface BucketInput {
  Bucket?: string | undefined;
}

const bucket =
  (action: string) =>
  (input: BucketInput, call: Call): Needed[] =>
    onBucket(call, input.Bucket, action, { keys: inputKeys(input) });

const object =
  (action: string) =>
  (input: ObjectName, call: Call): Needed[] =>
    onObject(call, input, action, { families: existingTags(call, input) });

const read =
  (...actions: string[]) =>
  (input: ObjectName, call: Call): Needed[] =>
    reading(call, input, ...actions);

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
const access: Access<'s3'> = {
  AbortMultipartUpload: object('AbortMultipartUpload'),
  CompleteMultipartUpload: (input, call) =>
    onObject(call, { Bucket: input.Bucket, Key: input.Key }, 'PutObject', {
      keys: { ...inputKeys(input), 's3:ObjectCreationOperation': 'true' },
    }),
  CopyObject: (input, call) => copying(call, input),
  CreateBucket: (input, call) => creatingBucket(call, input),
  CreateMultipartUpload: (input, call) => writing(call, input, false),
  DeleteBucket: bucket('DeleteBucket'),
  DeleteBucketCors: bucket('PutBucketCORS'),
  DeleteBucketEncryption: bucket('PutEncryptionConfiguration'),
  DeleteBucketLifecycle: bucket('PutLifecycleConfiguration'),
  DeleteBucketOwnershipControls: bucket('PutBucketOwnershipControls'),
  DeleteBucketPolicy: bucket('DeleteBucketPolicy'),
  DeleteBucketReplication: bucket('PutReplicationConfiguration'),
  DeleteBucketTagging: bucket('PutBucketTagging'),
  DeleteBucketWebsite: bucket('DeleteBucketWebsite'),
  DeleteObject: (input, call) => deleting(call, input),
  DeleteObjects: (input, call) => deletingEach(call, input),
  DeleteObjectTagging: object('DeleteObjectTagging'),
  DeletePublicAccessBlock: bucket('PutBucketPublicAccessBlock'),
  GetBucketAccelerateConfiguration: bucket('GetAccelerateConfiguration'),
  GetBucketAcl: bucket('GetBucketAcl'),
  GetBucketCors: bucket('GetBucketCORS'),
  GetBucketEncryption: bucket('GetEncryptionConfiguration'),
  GetBucketLifecycleConfiguration: bucket('GetLifecycleConfiguration'),
  GetBucketLocation: bucket('GetBucketLocation'),
  GetBucketLogging: bucket('GetBucketLogging'),
  GetBucketNotificationConfiguration: bucket('GetBucketNotification'),
  GetBucketOwnershipControls: bucket('GetBucketOwnershipControls'),
  GetBucketPolicy: bucket('GetBucketPolicy'),
  GetBucketPolicyStatus: bucket('GetBucketPolicyStatus'),
  GetBucketReplication: bucket('GetReplicationConfiguration'),
  GetBucketRequestPayment: bucket('GetBucketRequestPayment'),
  GetBucketTagging: bucket('GetBucketTagging'),
  GetBucketVersioning: bucket('GetBucketVersioning'),
  GetBucketWebsite: bucket('GetBucketWebsite'),
  GetObject: read('GetObject'),
  GetObjectAcl: read('GetObjectAcl'),
  GetObjectAttributes: read('GetObject', 'GetObjectAttributes'),
  GetObjectLegalHold: read('GetObjectLegalHold'),
  GetObjectLockConfiguration: bucket('GetBucketObjectLockConfiguration'),
  GetObjectRetention: read('GetObjectRetention'),
  GetObjectTagging: read('GetObjectTagging'),
  GetPublicAccessBlock: bucket('GetBucketPublicAccessBlock'),
  HeadBucket: bucket('ListBucket'),
  HeadObject: read('GetObject'),
  ListBuckets: (_input, call) => ({
    action: 's3:ListAllMyBuckets',
    resource: '*',
    keys: requestKeys(call),
  }),
  // Unlike the other lists it knows no s3:prefix.
  ListMultipartUploads: (input, call) => onBucket(call, input.Bucket, 'ListBucketMultipartUploads'),
  ListObjects: bucket('ListBucket'),
  ListObjectsV2: bucket('ListBucket'),
  ListObjectVersions: bucket('ListBucketVersions'),
  ListParts: object('ListMultipartUploadParts'),
  PutBucketAcl: bucket('PutBucketAcl'),
  PutBucketCors: bucket('PutBucketCORS'),
  PutBucketEncryption: bucket('PutEncryptionConfiguration'),
  PutBucketLifecycleConfiguration: bucket('PutLifecycleConfiguration'),
  PutBucketLogging: bucket('PutBucketLogging'),
  PutBucketNotificationConfiguration: bucket('PutBucketNotification'),
  PutBucketOwnershipControls: bucket('PutBucketOwnershipControls'),
  PutBucketPolicy: bucket('PutBucketPolicy'),
  PutBucketRequestPayment: bucket('PutBucketRequestPayment'),
  PutBucketTagging: bucket('PutBucketTagging'),
  PutBucketVersioning: bucket('PutBucketVersioning'),
  PutBucketWebsite: bucket('PutBucketWebsite'),
  PutObject: (input, call) => writing(call, input, true),
  PutObjectAcl: (input, call) =>
    onObject(call, input, 'PutObjectAcl', {
      keys: inputKeys(input),
      families: existingTags(call, input),
    }),
  PutObjectLegalHold: (input, call) =>
    onObject(call, input, 'PutObjectLegalHold', {
      keys: { 's3:object-lock-legal-hold': input.LegalHold?.Status },
    }),
  PutObjectLockConfiguration: bucket('PutBucketObjectLockConfiguration'),
  PutObjectRetention: (input, call) => [
    ...onObject(call, input, 'PutObjectRetention', {
      keys: {
        's3:object-lock-mode': input.Retention?.Mode,
        ...lockKeys(call, input.Retention?.RetainUntilDate),
      },
    }),
    ...bypassing(call, input),
  ],
  PutObjectTagging: (input, call) => {
    const tags = tagKeys(tagsOf(input.Tagging?.TagSet));
    return onObject(call, input, 'PutObjectTagging', {
      ...tags,
      families: { ...tags.families, ...existingTags(call, input) },
    });
  },
  PutPublicAccessBlock: bucket('PutBucketPublicAccessBlock'),
  UploadPart: (input, call) =>
    onObject(call, { Bucket: input.Bucket, Key: input.Key }, 'PutObject', {
      keys: { ...inputKeys(input), 's3:ObjectCreationOperation': 'false' },
    }),
  UploadPartCopy: (input, call) => copyingPart(call, input),
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
function creatingBucket(call: Call, input: Input<'s3', 'CreateBucket'>): Needed[] {
  const { LocationConstraint, Tags } = input.CreateBucketConfiguration ?? {};
  const tags = tagsOf(Tags);
  const names = Object.keys(tags);
  const need = (action: string, asked: boolean): Needed[] =>
    asked
      ? [
          {
            action: `s3:${action}`,
            resource: `arn:aws:s3:::${input.Bucket ?? ''}`,
            keys: {
              ...requestKeys(call),
              ...inputKeys(input),
              's3:LocationConstraint': LocationConstraint,
              'aws:TagKeys': names.length > 0 ? names : undefined,
            },
            families: { 'aws:RequestTag/': (name) => tags[name] },
          },
        ]
      : [];
  const locks = input.ObjectLockEnabledForBucket === true;
  return [
    ...need('CreateBucket', true),
    ...need('PutBucketAcl', sharesBucket(input)),
    ...need('PutBucketObjectLockConfiguration', locks),
    ...need('PutBucketVersioning', locks),
    ...need('PutBucketOwnershipControls', input.ObjectOwnership !== undefined),
    ...need('TagResource', names.length > 0),
  ];
}

const tagsOf = (
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Record<string, string> => Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));

export default access;
