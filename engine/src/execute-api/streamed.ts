import { pipeline, type Readable, Transform } from 'node:stream';
import type { ApiResponse, Exchange, IntegrationRun } from './exchange';

/** Milliseconds: https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html */
export const longestPause = ({ deployed }: Exchange): number =>
  deployed.snapshot.endpointType === 'EDGE' ? 30_000 : 5 * 60_000;

const TIMED_OUT = 'Execution failed due to a timeout error';

/**
 * A streamed response on its way: it ends when the integration's timeout is over, when nothing has come for too long,
 * or when it is not as long as it said. Its status is out by then, so that the caller sees the connection break.
 */
export function watched(
  exchange: Exchange,
  response: ApiResponse,
  stream: Readable,
  times: { sentAt: number; timeout: number },
): ApiResponse {
  const { clock } = exchange.host;
  const pause = longestPause(exchange);
  const since = () => clock.millis() - times.sentAt;
  const run: IntegrationRun = exchange.integration ?? { latency: 0 };
  exchange.integration = run;
  run.timeToAllHeaders = since();
  const announced = announcedLength(exchange, response);
  let length = 0;
  let last = clock.millis();
  let cancel = () => {};
  const body = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      last = clock.millis();
      run.timeToFirstContent ??= since();
      length += chunk.length;
      done(announced !== undefined && length > announced ? wrongLength(announced) : null, chunk);
    },
    flush(done) {
      run.latency = since();
      done(announced !== undefined && length < announced ? wrongLength(announced) : null);
    },
    destroy(error, done) {
      cancel();
      if (error) brokeOff(exchange, run, error, since());
      done(error);
    },
  });
  const giveUp = () => body.destroy(new Error(TIMED_OUT));
  let cancelPause = () => {};
  const watchPauses = (left: number) => {
    cancelPause = clock.after(left, () => {
      const rest = last + pause - clock.millis();
      if (rest > 0) watchPauses(rest);
      else giveUp();
    });
  };
  watchPauses(pause);
  const cancelTimeout = clock.after(times.timeout - since(), giveUp);
  cancel = () => {
    cancelPause();
    cancelTimeout();
  };
  pipeline(stream, body, () => {});
  return { ...response, stream: body };
}

/** The length that the body has to have; of a response without one it says what a body would have. */
function announcedLength({ request }: Exchange, { headers, status }: ApiResponse): number | undefined {
  const said = headers.get('content-length');
  const bodiless = request.method === 'HEAD' || status === 204 || status === 304;
  return said === undefined || bodiless ? undefined : Number(said);
}

function brokeOff(
  { log }: Exchange,
  run: IntegrationRun,
  error: NodeJS.ErrnoException,
  latency: number,
): void {
  run.latency = latency;
  // Who leaves early is not the integration's fault.
  if (error.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
  run.error = error.message;
  log?.add(error.message);
}

const wrongLength = (announced: number) =>
  new Error(`Execution failed due to configuration error: Content-Length ${announced} is not the body's`);
