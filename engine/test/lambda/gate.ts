import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where functions of a test wait for it: a request for a name is answered once the test lets that name pass. */
export class Gate {
  readonly #server: Server;
  readonly #open = new Set<string>();
  readonly #here = new Map<string, ServerResponse>();
  readonly #expected = new Map<string, () => void>();

  private constructor() {
    this.#server = createServer((request, response) => {
      const name = (request.url ?? '').slice(1);
      this.#expected.get(name)?.();
      if (this.#open.has(name)) response.end();
      else this.#here.set(name, response);
    });
  }

  static async start(): Promise<Gate> {
    const gate = new Gate();
    await new Promise<void>((done) => gate.#server.listen(0, '127.0.0.1', done));
    return gate;
  }

  /** JavaScript that waits there. */
  pass(name: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return `await fetch('http://127.0.0.1:${port}/${name}')`;
  }

  open(name: string): void {
    this.#open.add(name);
    this.#here.get(name)?.end();
  }

  /** Resolves when somebody waits at `name`; to be asked for before. */
  arrival(name: string): Promise<void> {
    return new Promise((done) => {
      this.#expected.set(name, done);
    });
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
