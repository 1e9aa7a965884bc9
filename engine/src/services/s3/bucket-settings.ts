import { notImplemented, type Operation } from '../../kernel';
import { changeBucket, openBucket } from './access';
import { DEFAULT_ENCRYPTION } from './buckets';
import { invalidArgument, malformedXml, notConfigured, s3Error } from './errors';
import { refuse } from './refuse';

export const putBucketVersioning: Operation<'s3', 'PutBucketVersioning'> = (input, call) => {
  const bucket = openBucket(call, input);
  refuse('PutBucketVersioning', input, ['MFA']);
  const { Status: status, MFADelete: mfa } = input.VersioningConfiguration ?? {};
  if (mfa === 'Enabled') throw notImplemented('S3 MFA delete');
  if (status === undefined) {
    throw s3Error('IllegalVersioningConfigurationException', 400, 'The Versioning element must be specified');
  }
  if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
  if (status === 'Suspended' && bucket.objectLock) {
    throw s3Error(
      'InvalidBucketState',
      409,
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
    );
  }
  changeBucket(call, bucket, { versioning: status });
  return {};
};

export const getBucketVersioning: Operation<'s3', 'GetBucketVersioning'> = (input, call) => {
  const { versioning } = openBucket(call, input);
  return versioning ? { Status: versioning } : {};
};

export const putBucketEncryption: Operation<'s3', 'PutBucketEncryption'> = (input, call) => {
  const bucket = openBucket(call, input);
  const rules = input.ServerSideEncryptionConfiguration?.Rules;
  const [rule] = rules ?? [];
  const byDefault = rule?.ApplyServerSideEncryptionByDefault;
  if (!rule || rules?.length !== 1) throw malformedXml();
  for (const member of Object.keys(rule)) {
    if (member !== 'ApplyServerSideEncryptionByDefault' && member !== 'BucketKeyEnabled') {
      throw notImplemented(`S3 PutBucketEncryption ${member}`);
    }
  }
  if (!byDefault?.SSEAlgorithm) throw malformedXml();
  if (!['AES256', 'aws:kms', 'aws:kms:dsse'].includes(byDefault.SSEAlgorithm)) throw malformedXml();
  if (byDefault.SSEAlgorithm === 'AES256' && byDefault.KMSMasterKeyID) {
    throw invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      'ApplyServerSideEncryptionByDefault',
    );
  }
  changeBucket(call, bucket, {
    encryption: { ...rule, BucketKeyEnabled: rule.BucketKeyEnabled ?? false },
    encryptionSet: true,
  });
  return {};
};

export const getBucketEncryption: Operation<'s3', 'GetBucketEncryption'> = (input, call) => ({
  ServerSideEncryptionConfiguration: { Rules: [openBucket(call, input).encryption] },
});

export const deleteBucketEncryption: Operation<'s3', 'DeleteBucketEncryption'> = (input, call) => {
  changeBucket(call, openBucket(call, input), { encryption: DEFAULT_ENCRYPTION, encryptionSet: false });
  return {};
};

export const putPublicAccessBlock: Operation<'s3', 'PutPublicAccessBlock'> = (input, call) => {
  const bucket = openBucket(call, input);
  const asked = input.PublicAccessBlockConfiguration;
  if (!asked || Object.values(asked).every((value) => value === undefined)) throw malformedXml();
  changeBucket(call, bucket, {
    publicAccessBlock: {
      BlockPublicAcls: asked.BlockPublicAcls ?? false,
      IgnorePublicAcls: asked.IgnorePublicAcls ?? false,
      BlockPublicPolicy: asked.BlockPublicPolicy ?? false,
      RestrictPublicBuckets: asked.RestrictPublicBuckets ?? false,
    },
  });
  return {};
};

export const getPublicAccessBlock: Operation<'s3', 'GetPublicAccessBlock'> = (input, call) => {
  const bucket = openBucket(call, input);
  if (!bucket.publicAccessBlock) {
    throw notConfigured(
      'NoSuchPublicAccessBlockConfiguration',
      bucket.name,
      'The public access block configuration was not found',
    );
  }
  return { PublicAccessBlockConfiguration: bucket.publicAccessBlock };
};

export const deletePublicAccessBlock: Operation<'s3', 'DeletePublicAccessBlock'> = (input, call) => {
  changeBucket(call, openBucket(call, input), { publicAccessBlock: undefined });
  return {};
};

export const putBucketOwnershipControls: Operation<'s3', 'PutBucketOwnershipControls'> = (input, call) => {
  const bucket = openBucket(call, input);
  const rules = input.OwnershipControls?.Rules;
  const ownership = rules?.[0]?.ObjectOwnership;
  if (rules?.length !== 1 || !ownership) throw malformedXml();
  if (!['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'].includes(ownership)) {
    throw malformedXml();
  }
  if (ownership === 'BucketOwnerEnforced' && bucket.acl.length > 1) {
    throw s3Error(
      'InvalidBucketAclWithObjectOwnership',
      400,
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  }
  changeBucket(call, bucket, { ownership });
  return {};
};

export const getBucketOwnershipControls: Operation<'s3', 'GetBucketOwnershipControls'> = (input, call) => {
  const bucket = openBucket(call, input);
  if (!bucket.ownership) {
    throw notConfigured(
      'OwnershipControlsNotFoundError',
      bucket.name,
      'The bucket ownership controls were not found',
    );
  }
  return { OwnershipControls: { Rules: [{ ObjectOwnership: bucket.ownership }] } };
};

export const deleteBucketOwnershipControls: Operation<'s3', 'DeleteBucketOwnershipControls'> = (
  input,
  call,
) => {
  changeBucket(call, openBucket(call, input), { ownership: undefined });
  return {};
};

export const putBucketRequestPayment: Operation<'s3', 'PutBucketRequestPayment'> = (input, call) => {
  const payer = input.RequestPaymentConfiguration?.Payer;
  if (payer !== 'Requester' && payer !== 'BucketOwner') throw malformedXml();
  changeBucket(call, openBucket(call, input), { requesterPays: payer === 'Requester' });
  return {};
};

export const getBucketRequestPayment: Operation<'s3', 'GetBucketRequestPayment'> = (input, call) => ({
  Payer: openBucket(call, input).requesterPays ? 'Requester' : 'BucketOwner',
});

/** What a bucket has where nothing was set; to set it is not implemented. */
export const getBucketLogging: Operation<'s3', 'GetBucketLogging'> = (input, call) => {
  openBucket(call, input);
  return {};
};

export const putBucketLogging: Operation<'s3', 'PutBucketLogging'> = (input, call) => {
  openBucket(call, input);
  if (input.BucketLoggingStatus?.LoggingEnabled) throw notImplemented('S3 server access logging');
  return {};
};

export const getBucketAccelerateConfiguration: Operation<'s3', 'GetBucketAccelerateConfiguration'> = (
  input,
  call,
) => {
  openBucket(call, input);
  return {};
};

export const getBucketReplication: Operation<'s3', 'GetBucketReplication'> = (input, call) => {
  const bucket = openBucket(call, input);
  throw notConfigured(
    'ReplicationConfigurationNotFoundError',
    bucket.name,
    'The replication configuration was not found',
  );
};

export const deleteBucketReplication: Operation<'s3', 'DeleteBucketReplication'> = (input, call) => {
  openBucket(call, input);
  return {};
};
