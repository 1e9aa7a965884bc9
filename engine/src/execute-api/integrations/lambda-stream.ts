import { Readable } from 'node:stream';
import type { InvokeWithResponseStreamResponseEvent } from '@aws-sdk/client-lambda';
import type { ApiResponse, Exchange } from '../exchange';
import { type Fault, misconfigured } from '../faults';
import { HeaderList } from '../headers';
import { javaMap } from '../log';
import { streamedFunction } from './aws-uri';
import { calledFunction, callFunction, logInvocation } from './lambda-call';
import { proxyEvent } from './proxy-event';
import { remap } from './remapped';
import { checkNames, type ResponseHead, responseHead, responseObject } from './response-head';

type Events = AsyncIterator<InvokeWithResponseStreamResponseEvent>;

const KEYS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'cookies']);
const DELIMITER = Buffer.alloc(8);
/** Where the delimiter has to be. */
const FIRST = 16 * 1024;

/**
 * AWS_PROXY that streams: what the function writes first is the head of the response, what comes behind it the body.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
export async function lambdaStream(exchange: Exchange): Promise<ApiResponse> {
  const { host, log } = exchange;
  const functionArn = calledFunction(exchange, streamedFunction);
  const event = JSON.stringify(proxyEvent(exchange));
  logInvocation(exchange, `2021-11-15/functions/${functionArn}/response-streaming-invocations`, event);
  const sentAt = host.clock.millis();
  exchange.integration = { latency: 0, requestId: host.ids.uuid() };
  const input = { FunctionName: functionArn, Payload: Buffer.from(event) };
  const { EventStream } = await callFunction(exchange, functionArn, (options) =>
    host.invoke('lambda', 'InvokeWithResponseStream', input, options),
  );
  if (!EventStream) throw new Error('Lambda answered without a stream');
  const events = EventStream[Symbol.asyncIterator]();
  try {
    const { head, first } = await readHead(exchange, events);
    const millis = host.clock.millis() - sentAt;
    Object.assign(exchange.integration, { latency: millis, endpointStatus: 200, status: head.status });
    log?.add(`Received response. Status: 200, Integration latency: ${millis} ms`);
    const headers = responseHeaders(exchange, head.headers);
    log?.add(`Method response headers: ${javaMap(headers.single())}`);
    return { status: head.status, headers, body: Buffer.alloc(0), stream: bodyOf(first, events) };
  } catch (error) {
    release(events);
    throw error;
  }
}

const malformed = (): Fault => misconfigured('Malformed Lambda proxy response');

async function readHead(exchange: Exchange, events: Events): Promise<{ head: ResponseHead; first: Buffer }> {
  let got = Buffer.alloc(0);
  while (got.length < FIRST) {
    const { done, value } = await events.next();
    if (done) throw malformed();
    const { InvokeComplete, PayloadChunk } = value;
    if (InvokeComplete?.ErrorCode) {
      const { ErrorDetails } = InvokeComplete;
      exchange.log?.add(
        `Lambda invocation failed with status: 200. Customer function error: ${ErrorDetails}`,
      );
    }
    got = Buffer.concat([got, PayloadChunk?.Payload ?? new Uint8Array()]);
    const end = got.subarray(0, FIRST).indexOf(DELIMITER);
    if (end >= 0) {
      const first = got.subarray(end + DELIMITER.length);
      return { head: parseHead(got.toString('utf8', 0, end)), first };
    }
  }
  throw malformed();
}

function parseHead(text: string): ResponseHead {
  const value = responseObject(text, KEYS, malformed);
  const head = responseHead(value, malformed);
  const { cookies = [] } = value;
  if (!Array.isArray(cookies)) throw malformed();
  for (const cookie of cookies) {
    if (typeof cookie !== 'string') throw malformed();
    head.headers.append('Set-Cookie', cookie);
  }
  checkNames(head.headers, malformed);
  return head;
}

/** A length that the function says is the response's; without one it goes out in chunks. */
function responseHeaders(exchange: Exchange, given: HeaderList): HeaderList {
  const headers = new HeaderList();
  headers.append('X-Amzn-Trace-Id', exchange.trace);
  const length = given.get('content-length');
  given.remove('content-length');
  for (const [name, value] of remap(given).entries) headers.append(name, value);
  if (!headers.has('Content-Type')) headers.append('Content-Type', 'application/json');
  if (length === undefined) return headers;
  if (!/^\d{1,15}$/.test(length)) throw malformed();
  headers.append('Content-Length', length);
  return headers;
}

function bodyOf(first: Buffer, events: Events): Readable {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    if (first.length > 0) yield first;
    for await (const { InvokeComplete, PayloadChunk } of { [Symbol.asyncIterator]: () => events }) {
      if (PayloadChunk?.Payload) yield PayloadChunk.Payload;
      if (InvokeComplete?.ErrorCode)
        throw new Error(
          `Lambda invocation failed with ${InvokeComplete.ErrorCode}: ${InvokeComplete.ErrorDetails}`,
        );
    }
  }
  const body = Readable.from(pieces(), { objectMode: false });
  // Also where nobody began to read it.
  return body.once('close', () => release(events));
}

/** Lets a function go on that nobody listens to any more. */
function release(events: Events): void {
  void events.return?.();
}
