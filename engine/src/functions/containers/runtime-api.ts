import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../kernel';
import type { InvocationHead } from '../channel';
import { MAX_RESPONSE, MAX_STREAMED, type Posted } from '../runtime';

export interface RuntimeApiListener {
  /** It asks for work. */
  waiting(): void;
  /** A piece of a streamed response. */
  chunk(bytes: Buffer): void;
  posted(posted: Omit<Posted, 'logBytes' | 'memory'>): void;
}

const VERSION = '/2018-06-01/runtime';

/**
 * Lambda's Runtime API for one environment, on an address of its own.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  readonly #server: Server;
  /** What the runtime knows this by: `host:port`. */
  address = '';
  #next: ServerResponse | undefined;
  /** The invocation that runs, until it is answered. */
  #current: string | undefined;
  #answered: string | undefined;
  #initialised = false;
  /** A streamed response on its way. */
  #streaming: IncomingMessage | undefined;

  constructor(readonly listener: RuntimeApiListener) {
    this.#server = createServer(
      { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true },
      (request, response) => this.#handle(request, response),
    );
    // Long polls: a connection is quiet for as long as its environment is idle.
    this.#server.timeout = 0;
  }

  /** Listens on `host`; runtimes reach it as `name`. */
  async listen(host: string, name: string): Promise<void> {
    await new Promise<void>((done, failed) => {
      this.#server.once('error', failed);
      this.#server.listen(0, host, done);
    });
    this.address = `${name}:${(this.#server.address() as AddressInfo).port}`;
  }

  give(head: InvocationHead, payload: Uint8Array): void {
    const response = this.#next;
    this.#next = undefined;
    this.#current = head.requestId;
    response?.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': payload.length,
      'Lambda-Runtime-Aws-Request-Id': head.requestId,
      // The container's clock is the machine's, whoever owns the engine's.
      'Lambda-Runtime-Deadline-Ms': String(systemClock.millis() + head.timeout),
      'Lambda-Runtime-Invoked-Function-Arn': head.invokedFunctionArn,
      'Lambda-Runtime-Trace-Id': head.traceId,
      ...(head.clientContext ? { 'Lambda-Runtime-Client-Context': head.clientContext } : {}),
    });
    response?.end(payload);
  }

  /** Lets a streamed response wait, and its runtime with it. */
  pause(): void {
    this.#streaming?.pause();
  }

  resume(): void {
    this.#streaming?.resume();
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = '', headers } = request;
    const call =
      method === 'POST' ? /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/.exec(url) : null;
    // A page in a browser, or whoever guesses the port, does not know the address it is asked for by.
    if (headers.host !== this.address || headers.origin !== undefined)
      refuse(response, 403, 'Forbidden', 'This Runtime API belongs to another environment');
    else if (method === 'GET' && url === `${VERSION}/invocation/next`) this.#ask(response);
    else if (method === 'POST' && url === `${VERSION}/init/error`) {
      if (this.#initialised)
        refuse(response, 403, 'InvalidStateTransition', 'State transition is not allowed');
      else this.#collect(request, response, 'init-error');
    } else if (!call) refuse(response, 404, 'NotFound', `tierkit's Runtime API has no ${method} ${url}`);
    else if (call[1] === this.#current) {
      this.#answered = this.#current;
      this.#current = undefined;
      if (call[2] === 'error') this.#collect(request, response, 'error');
      else if (isStreaming(request)) this.#stream(request, response);
      else this.#collect(request, response, 'response');
    } else if (call[1] === this.#answered)
      refuse(response, 403, 'InvalidStateTransition', 'State transition is not allowed');
    else refuse(response, 400, 'InvalidRequestID', 'Invalid request ID');
  }

  #ask(response: ServerResponse): void {
    this.#initialised = true;
    this.#next = response;
    this.listener.waiting();
  }

  #collect(request: IncomingMessage, response: ServerResponse, kind: Posted['kind']): void {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_RESPONSE) chunks.push(chunk);
    });
    request.once('end', () => {
      const fits = accept(response, size, MAX_RESPONSE);
      const body = fits ? Buffer.concat(chunks) : Buffer.alloc(0);
      this.listener.posted({ kind, body, ...(fits ? {} : { tooLarge: size }) });
    });
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming */
  #stream(request: IncomingMessage, response: ServerResponse): void {
    let size = 0;
    this.#streaming = request;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      this.listener.chunk(chunk);
    });
    const ended = () => {
      if (this.#streaming !== request) return;
      this.#streaming = undefined;
      this.listener.posted({ streamed: true, ...endOf(request) });
    };
    request.once('end', () => {
      accept(response, size, MAX_STREAMED);
      ended();
    });
    // Its connection broke, unless it has ended.
    request.once('close', ended);
  }
}

function isStreaming({ headers }: IncomingMessage): boolean {
  return String(headers['lambda-runtime-function-response-mode']).toLowerCase() === 'streaming';
}

/** How a streamed response ended. One that broke off says why behind its body, unless its connection broke, too. */
function endOf({ complete, trailers }: IncomingMessage): Pick<Posted, 'kind' | 'body' | 'errorType'> {
  if (!complete) return { kind: 'error', body: Buffer.alloc(0), errorType: 'Runtime.TruncatedResponse' };
  const errorType = trailers['lambda-runtime-function-error-type'];
  const told = trailers['lambda-runtime-function-error-body'];
  if (!errorType && !told) return { kind: 'response', body: Buffer.alloc(0) };
  const body = told ? Buffer.from(told, 'base64') : Buffer.from(JSON.stringify({ errorType }));
  return { kind: 'error', body, ...(errorType ? { errorType } : {}) };
}

/** Tells the runtime whether its response was small enough. */
function accept(response: ServerResponse, size: number, limit: number): boolean {
  const fits = size <= limit;
  if (fits) send(response, 202, { status: 'OK' });
  else {
    const told = `Exceeded maximum allowed payload size (${limit} bytes).`;
    refuse(response, 413, 'RequestEntityTooLarge', told);
  }
  return fits;
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
    .end(text);
}

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  send(response, status, { errorMessage, errorType });
}
