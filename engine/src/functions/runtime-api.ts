import { createReadStream } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import type { Host } from '../kernel';
import type { RuntimeProcess } from './runtime-process';

const OFFER_LIFE = 600_000;

/**
 * Lambda's Runtime API, on a loopback port of its own. Each process has a secret in its path, so that no other one
 * can take its invocations. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  #server: Server | undefined;
  #listening: Promise<number> | undefined;
  readonly #processes = new Map<string, RuntimeProcess>();
  /** Files offered for download, by the secret in their URL. */
  readonly #offers = new Map<string, string>();

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

  /** Offers a file for as long as GetFunction's links hold on AWS: ten minutes. */
  async offer(file: string, host: Host): Promise<string> {
    const port = await this.port();
    const secret = host.ids.hex(32);
    this.#offers.set(secret, file);
    host.clock.after(OFFER_LIFE, () => this.#offers.delete(secret));
    return `http://127.0.0.1:${port}/${secret}/code.zip`;
  }

  #download(file: string, response: ServerResponse): void {
    const stream = createReadStream(file);
    stream.once('open', () => response.writeHead(200, { 'Content-Type': 'application/zip' }));
    pipeline(stream, response, (error) => {
      if (error && !response.headersSent) response.writeHead(404).end();
    });
  }

  #listen(): Promise<number> {
    const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true });
    this.#server = server;
    // Long polls: a connection is quiet for as long as its environment is idle.
    server.timeout = 0;
    server.on('request', (request, response) => {
      const url = request.url ?? '';
      const slash = url.indexOf('/', 1);
      const secret = url.slice(1, slash);
      const process = this.#processes.get(secret);
      const offered = this.#offers.get(secret);
      if (offered !== undefined) this.#download(offered, response);
      else if (process) process.handle(request, response, url.slice(slash));
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
