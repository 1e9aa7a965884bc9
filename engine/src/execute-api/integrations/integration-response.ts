import type { IntegrationResponse } from '@aws-sdk/client-api-gateway';
import { type ApiResponse, type Exchange, routeOf } from '../exchange';
import { misconfigured } from '../faults';
import { HeaderList } from '../headers';
import { integrationValue } from '../mapping';
import { renderTemplate } from '../templates';

/** What a non-proxy integration gave. */
export interface IntegrationAnswer {
  /** What selection patterns are matched against: the status, or a Lambda function's error message. */
  selector: string;
  headers: HeaderList;
  body: string;
}

/**
 * The method response that the integration response with the matching pattern makes of an answer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-response.html
 */
export function answer(exchange: Exchange, given: IntegrationAnswer): ApiResponse {
  const { method } = routeOf(exchange);
  const chosen = choose(Object.values(method.methodIntegration?.integrationResponses ?? {}), given.selector);
  if (!chosen) throw misconfigured('No match for output mapping and no default endpoint mapping configured');
  if (!method.methodResponses?.[chosen.statusCode!]) {
    throw misconfigured(`Output mapping refers to an invalid method response: ${chosen.statusCode}`);
  }
  const headers = new HeaderList();
  const [contentType, template] = Object.entries(chosen.responseTemplates ?? {}).find(
    ([type]) => type === acceptOf(exchange),
  ) ??
    Object.entries(chosen.responseTemplates ?? {})[0] ?? ['application/json', undefined];
  const rendered = template ? renderTemplate(exchange, template, given.body) : undefined;
  headers.append('Content-Type', contentType);
  for (const [target, source] of Object.entries(chosen.responseParameters ?? {})) {
    const name = /^method\.response\.(?:multivalueheader|header)\.(.+)$/.exec(target)?.[1];
    const value = integrationValue(exchange, source, given);
    if (name && value !== undefined) headers.set(name, value);
  }
  for (const [name, value] of Object.entries(rendered?.overrides.header ?? {})) headers.set(name, value);
  const body = Buffer.from(rendered ? rendered.text : given.body);
  return { status: rendered?.overrides.status ?? Number(chosen.statusCode), headers, body };
}

/** The first whose pattern matches the whole selector, else the default: the one without a pattern. */
function choose(
  responses: readonly IntegrationResponse[],
  selector: string,
): IntegrationResponse | undefined {
  const matching = responses.find(
    (response) =>
      response.selectionPattern && new RegExp(`^(?:${response.selectionPattern})$`, 's').test(selector),
  );
  return matching ?? responses.find((response) => !response.selectionPattern);
}

function acceptOf(exchange: Exchange): string {
  return exchange.request.headers.get('accept')?.split(/[,;]/)[0]?.trim() || 'application/json';
}
