import type { CORSRule, LifecycleRule, NotificationConfiguration, Tag } from '@aws-sdk/client-s3';
import type { PropertyTree } from '../../kernel';

/** A template's properties of AWS::S3::Bucket, as far as they are implemented. */
export interface BucketProperties {
  BucketName?: string;
  AccessControl?: string;
  BucketEncryption?: { ServerSideEncryptionConfiguration: CfnEncryptionRule[] };
  CorsConfiguration?: { CorsRules: CfnCorsRule[] };
  LifecycleConfiguration?: { Rules: CfnLifecycleRule[]; TransitionDefaultMinimumObjectSize?: string };
  NotificationConfiguration?: {
    LambdaConfigurations?: CfnLambdaConfiguration[];
    EventBridgeConfiguration?: { EventBridgeEnabled?: unknown };
  };
  ObjectLockEnabled?: unknown;
  ObjectLockConfiguration?: {
    ObjectLockEnabled?: string;
    Rule?: { DefaultRetention?: { Mode?: string; Days?: unknown; Years?: unknown } };
  };
  OwnershipControls?: { Rules: { ObjectOwnership?: string }[] };
  PublicAccessBlockConfiguration?: Record<string, unknown>;
  Tags?: Tag[];
  VersioningConfiguration?: { Status: string };
  WebsiteConfiguration?: {
    IndexDocument?: string;
    ErrorDocument?: string;
    RedirectAllRequestsTo?: { HostName: string; Protocol?: string };
  };
}

interface CfnEncryptionRule {
  BucketKeyEnabled?: unknown;
  ServerSideEncryptionByDefault?: { SSEAlgorithm: string; KMSMasterKeyID?: string };
}

interface CfnCorsRule {
  Id?: string;
  AllowedHeaders?: string[];
  AllowedMethods: string[];
  AllowedOrigins: string[];
  ExposedHeaders?: string[];
  MaxAge?: unknown;
}

interface CfnLifecycleRule {
  Id?: string;
  Status: string;
  Prefix?: string;
  TagFilters?: Tag[];
  ObjectSizeGreaterThan?: unknown;
  ObjectSizeLessThan?: unknown;
  ExpirationInDays?: unknown;
  ExpirationDate?: string;
  ExpiredObjectDeleteMarker?: unknown;
  NoncurrentVersionExpirationInDays?: unknown;
  NoncurrentVersionExpiration?: { NoncurrentDays: unknown; NewerNoncurrentVersions?: unknown };
  AbortIncompleteMultipartUpload?: { DaysAfterInitiation: unknown };
}

interface CfnLambdaConfiguration {
  Event: string;
  Function: string;
  Filter?: { S3Key: { Rules: { Name: string; Value: string }[] } };
}

export const BUCKET_PROPERTIES: PropertyTree = {
  BucketName: true,
  AccessControl: true,
  BucketEncryption: {
    ServerSideEncryptionConfiguration: {
      BucketKeyEnabled: true,
      ServerSideEncryptionByDefault: { SSEAlgorithm: true, KMSMasterKeyID: true },
    },
  },
  CorsConfiguration: {
    CorsRules: {
      Id: true,
      AllowedHeaders: true,
      AllowedMethods: true,
      AllowedOrigins: true,
      ExposedHeaders: true,
      MaxAge: true,
    },
  },
  LifecycleConfiguration: {
    TransitionDefaultMinimumObjectSize: true,
    Rules: {
      Id: true,
      Status: true,
      Prefix: true,
      TagFilters: true,
      ObjectSizeGreaterThan: true,
      ObjectSizeLessThan: true,
      ExpirationInDays: true,
      ExpirationDate: true,
      ExpiredObjectDeleteMarker: true,
      NoncurrentVersionExpirationInDays: true,
      NoncurrentVersionExpiration: true,
      AbortIncompleteMultipartUpload: true,
    },
  },
  NotificationConfiguration: {
    LambdaConfigurations: { Event: true, Function: true, Filter: true },
    EventBridgeConfiguration: true,
  },
  ObjectLockEnabled: true,
  ObjectLockConfiguration: true,
  OwnershipControls: true,
  PublicAccessBlockConfiguration: true,
  Tags: true,
  VersioningConfiguration: true,
  WebsiteConfiguration: { IndexDocument: true, ErrorDocument: true, RedirectAllRequestsTo: true },
};

