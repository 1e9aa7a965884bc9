import { type ApiResponse, type Exchange, routeOf } from '../exchange';
import { HeaderList } from '../headers';
import { isBinary } from '../media-types';
import { type Payload, requestPayload } from './content-handling';
import { logAnswer, logResponse } from './endpoint-log';
import { bodyOf, callEndpoint, endpointUrl } from './http-endpoint';
import { mappedParameters } from './integration-request';
import { eventHeaders } from './proxy-event';
import { isPassedOn, remap } from './remapped';

/** Headers the gateway says itself on the way to the backend, and those that end at the gateway. */
const OWN = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'via',
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

/**
 * HTTP_PROXY: the request goes on to another server and its answer comes back.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
 * It may be streamed, as bytes and past every cache:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
 */
export async function httpProxy(exchange: Exchange): Promise<ApiResponse> {
  const { host, request } = exchange;
  const integration = routeOf(exchange).method.methodIntegration ?? {};
  const mapped = mappedParameters(exchange);
  const named = new Set(mapped.querystring.map(([name]) => name));
  const passed = request.query.filter(([name]) => !named.has(name));
  const url = endpointUrl(exchange, mapped.path, [...passed, ...mapped.querystring]);
  const sentAt = host.clock.millis();
  const payload = requestPayload(exchange, integration.contentHandling);
  const received = await callEndpoint(exchange, url, requestHeaders(exchange, mapped.headers), payload);
  const { status } = received;
  const given = HeaderList.fromRaw(received.rawHeaders);
  const headers = remap(given);
  // "API Gateway includes a Content-Type header for all integration responses."
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html#api-gateway-known-issues-rest-apis
  if (!headers.has('Content-Type')) headers.append('Content-Type', 'application/json');
  if (!headers.has('X-Amzn-Trace-Id')) headers.append('X-Amzn-Trace-Id', exchange.trace);
  if (integration.responseTransferMode === 'STREAM') {
    const millis = host.clock.millis() - sentAt;
    logAnswer(exchange, { status, headers: given, body: Buffer.alloc(0), millis });
    return { status, headers, body: Buffer.alloc(0), stream: received.stream };
  }
  const whole = await bodyOf(received);
  logAnswer(exchange, { status, headers: given, body: whole, millis: host.clock.millis() - sentAt });
  const body = responseBody(exchange, given, whole);
  logResponse(exchange, headers, body);
  return { status, headers, body: body.bytes };
}

/**
 * Bytes reach only who accepts them, as base64 text otherwise; text stays what it is, as far as it is text.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
function responseBody(exchange: Exchange, headers: HeaderList, body: Buffer): Payload {
  const { binaryMediaTypes } = exchange.deployed.snapshot;
  // Compressed by the endpoint: only a binary API passes it on as it is.
  if (headers.has('content-encoding')) return { bytes: body, binary: true };
  if (!isBinary(headers.get('content-type'), binaryMediaTypes))
    return { bytes: Buffer.from(body.toString('utf8')), binary: false };
  const accepted = exchange.request.headers.get('accept')?.split(',')[0];
  if (isBinary(accepted, binaryMediaTypes)) return { bytes: body, binary: true };
  return { bytes: Buffer.from(body.toString('base64')), binary: false };
}

function requestHeaders(exchange: Exchange, mapped: HeaderList): HeaderList {
  const headers = new HeaderList();
  for (const [name, value] of exchange.request.headers.entries) {
    if (!OWN.has(name.toLowerCase()) && isPassedOn(exchange, name, value)) headers.append(name, value);
  }
  const own = eventHeaders(exchange);
  for (const name of ['X-Amzn-Trace-Id', 'X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto']) {
    headers.append(name, own.get(name)!);
  }
  headers.append('x-amzn-apigateway-api-id', exchange.deployed.snapshot.apiId);
  if (!headers.has('User-Agent'))
    headers.append('User-Agent', `AmazonAPIGateway_${exchange.deployed.snapshot.apiId}`);
  for (const [name] of mapped.entries) headers.remove(name);
  for (const [name, value] of mapped.entries) headers.append(name, value);
  return headers;
}
