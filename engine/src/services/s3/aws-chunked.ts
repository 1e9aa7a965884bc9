import { Transform, type TransformCallback } from 'node:stream';
import { invalidRequest, s3Error } from './errors';

/**
 * Takes the `aws-chunked` content encoding off a body: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n`, a chunk
 * of size 0, then trailers. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export class AwsChunkedDecoder extends Transform {
  /** By lower-case name; complete when the stream has ended. */
  readonly trailers: Record<string, string> = {};
  #line: Buffer[] = [];
  #lineLength = 0;
  #state: 'size' | 'data' | 'behind data' | 'trailer' | 'done' = 'size';
  #remaining = 0;

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    try {
      let at = 0;
      while (at < chunk.length) {
        if (this.#state === 'data') {
          const end = Math.min(chunk.length, at + this.#remaining);
          this.push(chunk.subarray(at, end));
          this.#remaining -= end - at;
          at = end;
          if (this.#remaining === 0) this.#state = 'behind data';
          continue;
        }
        if (this.#state === 'done') break;
        const newline = chunk.indexOf(10, at);
        const end = newline < 0 ? chunk.length : newline + 1;
        this.#line.push(chunk.subarray(at, end));
        this.#lineLength += end - at;
        at = end;
        if (this.#lineLength > 16_384) throw malformed();
        if (newline >= 0) this.#endOfLine();
      }
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    if (this.#lineLength > 0 && this.#state === 'trailer') this.#endOfLine();
    done(this.#state === 'done' || this.#state === 'trailer' ? null : incomplete());
  }

  #endOfLine(): void {
    const line = Buffer.concat(this.#line).toString('latin1').trim();
    this.#line = [];
    this.#lineLength = 0;
    if (this.#state === 'behind data') {
      if (line !== '') throw malformed();
      this.#state = 'size';
    } else if (this.#state === 'size') {
      const size = /^([0-9a-fA-F]{1,12})(;|$)/.exec(line)?.[1];
      if (size === undefined) throw malformed();
      this.#remaining = Number.parseInt(size, 16);
      this.#state = this.#remaining === 0 ? 'trailer' : 'data';
    } else if (line === '') {
      this.#state = 'done';
    } else {
      const colon = line.indexOf(':');
      if (colon < 1) throw s3Error('MalformedTrailerError', 400, TRAILER);
      this.trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
  }
}

const TRAILER =
  'The request contained trailing data that was not well-formed or did not conform to our published schema.';
const malformed = () => invalidRequest('The chunk format of the request body is not valid.');
const incomplete = () => s3Error('IncompleteBody', 400, 'The request body terminated unexpectedly');
