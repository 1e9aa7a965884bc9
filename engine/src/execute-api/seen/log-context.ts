import { contextOf } from '../context';
import type { ApiResponse, Exchange } from '../exchange';

/**
 * `$context` of access logs: that of templates, and what is known of a request once it is answered. What only other
 * parts of AWS could tell (WAF, TLS) is missing, and reads `-`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
export function logContext(
  exchange: Exchange,
  response: ApiResponse,
  responseLength: number,
): Record<string, unknown> {
  const { host, integration, startedAt, waf } = exchange;
  const context = contextOf(exchange);
  const authorized = authorization(exchange, response.status);
  return {
    ...context,
    ...authorized.steps,
    authorizer: { ...objectOf(context.authorizer), ...authorized.authorizer },
    awsEndpointRequestId: integration?.requestId,
    awsEndpointRequestId2: integration?.requestId2,
    integration: integration && {
      error: integration.error,
      integrationStatus: integration.endpointStatus,
      latency: integration.latency,
      requestId: integration.requestId,
      responseTransferMode: integration.timeToAllHeaders === undefined ? 'BUFFERED' : 'STREAMED',
      status: integration.status,
      timeToAllHeaders: integration.timeToAllHeaders,
      timeToFirstContent: integration.timeToFirstContent,
    },
    integrationErrorMessage: integration?.error,
    integrationLatency: integration?.latency,
    integrationStatus: integration?.endpointStatus,
    responseLatency: host.clock.millis() - startedAt,
    responseLength,
    status: response.status,
    waf: waf && { error: waf.error, latency: waf.latency, status: waf.status },
  };
}

const REFUSALS: ReadonlySet<string> = new Set([
  'ACCESS_DENIED',
  'AUTHORIZER_CONFIGURATION_ERROR',
  'AUTHORIZER_FAILURE',
  'EXPIRED_TOKEN',
  'INVALID_SIGNATURE',
  'MISSING_AUTHENTICATION_TOKEN',
  'UNAUTHORIZED',
]);

/** How finding out who calls went: of a signer, a user pool's token or a Lambda authorizer. */
function authorization(exchange: Exchange, status: number) {
  const { authorizer, error, route, steps } = exchange;
  const type = route?.method.authorizationType ?? 'NONE';
  if (type === 'NONE') return { steps: {}, authorizer: {} };
  const refused = error !== undefined && REFUSALS.has(error.type);
  const went = {
    error: refused ? error.message : undefined,
    latency: steps.find(([name]) => name === 'authorize')?.[1],
    status: refused ? status : 200,
  };
  const ofLambda = type === 'CUSTOM' && {
    integrationLatency: authorizer?.integrationLatency,
    integrationStatus: authorizer?.integrationLatency === undefined ? undefined : 200,
  };
  return {
    steps: { authorize: went, ...(type === 'AWS_IAM' && { authenticate: went }) },
    authorizer: type === 'AWS_IAM' ? {} : { ...went, ...ofLambda },
  };
}

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
