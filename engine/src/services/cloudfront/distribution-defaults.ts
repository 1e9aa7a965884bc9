import type {
  CacheBehavior,
  DefaultCacheBehavior,
  DistributionConfig,
  Origin,
} from '@aws-sdk/client-cloudfront';

const NONE = { Quantity: 0 };

/** A configuration with all that CloudFront fills in, as it gives it back. */
export function withDefaults(config: DistributionConfig): DistributionConfig {
  const origins = config.Origins?.Items ?? [];
  const behaviours = config.CacheBehaviors?.Items ?? [];
  return {
    ...config,
    Aliases: config.Aliases ?? NONE,
    DefaultRootObject: config.DefaultRootObject ?? '',
    Origins: { Quantity: origins.length, Items: origins.map(origin) },
    OriginGroups: config.OriginGroups ?? NONE,
    DefaultCacheBehavior: behaviour(config.DefaultCacheBehavior!),
    CacheBehaviors:
      behaviours.length === 0
        ? NONE
        : { Quantity: behaviours.length, Items: behaviours.map((one) => behaviour<CacheBehavior>(one)) },
    CustomErrorResponses: config.CustomErrorResponses ?? NONE,
    Logging: config.Logging ?? { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '' },
    PriceClass: config.PriceClass ?? 'PriceClass_All',
    ViewerCertificate: {
      SSLSupportMethod: 'vip',
      MinimumProtocolVersion: 'TLSv1',
      CertificateSource: 'cloudfront',
      ...config.ViewerCertificate,
      CloudFrontDefaultCertificate: true,
    },
    Restrictions: config.Restrictions ?? { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
    WebACLId: config.WebACLId ?? '',
    HttpVersion: config.HttpVersion ?? 'http2',
    IsIPV6Enabled: config.IsIPV6Enabled ?? true,
    ContinuousDeploymentPolicyId: '',
    Staging: false,
  };
}

function origin(given: Origin): Origin {
  return {
    ...given,
    OriginPath: given.OriginPath ?? '',
    CustomHeaders: given.CustomHeaders ?? NONE,
    ConnectionAttempts: given.ConnectionAttempts ?? 3,
    ConnectionTimeout: given.ConnectionTimeout ?? 10,
    OriginShield: given.OriginShield ?? { Enabled: false },
    OriginAccessControlId: given.OriginAccessControlId ?? '',
    ...(given.CustomOriginConfig && {
      CustomOriginConfig: {
        OriginSslProtocols: { Quantity: 1, Items: ['TLSv1.2'] },
        OriginReadTimeout: 30,
        OriginKeepaliveTimeout: 5,
        ...given.CustomOriginConfig,
      },
    }),
  };
}

function behaviour<B extends DefaultCacheBehavior | CacheBehavior>(given: B): B {
  return {
    ...given,
    TrustedSigners: given.TrustedSigners ?? { Enabled: false, Quantity: 0 },
    TrustedKeyGroups: given.TrustedKeyGroups ?? { Enabled: false, Quantity: 0 },
    AllowedMethods: {
      ...(given.AllowedMethods ?? { Quantity: 2, Items: ['HEAD', 'GET'] }),
      CachedMethods: given.AllowedMethods?.CachedMethods ?? { Quantity: 2, Items: ['HEAD', 'GET'] },
    },
    SmoothStreaming: given.SmoothStreaming ?? false,
    Compress: given.Compress ?? false,
    LambdaFunctionAssociations: given.LambdaFunctionAssociations ?? NONE,
    FunctionAssociations: given.FunctionAssociations ?? NONE,
    FieldLevelEncryptionId: given.FieldLevelEncryptionId ?? '',
    GrpcConfig: given.GrpcConfig ?? { Enabled: false },
  };
}
