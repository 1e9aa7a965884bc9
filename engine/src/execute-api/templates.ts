import { contextOf } from './context';
import { compiledOnce } from './deployed';
import type { Exchange } from './exchange';
import { badRequest, Fault, misconfigured } from './faults';
import { methodHeaders } from './mapping';
import { tellReason } from './tell';
import { inputOf } from './vtl/input';
import { fromPlain, type JsonError } from './vtl/json';
import { parseTemplate } from './vtl/parse';
import { render } from './vtl/render';
import { UTIL } from './vtl/util';
import { isList, isMap, textOf, type Value } from './vtl/values';

/** What a template may set of the request or the response beside the body; a name may have several values. */
export interface Overrides {
  request: Record<'header' | 'path' | 'querystring', Record<string, string[]>>;
  response: { header: Record<string, string[]>; status: number | undefined };
}

export interface Rendered {
  text: string;
  overrides: Overrides;
}

/** What is rendered: what goes to the integration, or what comes back from it. */
export type Direction = 'request' | 'response';

/**
 * Renders a mapping template over `body`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function renderTemplate(
  exchange: Exchange,
  template: string,
  body: string,
  direction: Direction,
): Rendered {
  try {
    const nodes = compiledOnce(exchange.deployed, `template ${template}`, () => parseTemplate(template));
    const text = render(nodes, variablesOf(exchange, body));
    return { text, overrides: overridesOf(exchange) };
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw failed(exchange, error, direction);
  }
}

/**
 * A body that a template asks for as JSON and that is none is the caller's fault; anything else is the template's.
 */
function failed(exchange: Exchange, error: unknown, direction: Direction): Fault {
  if (error instanceof BodyError && direction === 'request') {
    const message = `Could not parse request body into json: ${error.message}`;
    exchange.log?.add(`Execution failed due to an internal error: ${message}`);
    return badRequest('BAD_REQUEST_BODY', message);
  }
  const { deployed, host, request } = exchange;
  const why = error instanceof Error ? error.message : String(error);
  tellReason(host, deployed.snapshot.apiId, request, `mapping template: ${why}`);
  return misconfigured(`Unable to transform ${direction}`);
}

/** `$input`'s body is not the JSON that a template takes it for. */
class BodyError extends Error {}

function variablesOf(exchange: Exchange, body: string): Map<string, Value> {
  const { request, route } = exchange;
  const headers = methodHeaders(exchange);
  const input = inputOf(body, {
    path: route?.pathParameters ?? {},
    querystring: Object.fromEntries(request.query),
    header: headers.single(),
    named: (name) => headers.get(name),
    broken: (error: JsonError) => new BodyError(error.message),
  });
  return new Map<string, Value>([
    ['input', input],
    ['context', contextMap(exchange)],
    ['stageVariables', fromPlain(exchange.deployed.stage.variables ?? {})],
    ['util', UTIL],
  ]);
}

/** As AWS lists them. */
const FIRST = [
  'resourceId',
  'resourcePath',
  'httpMethod',
  'extendedRequestId',
  'requestTime',
  'path',
  'accountId',
  'protocol',
  'requestOverride',
  'stage',
  'domainPrefix',
  'requestTimeEpoch',
  'requestId',
  'identity',
  'domainName',
  'deploymentId',
  'responseOverride',
  'apiId',
];

function contextMap(exchange: Exchange): Map<string, Value> {
  const { xrayTraceId, ...context } = contextOf(exchange);
  const { requestOverride, responseOverride } = overridesState(exchange);
  const all = new Map<string, Value>();
  for (const name of FIRST) {
    if (name === 'requestOverride') all.set(name, requestOverride);
    else if (name === 'responseOverride') all.set(name, responseOverride);
    else if (context[name] !== undefined) all.set(name, fromPlain(context[name]));
  }
  for (const [name, value] of Object.entries(context)) {
    if (value !== undefined && !all.has(name)) all.set(name, fromPlain(value));
  }
  if (exchange.deployed.stage.tracingEnabled) all.set('xrayTraceId', fromPlain(xrayTraceId));
  return all;
}

interface State {
  requestOverride: Map<string, Value>;
  responseOverride: Map<string, Value>;
}

/** What the request's template set is there for the response's, too. */
const states = new WeakMap<Exchange, State>();

function overridesState(exchange: Exchange): State {
  let state = states.get(exchange);
  if (!state) {
    const empty = (...names: string[]) =>
      new Map<string, Value>(names.map((name) => [name, new Map<string, Value>()]));
    state = {
      requestOverride: empty('path', 'header', 'querystring'),
      responseOverride: empty('header'),
    };
    states.set(exchange, state);
  }
  return state;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html */
export function overridesOf(exchange: Exchange): Overrides {
  const { requestOverride, responseOverride } = overridesState(exchange);
  const status = Number(textOf(responseOverride.get('status') ?? null));
  return {
    request: {
      header: textsOf(requestOverride.get('header')),
      path: textsOf(requestOverride.get('path')),
      querystring: textsOf(requestOverride.get('querystring')),
    },
    response: {
      header: textsOf(responseOverride.get('header')),
      status: Number.isInteger(status) && status >= 100 && status <= 599 ? status : undefined,
    },
  };
}

function textsOf(value: Value | undefined): Record<string, string[]> {
  if (value === undefined || !isMap(value)) return {};
  const entries = [...value].map(([name, one]): [string, string[]] => [
    name,
    isList(one) ? Array.from(one, textOf) : [textOf(one)],
  ]);
  return Object.fromEntries(entries);
}
