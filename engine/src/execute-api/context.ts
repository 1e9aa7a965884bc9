import type { Exchange } from './exchange';
import { clfTime } from './log';
import { authorizerValues, identityValues } from './who';

/**
 * `$context` of mapping templates, parameter mappings and gateway responses.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function contextOf(exchange: Exchange): Record<string, unknown> {
  const { deployed, request, route } = exchange;
  const error = exchange.error;
  return {
    accountId: deployed.account,
    apiId: deployed.snapshot.apiId,
    deploymentId: deployed.stage.deploymentId,
    domainName: request.domainName,
    domainPrefix: request.domainName.split('.')[0],
    extendedRequestId: exchange.extendedRequestId,
    httpMethod: request.method,
    ...((deployed.isCanary || deployed.canary) && { isCanaryRequest: deployed.isCanary }),
    authorizer: authorizerValues(exchange),
    identity: known(identityValues(exchange)),
    path: request.stagePath,
    protocol: request.protocol,
    requestId: exchange.requestId,
    requestTime: clfTime(new Date(exchange.startedAt)),
    requestTimeEpoch: exchange.startedAt,
    resourceId: route?.resource.id,
    resourcePath: route?.resource.path,
    stage: deployed.stage.stageName,
    ...(exchange.waf && { wafResponseCode: exchange.waf.responseCode, webaclArn: exchange.waf.arn }),
    xrayTraceId: /Root=([^;]+)/.exec(exchange.trace)?.[1],
    ...(error && {
      error: {
        message: error.message,
        messageString: JSON.stringify(error.message),
        responseType: error.type,
        validationErrorString: error.validation ?? '',
      },
    }),
  };
}

function known({ userAgent, ...values }: ReturnType<typeof identityValues>): Record<string, unknown> {
  const told = Object.entries(values).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(told), userAgent: userAgent ?? '' };
}

/** `identity.sourceIp` out of the context; undefined where there is none such. */
export function contextValue(exchange: Exchange, path: string): string | undefined {
  const { testContext: given } = exchange;
  if (given && Object.hasOwn(given, path)) return given[path];
  let at: unknown = contextOf(exchange);
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at === undefined || at === null || typeof at === 'object' ? undefined : String(at);
}
