import { HeaderList } from '../../execute-api/headers';
import type { HttpResponse } from '../exchange';
import { internalError } from '../faults';

type Values = Record<string, unknown>;

const malformed = () =>
  internalError(
    "The response from the Lambda function doesn't match the format that API Gateway expects. Check your Lambda function code and try again.",
  );

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The response that a function's result says. Of format 2.0 a result that says no status is the body of a 200 itself.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function responseOf(payload: string, version: '1.0' | '2.0'): HttpResponse {
  let result: unknown;
  try {
    result = JSON.parse(payload);
  } catch {
    throw malformed();
  }
  if (version === '1.0') {
    if (!isObject(result)) throw malformed();
    return said(result, version);
  }
  if (isObject(result) && result.statusCode !== undefined) return said(result, version);
  const headers = new HeaderList();
  headers.append('content-type', 'application/json');
  return { status: 200, headers, body: Buffer.from(typeof result === 'string' ? result : payload) };
}

function said(result: Values, version: '1.0' | '2.0'): HttpResponse {
  const { body, isBase64Encoded } = result;
  if (body !== undefined && body !== null && typeof body !== 'string') throw malformed();
  const headers = version === '1.0' ? headersOfVersion1(result) : headersOf(result);
  for (const [name, value] of headers.entries) {
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw malformed();
  }
  for (const name of HOP_BY_HOP) headers.remove(name);
  if (!headers.has('content-type'))
    headers.append('content-type', version === '1.0' ? 'application/json' : 'text/plain;charset=UTF-8');
  return {
    status: statusOf(result.statusCode),
    headers,
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

const HOP_BY_HOP = ['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade'];

function statusOf(status: unknown): number {
  const number = typeof status === 'number' || typeof status === 'string' ? Number(status) : Number.NaN;
  if (status === '' || !Number.isInteger(number) || number < 100 || number > 599) throw malformed();
  return number;
}

function entriesOf(map: unknown): [string, unknown][] {
  if (map === undefined || map === null) return [];
  if (!isObject(map)) throw malformed();
  return Object.entries(map).filter(([, value]) => value !== null);
}

function scalar(value: unknown): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  throw malformed();
}

/** Cookies have a list of their own: each is a header. */
function headersOf(result: Values): HeaderList {
  const headers = new HeaderList();
  for (const [name, value] of entriesOf(result.headers)) headers.append(name.toLowerCase(), scalar(value));
  const { cookies = [] } = result;
  if (cookies !== null && !Array.isArray(cookies)) throw malformed();
  for (const cookie of cookies ?? []) headers.append('set-cookie', scalar(cookie));
  return headers;
}

function headersOfVersion1(result: Values): HeaderList {
  const headers = new HeaderList();
  for (const [name, list] of entriesOf(result.multiValueHeaders)) {
    if (!Array.isArray(list)) throw malformed();
    for (const value of list) headers.append(name.toLowerCase(), scalar(value));
  }
  for (const [name, value] of entriesOf(result.headers)) {
    const text = scalar(value);
    // A name in both maps has the values of both, each once.
    if (!headers.all(name).includes(text)) headers.append(name.toLowerCase(), text);
  }
  return headers;
}
