import { connect as connectTcp, createServer, type Server } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import fc from 'fast-check';
import { readHello } from '../../src/gateway/client-hello';

/** What a real client says first. */
async function helloOf(options: ConnectionOptions): Promise<Buffer> {
  let server: Server | undefined;
  const hello = await new Promise<Buffer>((resolve, reject) => {
    server = createServer((socket) => {
      const chunks: Buffer[] = [];
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        const whole = Buffer.concat(chunks);
        if (whole.length < 5 + whole.readUInt16BE(3)) return;
        socket.destroy();
        resolve(whole);
      });
    }).listen(0, '127.0.0.1', () => {
      const address = server?.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const client = connect({ socket: connectTcp(port, '127.0.0.1'), ...options });
      client.on('error', () => {});
    });
    server.on('error', reject);
  });
  server?.close();
  return hello;
}

/** The same handshake in records of this many bytes. */
function inRecords(hello: Buffer, size: number): Buffer {
  const handshake = hello.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < handshake.length; at += size) {
    const part = handshake.subarray(at, at + size);
    records.push(Buffer.of(22, 3, 1, part.length >> 8, part.length & 255), part);
  }
  return Buffer.concat(records);
}

test('the name that a client asks for', async () => {
  expect(readHello(await helloOf({ servername: 'API.example.com' }))).toEqual({ name: 'api.example.com' });
  expect(readHello(await helloOf({ servername: 'api.example.com', maxVersion: 'TLSv1.2' }))).toEqual({
    name: 'api.example.com',
  });
  expect(readHello(await helloOf({ servername: '' }))).toEqual({ name: undefined });
});

test('a hello may come in any pieces', async () => {
  const hello = await helloOf({ servername: 'api.example.com' });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: hello.length }), fc.nat(), (size, cut) => {
      const records = inRecords(hello, size);
      const part = records.subarray(0, cut % records.length);
      const early = readHello(part);
      // Either it wants more than it has, or it knows already: never a wrong answer.
      if ('needs' in early) expect(early.needs).toBeGreaterThan(part.length);
      else expect(early).toEqual({ name: 'api.example.com' });
      expect(readHello(records)).toEqual({ name: 'api.example.com' });
    }),
  );
});

test('what is no hello has no name, and asks for no more than a hello may have', async () => {
  const hello = await helloOf({ servername: 'api.example.com' });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat({ max: hello.length - 1 }), (noise, at) => {
      const broken = Buffer.from(hello);
      broken.set(noise.subarray(0, broken.length - at), at);
      for (const bytes of [Buffer.concat([Buffer.of(22), noise]), broken]) {
        const read = readHello(bytes);
        if ('needs' in read) expect(read.needs).toBeLessThanOrEqual(32 * 1024);
      }
    }),
  );
  expect(readHello(Buffer.from('GET / HTTP/1.1\r\n'))).toEqual({ name: undefined });
  expect(readHello(Buffer.of(22, 3, 1, 0, 4, 2, 0, 0, 0))).toEqual({ name: undefined });
});
