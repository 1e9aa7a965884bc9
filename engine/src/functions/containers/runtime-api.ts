import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../kernel';
import type { InvocationHead } from '../channel';
import { MAX_RESPONSE, MAX_STREAMED, type Posted } from '../runtime';

export interface RuntimeApiListener {
  /** It asks for work. */
  waiting(): void;
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
    else if (call[1] === this.#current)
      this.#collect(request, response, call[2] === 'error' ? 'error' : 'response');
    else if (call[1] === this.#answered)
      refuse(response, 403, 'InvalidStateTransition', 'State transition is not allowed');
    else refuse(response, 400, 'InvalidRequestID', 'Invalid request ID');
  }

  #ask(response: ServerResponse): void {
    this.#initialised = true;
    this.#next = response;
    this.listener.waiting();
  }

  #collect(request: IncomingMessage, response: ServerResponse, kind: Posted['kind']): void {
    this.#answered = this.#current;
    this.#current = undefined;
    const streaming = request.headers['lambda-runtime-function-response-mode'] === 'streaming';
    const limit = streaming ? MAX_STREAMED : MAX_RESPONSE;
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
    });
    request.once('end', () => {
      const tooLarge = size > limit;
      if (tooLarge) {
        refuse(
          response,
          413,
          'RequestEntityTooLarge',
          `Exceeded maximum allowed payload size (${limit} bytes).`,
        );
      } else send(response, 202, { status: 'OK' });
      const failed = request.trailers['lambda-runtime-function-error-body'];
      if (failed !== undefined) {
        // A stream that broke off says why behind its body.
        this.listener.posted({ kind: 'error', body: Buffer.from(String(failed), 'base64') });
      } else {
        const body = tooLarge ? Buffer.alloc(0) : Buffer.concat(chunks);
        this.listener.posted({ kind, body, ...(tooLarge ? { tooLarge: size } : {}) });
      }
    });
  }
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
