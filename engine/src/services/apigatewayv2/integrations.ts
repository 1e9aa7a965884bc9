import type { Call, Operation } from '../../kernel';
import { changed } from './changed';
import { said } from './changes';
import { badRequest, conflict, requireApi, requireIntegration } from './errors';
import { page } from './pages';
import { checkIntegration, type IntegrationInput, refuseUnknown } from './rules/integration';
import { checkRequestParameters, checkResponseParameters } from './rules/parameters';
import { type IntegrationRecord, tables } from './store';

const SETTINGS = [
  'CredentialsArn',
  'Description',
  'IntegrationMethod',
  'IntegrationUri',
  'PayloadFormatVersion',
  'RequestParameters',
  'ResponseParameters',
  'TimeoutInMillis',
] as const;

export function newIntegration(call: Call, input: IntegrationInput): IntegrationRecord {
  refuseUnknown('CreateIntegration', input);
  const integration: IntegrationRecord = {
    ConnectionType: 'INTERNET',
    IntegrationId: call.ids.lower(7),
    IntegrationType: input.IntegrationType,
    TimeoutInMillis: 30_000,
    ...said(input, SETTINGS),
  };
  // Lambda's API takes invocations by POST only.
  if (integration.IntegrationType === 'AWS_PROXY') integration.IntegrationMethod ??= 'POST';
  checked(integration);
  return integration;
}

function checked(integration: IntegrationRecord): void {
  checkIntegration(integration);
  checkRequestParameters(integration.RequestParameters ?? {});
  checkResponseParameters(integration.ResponseParameters ?? {});
}

export const createIntegration: Operation<'apigatewayv2', 'CreateIntegration'> = (input, call) => {
  const { ApiId } = requireApi(call, input.ApiId);
  const integration = newIntegration(call, input);
  tables(call).integrations.put([ApiId, integration.IntegrationId], integration);
  // Nothing leads to it yet: stages stay as they are.
  return integration;
};

export const getIntegration: Operation<'apigatewayv2', 'GetIntegration'> = (input, call) =>
  requireIntegration(call, input.ApiId, input.IntegrationId);

export const getIntegrations: Operation<'apigatewayv2', 'GetIntegrations'> = (input, call) =>
  page(tables(call).integrations, input, [requireApi(call, input.ApiId).ApiId]);

export const updateIntegration: Operation<'apigatewayv2', 'UpdateIntegration'> = (input, call) => {
  const integration = requireIntegration(call, input.ApiId, input.IntegrationId);
  refuseUnknown('UpdateIntegration', input);
  const updated: IntegrationRecord = {
    ...integration,
    ...said(input, [...SETTINGS, 'IntegrationType']),
    ...merged(integration, input),
  };
  checked(updated);
  tables(call).integrations.put([input.ApiId!, updated.IntegrationId], updated);
  changed(call, input.ApiId!);
  return updated;
};

/**
 * Mappings are changed one by one: an empty value takes one away, those not named stay.
 * https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid.html
 */
function merged(before: IntegrationRecord, input: IntegrationInput) {
  const { RequestParameters, ResponseParameters } = input;
  const without = <V>(map: Record<string, V>, isEmpty: (value: V) => boolean) =>
    Object.fromEntries(Object.entries(map).filter(([, value]) => !isEmpty(value)));
  return {
    ...(RequestParameters && {
      RequestParameters: without(
        { ...before.RequestParameters, ...RequestParameters },
        (text) => text === '',
      ),
    }),
    ...(ResponseParameters && {
      ResponseParameters: without(
        { ...before.ResponseParameters, ...ResponseParameters },
        (map) => Object.keys(map).length === 0,
      ),
    }),
  };
}

export const deleteIntegration: Operation<'apigatewayv2', 'DeleteIntegration'> = (input, call) => {
  const { IntegrationId, ApiGatewayManaged } = requireIntegration(call, input.ApiId, input.IntegrationId);
  // https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid.html
  if (ApiGatewayManaged) throw badRequest('An integration that is managed by API Gateway cannot be deleted');
  const { integrations, routes } = tables(call);
  for (const route of routes.values({ prefix: [input.ApiId!] })) {
    if (route.Target === `integrations/${IntegrationId}`)
      throw conflict(
        `Cannot delete Integration '${IntegrationId}' as it is used by Route '${route.RouteId}'`,
      );
  }
  integrations.remove([input.ApiId!, IntegrationId]);
  return {};
};
