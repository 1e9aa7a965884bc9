import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { free, Places } from '../../src/servers/places';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tierkit-places-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HOST = '127.0.0.1';
/** Ports that are free now, and likely to stay so. */
async function somePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add((await free(HOST, 0)) ?? 0);
  return [...ports];
}

test('servers that start at the same time get different ports of the list, in its order', async () => {
  const ports = await somePorts(3);
  const places = new Places({ host: HOST, ports });
  const folders = [0, 1].map((index) => mkdtempSync(join(folder, `${index}-`)));
  const taken = await Promise.all(folders.map((one) => places.take(one)));
  expect(taken.map(({ port }) => port)).toEqual(ports.slice(0, 2));
});

test('a server finds its own port again, whoever starts first', async () => {
  const ports = await somePorts(2);
  const [a, b] = ['a', 'b'].map((name) => mkdtempSync(join(folder, name))) as [string, string];
  const before = new Places({ host: HOST, ports });
  await before.take(a);
  await before.take(b);
  const after = new Places({ host: HOST, ports });
  expect((await after.take(b)).port).toBe(ports[1]);
  expect((await after.take(a)).port).toBe(ports[0]);
});

test('a port is free again when its server has ended', async () => {
  const [port = 0] = await somePorts(1);
  const places = new Places({ host: HOST, ports: [port] });
  const first = await places.take(folder);
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  first.until(ended);
  expect((await places.take(mkdtempSync(join(folder, 'b')))).port).not.toBe(port);
  end();
  await ended;
  expect((await places.take(mkdtempSync(join(folder, 'c')))).port).toBe(port);
});

test('a port that another program has is passed over; with none left, any will do', async () => {
  const stranger = createServer();
  await new Promise<void>((listening) => stranger.listen(0, HOST, listening));
  const address = stranger.address();
  const busy = typeof address === 'object' && address ? address.port : 0;
  const [port = 0] = await somePorts(1);
  expect((await new Places({ host: HOST, ports: [busy, port] }).take(folder)).port).toBe(port);
  const { port: other } = await new Places({ host: HOST, ports: [busy] }).take(
    mkdtempSync(join(folder, 'd')),
  );
  expect(other).not.toBe(busy);
  expect(other).toBeGreaterThan(0);
  await new Promise((closed) => stranger.close(closed));
});
