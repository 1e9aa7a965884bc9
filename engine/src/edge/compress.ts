import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { CacheRules } from './distributions';
import type { EdgeResponse, ViewerRequest } from './viewer';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html */
const TYPES = new Set([
  'application/dash+xml',
  'application/eot',
  'application/font',
  'application/font-sfnt',
  'application/javascript',
  'application/json',
  'application/manifest+json',
  'application/opentype',
  'application/otf',
  'application/pdf',
  'application/pkcs7-mime',
  'application/protobuf',
  'application/rss+xml',
  'application/truetype',
  'application/ttf',
  'application/vnd.apple.mpegurl',
  'application/vnd.mapbox-vector-tile',
  'application/vnd.ms-fontobject',
  'application/wasm',
  'application/xhtml+xml',
  'application/xml',
  'application/x-font-opentype',
  'application/x-font-truetype',
  'application/x-font-ttf',
  'application/x-httpd-cgi',
  'application/x-javascript',
  'application/x-mpegurl',
  'application/x-opentype',
  'application/x-otf',
  'application/x-perl',
  'application/x-ttf',
  'font/eot',
  'font/opentype',
  'font/otf',
  'font/ttf',
  'image/svg+xml',
  'text/css',
  'text/csv',
  'text/html',
  'text/javascript',
  'text/js',
  'text/plain',
  'text/richtext',
  'text/tab-separated-values',
  'text/xml',
  'text/x-component',
  'text/x-java-source',
  'text/x-script',
  'vnd.apple.mpegurl',
]);

const SMALLEST = 1000;
const LARGEST = 10_000_000;

/** The normalised Accept-Encoding that is part of the cache key and goes to the origin. */
export function acceptedEncodings(
  rules: Pick<CacheRules, 'gzip' | 'brotli'>,
  request: ViewerRequest,
): string {
  const accepted = (request.headers.get('accept-encoding') ?? '')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
    .filter((one) => !/;\s*q=0(\.0*)?$/.test(one))
    .map((one) => one.split(';')[0]!.trim());
  const both: string[] = [];
  if (rules.brotli && accepted.includes('br')) both.push('br');
  if (rules.gzip && accepted.includes('gzip')) both.push('gzip');
  return both.join(',');
}

/** Compresses what CloudFront compresses: certain types, 1,000 to 10,000,000 bytes, not yet encoded. */
export function compressed(response: EdgeResponse, encodings: string): void {
  const { headers, body } = response;
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const [encoding] = encodings.split(',');
  if (!encoding || response.status !== 200 || !TYPES.has(type)) return;
  if (body.length < SMALLEST || body.length > LARGEST || headers.has('content-encoding')) return;
  response.body =
    encoding === 'br'
      ? brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
      : gzipSync(body);
  headers.set('Content-Encoding', encoding);
  headers.set('Vary', 'Accept-Encoding');
  headers.remove('accept-ranges');
  const etag = headers.get('etag');
  if (etag && !etag.startsWith('W/')) headers.set('ETag', `W/${etag}`);
}
