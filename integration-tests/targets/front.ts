import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A loopback address that leads to what answers under another Host name or below a path, for whoever cannot resolve
 * that name or wants the whole of a site to himself.
 */
export interface Front {
  url: string;
  stop(): Promise<void>;
}

export async function frontFor(named: URL, at: URL): Promise<Front> {
  const base = named.pathname.replace(/\/$/, '');
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const path = base + url;
    const onwards = request(
      { host: at.hostname, port: at.port, method, path, headers: { ...headers, host: named.host } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    onwards.once('error', () => outgoing.destroy());
    incoming.pipe(onwards);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}
