import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EdgeOptions {
  /** Address of this machine to answer at. */
  host: string;
  /**
   * Which ports to try, in this order, before any free one is taken; without them any port will do, as for engines
   * that keep no state.
   */
  ports?: readonly number[];
  /** Take none but these ports: a distribution without one answers at the engine's own port only. */
  onlyThese?: boolean;
}

type Handler = (id: string, req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** A listener for each distribution. */
export class DistributionPorts {
  readonly #servers = new Map<string, Server>();
  #opening = Promise.resolve();

  constructor(
    readonly options: EdgeOptions,
    readonly handler: Handler,
  ) {}

  portOf(id: string): number | undefined {
    const address = this.#servers.get(id)?.address();
    return address && typeof address === 'object' ? address.port : undefined;
  }

  /** Listens on `stored`, where it answered before, or on the first that is free. Gives the port. */
  open(id: string, stored: number | undefined): Promise<number | undefined> {
    // One after the other: two distributions made at the same time must not try the same ports.
    const opened = this.#opening.then(() => this.#open(id, stored));
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

  async #open(id: string, stored: number | undefined): Promise<number | undefined> {
    const known = this.portOf(id);
    if (known !== undefined) return known;
    const { host, ports = [], onlyThese = false } = this.options;
    const server = createServer((req, res) => {
      this.handler(id, req, res).catch(() => res.destroy());
    });
    const kept = stored === undefined || (onlyThese && !ports.includes(stored)) ? [] : [stored];
    for (const port of [...kept, ...ports, ...(onlyThese ? [] : [0])]) {
      if (!(await listening(server, port, host))) continue;
      this.#servers.set(id, server);
      return (server.address() as AddressInfo).port;
    }
    return undefined;
  }
}

function listening(server: Server, port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve(true);
    });
  });
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
