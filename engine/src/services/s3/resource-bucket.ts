import type { Call, Input, ResourceContext } from '../../kernel';
import { AwsError, defineResource, isAwsError } from '../../kernel';
import {
  BUCKET_PROPERTIES,
  type BucketProperties,
  corsRules,
  flag,
  lifecycleRules,
  notifications,
} from './resource-bucket-types';

type Given<S extends keyof BucketProperties> = NonNullable<BucketProperties[S]>;

/** How each property is put on a bucket, and what a bucket is left with when a template no longer has it. */
const settings: {
  [P in keyof BucketProperties]?: {
    put(call: Call, bucket: string, value: Given<P>): Promise<unknown>;
    clear(call: Call, bucket: string): Promise<unknown>;
  };
} = {
  PublicAccessBlockConfiguration: {
    put: (call, Bucket, value) =>
      call.invoke('s3', 'PutPublicAccessBlock', {
        Bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: flag(value.BlockPublicAcls),
          BlockPublicPolicy: flag(value.BlockPublicPolicy),
          IgnorePublicAcls: flag(value.IgnorePublicAcls),
          RestrictPublicBuckets: flag(value.RestrictPublicBuckets),
        },
      }),
    clear: (call, Bucket) => call.invoke('s3', 'DeletePublicAccessBlock', { Bucket }),
  },
  OwnershipControls: {
    put: (call, Bucket, value) =>
      call.invoke('s3', 'PutBucketOwnershipControls', {
        Bucket,
        OwnershipControls: {
          Rules: value.Rules.map((rule) => ({ ObjectOwnership: rule.ObjectOwnership as 'ObjectWriter' })),
        },
      }),
    clear: (call, Bucket) => call.invoke('s3', 'DeleteBucketOwnershipControls', { Bucket }),
  },
  BucketEncryption: {
    put: (call, Bucket, value) =>
      call.invoke('s3', 'PutBucketEncryption', {
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: value.ServerSideEncryptionConfiguration.map((rule) => ({
            ...(rule.ServerSideEncryptionByDefault
              ? {
                  ApplyServerSideEncryptionByDefault: {
                    SSEAlgorithm: rule.ServerSideEncryptionByDefault.SSEAlgorithm as 'AES256',
                    ...(rule.ServerSideEncryptionByDefault.KMSMasterKeyID === undefined
                      ? {}
                      : { KMSMasterKeyID: rule.ServerSideEncryptionByDefault.KMSMasterKeyID }),
                  },
                }
              : {}),
            ...(rule.BucketKeyEnabled === undefined ? {} : { BucketKeyEnabled: flag(rule.BucketKeyEnabled) }),
          })),
        },
      }),
    clear: (call, Bucket) => call.invoke('s3', 'DeleteBucketEncryption', { Bucket }),
  },
  VersioningConfiguration: {
    put: (call, Bucket, value) =>
      call.invoke('s3', 'PutBucketVersioning', {
        Bucket,
        VersioningConfiguration: { Status: value.Status as 'Enabled' },
      }),
    clear: (call, Bucket) =>
      call.invoke('s3', 'PutBucketVersioning', { Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
  },
  ObjectLockConfiguration: {
    put: (call, Bucket, value) => {
      const retention = value.Rule?.DefaultRetention;
      return call.invoke('s3', 'PutObjectLockConfiguration', {
        Bucket,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          ...(retention
            ? {
                Rule: {
                  DefaultRetention: {
                    Mode: retention.Mode as 'GOVERNANCE',
                    ...(retention.Days === undefined ? {} : { Days: Number(retention.Days) }),
                    ...(retention.Years === undefined ? {} : { Years: Number(retention.Years) }),
                  },
                },
              }
            : {}),
        },
      });
    },
    clear: (call, Bucket) =>
      call.invoke('s3', 'PutObjectLockConfiguration', {
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
      }),
  },
  CorsConfiguration: {
    put: (call, Bucket, value) =>
      call.invoke('s3', 'PutBucketCors', {
        Bucket,
        CORSConfiguration: { CORSRules: corsRules(value.CorsRules) },
      }),
    clear: (call, Bucket) => call.invoke('s3', 'DeleteBucketCors', { Bucket }),
  },
  LifecycleConfiguration: {
    put: (call, Bucket, value) =>
      call.invoke('s3', 'PutBucketLifecycleConfiguration', {
        Bucket,
        LifecycleConfiguration: { Rules: lifecycleRules(value.Rules) },
        ...(value.TransitionDefaultMinimumObjectSize === undefined
          ? {}
          : {
              TransitionDefaultMinimumObjectSize:
                value.TransitionDefaultMinimumObjectSize as 'varies_by_storage_class',
            }),
      }),
    clear: (call, Bucket) => call.invoke('s3', 'DeleteBucketLifecycle', { Bucket }),
  },
  WebsiteConfiguration: {
    put: (call, Bucket, { IndexDocument, ErrorDocument, RedirectAllRequestsTo }) =>
      call.invoke('s3', 'PutBucketWebsite', {
        Bucket,
        WebsiteConfiguration: {
          ...(IndexDocument === undefined ? {} : { IndexDocument: { Suffix: IndexDocument } }),
          ...(ErrorDocument === undefined ? {} : { ErrorDocument: { Key: ErrorDocument } }),
          ...(RedirectAllRequestsTo
            ? {
                RedirectAllRequestsTo: {
                  HostName: RedirectAllRequestsTo.HostName,
                  ...(RedirectAllRequestsTo.Protocol
                    ? { Protocol: RedirectAllRequestsTo.Protocol as 'https' }
                    : {}),
                },
              }
            : {}),
        },
      }),
    clear: (call, Bucket) => call.invoke('s3', 'DeleteBucketWebsite', { Bucket }),
  },
  AccessControl: {
    put: async (call, Bucket, value) => {
      // What every bucket is anyway, and all that one without ACLs takes.
      if (value === 'Private') return;
      const ACL = value.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
      await call.invoke('s3', 'PutBucketAcl', { Bucket, ACL: ACL as 'public-read' });
    },
    clear: async () => {},
  },
  NotificationConfiguration: {
    put: (call, Bucket, value) =>
      call.invoke('s3', 'PutBucketNotificationConfiguration', {
        Bucket,
        NotificationConfiguration: notifications(value),
      }),
    clear: (call, Bucket) =>
      call.invoke('s3', 'PutBucketNotificationConfiguration', { Bucket, NotificationConfiguration: {} }),
  },
};

