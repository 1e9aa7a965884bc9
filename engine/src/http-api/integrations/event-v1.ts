import { clfTime } from '../../execute-api/log';
import { type Exchange, matchOf } from '../exchange';
import { eventHeaders, isText, lastByName, listedByName } from '../forwarded';
import { pathOf } from '../router';
import type { Changed } from './event-v2';

/**
 * The event of payload format 1.0: that of REST APIs, with names of headers in lower case.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function version1(exchange: Exchange, { headers = eventHeaders(exchange), query }: Changed) {
  const { deployed, request } = exchange;
  const { pathParameters, route } = matchOf(exchange);
  const entries = headers.entries.map(([name, value]) => [name.toLowerCase(), value] as const);
  const asked = query ?? request.query;
  const isBase64Encoded = request.body.length > 0 && !isText(request.headers.get('content-type'));
  return {
    version: '1.0',
    resource: resourceOf(route.RouteKey),
    path: pathWithMapping(exchange),
    httpMethod: request.method,
    headers: lastByName(entries),
    multiValueHeaders: listedByName(entries),
    queryStringParameters: orNull(lastByName(asked)),
    multiValueQueryStringParameters: orNull(listedByName(asked)),
    requestContext: requestContext(exchange),
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(deployed.stage.StageVariables ?? {}),
    body: request.body.length === 0 ? null : request.body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
}

/** Of a custom domain, this format shows the mapping's key as well. */
const pathWithMapping = ({ request }: Exchange) =>
  request.basePath ? `/${request.basePath}${request.rawPath}` : request.rawPath;

const resourceOf = (key = '') => pathOf(key) ?? key;

function orNull<T extends object>(map: T): T | null {
  return Object.keys(map).length === 0 ? null : map;
}

function requestContext(exchange: Exchange) {
  const { deployed, request, requestId, startedAt } = exchange;
  return {
    accountId: deployed.account,
    apiId: deployed.snapshot.apiId,
    authorizer: authorizerContext(exchange),
    domainName: request.domainName,
    domainPrefix: request.domainName.split('.')[0],
    extendedRequestId: requestId,
    httpMethod: request.method,
    identity: identityOf(exchange),
    path: pathWithMapping(exchange),
    protocol: request.protocol,
    requestId,
    requestTime: clfTime(new Date(startedAt)),
    requestTimeEpoch: startedAt,
    resourceId: null,
    resourcePath: resourceOf(matchOf(exchange).route.RouteKey),
    stage: deployed.stage.StageName,
  };
}

function authorizerContext({ authorized }: Exchange): Record<string, unknown> {
  if (authorized?.by === 'lambda') {
    const { context, principalId } = authorized;
    return principalId === undefined ? context : { ...context, principalId };
  }
  return authorized?.by === 'jwt'
    ? { claims: authorized.claims, scopes: authorized.scopes }
    : { claims: null, scopes: null };
}

function identityOf({ authorized, request }: Exchange) {
  const principal = authorized?.by === 'iam' ? authorized.principal : undefined;
  return {
    accessKey: principal?.accessKeyId ?? null,
    accountId: principal?.account ?? null,
    caller: principal?.userId ?? null,
    ...(request.tlsClient && { clientCert: request.tlsClient.certificate }),
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: request.sourceIp,
    user: principal?.userId ?? null,
    userAgent: request.headers.get('user-agent') ?? null,
    userArn: principal?.arn ?? null,
  };
}
