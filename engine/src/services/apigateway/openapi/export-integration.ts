import type { Integration, IntegrationResponse } from '@aws-sdk/client-api-gateway';
import { some } from './method';
import type { Tree } from './tree';

/** An integration as the extension writes it; what is as it would be anyway is left out. */
export function exportedIntegration(integration: Integration, resourceId: string): Tree {
  const { cacheKeyParameters, cacheNamespace, timeoutInMillis } = integration;
  return known({
    type: integration.type?.toLowerCase(),
    httpMethod: integration.httpMethod,
    uri: integration.uri,
    credentials: integration.credentials,
    connectionType: integration.connectionType === 'VPC_LINK' ? 'VPC_LINK' : undefined,
    connectionId: integration.connectionId,
    responses: some(exportedResponses(integration.integrationResponses)),
    requestParameters: integration.requestParameters,
    requestTemplates: integration.requestTemplates,
    passthroughBehavior: integration.passthroughBehavior?.toLowerCase(),
    contentHandling: integration.contentHandling,
    timeoutInMillis: timeoutInMillis === 29_000 ? undefined : timeoutInMillis,
    cacheNamespace: cacheNamespace === resourceId ? undefined : cacheNamespace,
    cacheKeyParameters: cacheKeyParameters?.length ? cacheKeyParameters : undefined,
    tlsConfig: integration.tlsConfig?.insecureSkipVerification ? integration.tlsConfig : undefined,
    responseTransferMode: integration.responseTransferMode === 'STREAM' ? 'STREAM' : undefined,
  });
}

function exportedResponses(responses: Record<string, IntegrationResponse> | undefined): Tree {
  const out: Tree = {};
  for (const response of Object.values(responses ?? {})) {
    out[response.selectionPattern || 'default'] = known({
      statusCode: response.statusCode,
      responseParameters: response.responseParameters,
      responseTemplates: response.responseTemplates,
      contentHandling: response.contentHandling,
    });
  }
  return out;
}

/** Without what is undefined, which is nothing in JSON and something in YAML. */
export function known(given: Tree): Tree {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