/** Templates may say booleans as words. */
export const flag = (value: unknown): boolean => value === true || value === 'true';
const amount = (value: unknown): number | undefined => (value === undefined ? undefined : Number(value));

export function corsRules(rules: readonly CfnCorsRule[]): CORSRule[] {
  return rules.map((rule) => ({
    AllowedMethods: rule.AllowedMethods,
    AllowedOrigins: rule.AllowedOrigins,
    ...(rule.Id === undefined ? {} : { ID: rule.Id }),
    ...(rule.AllowedHeaders ? { AllowedHeaders: rule.AllowedHeaders } : {}),
    ...(rule.ExposedHeaders ? { ExposeHeaders: rule.ExposedHeaders } : {}),
    ...(rule.MaxAge === undefined ? {} : { MaxAgeSeconds: Number(rule.MaxAge) }),
  }));
}

export function lifecycleRules(rules: readonly CfnLifecycleRule[]): LifecycleRule[] {
  return rules.map((rule): LifecycleRule => {
    const bounds = {
      ...(rule.Prefix === undefined ? {} : { Prefix: rule.Prefix }),
      ...(rule.ObjectSizeGreaterThan === undefined
        ? {}
        : { ObjectSizeGreaterThan: Number(rule.ObjectSizeGreaterThan) }),
      ...(rule.ObjectSizeLessThan === undefined
        ? {}
        : { ObjectSizeLessThan: Number(rule.ObjectSizeLessThan) }),
    };
    const tags = rule.TagFilters ?? [];
    const several = Object.keys(bounds).length + tags.length > 1;
    // A rule that names nothing is for the whole bucket.
    const filter = several
      ? { And: { ...bounds, ...(tags.length > 0 ? { Tags: tags } : {}) } }
      : tags[0]
        ? { Tag: tags[0] }
        : Object.keys(bounds).length > 0
          ? bounds
          : { Prefix: '' };
    const noncurrent = rule.NoncurrentVersionExpiration ?? {
      NoncurrentDays: rule.NoncurrentVersionExpirationInDays,
    };
    const newer = amount(
      'NewerNoncurrentVersions' in noncurrent ? noncurrent.NewerNoncurrentVersions : undefined,
    );
    const expiration = {
      ...(rule.ExpirationInDays === undefined ? {} : { Days: Number(rule.ExpirationInDays) }),
      ...(rule.ExpirationDate === undefined ? {} : { Date: new Date(rule.ExpirationDate) }),
      ...(rule.ExpiredObjectDeleteMarker === undefined
        ? {}
        : { ExpiredObjectDeleteMarker: flag(rule.ExpiredObjectDeleteMarker) }),
    };
    return {
      ...(rule.Id === undefined ? {} : { ID: rule.Id }),
      Status: rule.Status as NonNullable<LifecycleRule['Status']>,
      Filter: filter,
      ...(Object.keys(expiration).length > 0 ? { Expiration: expiration } : {}),
      ...(noncurrent.NoncurrentDays === undefined
        ? {}
        : {
            NoncurrentVersionExpiration: {
              NoncurrentDays: Number(noncurrent.NoncurrentDays),
              ...(newer === undefined ? {} : { NewerNoncurrentVersions: newer }),
            },
          }),
      ...(rule.AbortIncompleteMultipartUpload
        ? {
            AbortIncompleteMultipartUpload: {
              DaysAfterInitiation: Number(rule.AbortIncompleteMultipartUpload.DaysAfterInitiation),
            },
          }
        : {}),
    };
  });
}

export function notifications(
  asked: NonNullable<BucketProperties['NotificationConfiguration']>,
): NotificationConfiguration {
  const bridge = asked.EventBridgeConfiguration;
  return {
    LambdaFunctionConfigurations: (asked.LambdaConfigurations ?? []).map((one) => ({
      LambdaFunctionArn: one.Function,
      Events: [one.Event as 's3:ObjectCreated:*'],
      ...(one.Filter
        ? {
            Filter: {
              Key: {
                FilterRules: one.Filter.S3Key.Rules.map(({ Name, Value }) => ({
                  Name: Name as 'prefix',
                  Value,
                })),
              },
            },
          }
        : {}),
    })),
    ...(bridge && flag(bridge.EventBridgeEnabled ?? true) ? { EventBridgeConfiguration: {} } : {}),
  };
}
