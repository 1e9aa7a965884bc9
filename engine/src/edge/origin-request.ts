import { HeaderList } from '../execute-api/headers';
import { acceptedEncodings } from './compress';
import type { EdgeBehaviour, EdgeOrigin, Selection } from './distributions';
import { selectCookies, selectQuery, selects } from './selection';
import type { ViewerRequest } from './viewer';

export interface OriginRequest {
  method: string;
  /** With the origin's path in front, encoded. */
  path: string;
  query: string;
  headers: HeaderList;
  body: Buffer;
}

/** Never forwarded, or said by CloudFront itself. */
const OWN = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
  'x-amz-cf-id',
  'x-edge-',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-real-ip',
]);

/** These go to the origin whatever the policies say, because the request would mean another without them. */
const ALWAYS = new Set(['content-type', 'content-encoding', 'range', 'if-range']);

const isForwardedProto = (name: string) => name.toLowerCase() === 'cloudfront-forwarded-proto';

/**
 * What is sent to an origin: all of the cache key, and what the origin request policy adds.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-origin-requests.html
 */
export function originRequest(
  origin: EdgeOrigin,
  behaviour: EdgeBehaviour,
  request: ViewerRequest,
  requestId: string,
): OriginRequest {
  const selections = (part: 'headers' | 'cookies' | 'query'): Selection[] =>
    behaviour.forward ? [behaviour.cache[part], behaviour.forward[part]] : [behaviour.cache[part]];
  const wanted = selections('headers');
  const named = (name: string) => wanted.some((selection) => selects(selection, name));
  const headers = new HeaderList();
  headers.append(
    'Host',
    named('host') ? (request.headers.get('host') ?? origin.domainName) : origin.domainName,
  );
  headers.append(
    'User-Agent',
    (named('user-agent') && request.headers.get('user-agent')) || 'Amazon CloudFront',
  );
  headers.append('X-Amz-Cf-Id', requestId);
  headers.append('Via', '1.1 cloudfront (CloudFront)');
  headers.append('X-Forwarded-For', [...request.headers.all('x-forwarded-for'), request.sourceIp].join(', '));
  for (const [name, value] of request.headers.entries) {
    const lower = name.toLowerCase();
    if (OWN.has(lower) || lower.startsWith('x-edge-')) continue;
    if (ALWAYS.has(lower) || named(lower)) headers.append(name, value);
  }
  const cookies = selectCookies(request.headers.get('cookie'), ...selections('cookies'));
  if (cookies) headers.append('Cookie', cookies);
  const encodings = acceptedEncodings(behaviour.cache, request);
  if (encodings) headers.append('Accept-Encoding', encodings);
  else if (named('accept-encoding') && request.headers.has('accept-encoding')) {
    headers.append('Accept-Encoding', request.headers.get('accept-encoding')!);
  }
  // CloudFront's own headers are sent only to who asks for them by name.
  if (wanted.some(({ behaviour, names }) => behaviour === 'some' && names.some(isForwardedProto))) {
    headers.set('CloudFront-Forwarded-Proto', 'https');
  }
  for (const [name, value] of origin.headers) headers.set(name, value);
  return {
    method: request.method,
    path: `${origin.path}${request.path}`,
    query: selectQuery(request.query, ...selections('query')),
    headers,
    body: request.body,
  };
}
