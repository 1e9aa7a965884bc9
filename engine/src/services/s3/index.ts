import { defineService } from '../../kernel';
import * as acls from './acls';
import { getObjectAttributes } from './attributes';
import { beyond } from './beyond';
import { blobsOf } from './blobs';
import * as documents from './bucket-documents';
import * as settings from './bucket-settings';
import * as buckets from './buckets';
import { copyObject } from './copy-object';
import { deleteObject, deleteObjects } from './delete-objects';
import { getObject, headObject } from './get-object';
import * as lifecycle from './lifecycle';
import { listObjects, listObjectsV2 } from './list-objects';
import { listObjectVersions } from './list-versions';
import { completeMultipartUpload } from './multipart-complete';
import { abortMultipartUpload, createMultipartUpload } from './multipart-create';
import { listMultipartUploads } from './multipart-list';
import { listParts, uploadPart, uploadPartCopy } from './multipart-parts';
import { getBucketNotificationConfiguration, putBucketNotificationConfiguration } from './notifications';
import * as locks from './object-lock';
import * as tagging from './object-tagging';
import * as policy from './policy';
import { putObject } from './put-object';

export default defineService({
  name: 's3',
  operations: {
    AbortMultipartUpload: abortMultipartUpload,
    CompleteMultipartUpload: completeMultipartUpload,
    CopyObject: copyObject,
    CreateBucket: buckets.createBucket,
    CreateMultipartUpload: createMultipartUpload,
    DeleteBucket: buckets.deleteBucket,
    DeleteBucketCors: documents.deleteBucketCors,
    DeleteBucketEncryption: settings.deleteBucketEncryption,
    DeleteBucketLifecycle: lifecycle.deleteBucketLifecycle,
    DeleteBucketOwnershipControls: settings.deleteBucketOwnershipControls,
    DeleteBucketPolicy: policy.deleteBucketPolicy,
    DeleteBucketReplication: settings.deleteBucketReplication,
    DeleteBucketTagging: documents.deleteBucketTagging,
    DeleteBucketWebsite: documents.deleteBucketWebsite,
    DeleteObject: deleteObject,
    DeleteObjects: deleteObjects,
    DeleteObjectTagging: tagging.deleteObjectTagging,
    DeletePublicAccessBlock: settings.deletePublicAccessBlock,
    GetBucketAccelerateConfiguration: settings.getBucketAccelerateConfiguration,
    GetBucketAcl: acls.getBucketAcl,
    GetBucketCors: documents.getBucketCors,
    GetBucketEncryption: settings.getBucketEncryption,
    GetBucketLifecycleConfiguration: lifecycle.getBucketLifecycleConfiguration,
    GetBucketLocation: buckets.getBucketLocation,
    GetBucketLogging: settings.getBucketLogging,
    GetBucketNotificationConfiguration: getBucketNotificationConfiguration,
    GetBucketOwnershipControls: settings.getBucketOwnershipControls,
    GetBucketPolicy: policy.getBucketPolicy,
    GetBucketPolicyStatus: policy.getBucketPolicyStatus,
    GetBucketReplication: settings.getBucketReplication,
    GetBucketRequestPayment: settings.getBucketRequestPayment,
    GetBucketTagging: documents.getBucketTagging,
    GetBucketVersioning: settings.getBucketVersioning,
    GetBucketWebsite: documents.getBucketWebsite,
    GetObject: getObject,
    GetObjectAcl: acls.getObjectAcl,
    GetObjectAttributes: getObjectAttributes,
    GetObjectLegalHold: locks.getObjectLegalHold,
    GetObjectLockConfiguration: locks.getObjectLockConfiguration,
    GetObjectRetention: locks.getObjectRetention,
    GetObjectTagging: tagging.getObjectTagging,
    GetPublicAccessBlock: settings.getPublicAccessBlock,
    HeadBucket: buckets.headBucket,
    HeadObject: headObject,
    ListBuckets: buckets.listBuckets,
    ListMultipartUploads: listMultipartUploads,
    ListObjects: listObjects,
    ListObjectsV2: listObjectsV2,
    ListObjectVersions: listObjectVersions,
    ListParts: listParts,
    PutBucketAcl: acls.putBucketAcl,
    PutBucketCors: documents.putBucketCors,
    PutBucketEncryption: settings.putBucketEncryption,
    PutBucketLifecycleConfiguration: lifecycle.putBucketLifecycleConfiguration,
    PutBucketLogging: settings.putBucketLogging,
    PutBucketNotificationConfiguration: putBucketNotificationConfiguration,
    PutBucketOwnershipControls: settings.putBucketOwnershipControls,
    PutBucketPolicy: policy.putBucketPolicy,
    PutBucketRequestPayment: settings.putBucketRequestPayment,
    PutBucketTagging: documents.putBucketTagging,
    PutBucketVersioning: settings.putBucketVersioning,
    PutBucketWebsite: documents.putBucketWebsite,
    PutObject: putObject,
    PutObjectAcl: acls.putObjectAcl,
    PutObjectLegalHold: locks.putObjectLegalHold,
    PutObjectLockConfiguration: locks.putObjectLockConfiguration,
    PutObjectRetention: locks.putObjectRetention,
    PutObjectTagging: tagging.putObjectTagging,
    PutPublicAccessBlock: settings.putPublicAccessBlock,
    UploadPart: uploadPart,
    UploadPartCopy: uploadPartCopy,
  },
  access: () => import('./permissions').then((module) => module.default),
  beyond,
  blobs: blobsOf,
  resources: () => import('./resources').then((module) => module.default),
});
