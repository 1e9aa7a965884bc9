import type {
  CachePolicyConfig,
  OriginRequestPolicyConfig,
  ResponseHeadersPolicyConfig,
} from '@aws-sdk/client-cloudfront';

const YEAR = 31_536_000;
const NONE = 'none' as const;

interface CacheKey {
  gzip?: boolean;
  brotli?: boolean;
  headers?: string[];
  cookies?: 'none' | 'all';
  query?: 'none' | 'all' | string[];
}

function cache(
  Name: string,
  Comment: string,
  ttl: [min: number, normal: number, max: number],
  key: CacheKey,
) {
  const query = key.query ?? NONE;
  return {
    Name,
    Comment,
    MinTTL: ttl[0],
    DefaultTTL: ttl[1],
    MaxTTL: ttl[2],
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: key.gzip ?? false,
      EnableAcceptEncodingBrotli: key.brotli ?? false,
      HeadersConfig: key.headers
        ? { HeaderBehavior: 'whitelist', Headers: { Quantity: key.headers.length, Items: key.headers } }
        : { HeaderBehavior: NONE },
      CookiesConfig: { CookieBehavior: key.cookies ?? NONE },
      QueryStringsConfig: Array.isArray(query)
        ? { QueryStringBehavior: 'whitelist', QueryStrings: { Quantity: query.length, Items: query } }
        : { QueryStringBehavior: query },
    },
  } satisfies CachePolicyConfig;
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
export const MANAGED_CACHE_POLICIES: ReadonlyMap<string, CachePolicyConfig> = new Map([
  [
    '658327ea-f89d-4fab-a63d-7e88639e58f6',
    cache('Managed-CachingOptimized', 'Default policy when CF compression is enabled', [1, 86_400, YEAR], {
      gzip: true,
      brotli: true,
    }),
  ],
  [
    'b2884449-e4de-46a7-ac36-70bc7f1ddd6d',
    cache(
      'Managed-CachingOptimizedForUncompressedObjects',
      'Default policy when compression is disabled',
      [1, 86_400, YEAR],
      {},
    ),
  ],
  [
    '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    cache('Managed-CachingDisabled', 'Policy with caching disabled', [0, 0, 0], {}),
  ],
  [
    '83da9c7e-98b4-4e11-a168-04f0df8e2c65',
    cache(
      'UseOriginCacheControlHeaders',
      'Policy for origins that return Cache-Control headers. Query strings are not included in the cache key.',
      [0, 0, YEAR],
      {
        gzip: true,
        brotli: true,
        headers: ['host', 'origin', 'x-http-method-override', 'x-http-method', 'x-method-override'],
        cookies: 'all',
      },
    ),
  ],
  [
    '4cc15a8a-d715-48a4-82b8-cc0b614638fe',
    cache(
      'UseOriginCacheControlHeaders-QueryStrings',
      'Policy for origins that return Cache-Control headers and serve different content based on values present in the query string.',
      [0, 0, YEAR],
      {
        gzip: true,
        brotli: true,
        headers: ['host', 'origin', 'x-http-method-override', 'x-http-method', 'x-method-override'],
        cookies: 'all',
        query: 'all',
      },
    ),
  ],
]);

function forward(
  Name: string,
  Comment: string,
  headers: { behavior: 'none' | 'allViewer' | 'whitelist' | 'allExcept'; items?: string[] },
  all: boolean,
) {
  return {
    Name,
    Comment,
    HeadersConfig: {
      HeaderBehavior: headers.behavior,
      ...(headers.items && { Headers: { Quantity: headers.items.length, Items: headers.items } }),
    },
    CookiesConfig: { CookieBehavior: all ? 'all' : NONE },
    QueryStringsConfig: { QueryStringBehavior: all ? 'all' : NONE },
  } satisfies OriginRequestPolicyConfig;
}

