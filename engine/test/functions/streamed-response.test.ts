import { Writable } from 'node:stream';
import { StreamedResponse } from '../../src/functions/streamed-response';

const MB = 1024 * 1024;

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
test('a streamed response ends at 200 MB, and is told to be too large beyond', () => {
  let taken = 0;
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      taken += chunk.length;
      done();
    },
  });
  const response = new StreamedResponse({ pause: () => {}, resume: () => {} }, to);
  const mb = Buffer.alloc(MB);
  for (let i = 0; i < 200; i++) response.add(mb);
  expect([taken, response.tooLarge]).toEqual([200 * MB, false]);
  response.add(Buffer.alloc(1));
  expect([taken, response.tooLarge, response.whole.length]).toEqual([200 * MB, true, 0]);
});

test('a function waits for a slow reader, and not for one that left', () => {
  const said: string[] = [];
  let taken: () => void = () => {};
  const to = new Writable({
    highWaterMark: 4,
    write: (_chunk, _encoding, done) => {
      taken = done;
    },
  });
  const runtime = { pause: () => said.push('pause'), resume: () => said.push('resume') };
  const response = new StreamedResponse(runtime, to);
  response.add(Buffer.from('more than four'));
  expect(said).toEqual(['pause']);
  to.once('drain', () => {
    expect(said).toEqual(['pause', 'resume']);
    response.add(Buffer.from('and again'));
    to.destroy();
  });
  taken();
  return new Promise<void>((done) => {
    to.once('close', () => {
      expect(said).toEqual(['pause', 'resume', 'pause', 'resume']);
      response.add(Buffer.from('nobody reads this'));
      expect(said).toHaveLength(4);
      done();
    });
  });
});
