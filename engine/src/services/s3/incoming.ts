import { Readable } from 'node:stream';
import { AwsError, type Call, notImplemented } from '../../kernel';
import { discard, type Received, receive } from './body';
import {
  ALGORITHMS,
  type Algorithm,
  type ChecksumMembers,
  checksumMember,
  DIGEST_BYTES,
  type Hasher,
  hasher,
  isAlgorithm,
} from './checksums';
import { headerNotImplemented, invalidRequest, s3Error } from './errors';

/** A single PUT takes at most this. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PUT = 5 * 1024 ** 3;

export interface BodyInput extends ChecksumMembers {
  Body?: unknown;
  ContentMD5?: string | undefined;
  ContentLength?: number | undefined;
  ChecksumAlgorithm?: string | undefined;
}

export interface Incoming {
  received: Received;
  /** What the client checked with, or `wanted`, or S3's own default, CRC64NVME. */
  algorithm: Algorithm;
  digests: Map<Algorithm, string>;
}

/** What a request says its checksum is: a header, a trailer, or only an algorithm to use. */
function declared(call: Call, input: BodyInput): { algorithm?: Algorithm; value?: string; trailer?: string } {
  const given = ALGORITHMS.filter((algorithm) => input[checksumMember(algorithm)] !== undefined);
  if (given.length > 1) {
    throw invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  for (const name of Object.keys(input)) {
    if (/^Checksum(MD5|SHA512|XXHASH)/.test(name)) throw notImplemented(`S3 ${name}`);
  }
  const named = input.ChecksumAlgorithm?.toUpperCase();
  if (named !== undefined && !isAlgorithm(named)) throw badAlgorithm(named);
  const [algorithm] = given;
  if (algorithm) {
    const value = input[checksumMember(algorithm)] ?? '';
    if (
      Buffer.from(value, 'base64').length !== DIGEST_BYTES[algorithm] ||
      !/^[A-Za-z0-9+/]+=*$/.test(value)
    ) {
      throw invalidRequest(`Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`);
    }
    return { algorithm, value };
  }
  const trailer = call.http?.headers['x-amz-trailer']?.trim().toLowerCase();
  if (trailer) {
    const name = /^x-amz-checksum-(\w+)$/.exec(trailer)?.[1]?.toUpperCase();
    if (name === undefined || !isAlgorithm(name)) {
      throw invalidRequest('The value specified in the x-amz-trailer header is not supported');
    }
    return { algorithm: name, trailer };
  }
  if (named === undefined) return {};
  if (call.http?.headers['x-amz-sdk-checksum-algorithm'] !== undefined) {
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  return { algorithm: named };
}

export function badAlgorithm(name: string): Error {
  if (/^(MD5|SHA512|XXHASH\d+)$/.test(name)) return notImplemented(`the S3 checksum algorithm ${name}`);
  return invalidRequest(
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  );
}

/**
 * Takes a request's body in, out of `aws-chunked` where it is wrapped in it, and checks it against every
 * digest that the request brings. Nothing is left behind when one does not match.
 */
export async function takeBody(
  call: Call,
  input: BodyInput,
  options: { wanted?: Algorithm | undefined; upload?: boolean; maxSize?: number } = {},
): Promise<Incoming> {
  const claim = declared(call, input);
  if (options.upload && options.wanted && claim.algorithm && claim.algorithm !== options.wanted) {
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${options.wanted.toLowerCase()}, actual checksum Type: ${claim.algorithm.toLowerCase()}`,
    );
  }
  const md5 = expectedMd5(input.ContentMD5);
  const { body, trailers, length } = bodyOf(call, input);
  if (length !== undefined && length > MAX_PUT) throw tooLarge(length);

  const algorithm = claim.algorithm ?? options.wanted ?? 'CRC64NVME';
  const hashers = new Map<Algorithm, Hasher>([[algorithm, hasher(algorithm)]]);
  if (options.upload && !options.wanted && !hashers.has('CRC64NVME')) {
    hashers.set('CRC64NVME', hasher('CRC64NVME'));
  }
  const signed = call.http?.headers['x-amz-content-sha256'];
  const sha256 = signed && /^[0-9a-f]{64}$/i.test(signed) ? hasher('SHA256') : undefined;
  let size = 0;
  const received = await receiveChecked(call, body, (chunk) => {
    size += chunk.length;
    if (size > MAX_PUT) throw tooLarge(size);
    for (const hash of hashers.values()) hash.update(chunk);
    sha256?.update(chunk);
  });
  try {
    if (length !== undefined && size !== length) {
      throw s3Error(
        'IncompleteBody',
        400,
        'You did not provide the number of bytes specified by the Content-Length HTTP header',
      );
    }
    const computed = sha256?.digest().toString('hex');
    if (computed && computed !== signed?.toLowerCase()) {
      throw s3Error(
        'XAmzContentSHA256Mismatch',
        400,
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        { ClientComputedContentSHA256: signed, S3ComputedContentSHA256: computed },
      );
    }
    if (md5 && md5.toString('hex') !== received.md5) {
      throw s3Error('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.', {
        ExpectedDigest: input.ContentMD5,
        CalculatedDigest: Buffer.from(received.md5, 'hex').toString('base64'),
      });
    }
    const digests = new Map(
      [...hashers].map(([name, hash]) => [name, hash.digest().toString('base64')] as const),
    );
    const value = claim.trailer ? trailers[claim.trailer] : claim.value;
    if (claim.trailer && value === undefined) {
      throw s3Error(
        'MalformedTrailerError',
        400,
        'The request contained trailing data that was not well-formed or did not conform to our published schema.',
      );
    }
    if (value !== undefined && value !== digests.get(algorithm)) throw badChecksum(algorithm);
    return { received, algorithm, digests };
  } catch (error) {
    await discard(call, received);
    throw error;
  }
}

/** A body whose chunks are malformed is the client's mistake, not ours. */
async function receiveChecked(...request: Parameters<typeof receive>): Promise<Received> {
  try {
    return await receive(...request);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (error instanceof AwsError || (code !== 'IncompleteBody' && code !== 'InvalidChunkSizeError'))
      throw error;
    throw s3Error(code, 400, (error as Error).message);
  }
}

function badChecksum(algorithm: Algorithm): Error {
  return s3Error('BadDigest', 400, `The ${algorithm} you specified did not match the calculated checksum.`);
}

function tooLarge(size: number): Error {
  return s3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size', {
    ProposedSize: String(size),
    MaxSizeAllowed: String(MAX_PUT),
  });
}

function expectedMd5(header: string | undefined): Buffer | undefined {
  if (header === undefined) return undefined;
  const digest = Buffer.from(header, 'base64');
  if (digest.length !== 16 || digest.toString('base64') !== header) {
    throw s3Error('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.', {
      'Content-MD5': header,
    });
  }
  return digest;
}

/** The body, out of its chunks already where it came in some, and how long it says it is. */
function bodyOf(
  call: Call,
  input: BodyInput,
): { body: Readable | Uint8Array; trailers: Readonly<Record<string, string>>; length?: number | undefined } {
  const body = bytesOrStream(input.Body);
  const trailers = (body as { trailers?: Readonly<Record<string, string>> }).trailers ?? {};
  if (!call.http) return { body, trailers };
  const { headers } = call.http;
  const streaming = headers['x-amz-content-sha256']?.startsWith('STREAMING-');
  if (streaming && headers['x-amz-decoded-content-length'] === undefined) {
    throw s3Error('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  }
  if (!streaming && headers['transfer-encoding'] !== undefined && headers['content-length'] === undefined) {
    throw headerNotImplemented('Transfer-Encoding');
  }
  return { body, trailers, length: input.ContentLength };
}

function bytesOrStream(body: unknown): Readable | Uint8Array {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Readable || body instanceof Uint8Array) return body;
  throw new Error('an S3 body is neither bytes nor a stream');
}