const CORS_REQUEST = ['origin', 'access-control-request-headers', 'access-control-request-method'];

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
export const MANAGED_ORIGIN_REQUEST_POLICIES: ReadonlyMap<string, OriginRequestPolicyConfig> = new Map([
  [
    '216adef6-5c7f-47e4-b989-5492eafa07d3',
    forward(
      'Managed-AllViewer',
      'Policy to forward all parameters in viewer requests',
      { behavior: 'allViewer' },
      true,
    ),
  ],
  [
    'b689b0a8-53d0-40ab-baf2-68738e2966ac',
    forward(
      'Managed-AllViewerExceptHostHeader',
      'Policy to forward all parameters in viewer requests except for the Host header',
      { behavior: 'allExcept', items: ['host'] },
      true,
    ),
  ],
  [
    '59781a5b-3903-41f3-afcb-af62929ccde1',
    forward(
      'Managed-CORS-CustomOrigin',
      'Policy for custom origin with CORS',
      { behavior: 'whitelist', items: ['origin'] },
      false,
    ),
  ],
  [
    '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf',
    forward(
      'Managed-CORS-S3Origin',
      'Policy for S3 origin with CORS',
      { behavior: 'whitelist', items: CORS_REQUEST },
      false,
    ),
  ],
  [
    'acba4595-bd28-49b8-b9fe-13317c0390fa',
    forward(
      'Managed-UserAgentRefererHeaders',
      'Policy to forward user-agent and referer headers to origin',
      { behavior: 'whitelist', items: ['user-agent', 'referer'] },
      false,
    ),
  ],
]);

type Cors = NonNullable<ResponseHeadersPolicyConfig['CorsConfig']>;
type Security = NonNullable<ResponseHeadersPolicyConfig['SecurityHeadersConfig']>;

const SIMPLE_CORS: Cors = {
  AccessControlAllowOrigins: { Quantity: 1, Items: ['*'] },
  AccessControlAllowHeaders: { Quantity: 1, Items: ['*'] },
  AccessControlAllowMethods: { Quantity: 2, Items: ['GET', 'HEAD'] },
  AccessControlAllowCredentials: false,
  OriginOverride: false,
};

const PREFLIGHT_CORS: Cors = {
  ...SIMPLE_CORS,
  AccessControlAllowMethods: {
    Quantity: 7,
    Items: ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'],
  },
  AccessControlExposeHeaders: { Quantity: 1, Items: ['*'] },
};

const SECURITY: Security = {
  XSSProtection: { Override: false, Protection: true, ModeBlock: true },
  FrameOptions: { Override: false, FrameOption: 'SAMEORIGIN' },
  ReferrerPolicy: { Override: false, ReferrerPolicy: 'strict-origin-when-cross-origin' },
  ContentTypeOptions: { Override: true },
  StrictTransportSecurity: { Override: false, AccessControlMaxAgeSec: YEAR },
};

function headers(Name: string, Comment: string, CorsConfig?: Cors, SecurityHeadersConfig?: Security) {
  return { Name, Comment, CorsConfig, SecurityHeadersConfig } satisfies ResponseHeadersPolicyConfig;
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html */
export const MANAGED_RESPONSE_HEADERS_POLICIES: ReadonlyMap<string, ResponseHeadersPolicyConfig> = new Map([
  [
    '60669652-455b-4ae9-85a4-c4c02393f86c',
    headers('Managed-SimpleCORS', 'Allows all origins for simple CORS requests', SIMPLE_CORS),
  ],
  [
    '5cc3b908-e619-4b99-88e5-2cf7f45965bd',
    headers(
      'Managed-CORS-With-Preflight',
      'Allows all origins for CORS requests, including preflight requests',
      PREFLIGHT_CORS,
    ),
  ],
  [
    '67f7725c-6f97-4210-82d7-5512b31e9d03',
    headers(
      'Managed-SecurityHeadersPolicy',
      'Adds a set of security headers to every response',
      undefined,
      SECURITY,
    ),
  ],
  [
    'e61eb60c-9c35-4d20-a928-2b84e02af89c',
    headers(
      'Managed-CORS-and-SecurityHeadersPolicy',
      'Allows all origins for simple CORS requests and adds security headers',
      SIMPLE_CORS,
      SECURITY,
    ),
  ],
  [
    'eaab4381-ed33-4a86-88ca-d9558dc6cd63',
    headers(
      'Managed-CORS-with-preflight-and-SecurityHeadersPolicy',
      'Allows all origins for CORS requests, including preflight requests, and adds security headers',
      PREFLIGHT_CORS,
      SECURITY,
    ),
  ],
]);
