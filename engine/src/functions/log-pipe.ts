/** Bytes before a line's text: its length (4) and when it was written (8, milliseconds). */
const HEAD = 12;

/** Reads the frames of runtime/logs.js, and knows how far it has read. */
export class LogPipe {
  #frames: Buffer = Buffer.alloc(0);
  #bytes = 0;
  #ended = false;
  #waiter: { bytes: number; done: () => void } | undefined;

  constructor(readonly line: (text: string, timestamp: number) => void) {}

  read(chunk: Buffer): void {
    this.#frames = this.#frames.length ? Buffer.concat([this.#frames, chunk]) : chunk;
    while (this.#frames.length >= HEAD) {
      const size = this.#frames.readUInt32BE(0);
      if (this.#frames.length < HEAD + size) break;
      this.line(this.#frames.toString('utf8', HEAD, HEAD + size), this.#frames.readDoubleBE(4));
      this.#frames = this.#frames.subarray(HEAD + size);
      this.#bytes += HEAD + size;
    }
    if (this.#waiter && this.#bytes >= this.#waiter.bytes) this.#release();
  }

  /** Resolves when `bytes` of the log have come, or no more will. */
  async complete(bytes: number): Promise<void> {
    if (this.#bytes >= bytes || this.#ended) return;
    await new Promise<void>((done) => {
      this.#waiter = { bytes, done };
    });
  }

  /** The process has gone. */
  end(): void {
    this.#ended = true;
    this.#release();
  }

  #release(): void {
    this.#waiter?.done();
    this.#waiter = undefined;
  }
}
