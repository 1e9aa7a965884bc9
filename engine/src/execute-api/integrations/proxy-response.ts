import type { ApiResponse, Exchange } from '../exchange';
import { type Fault, misconfigured } from '../faults';
import { HeaderList } from '../headers';
import { javaMap } from '../log';
import { isBinary } from '../media-types';
import { remap } from './remapped';

const KEYS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);

/**
 * The response that a function's result says; anything else than the documented object is a 502.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 */
export function proxyResponse(exchange: Exchange, payload: string): ApiResponse {
  const result = parseResult(payload);
  const headers = new HeaderList();
  headers.append('X-Amzn-Trace-Id', exchange.trace);
  for (const [name, value] of remap(headersOf(result)).entries) headers.append(name, value);
  if (!headers.has('Content-Type')) headers.append('Content-Type', 'application/json');
  const text = result.body ?? '';
  const binary = result.isBase64Encoded && acceptsBinary(exchange);
  const body = Buffer.from(text, binary ? 'base64' : 'utf8');
  exchange.log?.add(`Method response body after transformations: ${text}`);
  exchange.log?.add(`Method response headers: ${javaMap(headers.single())}`);
  return { status: result.statusCode, headers, body };
}

interface ProxyResult {
  statusCode: number;
  headers: [string, string][];
  multiValueHeaders: [string, string[]][];
  body: string | undefined;
  isBase64Encoded: boolean;
}

function malformed(): Fault {
  return misconfigured('Malformed Lambda proxy response', 502);
}

function parseResult(payload: string): ProxyResult {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    throw malformed();
  }
  if (!isRecord(value) || Object.keys(value).some((key) => !KEYS.has(key))) throw malformed();
  const { body } = value;
  if (body !== undefined && body !== null && typeof body !== 'string') throw malformed();
  return {
    statusCode: statusOf(value.statusCode),
    headers: entriesOf(value.headers).map(([name, header]) => [name, scalar(header)]),
    multiValueHeaders: entriesOf(value.multiValueHeaders).map(([name, list]) => {
      if (!Array.isArray(list)) throw malformed();
      return [name, list.map(scalar)];
    }),
    body: body ?? undefined,
    isBase64Encoded: value.isBase64Encoded === true || value.isBase64Encoded === 'true',
  };
}

function statusOf(status: unknown): number {
  if (status === undefined || status === null) return 200;
  const number = typeof status === 'number' || typeof status === 'string' ? Number(status) : Number.NaN;
  if (status === '' || !Number.isInteger(number) || number < 100 || number > 599) throw malformed();
  return number;
}

function entriesOf(map: unknown): [string, unknown][] {
  if (map === undefined || map === null) return [];
  if (!isRecord(map)) throw malformed();
  return Object.entries(map).filter(([, value]) => value !== null);
}

function scalar(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw malformed();
}

function headersOf(result: ProxyResult): HeaderList {
  const headers = new HeaderList();
  for (const [name, values] of result.multiValueHeaders) {
    for (const value of values) headers.append(name, value);
  }
  for (const [name, value] of result.headers) {
    // A name in both maps has the values of both, each once.
    if (!headers.all(name).includes(value)) headers.append(name, value);
  }
  for (const [name, value] of headers.entries) {
    // Node would refuse these; so does AWS, and the function is at fault, not the engine.
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw malformed();
  }
  return headers;
}

/** Only the first media type of Accept counts. */
function acceptsBinary(exchange: Exchange): boolean {
  const accept = exchange.request.headers.get('accept')?.split(',')[0];
  return isBinary(accept, exchange.deployed.snapshot.binaryMediaTypes);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
