import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { createSecureContext, createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import type { Authority } from '../network/authority';

/** First byte of every TLS connection: a handshake record. */
const TLS_HANDSHAKE = 0x16;

/** An address of this machine to listen on. */
export interface ListenAddress {
  host: string;
  /** 0 takes any free one. */
  port: number;
}

/**
 * One port for HTTP and TLS: the first byte tells which, as LocalStack's port does.
 * TLS identities are made per name by the local authority.
 */
export class Listener {
  readonly #http: Server;
  readonly #tcp: TcpServer[] = [];
  #tls: Promise<TlsServer> | undefined;
  readonly #sockets = new Set<Socket>();

  constructor(
    handle: (request: IncomingMessage, response: ServerResponse) => void,
    /** Called on the first TLS connection only: plain HTTP never pays for it. */
    readonly authority: () => Promise<Authority>,
  ) {
    this.#http = createHttpServer(
      { maxHeaderSize: 64 * 1024, keepAliveTimeout: 120_000, requestTimeout: 0 },
      handle,
    );
    // A client that waits for "100 Continue" is answered by Node; one with a broken request gets a plain 400.
    this.#http.on('clientError', (_error, socket) => {
      if (socket.writable)
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
  }

  /** Listens there. Gives the port. Rejects with EADDRINUSE when taken. */
  listen({ host, port }: ListenAddress): Promise<number> {
    const tcp = createTcpServer({ noDelay: true, pauseOnConnect: false }, (socket) => this.#accept(socket));
    return new Promise((resolve, reject) => {
      tcp.once('error', reject);
      tcp.listen(port, host, () => {
        tcp.off('error', reject);
        this.#tcp.push(tcp);
        const address = tcp.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  /** Stops listening and ends what is still connected. */
  async close(): Promise<void> {
    const closed = this.#tcp.map((tcp) => new Promise<void>((resolve) => tcp.close(() => resolve())));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
    this.#http.close();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      // What was peeked at goes back, and flows to whoever takes the connection over.
      socket.pause();
      socket.unshift(first);
      if (first[0] !== TLS_HANDSHAKE) {
        this.#http.emit('connection', socket);
        socket.resume();
        return;
      }
      this.#tlsServer().then(
        (server) => {
          server.emit('connection', socket);
          socket.resume();
        },
        () => socket.destroy(),
      );
    });
  }

  #tlsServer(): Promise<TlsServer> {
    this.#tls ??= this.#makeTlsServer();
    return this.#tls;
  }

  async #makeTlsServer(): Promise<TlsServer> {
    const authority = await this.authority();
    const server = createTlsServer({
      ...(await authority.identityFor('localhost')),
      ALPNProtocols: ['http/1.1'],
      SNICallback: (name, done) => {
        authority.identityFor(name).then(
          (identity) => done(null, createSecureContext(identity)),
          (error: Error) => done(error),
        );
      },
    });
    server.on('secureConnection', (socket) => this.#http.emit('connection', socket));
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }
}
