import type { ApiResponse, Exchange } from '../exchange';
import { type Fault, misconfigured } from '../faults';
import { HeaderList } from '../headers';
import { javaMap } from '../log';
import { isBinary } from '../media-types';
import { remap } from './remapped';
import { type ResponseHead, responseHead, responseObject } from './response-head';

const KEYS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);

/**
 * The response that a function's result says; anything else than the documented object is a 502.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 */
export function proxyResponse(exchange: Exchange, payload: string): ApiResponse {
  const result = parseResult(payload);
  const headers = new HeaderList();
  headers.append('X-Amzn-Trace-Id', exchange.trace);
  for (const [name, value] of remap(result.headers).entries) headers.append(name, value);
  if (!headers.has('Content-Type')) headers.append('Content-Type', 'application/json');
  const text = result.body ?? '';
  const binary = result.isBase64Encoded && acceptsBinary(exchange);
  const body = Buffer.from(text, binary ? 'base64' : 'utf8');
  exchange.log?.add(`Method response body after transformations: ${text}`);
  exchange.log?.add(`Method response headers: ${javaMap(headers.single())}`);
  return { status: result.status, headers, body };
}

interface ProxyResult extends ResponseHead {
  body: string | undefined;
  isBase64Encoded: boolean;
}

function malformed(): Fault {
  return misconfigured('Malformed Lambda proxy response', 502);
}

/**
 * What a function streams as the head of an HTTP response is one here, too; the body behind it is lost.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
const DELIMITER = '\0'.repeat(8);

function parseResult(payload: string): ProxyResult {
  const [text = ''] = payload.split(DELIMITER, 1);
  const value = responseObject(text, KEYS, malformed);
  const { body } = value;
  if (body !== undefined && body !== null && typeof body !== 'string') throw malformed();
  return {
    ...responseHead(value, malformed),
    body: body ?? undefined,
    isBase64Encoded: value.isBase64Encoded === true || value.isBase64Encoded === 'true',
  };
}

/** Only the first media type of Accept counts. */
function acceptsBinary(exchange: Exchange): boolean {
  const accept = exchange.request.headers.get('accept')?.split(',')[0];
  return isBinary(accept, exchange.deployed.snapshot.binaryMediaTypes);
}
