import type { IntegrationType } from '@aws-sdk/client-api-gateway';
import type { Input } from '../../../kernel';
import { badRequest } from '../errors';
import type { Issues } from './issues';
import { type Place, some } from './method';
import { list, number, oneOf, type Tree, text, texts, tree } from './tree';

type PutIntegration = Input<'apigateway', 'PutIntegration'>;
type PutIntegrationResponse = Input<'apigateway', 'PutIntegrationResponse'>;
type Where = 'restApiId' | 'resourceId' | 'httpMethod';

const TYPES: readonly IntegrationType[] = ['HTTP', 'AWS', 'MOCK', 'HTTP_PROXY', 'AWS_PROXY'];
const CONVERSIONS = ['CONVERT_TO_BINARY', 'CONVERT_TO_TEXT'] as const;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html */
export function integrationOf(given: Tree, place: Place, issues: Issues): Omit<PutIntegration, Where> {
  const type = oneOf(given.type, TYPES);
  if (type === undefined)
    throw badRequest(`Invalid integration type specified. Must be one of: [${TYPES.join(', ')}]`);
  return {
    type,
    integrationHttpMethod: text(given.httpMethod)?.toUpperCase(),
    uri: text(given.uri),
    credentials: text(given.credentials),
    connectionType: oneOf(given.connectionType, ['INTERNET', 'VPC_LINK'] as const),
    connectionId: text(given.connectionId),
    requestParameters: mappings(given.requestParameters, 'requestParameters', place, issues),
    requestTemplates: texts(given.requestTemplates),
    passthroughBehavior: text(given.passthroughBehavior)?.toUpperCase(),
    cacheNamespace: text(given.cacheNamespace),
    cacheKeyParameters: given.cacheKeyParameters
      ? list(given.cacheKeyParameters).flatMap((one) => text(one) ?? [])
      : undefined,
    contentHandling: oneOf(given.contentHandling, CONVERSIONS),
    timeoutInMillis: number(given.timeoutInMillis),
    tlsConfig: given.tlsConfig
      ? { insecureSkipVerification: tree(given.tlsConfig).insecureSkipVerification === true }
      : undefined,
    responseTransferMode: oneOf(given.responseTransferMode, ['BUFFERED', 'STREAM'] as const),
    integrationTarget: text(given.integrationTarget),
  };
}

/** What maps parameters has to be text; anything else is left out and told. */
function mappings(
  given: unknown,
  attribute: string,
  place: Place,
  issues: Issues,
): Record<string, string> | undefined {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(tree(given))) {
    if (typeof value === 'string') out[name] = value;
    else {
      issues.warn(
        `Invalid format for '${attribute}'. Expected type string for property '${name}' of resource '${place.path}' and method '${place.method}' but got '${value}'`,
      );
    }
  }
  return some(out);
}

/** Its responses; those of equal status come one after the other, and the last stays. */
export function integrationResponsesOf(
  given: Tree,
  place: Place,
  issues: Issues,
): Omit<PutIntegrationResponse, Where>[] {
  return Object.entries(tree(given.responses)).map(([pattern, one]) => {
    const response = tree(one);
    return {
      statusCode: text(response.statusCode),
      selectionPattern: pattern === 'default' ? undefined : pattern,
      responseParameters: mappings(response.responseParameters, 'responseParameters', place, issues),
      responseTemplates: texts(response.responseTemplates),
      contentHandling: oneOf(response.contentHandling, CONVERSIONS),
    };
  });
}
