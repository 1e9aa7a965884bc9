import { contextValue } from './context';
import type { Exchange } from './exchange';
import type { HeaderList } from './headers';
import { evaluateJsonPath } from './json-path';

/**
 * The value of a parameter mapping expression over the method request; undefined where there is none.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function requestValue(exchange: Exchange, expression: string): string | undefined {
  const common = commonValue(exchange, expression);
  if (common !== NO_MATCH) return common;
  const match =
    /^method\.request\.(path|querystring|multivaluequerystring|header|multivalueheader|body)(?:\.(.+))?$/.exec(
      expression,
    );
  if (!match) return undefined;
  const [, place, name = ''] = match;
  const { request, route } = exchange;
  switch (place) {
    case 'path':
      return route?.pathParameters[name];
    case 'querystring':
      return request.query.findLast(([key]) => key === name)?.[1];
    case 'multivaluequerystring': {
      const values = request.query.filter(([key]) => key === name).map(([, value]) => value);
      return values.length ? values.join(',') : undefined;
    }
    case 'header':
      return request.headers.get(name);
    case 'multivalueheader':
      return request.headers.has(name) ? request.headers.all(name).join(',') : undefined;
    default:
      return bodyValue(request.body.toString('utf8'), name);
  }
}

/** As requestValue, over what the integration answered. */
export function integrationValue(
  exchange: Exchange,
  expression: string,
  answer: { headers: HeaderList; body: string },
): string | undefined {
  const common = commonValue(exchange, expression);
  if (common !== NO_MATCH) return common;
  const match = /^integration\.response\.(header|multivalueheader|body)(?:\.(.+))?$/.exec(expression);
  if (!match) return undefined;
  const [, place, name = ''] = match;
  if (place === 'header') return answer.headers.get(name);
  if (place === 'multivalueheader') {
    return answer.headers.has(name) ? answer.headers.all(name).join(',') : undefined;
  }
  return bodyValue(answer.body, name);
}

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
