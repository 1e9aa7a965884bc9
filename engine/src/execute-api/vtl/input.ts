import { evaluateJsonPath } from '../json-path';
import { fromPlain, JsonError, readJson, writeJson } from './json';
import { type Hosted, isHosted, isList, isMap, textOf, type Value } from './values';

export interface Parameters {
  path: Readonly<Record<string, string>>;
  querystring: Readonly<Record<string, string>>;
  header: Readonly<Record<string, string>>;
  /** A header by its name in any case. */
  named: (name: string) => string | undefined;
  /** What a body fails with that is not JSON. */
  broken: (error: JsonError) => Error;
}

/**
 * `$input`: the body, and the request's parameters.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#input-variable-reference
 */
export function inputOf(body: string, parameters: Parameters): Hosted {
  let parsed: Value | undefined;
  const root = (): Value => {
    if (parsed !== undefined) return parsed;
    try {
      parsed = body.trim() === '' ? new Map<string, Value>() : readJson(body);
    } catch (error) {
      throw error instanceof JsonError ? parameters.broken(error) : error;
    }
    return parsed;
  };
  const all = fromPlain({
    path: parameters.path,
    querystring: parameters.querystring,
    header: parameters.header,
  });
  return {
    property: (name) => (name === 'body' ? body || '{}' : undefined),
    text: () => '',
    call(name, [argument = null]) {
      if (name === 'json') {
        const found = find(root(), argument);
        // What is not there is an empty text, so that the JSON around it stays JSON.
        return found === undefined ? '""' : writeJson(found);
      }
      if (name === 'path') return find(root(), argument) ?? null;
      if (name !== 'params') return undefined;
      if (argument === null) return all;
      const wanted = textOf(argument);
      const { path, querystring } = parameters;
      if (Object.hasOwn(path, wanted)) return path[wanted] ?? '';
      if (Object.hasOwn(querystring, wanted)) return querystring[wanted] ?? '';
      return parameters.named(wanted) ?? '';
    },
  };
}

function find(root: Value, expression: Value): Value | undefined {
  const path = textOf(expression) || '$';
  const found = evaluateJsonPath(root, path.startsWith('$') ? path : `$.${path}`);
  return isValue(found) ? found : undefined;
}

/** Paths through a template's values give such values again. */
function isValue(found: unknown): found is Value {
  if (found === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof found)) return true;
  const value = found as Value;
  return value !== undefined && (isMap(value) || isList(value) || isHosted(value));
}
