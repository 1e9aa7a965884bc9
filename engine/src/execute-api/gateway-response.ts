import type { GatewayResponse, GatewayResponseType } from '@aws-sdk/client-api-gateway';
import { contextValue } from './context';
import type { ApiResponse, Exchange } from './exchange';
import { DEFAULT_STATUS, DEFAULT_TEMPLATE, type Fault, familyOf, gatewayResponseOf } from './faults';
import { HeaderList } from './headers';
import { requestValue } from './mapping';

/** AWS's own bodies of errors behind the method's door have a space after the colon, those before it have none. */
const SPACED: ReadonlySet<GatewayResponseType> = new Set([
  'API_CONFIGURATION_ERROR',
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'DEFAULT_5XX',
  'INTEGRATION_FAILURE',
  'INTEGRATION_TIMEOUT',
  'UNSUPPORTED_MEDIA_TYPE',
]);

/**
 * The answer to a request that ended in a fault, as the API customised it. Templates of gateway responses know
 * variables, but no VTL.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export function faultResponse(exchange: Exchange, fault: Fault): ApiResponse {
  // As templates put it between quotes: they have no VTL to escape it with.
  const validation = fault.validation && JSON.stringify(fault.validation).slice(1, -1);
  exchange.error = { message: fault.told, type: fault.type, validation };
  if (fault.response) return fault.response;
  // What was not even read has AWS's own response.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html#api-gateway-known-issues-rest-apis
  const customised = fault.type === 'REQUEST_TOO_LARGE' ? {} : exchange.deployed.snapshot.gatewayResponses;
  const response = gatewayResponseOf(fault.type, customised);
  const changed = response.defaultResponse === false || isFamilyCustomised(fault.type, customised);
  const status = Number((changed && response.statusCode) || fault.status || response.statusCode);
  const headers = new HeaderList();
  const [contentType, template] = chooseTemplate(response.responseTemplates ?? {}, exchange);
  headers.append('Content-Type', contentType);
  headers.append('x-amzn-ErrorType', fault.errorType);
  for (const [target, source] of Object.entries(response.responseParameters ?? {})) {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
    const value = requestValue(exchange, source);
    if (name && value !== undefined) headers.set(name, value);
  }
  const text =
    template === DEFAULT_TEMPLATE && SPACED.has(fault.type)
      ? `{"message": ${JSON.stringify(fault.message)}}`
      : substitute(
          template === DEFAULT_TEMPLATE ? template.replace('message', fault.member) : template,
          exchange,
        );
  return { status, headers, body: Buffer.from(text) };
}

/** Whether DEFAULT_4XX or DEFAULT_5XX sets this type's status. */
function isFamilyCustomised(
  type: GatewayResponseType,
  customised: Readonly<Record<string, GatewayResponse>>,
): boolean {
  const status = DEFAULT_STATUS[type];
  return status !== undefined && customised[familyOf(status)]?.statusCode !== undefined;
}

function chooseTemplate(templates: Readonly<Record<string, string>>, exchange: Exchange): [string, string] {
  const accept = exchange.request.headers.get('accept')?.split(/[,;]/)[0]?.trim();
  const accepted = accept && Object.hasOwn(templates, accept) ? templates[accept] : undefined;
  if (accept && accepted !== undefined) return [accept, accepted];
  if (templates['application/json'] !== undefined) return ['application/json', templates['application/json']];
  const first = Object.entries(templates)[0];
  return first ?? ['application/json', ''];
}

function substitute(template: string, exchange: Exchange): string {
  return template.replace(
    /\$(?:\{(context|stageVariables)\.([\w.]+)\}|(context|stageVariables)\.([\w]+(?:\.[\w]+)*))/g,
    (_all, root1: string | undefined, path1: string, root2: string | undefined, path2: string) => {
      const root = root1 ?? root2;
      const path = root1 === undefined ? path2 : path1;
      if (root === 'context') return contextValue(exchange, path) ?? '';
      return exchange.deployed.stage.variables?.[path] ?? '';
    },
  );
}
