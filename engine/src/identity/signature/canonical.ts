import { hash } from 'node:crypto';
import type { Claim, RawHeaders } from './claim';
import { ALGORITHM } from './claim';

/** A request as its signer saw it. */
export interface SignedRequest {
  method: string;
  /** Path and query as they came, still encoded. */
  url: string;
  headers: RawHeaders;
}

export const sha256 = (data: string | Uint8Array): string => hash('sha256', data);

/**
 * A header that was signed and is not there leaves no line, so that the signature cannot be right.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function canonicalRequest(request: SignedRequest, claim: Claim, payloadHash: string): string {
  const { method, url } = request;
  const cut = url.indexOf('?');
  const path = cut < 0 ? url : url.slice(0, cut);
  const query = cut < 0 ? '' : canonicalQuery(url.slice(cut + 1));
  const values = valuesOf(request.headers);
  let lines = `${method}\n${claim.service === 's3' ? encodedOnce(path) : encodedTwice(path)}\n${query}\n`;
  for (const name of claim.signedHeaders) {
    const value = values.get(name);
    if (value !== undefined) lines += `${name}:${value}\n`;
  }
  return `${lines}\n${claim.signedHeaders.join(';')}\n${payloadHash}`;
}

export function stringToSign(claim: Claim, canonical: string): string {
  const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
  return `${ALGORITHM}\n${claim.time}\n${scope}\n${sha256(canonical)}`;
}

/** Of each request, its headers by name: they are asked for again and again. */
const byName = new WeakMap<RawHeaders, Map<string, string>>();

function valuesOf(headers: RawHeaders): ReadonlyMap<string, string> {
  let values = byName.get(headers);
  if (!values) {
    values = new Map();
    for (const [other, text] of headers) {
      const key = other.toLowerCase();
      const before = values.get(key);
      values.set(key, before === undefined ? cleaned(text) : `${before},${cleaned(text)}`);
    }
    byName.set(headers, values);
  }
  return values;
}

/** All headers of a name, as one value. */
export const headerValue = (headers: RawHeaders, name: string): string => valuesOf(headers).get(name) ?? '';

function cleaned(text: string): string {
  const trimmed = text.trim();
  return trimmed.includes('  ') ? trimmed.replace(/ +/g, ' ') : trimmed;
}

const RESERVED = /[!'()*]/g;
/** What no encoding changes. */
const PLAIN = /^[\w.~-]*$/;
/** A path that is its own canonical form: no encoding changes it, and no segment of it is empty or dots. */
const PLAIN_PATH = /^(?:\/[\w~-][\w.~-]*)*\/?$/;

/** Percent-encodes everything but letters, digits and `-._~`. */
function encode(text: string): string {
  if (PLAIN.test(text)) return text;
  return encodeURIComponent(text).replace(
    RESERVED,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** S3 signs the key encoded once, however the client wrote it on the wire. */
function encodedOnce(path: string): string {
  if (PLAIN_PATH.test(path)) return path;
  return path
    .split('/')
    .map((segment) => encode(decoded(segment)))
    .join('/');
}

/** All others sign the path on the wire encoded once more, without empty and dot segments. */
function encodedTwice(path: string): string {
  if (PLAIN_PATH.test(path)) return path;
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(encode(segment));
  }
  const joined = `/${kept.join('/')}`;
  return path.endsWith('/') && joined !== '/' ? `${joined}/` : joined;
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs: [string, string][] = [];
  for (const part of query.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = encode(decoded(at < 0 ? part : part.slice(0, at)));
    if (name === 'X-Amz-Signature') continue;
    pairs.push([name, at < 0 ? '' : encode(decoded(part.slice(at + 1)))]);
  }
  // By bytes; what is encoded is ASCII.
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

/** What is no valid encoding stands for itself: the signature then decides. */
function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
