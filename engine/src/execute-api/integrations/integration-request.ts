import { type Exchange, routeOf } from '../exchange';
import { misconfigured, unsupportedMediaType } from '../faults';
import { HeaderList } from '../headers';
import { requestValues } from '../mapping';
import { overridesOf, renderTemplate } from '../templates';
import { type Payload, requestPayload } from './content-handling';

/** What mappings and a template make of the method request. */
export interface IntegrationRequest {
  path: Record<string, string>;
  querystring: [name: string, value: string][];
  headers: HeaderList;
  payload: Payload;
  /** What the body is, where no header is mapped that says it. */
  contentType: string;
}

/**
 * The request of an integration that is no proxy: only what is mapped goes on.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function integrationRequest(exchange: Exchange): IntegrationRequest {
  const mapped = mappedParameters(exchange);
  const payload = requestBody(exchange);
  const { request } = overridesOf(exchange);
  for (const [name, values] of Object.entries(request.header)) {
    mapped.headers.remove(name);
    for (const value of values) mapped.headers.append(name, value);
  }
  for (const [name, values] of Object.entries(request.path)) mapped.path[name] = values.join(',');
  for (const [name, values] of Object.entries(request.querystring)) {
    mapped.querystring = mapped.querystring.filter(([given]) => given !== name);
    for (const value of values) mapped.querystring.push([name, value]);
  }
  return { ...mapped, payload, contentType: contentTypeOf(exchange) };
}

type Mapped = Pick<IntegrationRequest, 'path' | 'querystring' | 'headers'>;

/** The integration's request parameters; what a proxy adds to what it passes on. */
export function mappedParameters(exchange: Exchange): Mapped {
  const parameters = routeOf(exchange).method.methodIntegration?.requestParameters ?? {};
  const mapped: Mapped = { path: {}, querystring: [], headers: new HeaderList() };
  for (const [target, source] of Object.entries(parameters)) {
    const [, place, name = ''] = /^integration\.request\.(path|querystring|header)\.(.+)$/.exec(target) ?? [];
    const values = requestValues(exchange, source);
    if (place === 'path' && values.length > 0) mapped.path[name] = values.join(',');
    for (const value of values) {
      if (place === 'querystring') mapped.querystring.push([name, value]);
      else if (place === 'header') mapped.headers.append(name, value);
    }
  }
  return mapped;
}

/**
 * The body through its template, or as it came, as far as the passthrough behaviour lets it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
 */
export function requestBody(exchange: Exchange): Payload {
  const integration = routeOf(exchange).method.methodIntegration ?? {};
  const templates = integration.requestTemplates ?? {};
  const contentType = contentTypeOf(exchange).split(';')[0]?.trim() ?? '';
  const template = templates[contentType] ?? templates.$default;
  const payload = requestPayload(exchange, integration.contentHandling);
  if (template !== undefined && template !== null) {
    // Templates read text only: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
    if (payload.binary) throw misconfigured('Unable to transform request');
    const { text } = renderTemplate(exchange, template, payload.bytes.toString('utf8'), 'request');
    return { bytes: Buffer.from(text), binary: false };
  }
  const behaviour = integration.passthroughBehavior ?? 'WHEN_NO_MATCH';
  const none = Object.keys(templates).length === 0;
  if (behaviour === 'NEVER' || (behaviour === 'WHEN_NO_TEMPLATES' && !none)) throw unsupportedMediaType();
  return payload;
}

const contentTypeOf = (exchange: Exchange): string =>
  exchange.request.headers.get('content-type')?.trim() || 'application/json';
