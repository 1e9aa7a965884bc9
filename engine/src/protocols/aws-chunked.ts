import { createHash, type Hash } from 'node:crypto';
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { AwsError } from '../kernel/errors';
import type { Member } from './model';
import type { SignedChunks, WireRequest } from './wire';

/**
 * The aws-chunked content encoding: `size;chunk-signature=…\r\n<bytes>\r\n` … `0\r\n<trailers>\r\n\r\n`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */

type State = 'size' | 'data' | 'data-end' | 'trailer' | 'done';

const MAX_LINE = 16_384;
const TRAILER_SIGNATURE = 'x-amz-trailer-signature';

/** Takes the chunks apart, byte by byte as they come. */
export class ChunkReader {
  /** What came behind the last chunk, e.g. `x-amz-checksum-crc32`; complete once the data has ended. */
  readonly trailers: Record<string, string> = {};
  #state: State = 'size';
  #left = 0;
  #line = '';
  length = 0;

  #hash: Hash | undefined;
  #signature: string | undefined;

  constructor(
    /** What x-amz-decoded-content-length promised. */
    readonly expected?: number,
    /** What each chunk must be signed with, where they are signed. */
    readonly signatures?: SignedChunks,
  ) {}

  get done(): boolean {
    return this.#state === 'done';
  }

  write(bytes: Uint8Array, push: (data: Uint8Array) => void): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === 'data') {
        const take = Math.min(this.#left, bytes.length - at);
        const data = bytes.subarray(at, at + take);
        this.#hash?.update(data);
        push(data);
        this.length += take;
        this.#left -= take;
        at += take;
        if (this.#left === 0) this.#state = 'data-end';
        continue;
      }
      if (this.#state === 'done') return;
      const end = bytes.indexOf(10, at);
      const piece = bytes.subarray(at, end < 0 ? bytes.length : end);
      this.#line += Buffer.from(piece).toString('latin1');
      if (this.#line.length > MAX_LINE) throw malformed();
      if (end < 0) return;
      at = end + 1;
      const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
      this.#line = '';
      this.#take(line);
    }
  }

  /** To be called when the body has ended. */
  finish(): void {
    // A client may leave out the empty line behind the last chunk.
    if (this.#state !== 'done' && this.#state !== 'trailer') {
      throw incomplete();
    }
    if (this.#line !== '') this.#take(this.#line.trimEnd());
    if (this.expected !== undefined && this.length !== this.expected) throw incomplete();
    this.#checkTrailers();
  }

  #checkChunk(): void {
    if (this.signatures && !this.signatures.chunk(this.#signature, this.#hash?.digest('hex') ?? ''))
      throw wronglySigned();
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html */
  #checkTrailers(): void {
    const { [TRAILER_SIGNATURE]: signature, ...signed } = this.trailers;
    delete this.trailers[TRAILER_SIGNATURE];
    if (!this.signatures || Object.keys(signed).length === 0) return;
    const text = Object.entries(signed)
      .map(([name, value]) => `${name}:${value}\n`)
      .join('');
    if (!this.signatures.trailer(signature, text)) throw wronglySigned();
  }

  #take(line: string): void {
    if (this.#state === 'size') {
      const size = /^([0-9a-fA-F]{1,12})(?:;(.*))?$/.exec(line);
      if (!size) throw malformed();
      this.#left = Number.parseInt(size[1] ?? '', 16);
      this.#state = this.#left === 0 ? 'trailer' : 'data';
      if (this.signatures) {
        this.#signature = /(?:^|;)chunk-signature=([0-9a-f]*)/.exec(size[2] ?? '')?.[1];
        this.#hash = createHash('sha256');
        if (this.#left === 0) this.#checkChunk();
      }
    } else if (this.#state === 'data-end') {
      if (line !== '') throw malformed();
      this.#checkChunk();
      this.#state = 'size';
    } else if (line === '') this.#state = 'done';
    else {
      const colon = line.indexOf(':');
      if (colon < 0) throw malformed();
      this.trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
  }
}

function wronglySigned(): AwsError {
  return new AwsError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    { status: 403 },
  );
}

function malformed(): AwsError {
  return new AwsError('IncompleteBody', 'The request body terminated unexpectedly', { status: 400 });
}

function incomplete(): AwsError {
  return new AwsError(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
    { status: 400 },
  );
}

/** A body without its chunks; `trailers` is complete when the stream has ended. */
export class UnchunkedBody extends Transform {
  readonly #reader: ChunkReader;

  constructor(expected?: number, signatures?: SignedChunks) {
    super();
    this.#reader = new ChunkReader(expected, signatures);
    // A request that was refused before its body was read has nobody who listens: the refusal is answer enough.
    this.on('error', () => {});
  }

  get trailers(): Readonly<Record<string, string>> {
    return this.#reader.trailers;
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#reader.write(chunk, (data) => this.push(data));
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    try {
      this.#reader.finish();
      done();
    } catch (error) {
      done(error as Error);
    }
  }
}

function isChunked(headers: Readonly<Record<string, string>>): boolean {
  return (
    (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-') ||
    /(?:^|,)\s*aws-chunked\s*(?:,|$)/i.test(headers['content-encoding'] ?? '')
  );
}

/** Puts the streamed payload into the input, and what the encoding says about it: length, trailing checksums. */
export function unchunk(member: Member, request: WireRequest, out: Record<string, unknown>): void {
  const { headers, body } = request;
  if (!isChunked(headers)) {
    if (body instanceof Readable || body.byteLength > 0) out[member.name] = body;
    return;
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && 'ContentEncoding' in out) {
    const rest = encoding.split(',').filter((part) => part.trim().toLowerCase() !== 'aws-chunked');
    if (rest.length > 0) out.ContentEncoding = rest.map((part) => part.trim()).join(',');
    else delete out.ContentEncoding;
  }
  const length = headers['x-amz-decoded-content-length'];
  const expected = length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
  if (expected !== undefined) out.ContentLength = expected;
  if (body instanceof Readable) {
    const plain = new UnchunkedBody(expected, request.chunks);
    body.on('error', (error) => plain.destroy(error));
    out[member.name] = body.pipe(plain);
    return;
  }
  const reader = new ChunkReader(expected, request.chunks);
  const parts: Uint8Array[] = [];
  reader.write(body, (data) => parts.push(data));
  reader.finish();
  out[member.name] = parts.length === 1 ? parts[0] : new Uint8Array(Buffer.concat(parts));
  for (const [name, value] of Object.entries(reader.trailers)) setTrailer(member, name, value, out);
}

/** A checksum in a trailer means what the header of its name does. */
function setTrailer(payload: Member, name: string, value: string, out: Record<string, unknown>): void {
  const input = payload.shape.model;
  for (const operation of ['PutObject', 'UploadPart']) {
    const member = input
      .operation(operation)
      ?.input?.members.find((candidate) => candidate.in === 'header' && candidate.as === name);
    if (member && out[member.name] === undefined) {
      out[member.name] = value;
      return;
    }
  }
}
