import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Where a server listens. */
export interface Place {
  host: string;
  port: number;
}

export interface PlaceOptions {
  /** Address of this machine that servers listen on. */
  host: string;
  /** Ports for them, in this order; any free one where there are none (left). */
  ports: readonly number[];
}

export const LOOPBACK = '127.0.0.1';

/** On loopback nobody but this machine reaches a server; elsewhere it has to let others in. */
export const isLoopback = (host: string) => host === LOOPBACK || host === '::1';

/** Gives servers their addresses: the same again after a restart, where there are few to choose from. */
export class Places {
  readonly #taken = new Set<number>();

  constructor(readonly options: PlaceOptions = { host: LOOPBACK, ports: [] }) {}

  /** A free address for the server whose folder is `directory`; it is given back when `ended` resolves. */
  async take(directory: string): Promise<Place & { until(ended: Promise<void>): void }> {
    const { host, ports } = this.options;
    const file = join(directory, 'port');
    const before = ports.length > 0 ? read(file) : undefined;
    const wanted = before !== undefined && ports.includes(before) ? [before, ...ports] : ports;
    for (const port of wanted) {
      if (this.#taken.has(port)) continue;
      this.#taken.add(port);
      if ((await free(host, port)) === undefined) {
        this.#taken.delete(port);
        continue;
      }
      if (port !== before) writeFileSync(file, String(port), { mode: 0o600 });
      return { host, port, until: (ended) => void ended.then(() => this.#taken.delete(port)) };
    }
    return { host, port: (await free(host, 0)) ?? 0, until: () => {} };
  }
}

function read(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The port if it is free now (0 asks for any); undefined if it is taken. */
export function free(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(undefined) : reject(error),
    );
    probe.listen(port, host, () => {
      const address = probe.address();
      const found = typeof address === 'object' && address ? address.port : port;
      probe.close(() => resolve(found));
    });
  });
}
