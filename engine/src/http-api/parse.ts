import type { IncomingMessage } from 'node:http';
import { HeaderList } from '../execute-api/headers';
import { parseQuery, type TargetDomain } from '../execute-api/parse';
import { bodyWithin } from '../gateway/body';
import type { Deployed, DeployedApi } from './deployed';
import type { HttpRequest } from './exchange';
import { badRequest, type Fault, headersTooLarge, tooLarge } from './faults';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_PAYLOAD = 10 * 1024 * 1024;
const MAX_HEADER_BYTES = 10_240;

/** Where a request goes. */
export interface Chosen {
  deployed: Deployed;
  /** Behind the stage or the mapping, raw. */
  path: string;
  domain?: TargetDomain;
}

/** A stage's name comes first in the path; what begins with no stage's name belongs to `$default`. */
export function chooseStage(api: DeployedApi, below: string): Chosen | undefined {
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(below) ?? [];
  const name = decoded(first) ?? first;
  const named = api.stages.get(name);
  if (named) return { deployed: named, path: rest || '/' };
  const deployed = api.stages.get('$default');
  return deployed && { deployed, path: below };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Reads a request as API Gateway sees it. Never throws: what is wrong with it is told in `fault`. */
export async function parseRequest(
  { deployed, domain, path }: Chosen,
  req: IncomingMessage,
): Promise<{ request: HttpRequest; fault?: Fault }> {
  const headers = HeaderList.fromRaw(req.rawHeaders);
  const url = req.url ?? '/';
  const cut = url.indexOf('?');
  const rawQuery = cut < 0 ? '' : url.slice(cut + 1);
  const { StageName: name } = deployed.stage;
  // By a custom domain neither the stage nor the mapping's key are part of the path.
  const whole = name === '$default' || domain ? path : `/${name}${path}`;
  const rawPath = decoded(whole);
  const request: HttpRequest = {
    method: req.method ?? 'GET',
    path,
    rawPath: rawPath ?? whole,
    url,
    rawQuery,
    query: parseQuery(rawQuery),
    headers,
    body: Buffer.alloc(0),
    sourceIp: clientAddress(req),
    protocol: `HTTP/${req.httpVersion}`,
    basePath: domain?.key,
    tlsClient: domain?.client,
    domainName: domain?.name ?? `${deployed.snapshot.apiId}.execute-api.${deployed.region}.amazonaws.com`,
  };
  const size = headers.entries.reduce((sum, [key, value]) => sum + key.length + value.length, url.length);
  if (size > MAX_HEADER_BYTES) {
    req.resume();
    return { request, fault: headersTooLarge() };
  }
  const body = await bodyWithin(req, MAX_PAYLOAD);
  if (!body) return { request, fault: tooLarge() };
  request.body = body;
  return rawPath === undefined ? { request, fault: badRequest() } : { request };
}

function clientAddress(req: IncomingMessage): string {
  const address = req.socket?.remoteAddress ?? '127.0.0.1';
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
