import { contextValue } from './context';
import type { Exchange } from './exchange';
import type { HeaderList } from './headers';
import { eventHeaders } from './integrations/proxy-event';
import { evaluateJsonPath } from './json-path';

/**
 * The value of a parameter mapping expression over the method request; undefined where there is none.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function requestValue(exchange: Exchange, expression: string): string | undefined {
  const values = requestValues(exchange, expression);
  return values.length === 0 ? undefined : values.join(',');
}

/** What an authorizer's identity source gives: of headers, however they are spelt. */
export function identityValue(exchange: Exchange, source: string): string | undefined {
  const header = /^method\.request\.header\.(.+)$/.exec(source)?.[1];
  return header ? methodHeaders(exchange).get(header) : requestValue(exchange, source);
}

const headersOf = new WeakMap<Exchange, HeaderList>();

/** The headers as the gateway has them, with what it adds for who stands behind it; a test has only its own. */
export function methodHeaders(exchange: Exchange): HeaderList {
  if (exchange.testedBy) return exchange.request.headers;
  let headers = headersOf.get(exchange);
  if (!headers) {
    headers = eventHeaders(exchange);
    headersOf.set(exchange, headers);
  }
  return headers;
}

const REQUEST =
  /^method\.request\.(path|querystring|multivaluequerystring|header|multivalueheader|body)(?:\.(.+))?$/;

/** All its values: the multi-value sources may have several. */
export function requestValues(exchange: Exchange, expression: string): string[] {
  const common = commonValue(exchange, expression);
  if (common !== NO_MATCH) return oneOrNone(common);
  const [, place, name = ''] = REQUEST.exec(expression) ?? [];
  const { request, route } = exchange;
  switch (place) {
    case 'path':
      return oneOrNone(route?.pathParameters[name]);
    case 'querystring':
      return oneOrNone(request.query.findLast(([key]) => key === name)?.[1]);
    case 'multivaluequerystring':
      return request.query.filter(([key]) => key === name).map(([, value]) => value);
    case 'header':
      return methodHeaders(exchange).exactly(name).slice(-1);
    case 'multivalueheader':
      return methodHeaders(exchange).exactly(name);
    case 'body':
      return oneOrNone(bodyValue(request.body.toString('utf8'), name));
    default:
      return [];
  }
}

/** As requestValues, over what the integration answered. */
export function integrationValues(
  exchange: Exchange,
  expression: string,
  answer: { headers: HeaderList; body: Buffer },
): string[] {
  const common = commonValue(exchange, expression);
  if (common !== NO_MATCH) return oneOrNone(common);
  const [, place, name = ''] =
    /^integration\.response\.(header|multivalueheader|body)(?:\.(.+))?$/.exec(expression) ?? [];
  if (place === 'header') return oneOrNone(answer.headers.get(name));
  if (place === 'multivalueheader') return answer.headers.all(name);
  return place === 'body' ? oneOrNone(bodyValue(answer.body.toString('utf8'), name)) : [];
}

const oneOrNone = (value: string | undefined): string[] => (value === undefined ? [] : [value]);

const NO_MATCH = Symbol('no match');

function commonValue(exchange: Exchange, expression: string): string | undefined | typeof NO_MATCH {
  const literal = /^'(.*)'$/s.exec(expression);
  if (literal) return literal[1]!;
  if (expression.startsWith('context.')) return contextValue(exchange, expression.slice('context.'.length));
  if (expression.startsWith('stageVariables.')) {
    return exchange.deployed.stage.variables?.[expression.slice('stageVariables.'.length)];
  }
  return NO_MATCH;
}

function bodyValue(body: string, path: string): string | undefined {
  if (path === '') return body;
  try {
    const value = evaluateJsonPath(JSON.parse(body), `$.${path}`);
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** `${stageVariables.name}` in URIs and function names. */
export function withStageVariables(
  text: string,
  variables: Readonly<Record<string, string>> | undefined,
): string {
  return text.replace(/\$\{stageVariables\.(\w+)\}/g, (_all, name: string) => variables?.[name] ?? '');
}
