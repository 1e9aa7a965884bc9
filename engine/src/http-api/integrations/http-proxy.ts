import type { Integration } from '@aws-sdk/client-apigatewayv2';
import { HeaderList } from '../../execute-api/headers';
import { OutboundError, outbound } from '../../network/outbound';
import { type Exchange, type HttpResponse, matchOf } from '../exchange';
import { internalError, unavailable } from '../faults';
import { eventHeaders } from '../forwarded';
import { type Mapped, mapRequest } from '../request-mapping';

/** What a connection says for itself. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date', 'upgrade'];

/**
 * HTTP_PROXY: the request goes on to another server and its answer comes back.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html
 */
export async function httpProxy(exchange: Exchange, integration: Integration): Promise<HttpResponse> {
  const { host, request } = exchange;
  const mapped = mapRequest(exchange, integration, sentHeaders(exchange));
  const { IntegrationMethod: method = 'ANY', TimeoutInMillis: timeout = 30_000 } = integration;
  try {
    const answer = await outbound(host, {
      url: endpointUrl(exchange, integration.IntegrationUri ?? '', mapped),
      method: method === 'ANY' ? request.method : method,
      headers: mapped.headers,
      body: request.body,
      timeout,
    });
    const headers = HeaderList.fromRaw(answer.rawHeaders);
    for (const name of HOP_BY_HOP) headers.remove(name);
    return { status: answer.status, headers, body: answer.body };
  } catch (error) {
    if (error instanceof OutboundError)
      throw unavailable(`Network error communicating with endpoint: ${error.message}`);
    throw error;
  }
}

/** Backends are told of the way a request came by `Forwarded` (RFC 7239). */
function sentHeaders(exchange: Exchange): HeaderList {
  const { request } = exchange;
  const headers = eventHeaders(exchange);
  for (const name of ['host', 'content-length', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']) {
    headers.remove(name);
  }
  const before = request.headers.all('forwarded');
  const { domainName, sourceIp } = request;
  headers.set('forwarded', [...before, `for=${sourceIp};host=${domainName};proto=https`].join(', '));
  headers.set('via', `${request.protocol} AmazonAPIGateway`);
  return headers;
}

function endpointUrl(exchange: Exchange, uri: string, { path, query }: Mapped): URL {
  const variables = exchange.deployed.stage.StageVariables;
  const { pathParameters } = matchOf(exchange);
  const filled = uri
    .replace(/\$\{stageVariables\.(\w+)\}/g, (_all, name: string) => variables?.[name] ?? '')
    .replace(/\{([\w.:-]+)\+?\}/g, (all, name: string) => {
      const value = pathParameters[name];
      return value === undefined ? all : encodePath(value);
    });
  let url: URL;
  try {
    url = new URL(filled);
  } catch {
    throw internalError(`Invalid endpoint address: ${filled}`);
  }
  if (path !== undefined) url.pathname = encodePath(path);
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url;
}

/** What is decoded must not end the path or begin a query. */
function encodePath(value: string): string {
  return value.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/g, encodeURIComponent);
}