async function apply<P extends keyof BucketProperties>(
  call: Call,
  bucket: string,
  property: P,
  value: BucketProperties[P],
  before: BucketProperties[P],
): Promise<void> {
  const setting = settings[property];
  if (!setting || JSON.stringify(value) === JSON.stringify(before)) return;
  if (value === undefined) await setting.clear(call, bucket);
  else await setting.put(call, bucket, value as Given<P>);
}

async function applyAll(
  resource: ResourceContext<BucketProperties>,
  bucket: string,
  previous: BucketProperties,
): Promise<void> {
  const { call, properties } = resource;
  for (const property of Object.keys(settings) as (keyof BucketProperties)[]) {
    await apply(call, bucket, property, properties[property], previous[property]);
  }
  const tags = new Map([...resource.tags, ...(properties.Tags ?? [])].map((tag) => [tag.Key, tag.Value]));
  await call.invoke('s3', 'PutBucketTagging', {
    Bucket: bucket,
    Tagging: { TagSet: [...tags].map(([Key, Value]) => ({ Key, Value })) },
  });
}

function provisioned(call: Call, name: string) {
  const { region } = call;
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
      WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
    },
  };
}

type CreateInput = Input<'s3', 'CreateBucket'>;

export const bucketResource = defineResource<BucketProperties>({
  type: 'AWS::S3::Bucket',
  properties: BUCKET_PROPERTIES,

  async create(resource) {
    const { call, properties } = resource;
    const name = properties.BucketName ?? resource.name({ maxLength: 63, lowercase: true });
    // In us-east-1 S3 itself would take a bucket that one has already; CloudFormation does not.
    const exists = await call.invoke('s3', 'HeadBucket', { Bucket: name }).then(
      () => true,
      (error: unknown) => {
        if (isAwsError(error, 'NotFound', 'NoSuchBucket')) return false;
        throw error;
      },
    );
    if (exists) throw new AwsError('AlreadyExists', `${name} already exists`);
    const input: CreateInput = {
      Bucket: name,
      ...(call.region === 'us-east-1'
        ? {}
        : {
            CreateBucketConfiguration: {
              LocationConstraint: call.region as 'eu-west-1',
            },
          }),
      ...(flag(properties.ObjectLockEnabled) ? { ObjectLockEnabledForBucket: true } : {}),
    };
    await call.invoke('s3', 'CreateBucket', input);
    try {
      await applyAll(resource, name, {});
    } catch (error) {
      await call.invoke('s3', 'DeleteBucket', { Bucket: name });
      throw error;
    }
    return provisioned(call, name);
  },

  async update(resource) {
    await applyAll(resource, resource.physicalId, resource.previous);
    return provisioned(resource.call, resource.physicalId);
  },

  async delete({ call, physicalId }) {
    try {
      await call.invoke('s3', 'DeleteBucket', { Bucket: physicalId });
    } catch (error) {
      if (!isAwsError(error, 'NoSuchBucket')) throw error;
    }
  },
});

export const bucketPolicyResource = defineResource<{ Bucket: string; PolicyDocument: unknown }>({
  type: 'AWS::S3::BucketPolicy',
  properties: { Bucket: true, PolicyDocument: true },

  async create({ call, properties }) {
    await call.invoke('s3', 'PutBucketPolicy', {
      Bucket: properties.Bucket,
      Policy: policyText(properties.PolicyDocument),
    });
    return { physicalId: properties.Bucket };
  },

  async update({ call, physicalId, properties }) {
    await call.invoke('s3', 'PutBucketPolicy', {
      Bucket: physicalId,
      Policy: policyText(properties.PolicyDocument),
    });
    return { physicalId };
  },

  async delete({ call, physicalId }) {
    try {
      await call.invoke('s3', 'DeleteBucketPolicy', { Bucket: physicalId });
    } catch (error) {
      if (!isAwsError(error, 'NoSuchBucket')) throw error;
    }
  },
});

function policyText(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}
