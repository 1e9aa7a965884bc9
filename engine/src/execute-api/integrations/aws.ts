import type { DoorAnswer, DoorRequest } from '../../gateway/door';
import { loadModel } from '../../protocols';
import { isServiceName } from '../../services/registry';
import { type ApiResponse, type Exchange, routeOf } from '../exchange';
import { misconfigured } from '../faults';
import { HeaderList } from '../headers';
import { withStageVariables } from '../mapping';
import { functionCall, type TracedCall, tracedAs } from '../tracing';
import { checkAnswerLength } from './answer-limit';
import { type AwsUri, invokedFunction, parseAwsUri, serviceNameOf } from './aws-uri';
import { endpointPrincipal } from './credentials';
import { logAnswer, logRequest } from './endpoint-log';
import { type IntegrationRequest, integrationRequest } from './integration-request';
import { answer } from './integration-response';
import { invocationAnswer, ownerOf } from './lambda-custom';
import { filledPath, queryText } from './urls';

/**
 * AWS: the request becomes one to a service, signed for the integration's role and in the service's own protocol; its
 * answer goes through the integration responses.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-aws-proxy.html
 */
export async function aws(exchange: Exchange): Promise<ApiResponse> {
  const { deployed, host } = exchange;
  const integration = routeOf(exchange).method.methodIntegration ?? {};
  const request = integrationRequest(exchange);
  const variables = deployed.stage.variables;
  const uri = parseAwsUri(filledPath(withStageVariables(integration.uri ?? '', variables), request.path));
  if (!uri) throw misconfigured('Invalid endpoint address');
  const functionArn = invokedFunction(uri);
  const method = integration.httpMethod === 'ANY' ? exchange.request.method : (integration.httpMethod ?? '');
  // Lambda's API takes invocations by POST only; another method fails there.
  if (functionArn !== undefined && method !== 'POST') {
    throw misconfigured('Unable to determine service/operation name to be authorized');
  }
  const sent = doorRequest(exchange, uri, request, method);
  if (functionArn !== undefined) Object.assign(sent, ownerOf(functionArn, sent));
  const principal = await endpointPrincipal(exchange);
  tracedAs(exchange, () => callOf(uri, sent, functionArn));
  logRequest(exchange, {
    uri: `https://${sent.headers.host}${sent.path}${sent.query && `?${sent.query}`}`,
    headers: sent.headers,
    payload: request.payload,
    signed: true,
  });
  const sentAt = host.clock.millis();
  const received = await host.parts.door.send(sent, principal);
  const headers = headersOf(received);
  const { status, body } = received;
  logAnswer(exchange, { status, headers, body, millis: host.clock.millis() - sentAt });
  checkAnswerLength(body.length);
  if (functionArn !== undefined) return answer(exchange, invocationAnswer(exchange, status, headers, body));
  return answer(exchange, { selector: String(status), headers, body });
}

function callOf(uri: AwsUri, sent: DoorRequest, functionArn: string | undefined): TracedCall {
  if (functionArn !== undefined) return functionCall(functionArn, sent.region);
  return {
    name: loadModel(sent.service).json.serviceId,
    namespace: 'aws',
    url: `https://${sent.headers.host}${sent.path}`,
    method: sent.method,
    aws: { region: uri.region, ...(uri.by === 'action' ? { operation: uri.api.split('&')[0] } : {}) },
  };
}

function headersOf(received: DoorAnswer): HeaderList {
  const headers = new HeaderList();
  for (const [name, value] of Object.entries(received.headers)) headers.append(name, value);
  return headers;
}

function doorRequest(
  exchange: Exchange,
  uri: AwsUri,
  request: IntegrationRequest,
  method: string,
): DoorRequest {
  const { deployed, requestId } = exchange;
  const service = serviceNameOf(uri);
  // PutIntegration refuses these; a stage variable may name one all the same.
  if (!isServiceName(service)) throw misconfigured(`there is no service '${service}' in this engine`);
  const headers = requestHeaders(exchange, uri, request);
  const target =
    uri.by === 'action' ? actionTarget(uri, service, request, headers) : pathTarget(uri, request);
  return {
    service,
    account: deployed.account,
    region: uri.region,
    method,
    ...target,
    headers,
    body: request.payload.bytes,
    within: requestId,
  };
}

function requestHeaders(
  { deployed, trace }: Exchange,
  uri: AwsUri,
  request: IntegrationRequest,
): Record<string, string> {
  const { apiId } = deployed.snapshot;
  const { bytes } = request.payload;
  const host = `${uri.service}.${uri.region}.amazonaws.com`;
  const headers: Record<string, string> = {
    'x-amzn-apigateway-api-id': apiId,
    accept: 'application/json',
    'user-agent': `AmazonAPIGateway_${apiId}`,
    'content-type': request.contentType,
    'x-amzn-trace-id': trace,
  };
  for (const [name, values] of Object.entries(request.headers.multi())) {
    headers[name.toLowerCase()] = values.join(',');
  }
  return {
    ...headers,
    host: uri.subdomain === undefined ? host : `${uri.subdomain}.${host}`,
    'content-length': String(bytes.length),
  };
}

/** `action/PutItem`, in the way the service's protocol says it. */
function actionTarget(
  uri: AwsUri,
  service: Parameters<typeof loadModel>[0],
  request: IntegrationRequest,
  headers: Record<string, string>,
): { path: string; query: string } {
  const [action = '', ...given] = uri.api.split('&');
  const { json, protocol } = loadModel(service);
  const query = [...given, queryText(request.querystring)].filter((part) => part !== '').join('&');
  if (protocol.startsWith('awsJson')) {
    headers['x-amz-target'] ??= `${json.targetPrefix}.${action}`;
    headers['content-type'] = `application/x-amz-json-${protocol === 'awsJson1_0' ? '1.0' : '1.1'}`;
    return { path: '/', query: [`Action=${action}`, query].filter((part) => part !== '').join('&') };
  }
  if (protocol === 'awsQuery' || protocol === 'ec2Query') {
    // A form goes on as it is; anything else in the body is no part of such a request.
    const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    if (!form) headers['content-type'] = 'application/x-www-form-urlencoded';
    if (!form && request.payload.bytes.length > 0 && !isForm(request))
      request.payload.bytes = Buffer.alloc(0);
    return { path: '/', query: [`Action=${action}`, query].filter((part) => part !== '').join('&') };
  }
  throw misconfigured(`'${uri.service}' has no actions by name: its integrations name a path`);
}

/** Templates write forms too: `Name=$util.urlEncode(…)&…`. */
const isForm = ({ payload }: IntegrationRequest): boolean =>
  /^[\w.]+=[^{}]*$/.test(payload.bytes.toString('utf8'));

function pathTarget(uri: AwsUri, request: IntegrationRequest): { path: string; query: string } {
  const [path = '', ...own] = uri.api.split('?');
  const query = [...own, queryText(request.querystring)].filter((part) => part !== '').join('&');
  // A bucket before the endpoint's name is the path's first part to S3.
  const bucket = uri.subdomain !== undefined && uri.service === 's3' ? `/${uri.subdomain}` : '';
  return { path: `${bucket}/${path.replace(/^\/+/, '')}`, query };
}
