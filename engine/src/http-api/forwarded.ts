import { HeaderList } from '../execute-api/headers';
import type { Exchange } from './exchange';

/** Hop-by-hop headers and those the gateway says itself. */
const DROPPED = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

/** What the caller sent and what the gateway knows of the connection, names in lower case. */
export function eventHeaders({ request, trace }: Exchange): HeaderList {
  const headers = new HeaderList();
  for (const [name, value] of request.headers.entries) {
    const lower = name.toLowerCase();
    if (!DROPPED.has(lower)) headers.append(lower, value);
  }
  headers.append('content-length', String(request.body.length));
  headers.append('host', request.domainName);
  headers.append('x-amzn-trace-id', trace);
  headers.append('x-forwarded-for', [...request.headers.all('x-forwarded-for'), request.sourceIp].join(', '));
  // The endpoint is HTTPS only on AWS: what a function may lean on is that, not the loopback's plain HTTP.
  headers.append('x-forwarded-port', '443');
  headers.append('x-forwarded-proto', 'https');
  return headers;
}

/** Names to values, repeated ones joined: of a query, too. */
export function joinedByName(entries: readonly (readonly [string, string])[]): Record<string, string> {
  const out = new Map<string, string>();
  for (const [name, value] of entries) {
    const before = out.get(name);
    out.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(out);
}

/** Each name with all of its values. */
export function listedByName(entries: readonly (readonly [string, string])[]): Record<string, string[]> {
  const out = new Map<string, string[]>();
  for (const [name, value] of entries) {
    const before = out.get(name);
    if (before) before.push(value);
    else out.set(name, [value]);
  }
  return Object.fromEntries(out);
}

export const lastByName = (entries: readonly (readonly [string, string])[]): Record<string, string> =>
  Object.fromEntries(entries);

const TEXT = /^(?:text\/[^;]+|application\/(?:json|xml|javascript))\s*(?:;|$)/i;

/** Only these come as they are; anything else, forms and bodies of no type too, comes in base64. */
export function isText(contentType: string | undefined): boolean {
  return TEXT.test((contentType ?? '').trim());
}
