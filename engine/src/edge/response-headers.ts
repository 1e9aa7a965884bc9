import type { ResponseHeadersPolicyConfig } from '@aws-sdk/client-cloudfront';
import type { HeaderList } from '../execute-api/headers';
import type { ViewerRequest } from './viewer';

/**
 * Headers that a response headers policy removes and adds.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
 */
export function applyResponseHeaders(
  policy: ResponseHeadersPolicyConfig,
  request: ViewerRequest,
  headers: HeaderList,
): void {
  for (const { Header } of policy.RemoveHeadersConfig?.Items ?? []) headers.remove(Header ?? '');
  const put = (name: string, value: string | undefined, override: boolean | undefined) => {
    if (value !== undefined && (override || !headers.has(name))) headers.set(name, value);
  };
  cors(policy, request, headers, put);
  const security = policy.SecurityHeadersConfig;
  put(
    'X-Content-Type-Options',
    security?.ContentTypeOptions && 'nosniff',
    security?.ContentTypeOptions?.Override,
  );
  put('X-Frame-Options', security?.FrameOptions?.FrameOption, security?.FrameOptions?.Override);
  put('Referrer-Policy', security?.ReferrerPolicy?.ReferrerPolicy, security?.ReferrerPolicy?.Override);
  put(
    'Content-Security-Policy',
    security?.ContentSecurityPolicy?.ContentSecurityPolicy,
    security?.ContentSecurityPolicy?.Override,
  );
  put('X-XSS-Protection', xss(security?.XSSProtection), security?.XSSProtection?.Override);
  put(
    'Strict-Transport-Security',
    hsts(security?.StrictTransportSecurity),
    security?.StrictTransportSecurity?.Override,
  );
  for (const { Header, Value, Override } of policy.CustomHeadersConfig?.Items ?? []) {
    put(Header ?? '', Value ?? '', Override);
  }
}

type Security = NonNullable<ResponseHeadersPolicyConfig['SecurityHeadersConfig']>;

function xss(config: Security['XSSProtection']): string | undefined {
  if (!config) return undefined;
  if (!config.Protection) return '0';
  const report = config.ReportUri ? `; report=${config.ReportUri}` : '';
  return `1${config.ModeBlock ? '; mode=block' : ''}${report}`;
}

function hsts(config: Security['StrictTransportSecurity']): string | undefined {
  if (!config) return undefined;
  const domains = config.IncludeSubdomains ? '; includeSubDomains' : '';
  return `max-age=${config.AccessControlMaxAgeSec}${domains}${config.Preload ? '; preload' : ''}`;
}

function cors(
  policy: ResponseHeadersPolicyConfig,
  request: ViewerRequest,
  headers: HeaderList,
  put: (name: string, value: string | undefined, override: boolean | undefined) => void,
): void {
  const config = policy.CorsConfig;
  const origin = request.headers.get('origin');
  // An origin that says something of CORS itself is left alone unless it is to be overridden.
  if (!config || !origin) return;
  const own = headers.has('access-control-allow-origin');
  if (own && !config.OriginOverride) return;
  const allowed = config.AccessControlAllowOrigins?.Items ?? [];
  const any = allowed.includes('*');
  if (!any && !allowed.some((one) => originMatches(one, origin))) return;
  put('Access-Control-Allow-Origin', any ? '*' : origin, true);
  if (!any) put('Vary', 'Origin', true);
  if (config.AccessControlAllowCredentials) put('Access-Control-Allow-Credentials', 'true', true);
  const joined = (items: readonly string[] | undefined) => (items?.length ? items.join(', ') : undefined);
  if (request.method === 'OPTIONS' && request.headers.has('access-control-request-method')) {
    const methods = config.AccessControlAllowMethods?.Items ?? [];
    const all = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'];
    put('Access-Control-Allow-Methods', joined((methods as string[]).includes('ALL') ? all : methods), true);
    put('Access-Control-Allow-Headers', joined(config.AccessControlAllowHeaders?.Items), true);
    put('Access-Control-Max-Age', config.AccessControlMaxAgeSec?.toString(), true);
  }
  put('Access-Control-Expose-Headers', joined(config.AccessControlExposeHeaders?.Items), true);
}

/** `https://*.example.com`: a wildcard stands for one leftmost label or more. */
function originMatches(pattern: string, origin: string): boolean {
  if (!pattern.includes('*')) return pattern === origin || `https://${pattern}` === origin;
  const [before = '', after = ''] = pattern.split('*', 2);
  return origin.length > before.length + after.length && origin.startsWith(before) && origin.endsWith(after);
}
