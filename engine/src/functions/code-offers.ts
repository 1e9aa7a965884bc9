import { createReadStream } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import type { Host } from '../kernel';

const OFFER_LIFE = 600_000;

/** Code for download, at the links GetFunction gives: a loopback port of its own, and a secret in each path. */
export class CodeOffers {
  #server: Server | undefined;
  #listening: Promise<number> | undefined;
  /** Files by the secret in their URL. */
  readonly #offers = new Map<string, string>();

  /** Offers a file for as long as GetFunction's links hold on AWS: ten minutes. */
  async offer(file: string, host: Host): Promise<string> {
    this.#listening ??= this.#listen();
    const port = await this.#listening;
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
    const server = createServer((request, response) => {
      const [, secret = ''] = (request.url ?? '').split('/');
      const offered = this.#offers.get(secret);
      if (offered !== undefined) this.#download(offered, response);
      else response.writeHead(403, { 'Content-Length': 0 }).end();
    });
    this.#server = server;
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
