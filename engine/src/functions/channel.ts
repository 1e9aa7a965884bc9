import type { Duplex } from 'node:stream';

/** What one invocation tells the function besides its payload: the headers of Lambda's Runtime API. */
export interface InvocationHead {
  requestId: string;
  invokedFunctionArn: string;
  traceId: string;
  /** Milliseconds from now, for a process whose clock is not the engine's. */
  timeout: number;
  /** JSON. */
  clientContext?: string;
}

/** What a process says; `runtime/loop.js` is the other side. */
export type Said =
  /** Behind a streamed response it tells how much there is of the log by now. */
  | { kind: 'next'; logBytes?: number }
  | { kind: 'chunk' }
  | {
      kind: 'response' | 'error' | 'init-error';
      /** Bytes the process has written to its log. */
      logBytes: number;
      /** Bytes. */
      memory: number;
      /** It asks for work as well. */
      next?: boolean;
      /** The response came before, in chunks. */
      streamed?: boolean;
      /** Of an error, where the body does not tell. */
      errorType?: string;
    };

/**
 * The messages of Lambda's Runtime API over a socket pair, a frame each: the length of what follows (4 bytes), the
 * length of its head (4 bytes), the head (JSON), the body. A message is one write, and nobody else can take part.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class Channel {
  #chunks: Buffer[] = [];
  #buffered = 0;

  constructor(
    readonly socket: Duplex,
    readonly said: (head: Said, body: Buffer) => void,
  ) {
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    // A process that ends takes its socket with it: its exit is what counts.
    socket.on('error', () => {});
  }

  send(head: object, body: Uint8Array = new Uint8Array()): void {
    const text = Buffer.from(JSON.stringify(head));
    const frame = Buffer.allocUnsafe(8 + text.length + body.length);
    frame.writeUInt32BE(4 + text.length + body.length, 0);
    frame.writeUInt32BE(text.length, 4);
    frame.set(text, 8);
    frame.set(body, 8 + text.length);
    this.socket.write(frame);
  }

  #read(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= 4) {
      let all = this.#chunks[0] ?? chunk;
      if (all.length < 4) {
        all = Buffer.concat(this.#chunks);
        this.#chunks = [all];
      }
      const end = 4 + all.readUInt32BE(0);
      // Large responses come in many chunks: joined once they are all there, not once a chunk.
      if (this.#buffered < end) return;
      if (this.#chunks.length > 1) all = Buffer.concat(this.#chunks, this.#buffered);
      const bodyStart = 8 + all.readUInt32BE(4);
      const rest = all.subarray(end);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#buffered = rest.length;
      this.said(JSON.parse(all.toString('utf8', 8, bodyStart)) as Said, all.subarray(bodyStart, end));
    }
  }
}
