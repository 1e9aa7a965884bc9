import type { HeaderList } from '../execute-api/headers';
import type { CacheRules } from './distributions';

/**
 * For how many seconds CloudFront keeps an answer; 0 is not at all.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html#ExpirationDownloadDist
 */
export function secondsToKeep(rules: CacheRules, headers: HeaderList, now: number): number {
  if (rules.maxTtl === 0) return 0;
  const directives = parseCacheControl(headers.all('cache-control').join(','));
  if (directives.has('no-cache') || directives.has('no-store') || directives.has('private')) {
    // A minimum above zero goes before what the origin asks for.
    return rules.minTtl;
  }
  const wanted = originSeconds(directives, headers, now);
  if (wanted === undefined) return Math.max(rules.defaultTtl, rules.minTtl);
  return Math.min(Math.max(wanted, rules.minTtl), rules.maxTtl);
}

function originSeconds(
  directives: ReadonlyMap<string, string>,
  headers: HeaderList,
  now: number,
): number | undefined {
  const shared = seconds(directives.get('s-maxage')) ?? seconds(directives.get('max-age'));
  if (shared !== undefined) return shared;
  const expires = headers.get('expires');
  if (expires === undefined) return undefined;
  const at = Date.parse(expires);
  return Number.isNaN(at) ? 0 : Math.max(0, Math.floor((at - now) / 1000));
}

function seconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

export function parseCacheControl(text: string): Map<string, string> {
  const directives = new Map<string, string>();
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.trim().split('=', 2);
    if (name) directives.set(name.toLowerCase(), value.replace(/^"|"$/g, ''));
  }
  return directives;
}
