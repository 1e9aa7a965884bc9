import type { CORSRule } from '@aws-sdk/client-s3';
import type { Call } from '../../kernel';
import { s3Error } from './errors';
import type { Bucket } from './records';

const VARY = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method';

/** `*` stands for any run of characters, once. Origins match as they are, headers whatever their case. */
function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

function find(rules: readonly CORSRule[], origin: string, method: string, headers: string[]) {
  return rules.find(
    (rule) =>
      rule.AllowedOrigins?.some((allowed) => matches(allowed, origin)) &&
      rule.AllowedMethods?.includes(method) &&
      headers.every((header) =>
        rule.AllowedHeaders?.some((allowed) => matches(allowed.toLowerCase(), header.toLowerCase())),
      ),
  );
}

function answer(rule: CORSRule, origin: string): Record<string, string> {
  // A rule for everybody names nobody, and then a browser may not send credentials.
  const everybody = rule.AllowedOrigins?.includes('*');
  return {
    'Access-Control-Allow-Origin': everybody ? '*' : origin,
    'Access-Control-Allow-Methods': (rule.AllowedMethods ?? []).join(', '),
    ...(everybody ? {} : { 'Access-Control-Allow-Credentials': 'true' }),
    ...(rule.ExposeHeaders?.length ? { 'Access-Control-Expose-Headers': rule.ExposeHeaders.join(', ') } : {}),
    ...(rule.MaxAgeSeconds === undefined ? {} : { 'Access-Control-Max-Age': String(rule.MaxAgeSeconds) }),
    Vary: VARY,
  };
}

/** Puts the CORS headers on the answer to a request with an Origin, where a rule allows it. */
export function corsHeaders(call: Call, bucket: Bucket): void {
  const origin = call.http?.headers.origin;
  if (origin === undefined || !bucket.cors || !call.http) return;
  const rule = find(bucket.cors, origin, call.http.method, []);
  if (rule) Object.assign(call.response.headers, answer(rule, origin));
}

/**
 * The answer to a preflight request (OPTIONS), which is no operation of the API: the gateway asks here.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html
 */
export function preflight(
  bucket: Bucket | undefined,
  request: { headers: Readonly<Record<string, string>>; resource: 'BUCKET' | 'OBJECT' },
): Record<string, string> {
  const { origin } = request.headers;
  const method = request.headers['access-control-request-method'];
  if (origin === undefined) {
    throw s3Error('BadRequest', 400, 'Insufficient information. Origin request header needed.');
  }
  if (method === undefined || !['GET', 'PUT', 'HEAD', 'POST', 'DELETE'].includes(method)) {
    throw s3Error('BadRequest', 400, `Invalid Access-Control-Request-Method: ${method ?? 'null'}`);
  }
  const asked = (request.headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const rule = bucket?.cors && find(bucket.cors, origin, method, asked);
  if (!rule) {
    const why = bucket?.cors
      ? "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
      : 'CORS is not enabled for this bucket.';
    throw s3Error('AccessForbidden', 403, `CORSResponse: ${why}`, {
      Method: method,
      ResourceType: request.resource,
    });
  }
  return {
    ...answer(rule, origin),
    ...(asked.length > 0
      ? { 'Access-Control-Allow-Headers': asked.map((name) => name.toLowerCase()).join(', ') }
      : {}),
  };
}
