import { Readable } from 'node:stream';
import { HeaderList } from '../../execute-api/headers';
import { type Host, isAwsError, type Output, type Principal } from '../../kernel';
import type { EdgeDistribution, S3Origin } from '../distributions';
import { errorPage } from '../errors';
import type { OriginRequest } from '../origin-request';
import type { EdgeResponse } from '../viewer';

/** `bucket.s3.region.amazonaws.com`, with or without the region. */
const DOMAIN = /^(.+)\.s3(?:[.-]([a-z0-9-]+))?\.amazonaws\.com$/;

/** Objects above the size that CloudFront compresses go through as they come. */
const MAX_HELD = 10_000_000;

/**
 * A bucket as origin. S3 holds CloudFront against the bucket's policy: without s3:ListBucket a key that is not there
 * reads as forbidden.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
 */
export async function fetchS3(
  host: Host,
  distribution: EdgeDistribution,
  origin: S3Origin,
  request: OriginRequest,
  requestId: string,
): Promise<EdgeResponse> {
  const match = DOMAIN.exec(origin.domainName);
  if (!match) return errorPage(502, requestId);
  const [, bucket = '', region = 'us-east-1'] = match;
  const key = keyOf(request.path);
  if (key === undefined) return s3Error(400, 'InvalidURI', "Couldn't parse the specified URI.", requestId);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return s3Error(403, 'AccessDenied', 'Access Denied', requestId);
  }
  // A bucket's root lists its keys, which is more than reading one.
  if (key === '') return s3Error(403, 'AccessDenied', 'Access Denied', requestId);
  const options = { as: principalOf(host, distribution, origin), account: distribution.account, region };
  try {
    const conditions = conditionsOf(request.headers);
    if (request.method === 'HEAD') {
      const head = await host.invoke(
        's3',
        'HeadObject',
        { Bucket: bucket, Key: key, ...conditions },
        options,
      );
      return { status: 200, headers: objectHeaders(head), body: Buffer.alloc(0) };
    }
    const object = await host.invoke('s3', 'GetObject', { Bucket: bucket, Key: key, ...conditions }, options);
    const status = object.ContentRange ? 206 : 200;
    const headers = objectHeaders(object);
    const length = object.ContentLength ?? 0;
    if (object.Body instanceof Readable && length > MAX_HELD) {
      return { status, headers, body: Buffer.alloc(0), stream: { content: object.Body, length } };
    }
    return { status, headers, body: await bytes(object.Body) };
  } catch (error) {
    if (!isAwsError(error)) throw error;
    // The answer to HEAD names no code; CloudFront keeps an error for the GET that may follow.
    if (error.code === 'NotFound')
      return s3Error(404, 'NoSuchKey', 'The specified key does not exist.', requestId);
    return s3Error(error.status ?? 400, error.code, error.message, requestId);
  }
}

function keyOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return undefined;
  }
}

const ANYBODY: Principal = { type: 'anonymous', account: '', arn: 'anonymous', userId: 'anonymous' };

/** Who asks S3, as buckets' policies name him: the policy decides, and S3 asks it. */
function principalOf(host: Host, distribution: EdgeDistribution, origin: S3Origin): Principal {
  const { account, arn: sourceArn } = distribution;
  if (origin.caller === 'access-control') {
    return host.parts.identity.servicePrincipal('cloudfront.amazonaws.com', account, {
      sourceArn,
      sourceAccount: account,
    });
  }
  if (origin.caller === 'anonymous' || !origin.identity) return ANYBODY;
  const { id, canonicalUserId } = origin.identity;
  // It belongs to no account, so that the bucket's policy alone decides, as it does for strangers.
  const arn = `arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity ${id}`;
  return { ...ANYBODY, arn, userId: canonicalUserId };
}

function conditionsOf(headers: HeaderList) {
  const range = headers.get('range');
  return { Range: range && /^bytes=\d*-\d*$/.test(range) ? range : undefined };
}

type ObjectOutput = Partial<Output<'s3', 'GetObject'>>;

function objectHeaders(object: ObjectOutput): HeaderList {
  const headers = new HeaderList();
  const put = (name: string, value: string | number | undefined) => {
    if (value !== undefined) headers.append(name, String(value));
  };
  put('Content-Type', object.ContentType ?? 'binary/octet-stream');
  put('Last-Modified', object.LastModified?.toUTCString());
  put('ETag', object.ETag);
  put('Cache-Control', object.CacheControl);
  put('Content-Disposition', object.ContentDisposition);
  put('Content-Encoding', object.ContentEncoding);
  put('Content-Language', object.ContentLanguage);
  put('Content-Range', object.ContentRange);
  put('Expires', object.ExpiresString);
  put('x-amz-server-side-encryption', object.ServerSideEncryption);
  put('x-amz-version-id', object.VersionId);
  put('Accept-Ranges', 'bytes');
  put('Server', 'AmazonS3');
  for (const [name, value] of Object.entries(object.Metadata ?? {})) put(`x-amz-meta-${name}`, value);
  return headers;
}

async function bytes(body: Readable | Uint8Array | undefined): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (!(body instanceof Readable)) return Buffer.from(body);
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function s3Error(status: number, code: string, message: string, requestId: string): EdgeResponse {
  const headers = new HeaderList();
  headers.append('Content-Type', 'application/xml');
  headers.append('Server', 'AmazonS3');
  const text = message.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${text}</Message><RequestId>${requestId.slice(0, 16)}</RequestId></Error>`;
  return { status, headers, body: Buffer.from(body) };
}
