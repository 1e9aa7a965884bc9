import type { IncomingMessage } from 'node:http';
import { bodyWithin } from '../gateway/body';
import type { ApiRequest, CameBy } from './exchange';
import { type Fault, tooLarge } from './faults';
import { HeaderList } from './headers';
import type { TlsClient } from './truststores/client';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const MAX_PAYLOAD = 10 * 1024 * 1024;
export const TOO_LONG = `HTTP content length exceeded ${MAX_PAYLOAD} bytes.`;
const MAX_HEADER_BYTES = 10_240;

export interface Target {
  apiId: string;
  stage: string;
  /** Raw path behind the stage. */
  path: string;
  /** Raw path behind the API's name. */
  below?: string;
  /** The custom domain it came by, and what of the path chose the API there. */
  domain?: TargetDomain;
  /** The VPC endpoint it came by, and the name it was called by there. */
  endpoint?: CameBy;
  name?: string;
}

/** A custom domain that a request came by. */
export interface TargetDomain {
  name: string;
  /** Of the mapping. */
  key: string;
  /** Whether the path names the stage, behind the key. */
  stageInPath?: boolean;
  client?: TlsClient;
}

/** Reads a request as API Gateway sees it. Never throws: what is wrong with it is told in `fault`. */
export async function parseRequest(
  target: Target,
  req: IncomingMessage,
  domainName: string,
): Promise<{ request: ApiRequest; fault?: Fault }> {
  const headers = HeaderList.fromRaw(req.rawHeaders);
  const url = req.url ?? '/';
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  const path = `/${target.path.split('?')[0]!.replace(/^\/+/, '')}`;
  const basePath = target.domain?.key ? `/${target.domain.key}` : '';
  const sourceIp = clientAddress(req);
  const request: ApiRequest = {
    method: req.method ?? 'GET',
    path,
    stagePath: `${basePath}${target.domain && !target.domain.stageInPath ? '' : `/${target.stage}`}${path}`,
    ...(basePath && { basePath }),
    headers,
    query: parseQuery(query.replaceAll(';', '&')),
    body: Buffer.alloc(0),
    sourceIp,
    protocol: `HTTP/${req.httpVersion}`,
    domainName,
    ...(target.endpoint && { endpoint: target.endpoint }),
    ...(target.domain?.client && { tlsClient: target.domain.client }),
    url,
  };
  const line = `${request.method} ${request.stagePath}?${query} ${request.protocol}`;
  const size = headers.entries.reduce((sum, [, value]) => sum + value.length, line.length);
  if (size > MAX_HEADER_BYTES) {
    req.resume();
    return { request, fault: tooLarge(`HTTP header is larger than ${MAX_HEADER_BYTES} bytes.`) };
  }
  const body = await bodyWithin(req, MAX_PAYLOAD);
  if (!body) return { request, fault: tooLarge(TOO_LONG) };
  request.body = body;
  return { request };
}

/** `a=1&a=2&b`: decoded, a name without `=` has the empty value. */
export function parseQuery(query: string): [string, string][] {
  if (query === '') return [];
  return [...new URLSearchParams(query)];
}

/** CloudFront and the loopback tell the viewer's address in the connection; nothing else is believed. */
function clientAddress(req: IncomingMessage): string {
  const address = req.socket?.remoteAddress ?? '127.0.0.1';
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
