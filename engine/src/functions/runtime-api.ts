import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RuntimeProcess } from './runtime-process';

/**
 * Lambda's Runtime API, on a loopback port of its own. Each process has a secret in its path, so that no other one
 * can take its invocations. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  #server: Server | undefined;
  #listening: Promise<number> | undefined;
  readonly #processes = new Map<string, RuntimeProcess>();

  /** The port; listens from the first call on. */
  port(): Promise<number> {
    this.#listening ??= this.#listen();
    return this.#listening;
  }

  add(process: RuntimeProcess): void {
    this.#processes.set(process.secret, process);
  }

  remove(process: RuntimeProcess): void {
    this.#processes.delete(process.secret);
  }

  #listen(): Promise<number> {
    const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true });
    this.#server = server;
    // Long polls: a connection is quiet for as long as its environment is idle.
    server.timeout = 0;
    server.on('request', (request, response) => {
      const url = request.url ?? '';
      const slash = url.indexOf('/', 1);
      const process = this.#processes.get(url.slice(1, slash));
      if (process) process.handle(request, response, url.slice(slash));
      else response.writeHead(403, { 'Content-Length': 0 }).end();
    });
    return new Promise((done, failed) => {
      server.once('error', failed);
      server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port));
    });
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    await new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  }
}
