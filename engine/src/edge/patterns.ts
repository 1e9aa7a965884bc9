/**
 * CloudFront's path patterns: `*` is any number of characters, slashes too, `?` exactly one; case matters, and the
 * leading slash is optional.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
 */
export function matchesPattern(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === '/*') return true;
  return glob(pattern.startsWith('/') ? pattern : `/${pattern}`, path);
}

/** Linear in both lengths in practice, and never exponential: no regular expression is built from a pattern. */
function glob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (p < pattern.length && (pattern[p] === '?' || (pattern[p] === text[t] && pattern[p] !== '*'))) {
      p++;
      t++;
    } else if (pattern[p] === '*') {
      star = p++;
      mark = t;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** Whether an invalidation path covers a path with query: a `*` at the end covers all that begins so. */
export function isInvalidated(invalidation: string, pathAndQuery: string): boolean {
  if (invalidation.endsWith('*')) return pathAndQuery.startsWith(invalidation.slice(0, -1));
  // Without a wildcard, all variants of the path are meant only where no query string is part of the key.
  return pathAndQuery === invalidation;
}
