import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Handler = (id: string, req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** How many ports above a wanted one are tried before any free one is taken. */
const TRIES = 100;

/** A loopback listener for each distribution. */
export class DistributionPorts {
  readonly #servers = new Map<string, Server>();
  #opening = Promise.resolve();

  constructor(readonly handler: Handler) {}

  portOf(id: string): number | undefined {
    const address = this.#servers.get(id)?.address();
    return address && typeof address === 'object' ? address.port : undefined;
  }

  /** Listens on `wanted`, on the next port that is free, or on any if none is wanted. Gives the port. */
  open(id: string, wanted: number | undefined): Promise<number> {
    // One after the other: two distributions made at the same time must not try the same ports.
    const opened = this.#opening.then(() => this.#open(id, wanted));
    this.#opening = opened.then(
      () => undefined,
      () => undefined,
    );
    return opened;
  }

  async remove(id: string): Promise<void> {
    const server = this.#servers.get(id);
    this.#servers.delete(id);
    if (server) await closed(server);
  }

  async close(): Promise<void> {
    await this.#opening;
    const servers = [...this.#servers.values()];
    this.#servers.clear();
    await Promise.all(servers.map(closed));
  }

  async #open(id: string, wanted: number | undefined): Promise<number> {
    const known = this.portOf(id);
    if (known !== undefined) return known;
    const server = createServer((req, res) => {
      this.handler(id, req, res).catch(() => res.destroy());
    });
    const candidates =
      wanted === undefined ? [0] : [...Array.from({ length: TRIES }, (_, offset) => wanted + offset), 0];
    for (const port of candidates) {
      if (await listening(server, port)) break;
    }
    this.#servers.set(id, server);
    return (server.address() as AddressInfo).port;
  }
}

function listening(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    };
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      resolve(true);
    });
  });
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
