import type { Writable } from 'node:stream';
import { MAX_RESPONSE, MAX_STREAMED, type Runtime } from './runtime';

/**
 * A response that comes in pieces: handed on as it comes to who takes it so, else put together to be one.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
export class StreamedResponse {
  readonly limit: number;
  #size = 0;
  #kept: Buffer[] = [];
  readonly #resume: () => void;

  constructor(
    readonly runtime: Pick<Runtime, 'pause' | 'resume'>,
    readonly to?: Writable,
  ) {
    this.limit = to ? MAX_STREAMED : MAX_RESPONSE;
    this.#resume = () => this.runtime.resume();
    // A caller that leaves does not end the function: it goes on, and nobody reads it.
    to?.on('drain', this.#resume).on('close', this.#resume);
  }

  get begun(): boolean {
    return this.#size > 0;
  }

  get tooLarge(): boolean {
    return this.#size > this.limit;
  }

  /** What was put together. */
  get whole(): Buffer {
    return Buffer.concat(this.#kept);
  }

  add(bytes: Buffer): void {
    const piece = bytes.subarray(0, Math.max(0, this.limit - this.#size));
    this.#size += bytes.length;
    if (!this.to) this.#kept.push(piece);
    else if (piece.length > 0 && this.to.writable && !this.to.write(piece)) this.runtime.pause();
  }

  /** Nothing more will come. */
  close(): void {
    this.to?.off('drain', this.#resume).off('close', this.#resume);
    this.runtime.resume();
  }
}
