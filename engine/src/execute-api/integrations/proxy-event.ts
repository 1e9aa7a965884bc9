import { type ApiRequest, type Exchange, routeOf } from '../exchange';
import { HeaderList } from '../headers';
import { clfTime } from '../log';
import { isBinary } from '../media-types';
import { authorizerValues, identityValues } from '../who';
import { isPassedOn } from './remapped';

/** Of the connection, not of the request. */
const DROPPED = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'x-amzn-trace-id',
]);

/**
 * The event of a Lambda proxy integration, version 1.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
 */
export function proxyEvent(exchange: Exchange): Record<string, unknown> {
  const { deployed, request } = exchange;
  const { resource, pathParameters } = routeOf(exchange);
  // A test of a method has only the headers it was given.
  const headers = exchange.testedBy ? request.headers : passedOn(exchange, eventHeaders(exchange));
  const multiValueQuery = multiValue(request.query);
  const base64 =
    request.body.length > 0 &&
    isBinary(request.headers.get('content-type'), deployed.snapshot.binaryMediaTypes);
  return {
    resource: resource.path,
    path: `${request.basePath ?? ''}${request.path}`,
    httpMethod: request.method,
    headers: orNull(headers.single()),
    multiValueHeaders: orNull(headers.multi()),
    queryStringParameters: orNull(Object.fromEntries(request.query)),
    multiValueQueryStringParameters: orNull(multiValueQuery),
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(deployed.stage.variables ?? {}),
    requestContext: requestContext(exchange),
    body: request.body.length === 0 ? null : request.body.toString(base64 ? 'base64' : 'utf8'),
    isBase64Encoded: base64,
  };
}

/** What the caller sent, and what the gateway knows of the connection. */
export function eventHeaders(exchange: Exchange): HeaderList {
  const { request } = exchange;
  const headers = new HeaderList();
  for (const [name, value] of request.headers.entries) {
    const lower = name.toLowerCase();
    if (DROPPED.has(lower)) continue;
    if (lower === 'host' || lower.startsWith('x-forwarded-')) continue;
    headers.append(name, value);
  }
  headers.append('Host', request.domainName);
  headers.append('X-Amzn-Trace-Id', exchange.trace);
  headers.append('X-Forwarded-For', forwardedFor(request));
  // The endpoint is HTTPS only on AWS: what a function may lean on is that, not the loopback's plain HTTP.
  headers.append('X-Forwarded-Port', '443');
  headers.append('X-Forwarded-Proto', 'https');
  return headers;
}

function passedOn(exchange: Exchange, headers: HeaderList): HeaderList {
  const passed = new HeaderList();
  for (const [name, value] of headers.entries) {
    if (isPassedOn(exchange, name, value)) passed.append(name, value);
  }
  return passed;
}

function forwardedFor(request: ApiRequest): string {
  const given = request.headers.all('x-forwarded-for');
  return [...given, request.sourceIp].join(', ');
}

function requestContext(exchange: Exchange): Record<string, unknown> {
  const { deployed, request } = exchange;
  const { resource } = routeOf(exchange);
  return {
    resourceId: resource.id,
    resourcePath: resource.path,
    httpMethod: request.method,
    extendedRequestId: exchange.extendedRequestId,
    requestTime: clfTime(new Date(exchange.startedAt)),
    path: request.stagePath,
    accountId: deployed.account,
    protocol: request.protocol,
    stage: deployed.stage.stageName,
    domainPrefix: request.domainName.split('.')[0],
    requestTimeEpoch: exchange.startedAt,
    requestId: exchange.requestId,
    identity: identityValues(exchange),
    ...authorizerOf(exchange),
    domainName: request.domainName,
    ...(deployed.stage.deploymentId && { deploymentId: deployed.stage.deploymentId }),
    apiId: deployed.snapshot.apiId,
  };
}

function authorizerOf(exchange: Exchange): { authorizer?: Record<string, unknown> } {
  const authorizer = authorizerValues(exchange);
  return authorizer ? { authorizer } : {};
}

function multiValue(query: readonly [string, string][]): Record<string, string[]> {
  const out = new Map<string, string[]>();
  for (const [name, value] of query) {
    const values = out.get(name);
    if (values) values.push(value);
    else out.set(name, [value]);
  }
  // Any name is one, `__proto__` too.
  return Object.fromEntries(out);
}

function orNull<T extends object>(map: T): T | null {
  return Object.keys(map).length === 0 ? null : map;
}
