import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startCloud, type TestCloud } from '../../engine/src/testing';

/** The embedded engine, behind a door that writes down every call and answers for the one service it lacks. */
export interface FakeAws {
  endpoint: string;
  cloud: TestCloud;
  /** What was called, by name, in order. */
  calls: string[];
  /** What the tagging API still finds. */
  tagged: string[];
  onCall: (name: string) => void;
  stop(): Promise<void>;
}

export async function fakeAws(): Promise<FakeAws> {
  const cloud = await startCloud();
  const server = createServer(async (incoming, outgoing) => {
    const body = await bodyOf(incoming);
    const name = callName(incoming, body);
    fake.calls.push(name);
    fake.onCall(name);
    if (name === 'GetResources') {
      outgoing.setHeader('content-type', 'application/x-amz-json-1.1');
      const ResourceTagMappingList = fake.tagged.map((ResourceARN) => ({ ResourceARN }));
      outgoing.end(JSON.stringify({ ResourceTagMappingList }));
      return;
    }
    const { method, url: path, headers } = incoming;
    const onwards = request(`${cloud.endpoint}${path}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onwards.on('error', (error) => outgoing.destroy(error));
    onwards.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const fake: FakeAws = {
    endpoint: `http://127.0.0.1:${port}`,
    cloud,
    calls: [],
    tagged: [],
    onCall: () => undefined,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await cloud.stop();
    },
  };
  return fake;
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The operation's name, where the protocol says it; else method and path. */
function callName({ headers, method, url }: IncomingMessage, body: Buffer): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? target;
  return /(?:^|&)Action=(\w+)/.exec(body.toString('latin1'))?.[1] ?? `${method} ${url}`;
}
