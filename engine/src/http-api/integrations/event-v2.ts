import type { HeaderList } from '../../execute-api/headers';
import { clfTime } from '../../execute-api/log';
import { type Authorized, type Exchange, matchOf } from '../exchange';
import { eventHeaders, isText, joinedByName } from '../forwarded';

/** What a mapping changed of the request. */
export interface Changed {
  headers: HeaderList | undefined;
  query: readonly (readonly [string, string])[] | undefined;
}

/**
 * The event of payload format 2.0. What there is not is left out.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function version2(exchange: Exchange, { headers = eventHeaders(exchange), query }: Changed) {
  const { deployed, request } = exchange;
  const { pathParameters, route } = matchOf(exchange);
  const cookies = headers
    .all('cookie')
    .flatMap((line) => line.split(/;\s*/))
    .filter(Boolean);
  const variables = deployed.stage.StageVariables ?? {};
  const isBase64Encoded = request.body.length > 0 && !isText(request.headers.get('content-type'));
  const shown = headers.entries.filter(([name]) => name.toLowerCase() !== 'cookie');
  return {
    version: '2.0',
    routeKey: route.RouteKey,
    rawPath: request.rawPath,
    rawQueryString: query
      ? new URLSearchParams(query.map(([name, value]) => [name, value])).toString()
      : request.rawQuery,
    ...unlessEmpty('cookies', cookies),
    headers: joinedByName(shown.map(([name, value]) => [name.toLowerCase(), value])),
    ...unlessEmpty('queryStringParameters', joinedByName(query ?? request.query)),
    requestContext: requestContext(exchange),
    ...unlessEmpty('pathParameters', pathParameters),
    ...unlessEmpty('stageVariables', variables),
    body: request.body.length === 0 ? undefined : request.body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
}

function unlessEmpty<N extends string, T extends object>(name: N, value: T): { [K in N]?: T } {
  const one: { [K in N]?: T } = {};
  if (Object.keys(value).length > 0) one[name] = value;
  return one;
}

function requestContext(exchange: Exchange) {
  const { authorized, deployed, request, requestId, startedAt } = exchange;
  return {
    accountId: deployed.account,
    apiId: deployed.snapshot.apiId,
    ...(request.tlsClient && { authentication: { clientCert: request.tlsClient.certificate } }),
    ...(authorized && { authorizer: authorizerContext(authorized) }),
    domainName: request.domainName,
    domainPrefix: request.domainName.split('.')[0],
    http: {
      method: request.method,
      path: request.rawPath,
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent: request.headers.get('user-agent') ?? '',
    },
    requestId,
    routeKey: matchOf(exchange).route.RouteKey,
    stage: deployed.stage.StageName,
    time: clfTime(new Date(startedAt)),
    timeEpoch: startedAt,
  };
}

function authorizerContext(authorized: Authorized) {
  if (authorized.by === 'jwt') return { jwt: { claims: authorized.claims, scopes: authorized.scopes } };
  if (authorized.by === 'lambda') return { lambda: authorized.context };
  const { principal } = authorized;
  return {
    iam: {
      accessKey: principal.accessKeyId,
      accountId: principal.account,
      callerId: principal.userId,
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: principal.arn,
      userId: principal.userId,
    },
  };
}
