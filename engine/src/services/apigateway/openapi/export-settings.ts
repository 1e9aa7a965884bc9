import type { ApiSnapshot } from '../../../execute-api/deployed';
import type { DocumentationVersionRecord } from '../store';
import { known } from './export-integration';
import { some } from './method';
import type { Tree } from './tree';

/** The extensions that are about the API as a whole. */
export function exportedSettings(snapshot: ApiSnapshot, vpcEndpointIds: string[] | undefined): Tree {
  const validators = Object.values(snapshot.validators).map((one) => [
    one.name ?? '',
    {
      validateRequestParameters: one.validateRequestParameters ?? false,
      validateRequestBody: one.validateRequestBody ?? false,
    },
  ]);
  const responses = Object.values(snapshot.gatewayResponses).map((one) => [
    one.responseType ?? '',
    known({
      statusCode: one.statusCode,
      responseParameters: some(one.responseParameters ?? {}),
      responseTemplates: some(one.responseTemplates ?? {}),
    }),
  ]);
  const setting = (name: string, value: unknown): Tree =>
    value === undefined ? {} : { [`x-amazon-apigateway-${name}`]: value };
  return {
    ...setting('gateway-responses', some(Object.fromEntries(responses))),
    ...setting('request-validators', some(Object.fromEntries(validators))),
    ...setting(
      'binary-media-types',
      snapshot.binaryMediaTypes.length > 0 ? snapshot.binaryMediaTypes : undefined,
    ),
    ...setting('minimum-compression-size', snapshot.minimumCompressionSize),
    ...setting('api-key-source', snapshot.apiKeySource === 'AUTHORIZER' ? 'AUTHORIZER' : undefined),
    ...setting('policy', snapshot.policy === undefined ? undefined : JSON.parse(snapshot.policy)),
    ...setting(
      'endpoint-configuration',
      some({
        ...(snapshot.disableExecuteApiEndpoint ? { disableExecuteApiEndpoint: true } : {}),
        ...(vpcEndpointIds ? { vpcEndpointIds } : {}),
      }),
    ),
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-documentation.html */
export function exportedDocumentation(version: DocumentationVersionRecord): Tree {
  return {
    'x-amazon-apigateway-documentation': {
      version: version.version,
      createdDate: version.createdDate.toISOString().replace(/\.\d{3}/, ''),
      documentationParts: version.parts.map(({ location, properties }) => ({
        location: known({ ...location }),
        properties: JSON.parse(properties ?? '{}') as unknown,
      })),
    },
  };
}
