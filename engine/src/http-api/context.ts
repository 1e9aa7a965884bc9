import { clfTime } from '../execute-api/log';
import type { Exchange } from './exchange';

type Values = Record<string, unknown>;

/**
 * `$context` of parameter mappings, identity sources and access logs.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function contextOf(exchange: Exchange): Values {
  const { deployed, error, integration, match, request } = exchange;
  return {
    accountId: deployed.account,
    apiId: deployed.snapshot.apiId,
    authorizer: authorizerOf(exchange),
    awsEndpointRequestId: integration?.requestId,
    ...(request.basePath === undefined ? {} : { customDomain: { basePathMatched: request.basePath } }),
    domainName: request.domainName,
    domainPrefix: request.domainName.split('.')[0],
    error: error && {
      message: error.message,
      messageString: JSON.stringify(error.message),
      responseType: error.type,
    },
    extendedRequestId: exchange.requestId,
    httpMethod: request.method,
    identity: identityOf(exchange),
    integration: integration && {
      error: integration.error,
      integrationStatus: integration.status,
      latency: integration.latency,
      requestId: integration.requestId,
      status: integration.status,
    },
    integrationErrorMessage: integration?.error,
    integrationLatency: integration?.latency,
    integrationStatus: integration?.status,
    path: request.rawPath,
    protocol: request.protocol,
    requestId: exchange.requestId,
    requestTime: clfTime(new Date(exchange.startedAt)),
    requestTimeEpoch: exchange.startedAt,
    routeKey: match?.route.RouteKey,
    stage: deployed.stage.StageName,
  };
}

function authorizerOf({ authorized, authorizerError }: Exchange): Values {
  const error = authorizerError === undefined ? {} : { error: authorizerError };
  if (authorized?.by === 'jwt') return { claims: authorized.claims, ...error };
  if (authorized?.by !== 'lambda') return error;
  return {
    ...authorized.context,
    ...(authorized.principalId === undefined ? {} : { principalId: authorized.principalId }),
    ...error,
  };
}

function identityOf({ authorized, request }: Exchange): Values {
  const principal = authorized?.by === 'iam' ? authorized.principal : undefined;
  return {
    accountId: principal?.account,
    caller: principal?.userId,
    clientCert: request.tlsClient?.certificate,
    sourceIp: request.sourceIp,
    user: principal?.userId,
    userAgent: request.headers.get('user-agent'),
    userArn: principal?.arn,
  };
}

/** `identity.sourceIp` out of a context; undefined where there is none such, or it is no single value. */
export function valueAt(context: Values, path: string): string | undefined {
  let at: unknown = context;
  const parts = path.split('.');
  for (const [index, part] of parts.entries()) {
    if (typeof at !== 'object' || at === null) return undefined;
    // Claims may have dots in their names.
    const rest = parts.slice(index).join('.');
    if (Object.hasOwn(at, rest)) return textOf(Reflect.get(at, rest));
    if (!Object.hasOwn(at, part)) return undefined;
    at = Reflect.get(at, part);
  }
  return textOf(at);
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
}
