import type { CacheBehavior, DistributionConfig, Method, Origin } from '@aws-sdk/client-cloudfront';
import type { TemplateBehaviour, TemplateConfig, TemplateOrigin } from './distribution-types';
import { bool, counted, filled, num, optionalBool } from './values';

/** The API's configuration of a template's. */
export function toConfig(template: TemplateConfig, callerReference: string): DistributionConfig {
  const errors = (template.CustomErrorResponses ?? []).map((one) => ({
    ErrorCode: num(one.ErrorCode),
    ErrorCachingMinTTL: num(one.ErrorCachingMinTTL),
    ResponseCode: one.ResponseCode === undefined ? undefined : String(one.ResponseCode),
    ResponsePagePath: one.ResponsePagePath,
  }));
  const behaviours = (template.CacheBehaviors ?? []).map(
    (one): CacheBehavior => ({ ...behaviour(one), PathPattern: one.PathPattern }),
  );
  return {
    CallerReference: callerReference,
    Comment: template.Comment ?? '',
    Enabled: bool(template.Enabled),
    DefaultRootObject: template.DefaultRootObject,
    HttpVersion: template.HttpVersion ?? 'http1.1',
    IsIPV6Enabled: optionalBool(template.IPV6Enabled) ?? false,
    PriceClass: template.PriceClass,
    Origins: filled(template.Origins.map(origin)),
    DefaultCacheBehavior: behaviour(template.DefaultCacheBehavior),
    CacheBehaviors: counted(behaviours),
    CustomErrorResponses: counted(errors),
  };
}

function behaviour(template: TemplateBehaviour) {
  const values = template.ForwardedValues;
  return {
    TargetOriginId: template.TargetOriginId,
    ViewerProtocolPolicy: template.ViewerProtocolPolicy,
    AllowedMethods: (template.AllowedMethods || template.CachedMethods) && {
      ...filled<Method>(template.AllowedMethods ?? ['GET', 'HEAD']),
      CachedMethods: template.CachedMethods && filled(template.CachedMethods),
    },
    Compress: optionalBool(template.Compress),
    CachePolicyId: template.CachePolicyId,
    OriginRequestPolicyId: template.OriginRequestPolicyId,
    ResponseHeadersPolicyId: template.ResponseHeadersPolicyId,
    ForwardedValues: values && {
      QueryString: bool(values.QueryString),
      Cookies: {
        Forward: values.Cookies?.Forward ?? ('none' as const),
        WhitelistedNames: values.Cookies?.WhitelistedNames && filled(values.Cookies.WhitelistedNames),
      },
      Headers: values.Headers && counted(values.Headers),
      QueryStringCacheKeys: values.QueryStringCacheKeys && counted(values.QueryStringCacheKeys),
    },
    MinTTL: num(template.MinTTL),
    DefaultTTL: num(template.DefaultTTL),
    MaxTTL: num(template.MaxTTL),
  };
}

function origin(template: TemplateOrigin): Origin {
  const custom = template.CustomOriginConfig;
  return {
    Id: template.Id,
    DomainName: template.DomainName,
    OriginPath: template.OriginPath,
    OriginAccessControlId: template.OriginAccessControlId,
    CustomHeaders: template.OriginCustomHeaders && counted(template.OriginCustomHeaders),
    ConnectionAttempts: num(template.ConnectionAttempts),
    ConnectionTimeout: num(template.ConnectionTimeout),
    S3OriginConfig: template.S3OriginConfig && {
      OriginAccessIdentity: template.S3OriginConfig.OriginAccessIdentity ?? '',
    },
    CustomOriginConfig: custom && {
      HTTPPort: num(custom.HTTPPort) ?? 80,
      HTTPSPort: num(custom.HTTPSPort) ?? 443,
      OriginProtocolPolicy: custom.OriginProtocolPolicy,
      OriginSslProtocols: custom.OriginSSLProtocols && filled(custom.OriginSSLProtocols),
      OriginReadTimeout: num(custom.OriginReadTimeout),
      OriginKeepaliveTimeout: num(custom.OriginKeepaliveTimeout),
    },
  };
}
