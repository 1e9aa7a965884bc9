import { connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { Place } from './places';
import type { RunningServer } from './servers';

/** Puts TLS before a server that has none: what arrives is decrypted and handed on. */
export function tlsFront(
  server: RunningServer,
  identity: { key: string; cert: string },
  place: Place,
): Promise<RunningServer> {
  const open = new Set<Socket>();
  const front = createServer(identity, (socket) => {
    const inner = connect(server.port, server.host);
    socket.pipe(inner).pipe(socket);
    // One side's end is the other's.
    socket.on('error', () => inner.destroy()).on('close', () => inner.destroy());
    inner.on('error', () => socket.destroy()).on('close', () => socket.destroy());
  });
  front.on('tlsClientError', (_error, socket) => socket.destroy());
  // Those that have not shaken hands too: they would keep the front open.
  front.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const ended = server.ended.then(
    () =>
      new Promise<void>((resolve) => {
        front.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  );
  return new Promise((resolve, reject) => {
    front.once('error', reject);
    front.listen(place.port, place.host, () => {
      const stop = async () => {
        await server.stop();
        await ended;
      };
      resolve({ ...server, port: place.port, ended, stop });
    });
  });
}
