import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { createSecureContext, createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import type { Authority } from '../network/authority';
import { readHello } from './client-hello';

/** First byte of every TLS connection: a handshake record. */
const TLS_HANDSHAKE = 0x16;

/** An address of this machine to listen on. */
export interface ListenAddress {
  host: string;
  /** 0 takes any free one. */
  port: number;
}

/** Names under which TLS clients have to show a certificate. Whether it is one to trust is found out elsewhere. */
export interface ClientCertificates {
  asked(name: string): Promise<boolean>;
  /** Somebody had none, and was shown out. */
  missing(name: string): void;
}

/**
 * One port for HTTP and TLS: the first byte tells which, as LocalStack's port does.
 * TLS identities are made per name by the local authority.
 */
export class Listener {
  readonly #http: Server;
  readonly #tcp: TcpServer[] = [];
  #tls: Promise<TlsServer> | undefined;
  #mutualTls: Promise<TlsServer> | undefined;
  readonly #sockets = new Set<Socket>();

  constructor(
    handle: (request: IncomingMessage, response: ServerResponse) => void,
    /** Called on the first TLS connection only: plain HTTP never pays for it. */
    readonly authority: () => Promise<Authority>,
    readonly clientCertificates: ClientCertificates,
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
    const chunks: Buffer[] = [];
    let length = 0;
    let needs = 1;
    const peek = (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length < needs) return;
      const read = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      const hello = read[0] === TLS_HANDSHAKE ? readHello(read) : undefined;
      if (hello && 'needs' in hello) {
        needs = hello.needs;
        return;
      }
      socket.off('data', peek);
      // What was peeked at goes back, and flows to whoever takes the connection over.
      socket.pause();
      socket.unshift(read);
      if (hello) {
        this.#secure(socket, hello.name).catch(() => socket.destroy());
        return;
      }
      this.#http.emit('connection', socket);
      socket.resume();
    };
    socket.on('data', peek);
  }

  async #secure(socket: Socket, name: string | undefined): Promise<void> {
    const mutual = name !== undefined && (await this.clientCertificates.asked(name));
    const server = await (mutual ? this.#mutualTlsServer() : this.#tlsServer());
    server.emit('connection', socket);
    socket.resume();
  }

  #tlsServer(): Promise<TlsServer> {
    this.#tls ??= this.#makeTlsServer();
    return this.#tls;
  }

  /** Node asks for certificates by server, not by name: those who have to show one come to a server of their own. */
  #mutualTlsServer(): Promise<TlsServer> {
    this.#mutualTls ??= this.#makeTlsServer(true);
    return this.#mutualTls;
  }

  async #makeTlsServer(mutual = false): Promise<TlsServer> {
    const authority = await this.authority();
    const server = createTlsServer({
      // What it is worth depends on the name, and is told over HTTP: here there has to be one, with its key.
      ...(mutual && { requestCert: true, rejectUnauthorized: false }),
      ...(await authority.identityFor('localhost')),
      ALPNProtocols: ['http/1.1'],
      SNICallback: (name, done) => {
        authority.identityFor(name).then(
          (identity) => done(null, createSecureContext(identity)),
          (error: Error) => done(error),
        );
      },
    });
    server.on('secureConnection', (socket) => {
      if (!mutual || socket.getPeerX509Certificate()) this.#http.emit('connection', socket);
      else {
        this.clientCertificates.missing(String(socket.servername));
        socket.destroy();
      }
    });
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }
}
