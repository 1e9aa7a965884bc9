import { type Exchange, routeOf } from '../exchange';
import { HeaderList } from '../headers';

/** What callers send stays at the gateway, unless it is mapped. */
const NOT_PASSED_ON = new Set([
  'content-md5',
  'expect',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
  'x-http-method-override',
]);

/**
 * Whether a proxy integration gets a header of the caller. A signature was made for the gateway.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function isPassedOn(exchange: Exchange, name: string, value: string): boolean {
  const lower = name.toLowerCase();
  if (lower === 'authorization') {
    return !value.startsWith('AWS4-') && routeOf(exchange).method.authorizationType !== 'AWS_IAM';
  }
  return !NOT_PASSED_ON.has(lower);
}

/** They reach the caller as `x-amzn-Remapped-…`: API Gateway says them itself. */
const REMAPPED = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'max-forwards',
  'server',
  'user-agent',
  'www-authenticate',
  'x-amzn-requestid',
]);

const DROPPED = new Set([
  'expect',
  'host',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

/**
 * What of a proxy integration's headers reaches the caller.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function remap(headers: HeaderList): HeaderList {
  const out = new HeaderList();
  for (const [name, value] of headers.entries) {
    const lower = name.toLowerCase();
    if (DROPPED.has(lower)) continue;
    out.append(REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name, value);
  }
  return out;
}
