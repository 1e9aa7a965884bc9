import type { Readable } from 'node:stream';
import type { Ran } from '../../../execute-api/run';
import type { Clock } from '../../../kernel';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/response-streaming-troubleshoot.html */
const LONGEST = 35_000;
const MOST = 1024 * 1024;

/** A test of a method that streams shows what came until it had enough; nothing where even the head came too late. */
export async function firstPart(
  clock: Clock,
  running: Promise<Ran>,
): Promise<{ ran: Ran; body: Buffer } | undefined> {
  const until = clock.millis() + LONGEST;
  let cancel = () => {};
  const late = new Promise<undefined>((done) => {
    cancel = clock.after(LONGEST, () => done(undefined));
  });
  const ran = await Promise.race([running, late]);
  cancel();
  if (!ran) {
    void running.then(({ response }) => response.stream?.destroy());
    return undefined;
  }
  const { body, stream } = ran.response;
  return { ran, body: stream ? await gathered(clock, stream, until - clock.millis()) : body };
}

function gathered(clock: Clock, stream: Readable, left: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((done) => {
    const enough = () => {
      cancel();
      stream.destroy();
      done(Buffer.concat(chunks));
    };
    const cancel = clock.after(left, enough);
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MOST) enough();
    });
    // One that breaks off shows what there was.
    stream.once('error', enough).once('close', enough);
  });
}
