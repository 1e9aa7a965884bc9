import { HeaderList } from '../headers';

/**
 * Headers of an integration's answer that API Gateway says itself: they reach the caller as `x-amzn-Remapped-…`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
const REMAPPED = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'expect',
  'host',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'trailer',
  'upgrade',
  'user-agent',
  'www-authenticate',
  'x-amzn-requestid',
]);

const DROPPED = new Set(['transfer-encoding']);

export function remap(headers: HeaderList, drop: readonly string[] = []): HeaderList {
  const out = new HeaderList();
  for (const [name, value] of headers.entries) {
    const lower = name.toLowerCase();
    if (DROPPED.has(lower) || drop.includes(lower)) continue;
    out.append(REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name, value);
  }
  return out;
}
