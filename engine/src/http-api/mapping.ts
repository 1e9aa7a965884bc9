import type { HeaderList } from '../execute-api/headers';
import { evaluateJsonPath } from '../execute-api/json-path';
import { contextOf, valueAt } from './context';
import type { Exchange } from './exchange';

const REQUEST =
  /^(?:request\.(?:header|querystring)\.[^\s{}]+|request\.body(?:[.[][^{}]*)?|request\.path(?:\.[^\s{}]+)?|context\.[\w.:\-/]+|stageVariables\.\w+)$/;
const RESPONSE =
  /^(?:response\.header\.[^\s{}]+|response\.body(?:[.[][^{}]*)?|context\.[\w.:\-/]+|stageVariables\.\w+)$/;

/** Deep scans and filters are not supported. */
const UNSUPPORTED_PATH = /\.\.|\?\(/;

/**
 * Whether AWS takes a parameter mapping's value: a selection, or text with selections in braces in it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
export function isExpression(value: string, sources: 'request' | 'response'): boolean {
  const pattern = sources === 'request' ? REQUEST : RESPONSE;
  const isSelection = (text: string) => pattern.test(text) && !UNSUPPORTED_PATH.test(text);
  if (/^\$[^{]/.test(value)) return isSelection(value.slice(1));
  for (const [, selection = ''] of value.matchAll(/\$\{([^}]*)\}/g)) {
    if (!isSelection(selection)) return false;
  }
  return true;
}

/** What an integration answered, as far as mappings may look into it. */
export interface Answer {
  headers: HeaderList;
  body: Buffer;
}

/** The value of a mapping; undefined where its one selection finds nothing. */
export function evaluate(exchange: Exchange, expression: string, answer?: Answer): string | undefined {
  if (/^\$[^{]/.test(expression)) return select(exchange, expression.slice(1), answer);
  const whole = /^\$\{([^}]*)\}$/.exec(expression)?.[1];
  if (whole !== undefined) return select(exchange, whole, answer);
  return expression.replace(
    /\$\{([^}]*)\}/g,
    (_all, selection: string) => select(exchange, selection, answer) ?? '',
  );
}

/** The value of `request.header.x`, `context.stage` and the like. */
export function select(exchange: Exchange, selection: string, answer?: Answer): string | undefined {
  const [root = '', place = '', ...more] = selection.split(/\.|(?=\[)/);
  if (root === 'context') return valueAt(contextOf(exchange), selection.slice('context.'.length));
  if (root === 'stageVariables') return exchange.deployed.stage.StageVariables?.[place];
  const name = selection.slice(`${root}.${place}.`.length);
  if (root === 'response') {
    if (!answer) return undefined;
    return place === 'header'
      ? joined(answer.headers.all(name))
      : bodyValue(answer.body, selection.slice('response.body'.length));
  }
  const { match, request } = exchange;
  switch (place) {
    case 'header':
      return joined(request.headers.all(name));
    case 'querystring':
      return joined(request.query.filter(([key]) => key === name).map(([, value]) => value));
    case 'path':
      // The stage's name is left out here, other than in `$context.path`.
      return more.length === 0 ? decodeURIComponent(request.path) : match?.pathParameters[name];
    default:
      return bodyValue(request.body, selection.slice('request.body'.length));
  }
}

const joined = (values: readonly string[]) => (values.length === 0 ? undefined : values.join(','));

/** As much of a body as AWS looks into for a JSON path. */
const BODY_LIMIT = 100 * 1024;

function bodyValue(body: Buffer, path: string): string | undefined {
  if (path === '') return body.toString('utf8');
  try {
    const value = evaluateJsonPath(JSON.parse(body.subarray(0, BODY_LIMIT).toString('utf8')), `$${path}`);
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
