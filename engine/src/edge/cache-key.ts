import { acceptedEncodings } from './compress';
import type { CacheRules } from './distributions';
import { selectCookies, selectQuery, selects } from './selection';
import type { ViewerRequest } from './viewer';

/**
 * What makes two requests the same to the cache.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html
 */
export function cacheKey(rules: CacheRules, request: ViewerRequest): string {
  const headers = request.headers.entries
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => name !== 'accept-encoding' && selects(rules.headers, name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    // HEAD is answered out of what GET left.
    request.method === 'HEAD' ? 'GET' : request.method,
    pathAndQuery(rules, request),
    headers,
    selectCookies(request.headers.get('cookie'), rules.cookies) ?? '',
    acceptedEncodings(rules, request),
  ]);
}

/** The part of the key that invalidations are matched against. */
export function pathAndQuery(rules: CacheRules, request: ViewerRequest): string {
  const query = selectQuery(request.query, rules.query);
  return query === '' ? request.path : `${request.path}?${query}`;
}
