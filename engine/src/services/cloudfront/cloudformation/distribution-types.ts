import type {
  HttpVersion,
  Method,
  OriginProtocolPolicy,
  PriceClass,
  SslProtocol,
  ViewerProtocolPolicy,
} from '@aws-sdk/client-cloudfront';
import type { PropertyTree } from '../../../kernel';

/** AWS::CloudFront::Distribution's DistributionConfig, which writes lists plainly where the API counts them. */
export interface TemplateBehaviour {
  PathPattern?: string;
  TargetOriginId: string;
  ViewerProtocolPolicy: ViewerProtocolPolicy;
  AllowedMethods?: Method[];
  CachedMethods?: Method[];
  Compress?: boolean;
  CachePolicyId?: string;
  OriginRequestPolicyId?: string;
  ResponseHeadersPolicyId?: string;
  ForwardedValues?: {
    QueryString: boolean;
    Cookies?: { Forward: 'none' | 'all' | 'whitelist'; WhitelistedNames?: string[] };
    Headers?: string[];
    QueryStringCacheKeys?: string[];
  };
  MinTTL?: number;
  DefaultTTL?: number;
  MaxTTL?: number;
}

export interface TemplateOrigin {
  Id: string;
  DomainName: string;
  OriginPath?: string;
  OriginAccessControlId?: string;
  OriginCustomHeaders?: { HeaderName: string; HeaderValue: string }[];
  ConnectionAttempts?: number;
  ConnectionTimeout?: number;
  S3OriginConfig?: { OriginAccessIdentity?: string };
  CustomOriginConfig?: {
    HTTPPort?: number;
    HTTPSPort?: number;
    OriginProtocolPolicy: OriginProtocolPolicy;
    OriginSSLProtocols?: SslProtocol[];
    OriginReadTimeout?: number;
    OriginKeepaliveTimeout?: number;
  };
}

export interface TemplateConfig {
  Comment?: string;
  Enabled: boolean;
  DefaultRootObject?: string;
  HttpVersion?: HttpVersion;
  IPV6Enabled?: boolean;
  PriceClass?: PriceClass;
  Origins: TemplateOrigin[];
  DefaultCacheBehavior: TemplateBehaviour;
  CacheBehaviors?: (TemplateBehaviour & { PathPattern: string })[];
  CustomErrorResponses?: {
    ErrorCode: number;
    ErrorCachingMinTTL?: number;
    ResponseCode?: number;
    ResponsePagePath?: string;
  }[];
  ViewerCertificate?: { CloudFrontDefaultCertificate?: boolean };
}

const BEHAVIOUR: PropertyTree = {
  TargetOriginId: true,
  ViewerProtocolPolicy: true,
  AllowedMethods: true,
  CachedMethods: true,
  Compress: true,
  CachePolicyId: true,
  OriginRequestPolicyId: true,
  ResponseHeadersPolicyId: true,
  ForwardedValues: {
    QueryString: true,
    Cookies: { Forward: true, WhitelistedNames: true },
    Headers: true,
    QueryStringCacheKeys: true,
  },
  MinTTL: true,
  DefaultTTL: true,
  MaxTTL: true,
};

export const CONFIG_TREE: PropertyTree = {
  Comment: true,
  Enabled: true,
  DefaultRootObject: true,
  HttpVersion: true,
  IPV6Enabled: true,
  PriceClass: true,
  Origins: {
    Id: true,
    DomainName: true,
    OriginPath: true,
    OriginAccessControlId: true,
    OriginCustomHeaders: { HeaderName: true, HeaderValue: true },
    ConnectionAttempts: true,
    ConnectionTimeout: true,
    S3OriginConfig: { OriginAccessIdentity: true },
    CustomOriginConfig: {
      HTTPPort: true,
      HTTPSPort: true,
      OriginProtocolPolicy: true,
      OriginSSLProtocols: true,
      OriginReadTimeout: true,
      OriginKeepaliveTimeout: true,
    },
  },
  DefaultCacheBehavior: BEHAVIOUR,
  CacheBehaviors: { ...BEHAVIOUR, PathPattern: true },
  CustomErrorResponses: {
    ErrorCode: true,
    ErrorCachingMinTTL: true,
    ResponseCode: true,
    ResponsePagePath: true,
  },
  ViewerCertificate: { CloudFrontDefaultCertificate: true },
};
