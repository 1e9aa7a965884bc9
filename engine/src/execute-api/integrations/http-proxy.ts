import { OutboundError, outbound } from '../../network/outbound';
import { type ApiResponse, type Exchange, routeOf } from '../exchange';
import { misconfigured, networkError } from '../faults';
import { HeaderList } from '../headers';
import { requestValue, withStageVariables } from '../mapping';
import { eventHeaders } from './proxy-event';
import { remap } from './remapped';

/** Headers the gateway says itself on the way to the backend. */
const OWN = new Set([
  'host',
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
  'via',
]);

/**
 * HTTP_PROXY: the request goes on to another server and its answer comes back.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
 */
export async function httpProxy(exchange: Exchange): Promise<ApiResponse> {
  const { host, log, request } = exchange;
  const { method } = routeOf(exchange);
  const integration = method.methodIntegration!;
  const mapped = mappedParameters(exchange, integration.requestParameters ?? {});
  const url = endpointUrl(exchange, integration.uri ?? '', mapped);
  const httpMethod = integration.httpMethod === 'ANY' ? request.method : integration.httpMethod!;
  log?.add(`Endpoint request URI: ${url}`);
  log?.add(`Sending request to ${url}`);
  try {
    const answer = await outbound(host, {
      url,
      method: httpMethod,
      headers: requestHeaders(exchange, mapped.header),
      body: request.body,
      timeout: integration.timeoutInMillis ?? 29_000,
    });
    log?.add(`Received response. Status: ${answer.status}`);
    const headers = remap(HeaderList.fromRaw(answer.rawHeaders), ['content-encoding', 'via']);
    if (!headers.has('X-Amzn-Trace-Id')) headers.append('X-Amzn-Trace-Id', exchange.trace);
    return { status: answer.status, headers, body: answer.body };
  } catch (error) {
    if (error instanceof OutboundError)
      throw networkError(`Execution failed due to an internal error: ${error.message}`);
    throw error;
  }
}

interface Mapped {
  path: Record<string, string>;
  querystring: Record<string, string>;
  header: Record<string, string>;
}

function mappedParameters(exchange: Exchange, parameters: Readonly<Record<string, string>>): Mapped {
  const mapped: Mapped = { path: {}, querystring: {}, header: {} };
  for (const [target, source] of Object.entries(parameters)) {
    const match = /^integration\.request\.(path|querystring|header)\.(.+)$/.exec(target);
    const value = requestValue(exchange, source);
    if (match && value !== undefined) mapped[match[1] as keyof Mapped][match[2]!] = value;
  }
  return mapped;
}

function endpointUrl(exchange: Exchange, uri: string, mapped: Mapped): URL {
  const { deployed, request } = exchange;
  const filled = withStageVariables(uri, deployed.stage.variables).replace(
    /\{([\w+]+)\}/g,
    (all, name: string) => {
      const value = mapped.path[name.replace(/\+$/, '')];
      return value === undefined ? all : encodePath(value);
    },
  );
  let url: URL;
  try {
    url = new URL(filled);
  } catch {
    throw misconfigured('Invalid endpoint address');
  }
  for (const [name, value] of request.query) url.searchParams.append(name, value);
  for (const [name, value] of Object.entries(mapped.querystring)) url.searchParams.set(name, value);
  return url;
}

/** What comes out of the path is encoded already; anything else must not end the path or begin a query. */
function encodePath(value: string): string {
  return value.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/g, encodeURIComponent);
}

function requestHeaders(exchange: Exchange, mapped: Readonly<Record<string, string>>): HeaderList {
  const headers = new HeaderList();
  for (const [name, value] of exchange.request.headers.entries) {
    const lower = name.toLowerCase();
    if (
      OWN.has(lower) ||
      ['connection', 'content-length', 'transfer-encoding', 'expect', 'te'].includes(lower)
    )
      continue;
    headers.append(name, value);
  }
  const own = eventHeaders(exchange);
  for (const name of ['X-Amzn-Trace-Id', 'X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto']) {
    headers.append(name, own.get(name)!);
  }
  headers.append('x-amzn-apigateway-api-id', exchange.deployed.snapshot.apiId);
  if (!headers.has('User-Agent'))
    headers.append('User-Agent', `AmazonAPIGateway_${exchange.deployed.snapshot.apiId}`);
  for (const [name, value] of Object.entries(mapped)) headers.set(name, value);
  return headers;
}
