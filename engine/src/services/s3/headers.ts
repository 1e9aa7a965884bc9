import type { Call } from '../../kernel';
import { invalidArgument, s3Error } from './errors';
import type { Headers, ObjectVersion } from './records';

export interface HeaderInput {
  ContentType?: string | undefined;
  CacheControl?: string | undefined;
  ContentDisposition?: string | undefined;
  ContentEncoding?: string | undefined;
  ContentLanguage?: string | undefined;
  Expires?: Date | string | undefined;
  Metadata?: Record<string, string> | undefined;
  WebsiteRedirectLocation?: string | undefined;
}

const MAX_METADATA = 2048;
const MAX_KEY = 1024;

export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > MAX_KEY) {
    throw s3Error('KeyTooLongError', 400, 'Your key is too long', {
      Size: String(size),
      MaxSizeAllowed: String(MAX_KEY),
    });
  }
}

/** The headers of an upload that are kept with the object. */
export function headersOf(call: Call, input: HeaderInput): Headers {
  const metadata: Record<string, string> = {};
  let size = 0;
  for (const [name, value] of Object.entries(input.Metadata ?? {})) {
    metadata[name.toLowerCase()] = value;
    size += Buffer.byteLength(name) + Buffer.byteLength(value);
  }
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
  if (size > MAX_METADATA) {
    throw s3Error('MetadataTooLarge', 400, 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: String(size),
      MaxSizeAllowed: String(MAX_METADATA),
    });
  }
  const redirect = input.WebsiteRedirectLocation;
  if (redirect !== undefined && !/^(\/|https?:\/\/)/.test(redirect)) {
    throw s3Error(
      'InvalidRedirectLocation',
      400,
      "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
    );
  }
  const expires = expiresText(call, input.Expires);
  const encoding = input.ContentEncoding?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'aws-chunked')
    .join(',');
  return {
    metadata,
    ...(input.ContentType ? { contentType: input.ContentType } : {}),
    ...(input.CacheControl ? { cacheControl: input.CacheControl } : {}),
    ...(input.ContentDisposition ? { contentDisposition: input.ContentDisposition } : {}),
    ...(encoding ? { contentEncoding: encoding } : {}),
    ...(input.ContentLanguage ? { contentLanguage: input.ContentLanguage } : {}),
    ...(expires ? { expires } : {}),
    ...(redirect ? { redirect } : {}),
  };
}

/** S3 gives back the Expires header as it came, whatever it says. */
function expiresText(call: Call, expires: Date | string | undefined): string | undefined {
  const raw = call.http?.headers.expires;
  if (raw !== undefined && expires !== undefined) return raw;
  return expires instanceof Date ? expires.toUTCString() : expires;
}

export interface OverrideInput {
  ResponseCacheControl?: string | undefined;
  ResponseContentDisposition?: string | undefined;
  ResponseContentEncoding?: string | undefined;
  ResponseContentLanguage?: string | undefined;
  ResponseContentType?: string | undefined;
  ResponseExpires?: Date | string | undefined;
}

/** The stored headers as GetObject and HeadObject answer them. */
export function headerMembers(call: Call, object: ObjectVersion, input: OverrideInput = {}) {
  const overrides = [
    ['response-cache-control', input.ResponseCacheControl],
    ['response-content-disposition', input.ResponseContentDisposition],
    ['response-content-encoding', input.ResponseContentEncoding],
    ['response-content-language', input.ResponseContentLanguage],
    ['response-content-type', input.ResponseContentType],
    ['response-expires', input.ResponseExpires],
  ] as const;
  for (const [name, value] of overrides) {
    if (value === undefined) continue;
    if (call.principal.type === 'anonymous') {
      throw s3Error(
        'InvalidRequest',
        400,
        'Request specific response headers cannot be used for anonymous GET requests.',
      );
    }
    if (typeof value === 'string' && [...value].some((char) => char.codePointAt(0)! > 0xff)) {
      throw invalidArgument('Header value cannot be represented using ISO-8859-1.', name, value);
    }
  }
  const cacheControl = input.ResponseCacheControl ?? object.cacheControl;
  const disposition = input.ResponseContentDisposition ?? object.contentDisposition;
  const encoding = input.ResponseContentEncoding ?? object.contentEncoding;
  const language = input.ResponseContentLanguage ?? object.contentLanguage;
  const override = input.ResponseExpires;
  const expires = (override instanceof Date ? override.toUTCString() : override) ?? object.expires;
  return {
    ContentType: input.ResponseContentType ?? object.contentType ?? 'binary/octet-stream',
    Metadata: object.metadata,
    ...(cacheControl === undefined ? {} : { CacheControl: cacheControl }),
    ...(disposition === undefined ? {} : { ContentDisposition: disposition }),
    ...(encoding === undefined ? {} : { ContentEncoding: encoding }),
    ...(language === undefined ? {} : { ContentLanguage: language }),
    ...(expires === undefined ? {} : { ExpiresString: expires }),
    ...(object.redirect === undefined ? {} : { WebsiteRedirectLocation: object.redirect }),
  };
}
