import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Target } from '../../network';

/**
 * Loopback addresses for names that functions in containers use: 127.77.x.y with the port that the name has on AWS,
 * led on to where its server really is. Linux answers on all of 127.0.0.0/8.
 */
export class Fronts {
  readonly #addresses = new Map<string, string>();
  readonly #open = new Map<string, Promise<boolean>>();
  readonly #servers = new Set<Server>();
  readonly #sockets = new Set<Socket>();

  /** The net is drawn by chance: engines on one machine do not meet. */
  constructor(readonly net: number) {}

  /** The address of a name, the same whenever it is asked for. */
  addressOf(name: string): string {
    let address = this.#addresses.get(name);
    if (!address) {
      address = `127.77.${this.net}.${(this.#addresses.size % 250) + 1}`;
      this.#addresses.set(name, address);
    }
    return address;
  }

  /** Listens for a name. False where the system does not let us: then nothing answers there. */
  open(name: string, port: number, target: () => Target | undefined): Promise<boolean> {
    const key = `${name}:${port}`;
    let opened = this.#open.get(key);
    if (!opened) {
      opened = this.#listen(this.addressOf(name), port, target);
      this.#open.set(key, opened);
    }
    return opened;
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#servers]
        .map((server) => new Promise<void>((done) => server.close(() => done())))
        .concat([...this.#sockets].map(async (socket) => void socket.destroy())),
    );
  }

  #listen(address: string, port: number, target: () => Target | undefined): Promise<boolean> {
    const server = createServer({ noDelay: true }, (socket) => this.#lead(socket, target()));
    // Functions keep no engine alive.
    server.unref();
    return new Promise((done) => {
      server.once('error', () => done(false));
      server.listen(port, address, () => {
        this.#servers.add(server);
        done(true);
      });
    });
  }

  #lead(socket: Socket, target: Target | undefined): void {
    if (!target) {
      socket.destroy();
      return;
    }
    const inner = connect({ host: target.host, port: target.port, noDelay: true });
    for (const [one, other] of [
      [socket, inner],
      [inner, socket],
    ] as const) {
      this.#sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}
