import type { ServerResponse } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { deflateSync, gzipSync } from 'node:zlib';
import type { Host } from '../kernel';
import { acceptedCoding } from './accepted-coding';
import type { ApiResponse, Exchange } from './exchange';
import type { HeaderList } from './headers';

const ONE_WRITE = 65_536;

/** Writes the response with the headers that API Gateway itself adds, and tells the body's length once it is known. */
export function respond(
  exchange: Exchange,
  response: ApiResponse,
  res: ServerResponse,
): number | Promise<number> {
  const headers = response.headers.copy();
  const body = response.stream ? response.body : compressed(exchange, headers, response.body);
  headers.set('x-amzn-RequestId', exchange.requestId);
  headers.set('x-amz-apigw-id', exchange.extendedRequestId);
  if (exchange.response && !headers.has('X-Amzn-Trace-Id')) headers.append('X-Amzn-Trace-Id', exchange.trace);
  // A 204 or 304 has no body and says nothing of its length.
  const bodiless = response.status === 204 || response.status === 304;
  if (response.stream) {
    res.writeHead(response.status, grouped(headers));
    return piped(response.stream, res);
  }
  if (!bodiless) headers.set('Content-Length', String(body.length));
  res.writeHead(response.status, grouped(headers));
  if (bodiless) res.end();
  // One write for headers and body costs much less than two; latin1 keeps bytes what they are.
  else if (body.length <= ONE_WRITE) res.end(body.toString('latin1'), 'latin1');
  else res.end(body);
  return bodiless ? 0 : body.length;
}

/** Resolves with what was sent of a body when that has ended. Whoever breaks off on one side ends the other. */
function piped(body: Readable, res: ServerResponse): Promise<number> {
  let length = 0;
  body.on('data', (chunk: Buffer) => {
    length += chunk.length;
  });
  return new Promise((done) => pipeline(body, res, () => done(length)));
}

/** What AWS answers for an API or a stage that is not there. */
export function respondForbidden(host: Host, res: ServerResponse): void {
  const body = '{"message":"Forbidden"}';
  res.writeHead(403, {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    'x-amzn-RequestId': host.ids.uuid(),
    'x-amzn-ErrorType': 'ForbiddenException',
  });
  res.end(body);
}

/** Node joins repeated names of a flat list wrongly where headers were set before; a map of lists is safe. */
function grouped(headers: HeaderList): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = headers.multi();
  for (const name in out) if (out[name]!.length === 1) out[name] = out[name]![0]!;
  return out;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html */
function compressed(exchange: Exchange, headers: HeaderList, body: Buffer): Buffer {
  const minimum = exchange.deployed.snapshot.minimumCompressionSize;
  if (minimum === undefined || body.length < minimum || headers.has('Content-Encoding')) return body;
  const encoding = acceptedCoding(exchange.request.headers.get('accept-encoding'));
  if (!encoding || body.length === 0) return body;
  headers.set('Content-Encoding', encoding);
  return encoding === 'gzip' ? gzipSync(body) : deflateSync(body);
}
