import type { Exchange } from './exchange';

/**
 * `$context.identity` and the same of events: who calls; for a test of a method, who tests it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function identityValues({ caller: signer, client, request, testedBy }: Exchange) {
  const caller = signer ?? testedBy;
  return {
    cognitoIdentityPoolId: null,
    accountId: caller?.account ?? null,
    cognitoIdentityId: null,
    caller: caller?.userId ?? null,
    sourceIp: request.sourceIp,
    principalOrgId: null,
    accessKey: caller?.accessKeyId ?? null,
    cognitoAuthenticationType: null,
    cognitoAuthenticationProvider: null,
    userArn: caller?.arn ?? null,
    userAgent: request.headers.get('user-agent') ?? null,
    user: caller?.userId ?? null,
    ...(request.endpoint && { vpcId: request.endpoint.vpc, vpceId: request.endpoint.id }),
    ...(client && { apiKey: client.value, apiKeyId: client.key.id }),
    ...(request.tlsClient && { clientCert: request.tlsClient.certificate }),
    ...(testedBy && { apiKey: 'test-invoke-api-key', apiKeyId: 'test-invoke-api-key-id' }),
  };
}

/** `$context.authorizer` and the same of events: what the authorizer said; undefined where there was none. */
export function authorizerValues({ authorizer }: Exchange): Record<string, unknown> | undefined {
  if (!authorizer) return undefined;
  const { claims, context, integrationLatency, principalId } = authorizer;
  return claims ? { claims } : { ...context, principalId, integrationLatency };
}
