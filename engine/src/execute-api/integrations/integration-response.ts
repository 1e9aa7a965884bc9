import type { IntegrationResponse } from '@aws-sdk/client-api-gateway';
import { type ApiResponse, type Exchange, routeOf } from '../exchange';
import { misconfigured } from '../faults';
import { HeaderList } from '../headers';
import { integrationValues } from '../mapping';
import { overridesOf, renderTemplate } from '../templates';
import { type Payload, responsePayload } from './content-handling';
import { logResponse } from './endpoint-log';

/** What a non-proxy integration gave. */
export interface IntegrationAnswer {
  /** What selection patterns are matched against: the status, or a Lambda function's error message. */
  selector: string;
  headers: HeaderList;
  body: Buffer;
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
  const [contentType, template] = templateOf(exchange, chosen.responseTemplates ?? {});
  const payload = rendered(
    exchange,
    template,
    responsePayload(exchange, given, chosen.contentHandling ?? undefined),
  );
  headers.append('Content-Type', contentType);
  for (const [target, source] of Object.entries(chosen.responseParameters ?? {})) {
    const name = /^method\.response\.(?:multivalueheader|header)\.(.+)$/.exec(target)?.[1];
    const values = integrationValues(exchange, source, given);
    if (name) setAll(headers, name, values);
  }
  const { response } = overridesOf(exchange);
  for (const [name, values] of Object.entries(response.header)) setAll(headers, name, values);
  logResponse(exchange, headers, payload);
  return { status: response.status ?? Number(chosen.statusCode), headers, body: payload.bytes };
}

function setAll(headers: HeaderList, name: string, values: readonly string[]): void {
  if (values.length > 0) headers.remove(name);
  for (const value of values) headers.append(name, sendable(value));
}

/** A header is a line: what comes out of a body may not break it. */
const sendable = (value: string): string => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ');

function rendered(exchange: Exchange, template: string | undefined, payload: Payload): Payload {
  if (!template) return payload;
  if (payload.binary) throw misconfigured('Unable to transform response');
  const { text } = renderTemplate(exchange, template, payload.bytes.toString('utf8'), 'response');
  return { bytes: Buffer.from(text), binary: false };
}

/** The first whose pattern matches the whole selector, else the default: the one without a pattern. */
function choose(
  responses: readonly IntegrationResponse[],
  selector: string,
): IntegrationResponse | undefined {
  // A dot does not match the end of a line, as in Java: AWS's pages advise `(\n|.)+` for that.
  const matching = responses.find(
    ({ selectionPattern }) => selectionPattern && new RegExp(`^(?:${selectionPattern})$`).test(selector),
  );
  return matching ?? responses.find((response) => !response.selectionPattern);
}

/** That of the accepted type, else the first there is. */
function templateOf(
  exchange: Exchange,
  templates: Readonly<Record<string, string>>,
): [contentType: string, template: string | undefined] {
  const accepted = exchange.request.headers.get('accept')?.split(/[,;]/)[0]?.trim() || 'application/json';
  const all = Object.entries(templates);
  return all.find(([type]) => type === accepted) ?? all[0] ?? ['application/json', undefined];
}
