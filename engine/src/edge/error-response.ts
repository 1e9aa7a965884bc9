import type { EdgeDistribution } from './distributions';
import { parseCacheControl } from './freshness';
import type { EdgeResponse } from './viewer';

/**
 * Status codes that CloudFront keeps whatever the origin says, and those it keeps where told to.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 */
const ALWAYS = new Set([404, 414, 500, 501, 502, 503, 504]);
const WHERE_ASKED = new Set([400, 403, 405, 412, 415]);

/** For how many seconds an error is kept: 10 unless the distribution says otherwise, longer if the origin does. */
export function secondsToKeepError(distribution: EdgeDistribution, response: EdgeResponse): number {
  const { status } = response;
  const configured = distribution.errorResponses.get(status)?.minTtl;
  const directives = parseCacheControl(response.headers.all('cache-control').join(','));
  const asked = Number(directives.get('s-maxage') ?? directives.get('max-age') ?? Number.NaN);
  const kept = ALWAYS.has(status) || (WHERE_ASKED.has(status) && (configured !== undefined || asked > 0));
  if (!kept) return 0;
  return Math.max(configured ?? 10, Number.isFinite(asked) ? asked : 0);
}

export function isError(status: number): boolean {
  return status >= 400;
}
