import { createHmac, timingSafeEqual } from 'node:crypto';
import { headerValue, type SignedRequest } from './canonical';

/** Query parameters that name a part of the resource, or change the response, are signed with it. */
const SIGNED_PARAMETERS = new Set(
  (
    'acl cors delete encryption lifecycle location logging notification partNumber policy replication ' +
    'requestPayment restore tagging torrent uploadId uploads versionId versioning versions website ' +
    'response-cache-control response-content-disposition response-content-encoding response-content-language ' +
    'response-content-type response-expires'
  ).split(' '),
);

/**
 * What a presigned URL of signature version 2 signs. `resource` is the path with the bucket in it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#ConstructingTheAuthenticationHeader
 */
export function stringToSignVersion2(
  request: SignedRequest,
  resource: string,
  query: URLSearchParams,
): string {
  const amz = new Set(
    request.headers.map(([name]) => name.toLowerCase()).filter((name) => name.startsWith('x-amz-')),
  );
  const headers = [...amz].sort().map((name) => `${name}:${headerValue(request.headers, name)}\n`);
  const inQuery = [...query]
    .filter(([name]) => name.startsWith('x-amz-') && !amz.has(name))
    .map(([name, value]) => `${name}:${value}\n`);
  const parameters = [...query]
    .filter(([name]) => SIGNED_PARAMETERS.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return [
    request.method,
    headerValue(request.headers, 'content-md5'),
    headerValue(request.headers, 'content-type'),
    query.get('Expires') ?? '',
    [...headers, ...inQuery].sort().join('') +
      resource +
      (parameters.length ? `?${parameters.join('&')}` : ''),
  ].join('\n');
}

export function isVersion2(secret: string, text: string, signature: string): boolean {
  const right = createHmac('sha1', secret).update(text).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === right.length && timingSafeEqual(given, right);
}
