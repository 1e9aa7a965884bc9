import type { Exchange } from '../exchange';
import type { HeaderList } from '../headers';
import { javaMap } from '../log';
import type { Payload } from './content-handling';

/** What the execution log says of the way to an endpoint and back, in AWS's words. */

const BLOT = '*'.repeat(64);

export interface EndpointRequest {
  /** As AWS's endpoint is called, whatever answers for it here. */
  uri: string;
  headers: Readonly<Record<string, string>>;
  payload: Payload;
  /** Whether it is signed, with a role's session or the gateway's own. */
  signed: boolean;
}

export function logRequest({ host, log }: Exchange, request: EndpointRequest): void {
  if (!log) return;
  const date = host.clock
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '');
  const signature = { Authorization: BLOT, 'X-Amz-Date': date };
  const headers = request.signed
    ? { ...signature, ...request.headers, 'X-Amz-Security-Token': `${BLOT} [TRUNCATED]` }
    : request.headers;
  log.add(`Endpoint request URI: ${request.uri}`);
  log.add(`Endpoint request headers: ${javaMap(headers)}`);
  log.add(`Endpoint request body after transformations: ${textOf(request.payload)}`);
  log.add(`Sending request to ${request.uri}`);
}

export function logAnswer(
  exchange: Exchange,
  answer: { status: number; headers: HeaderList; body: Buffer; millis: number },
): void {
  const { log } = exchange;
  exchange.integration = {
    latency: answer.millis,
    endpointStatus: answer.status,
    status: answer.status,
    requestId: answer.headers.get('x-amzn-requestid') ?? answer.headers.get('x-amz-request-id'),
    requestId2: answer.headers.get('x-amz-id-2'),
  };
  if (!log) return;
  log.add(`Received response. Status: ${answer.status}, Integration latency: ${answer.millis} ms`);
  log.add(`Endpoint response headers: ${javaMap(answer.headers.single())}`);
  log.add(`Endpoint response body before transformations: ${answer.body.toString('utf8')}`);
}

export function logResponse({ log }: Exchange, headers: HeaderList, payload: Payload): void {
  if (!log) return;
  log.add(`Method response body after transformations: ${textOf(payload)}`);
  log.add(`Method response headers: ${javaMap(headers.single())}`);
}

const textOf = ({ binary, bytes }: Payload): string => (binary ? '[Binary Data]' : bytes.toString('utf8'));
