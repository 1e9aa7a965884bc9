import type { ApiResponse, Exchange } from '../exchange';
import { HeaderList } from '../headers';
import { logAnswer } from './endpoint-log';
import { bodyOf, callEndpoint, endpointUrl } from './http-endpoint';
import { integrationRequest } from './integration-request';
import { answer } from './integration-response';

/**
 * HTTP: what is mapped goes to another server, and its answer through the integration responses, chosen by its status.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
 */
export async function http(exchange: Exchange): Promise<ApiResponse> {
  const { deployed, host, trace } = exchange;
  const request = integrationRequest(exchange);
  const { apiId } = deployed.snapshot;
  const url = endpointUrl(exchange, request.path, request.querystring);
  const headers = new HeaderList();
  headers.append('x-amzn-apigateway-api-id', apiId);
  headers.append('Accept', 'application/json');
  headers.append('User-Agent', `AmazonAPIGateway_${apiId}`);
  headers.append('X-Amzn-Trace-Id', trace);
  if (request.payload.bytes.length > 0) headers.append('Content-Type', request.contentType);
  for (const [name] of request.headers.entries) headers.remove(name);
  for (const [name, value] of request.headers.entries) headers.append(name, value);
  const sentAt = host.clock.millis();
  const received = await callEndpoint(exchange, url, headers, request.payload);
  const given = HeaderList.fromRaw(received.rawHeaders);
  const { status } = received;
  const body = await bodyOf(received);
  logAnswer(exchange, { status, headers: given, body, millis: host.clock.millis() - sentAt });
  return answer(exchange, { selector: String(status), headers: given, body });
}
