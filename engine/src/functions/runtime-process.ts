import { type ChildProcess, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { runtimeDirectory } from './settings';

export interface Posted {
  kind: 'response' | 'error' | 'init-error';
  body: Buffer;
  /** The body was larger than a response may be; `body` is empty then. */
  tooLarge?: number;
  /** Bytes the process has written to its log. */
  logBytes: number;
  /** Bytes. */
  memory: number;
  streaming: boolean;
}

export interface Exited {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What the process does, told to the environment it belongs to. */
export interface ProcessListener {
  posted(posted: Posted): void;
  /** It asks for work. */
  waiting(): void;
  exited(exit: Exited): void;
  line(text: string, timestamp: number | undefined): void;
}

/** 6 MB and what Lambda allows for the JSON around it: "(6291556 bytes)" in its own message. */
export const MAX_RESPONSE = 6_291_556;
/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html */
const MAX_STREAMED = 200 * 1024 * 1024;

/** One Node process that runs runtime/bootstrap.js, and its side of the Runtime API. */
export class RuntimeProcess {
  readonly child: ChildProcess;
  listener: ProcessListener | undefined;
  #next: ServerResponse | undefined;
  #asking: ServerResponse | undefined;
  #settings: string | undefined;
  #logBytes = 0;
  #frames: Buffer = Buffer.alloc(0);
  #logWaiter: { bytes: number; done: () => void } | undefined;
  #exit: Exited | undefined;
  readonly ended: Promise<void>;

  constructor(
    readonly secret: string,
    cwd: string,
    flags: readonly string[],
    environment: Record<string, string>,
  ) {
    this.child = spawn(process.execPath, [...flags, join(runtimeDirectory, 'bootstrap.js')], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      // A group of its own: what the function starts ends with it.
      detached: true,
      cwd,
    });
    this.child.stdout?.on('data', (chunk: Buffer) => this.#raw(chunk));
    this.child.stderr?.on('data', (chunk: Buffer) => this.#raw(chunk));
    const pipe = this.child.stdio[3];
    if (pipe && 'on' in pipe) pipe.on('data', (chunk: Buffer) => this.#framed(chunk));
    this.ended = new Promise((done) => {
      // 'close' comes once the pipes are read to their end: the last words are in.
      this.child.once('close', () => done());
      this.child.once('error', () => done());
    });
    this.child.once('exit', (code, signal) => {
      // What it left running holds its pipes open.
      this.#killGroup();
      void this.ended.then(() => this.#gone({ code, signal }));
    });
    this.child.once('error', () => this.#gone({ code: 127, signal: null }));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get alive(): boolean {
    return this.#exit === undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Tells the process which function it is. */
  assign(settings: object): void {
    this.#settings = JSON.stringify(settings);
    if (this.#asking) this.#answerSettings(this.#asking);
  }

  /** Hands over an invocation; the process must be waiting. */
  give(headers: Record<string, string | number>, payload: Uint8Array): void {
    const response = this.#next;
    this.#next = undefined;
    response?.writeHead(200, {
      ...headers,
      'Content-Type': 'application/json',
      'Content-Length': payload.length,
    });
    response?.end(payload);
  }

  /** Resolves when `bytes` of the log have come through the pipe, or the process has gone. */
  async logComplete(bytes: number): Promise<void> {
    if (this.#logBytes >= bytes || this.#exit) return;
    await new Promise<void>((done) => {
      this.#logWaiter = { bytes, done };
    });
  }

  kill(): void {
    this.#killGroup();
    this.child.kill('SIGKILL');
  }

  /** A request of this process to the Runtime API. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (request.method === 'GET' && path === '/environment') {
      if (this.#settings) this.#answerSettings(response);
      else this.#asking = response;
    } else if (request.method === 'GET' && path === '/2018-06-01/runtime/invocation/next') {
      this.#next = response;
      this.listener?.waiting();
    } else if (request.method === 'POST') {
      const kind = path.endsWith('/response')
        ? 'response'
        : path.endsWith('/init/error')
          ? 'init-error'
          : path.endsWith('/error')
            ? 'error'
            : undefined;
      if (kind) this.#collect(request, response, kind);
      else response.writeHead(404, { 'Content-Length': 0 }).end();
    } else response.writeHead(404, { 'Content-Length': 0 }).end();
  }

  #collect(request: IncomingMessage, response: ServerResponse, kind: Posted['kind']): void {
    const { headers } = request;
    const streaming = headers['lambda-runtime-function-response-mode'] === 'streaming';
    const limit = streaming ? MAX_STREAMED : MAX_RESPONSE;
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
    });
    request.on('end', () => {
      const posted: Posted = {
        kind,
        body: size > limit ? Buffer.alloc(0) : chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks),
        logBytes: Number(headers['tierkit-log-bytes'] ?? 0),
        memory: Number(headers['tierkit-rss'] ?? 0),
        streaming,
      };
      if (size > limit) {
        posted.tooLarge = size;
        const text = `{"errorMessage":"Exceeded maximum allowed payload size (${limit} bytes).","errorType":"RequestEntityTooLarge"}`;
        response.writeHead(413, { 'Content-Length': Buffer.byteLength(text) }).end(text);
      } else response.writeHead(202, { 'Content-Length': 0 }).end();
      this.listener?.posted(posted);
    });
  }

  #answerSettings(response: ServerResponse): void {
    const body = Buffer.from(this.#settings ?? '{}');
    this.#asking = undefined;
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
  }

  /** Frames of runtime/logs.js. */
  #framed(chunk: Buffer): void {
    this.#frames = this.#frames.length ? Buffer.concat([this.#frames, chunk]) : chunk;
    while (this.#frames.length >= 12) {
      const size = this.#frames.readUInt32BE(0);
      if (this.#frames.length < 12 + size) break;
      const text = this.#frames.toString('utf8', 12, 12 + size);
      this.listener?.line(text, this.#frames.readDoubleBE(4));
      this.#frames = this.#frames.subarray(12 + size);
      this.#logBytes += 12 + size;
    }
    if (this.#logWaiter && this.#logBytes >= this.#logWaiter.bytes) {
      this.#logWaiter.done();
      this.#logWaiter = undefined;
    }
  }

  /** What came past the runtime: native code, Node's own last words, other programs. */
  #raw(chunk: Buffer): void {
    for (const line of chunk.toString('utf8').split(/(?<=\n)/)) this.listener?.line(line, undefined);
  }

  #killGroup(): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }

  #gone(exit: Exited): void {
    if (this.#exit) return;
    this.#exit = exit;
    this.#logWaiter?.done();
    this.listener?.exited(exit);
  }
}
