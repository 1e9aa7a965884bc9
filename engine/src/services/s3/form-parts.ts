import { s3Error } from './errors';

/** A browser form may say this much before its file. */
const MAX_FIELDS = 20 * 1024;

/** The most that one read of a socket brings. */
const CHUNK = 64 * 1024;

const malformed = () =>
  s3Error(
    'MalformedPOSTRequest',
    400,
    'The body of your POST request is not well-formed multipart/form-data.',
  );

/** `multipart/form-data` as it comes in: the fields before the file, and then the file, which is not waited for. */
export class FormReader {
  /** A line end more, so that the first boundary looks like all others. */
  #buffer: Buffer = Buffer.from('\r\n');
  #taken = 0;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #boundary: Buffer;

  constructor(body: AsyncIterable<Buffer>, boundary: string) {
    this.#chunks = body[Symbol.asyncIterator]();
    this.#boundary = Buffer.from(`\r\n--${boundary}`);
  }

  /** Reads up to and with the header of the file. Field names are in lower case. */
  async fields(): Promise<{ fields: Map<string, string>; fileName?: string }> {
    const fields = new Map<string, string>();
    await this.#until(this.#boundary);
    for (;;) {
      const end = await this.#take(2);
      if (end === '--') return { fields };
      if (end !== '\r\n') throw malformed();
      const header = (await this.#until(Buffer.from('\r\n\r\n'))).toString();
      const name = /content-disposition:[^\r\n]*[;\s]name="([^"]*)"/i.exec(header)?.[1];
      if (name === undefined) throw malformed();
      if (name.toLowerCase() === 'file') {
        return { fields, fileName: /filename="([^"]*)"/i.exec(header)?.[1] ?? '' };
      }
      fields.set(name.toLowerCase(), (await this.#until(this.#boundary)).toString());
    }
  }

  /** The file's bytes, up to the boundary behind them. What follows a file is ignored, as S3 does. */
  async *file(): AsyncIterable<Buffer> {
    const hold = this.#boundary.length;
    for (;;) {
      const at = this.#buffer.indexOf(this.#boundary);
      if (at >= 0) {
        if (at > 0) yield this.#buffer.subarray(0, at);
        // Read on, so that the client can finish sending.
        while (!(await this.#chunks.next()).done);
        return;
      }
      const sure = this.#buffer.length - hold;
      if (sure > 0) {
        yield this.#buffer.subarray(0, sure);
        this.#buffer = this.#buffer.subarray(sure);
      }
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done) throw malformed();
    this.#buffer = this.#buffer.length === 0 ? next.value : Buffer.concat([this.#buffer, next.value]);
  }

  async #take(count: number): Promise<string> {
    while (this.#buffer.length < count) await this.#more();
    const text = this.#buffer.toString('latin1', 0, count);
    this.#buffer = this.#buffer.subarray(count);
    return text;
  }

  async #until(mark: Buffer): Promise<Buffer> {
    for (;;) {
      const at = this.#buffer.indexOf(mark);
      // One chunk may bring the file's beginning along: what counts is what stands before the mark.
      if (this.#taken + (at < 0 ? Math.max(this.#buffer.length - CHUNK, 0) : at) > MAX_FIELDS) {
        throw s3Error(
          'MaxPostPreDataLengthExceeded',
          400,
          'Your POST request fields preceding the upload file was too large.',
        );
      }
      if (at >= 0) {
        const found = this.#buffer.subarray(0, at);
        this.#taken += at + mark.length;
        this.#buffer = this.#buffer.subarray(at + mark.length);
        return found;
      }
      await this.#more();
    }
  }
}
