import { Readable } from 'node:stream';
import fc from 'fast-check';
import { decode, loadModel, matchOperation, type UnchunkedBody, type WireRequest } from '../../src/protocols';
import { request } from './requests';

const s3 = loadModel('s3');

function put(body: string | Readable, headers: Record<string, string> = {}): WireRequest {
  return request('PUT', '/bucket/key', {
    headers: {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'content-encoding': 'aws-chunked',
      ...headers,
    },
    body: typeof body === 'string' ? new Uint8Array(Buffer.from(body)) : body,
  });
}

function read(wire: WireRequest): Record<string, unknown> {
  return decode(s3, matchOperation(s3, wire)!, wire);
}

const TRAILED = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n';

test('chunks, extensions and trailers come off; the checksum in the trailer is the one of the header', () => {
  expect(read(put(TRAILED, { 'x-amz-decoded-content-length': '5' }))).toEqual({
    Bucket: 'bucket',
    Key: 'key',
    Body: new Uint8Array(Buffer.from('hello')),
    ContentLength: 5,
    ChecksumCRC32: 'NhCmhg==',
  });
  const signed = '3;chunk-signature=ab\r\nabc\r\n2;chunk-signature=cd\r\nde\r\n0;chunk-signature=ef\r\n\r\n';
  expect(read(put(signed, { 'content-encoding': 'aws-chunked,gzip' }))).toMatchObject({
    ContentEncoding: 'gzip',
    Body: new Uint8Array(Buffer.from('abcde')),
  });
});

test.each([
  ['no size', 'hello'],
  ['cut short', '5\r\nhel'],
  ['too long a chunk', '2\r\nhello\r\n0\r\n\r\n'],
  ['no last chunk', '5\r\nhello\r\n'],
])('%s is an IncompleteBody', async (_what, body) => {
  expect(() => read(put(body))).toThrow(expect.objectContaining({ code: 'IncompleteBody', status: 400 }));
  const streamed = read(put(Readable.from([Buffer.from(body)], { objectMode: false }))).Body as Readable;
  await expect(streamed.toArray()).rejects.toMatchObject({ code: 'IncompleteBody' });
});

test('a length other than the promised one is refused', () => {
  expect(() => read(put(TRAILED, { 'x-amz-decoded-content-length': '6' }))).toThrow(
    expect.objectContaining({ code: 'IncompleteBody' }),
  );
});

test('a stream gives the same wherever it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(TRAILED.length), { maxLength: 8 }), async (cuts) => {
      const bounds = [0, ...cuts.sort((a, b) => a - b), TRAILED.length];
      const parts = bounds.slice(1).map((end, i) => Buffer.from(TRAILED.slice(bounds[i], end)));
      const body = read(put(Readable.from(parts, { objectMode: false }))).Body as UnchunkedBody;
      const bytes = Buffer.concat(await body.toArray());
      expect(bytes.toString()).toBe('hello');
      expect(body.trailers).toEqual({ 'x-amz-checksum-crc32': 'NhCmhg==' });
    }),
    { numRuns: 50, seed: 3 },
  );
});

test('what is not chunked stays as it is', () => {
  const body = new Uint8Array(Buffer.from('5\r\nhello'));
  expect(read(request('PUT', '/bucket/key', { body })).Body).toBe(body);
});
