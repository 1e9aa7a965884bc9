import { Compile, parse } from 'velocityjs';
import { contextOf } from './context';
import { compiledOnce } from './deployed';
import type { Exchange } from './exchange';
import { misconfigured } from './faults';
import { evaluateJsonPath } from './json-path';

/** What a template may set of the request or the response beside the body. */
interface Overrides {
  header: Record<string, string>;
  status?: number;
}

export interface Rendered {
  text: string;
  overrides: Overrides;
}

/**
 * Renders a mapping template over `body`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function renderTemplate(exchange: Exchange, template: string, body: string): Rendered {
  const context = contextOf(exchange);
  const responseOverride: { header: Record<string, unknown>; status?: unknown } = { header: {} };
  const requestOverride = { header: {}, path: {}, querystring: {} };
  const ast = compiledOnce(exchange.deployed, `template ${template}`, () => parse(template));
  let text: string;
  try {
    text = new Compile(ast, { customMethodHandlers: JAVA_METHODS } as never).render({
      input: inputOf(exchange, body),
      context: { ...context, responseOverride, requestOverride },
      stageVariables: { ...exchange.deployed.stage.variables },
      util: UTIL,
    } as never);
  } catch (error) {
    throw misconfigured(`Unable to transform: ${error instanceof Error ? error.message : error}`);
  }
  const status = Number(responseOverride.status);
  return {
    text,
    overrides: {
      header: Object.fromEntries(
        Object.entries(responseOverride.header).map(([name, value]) => [name, String(value)]),
      ),
      status: Number.isInteger(status) ? status : undefined,
    },
  };
}

function inputOf(exchange: Exchange, body: string): Record<string, unknown> {
  const parsed = () => {
    try {
      return body.trim() === '' ? {} : (JSON.parse(body) as unknown);
    } catch {
      return {};
    }
  };
  const { request, route } = exchange;
  const path = route?.pathParameters ?? {};
  const querystring = Object.fromEntries(request.query);
  const header = request.headers.single();
  return {
    body: body === '' ? '{}' : body,
    json: (expression: string) => JSON.stringify(evaluateJsonPath(parsed(), expression)) ?? '',
    path: (expression: string) => printable(evaluateJsonPath(parsed(), expression)),
    params: (name?: string) => {
      if (name === undefined) return { path, querystring, header };
      return path[name] ?? querystring[name] ?? request.headers.get(name) ?? '';
    },
  };
}

/** Objects print as Java's maps do (`{a=b}`), lists as JSON; null prints nothing. */
function printable(value: unknown): unknown {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return value;
  for (const inner of Object.values(value)) printable(inner);
  Object.defineProperty(value, 'toString', { enumerable: false, value: () => javaText(value) });
  return value;
}

function javaText(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}=${javaText(inner)}`)
    .join(', ')}}`;
}

const UTIL = {
  escapeJavaScript: (text: unknown) => {
    const escaped = String(text).replace(/[\\"'/]/g, (char) => `\\${char}`);
    return escaped.replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t');
  },
  parseJson: (text: unknown) => printable(JSON.parse(String(text))),
  urlEncode: (text: unknown) => new URLSearchParams({ v: String(text) }).toString().slice(2),
  urlDecode: (text: unknown) => new URLSearchParams(`v=${text}`).get('v') ?? '',
  base64Encode: (text: unknown) => Buffer.from(String(text)).toString('base64'),
  base64Decode: (text: unknown) => Buffer.from(String(text), 'base64').toString('utf8'),
};

interface MethodCall {
  property: string;
  context: unknown;
  params: unknown[];
}

/** Methods that Java's strings and maps have and JavaScript's do not. */
const METHODS: Readonly<Record<string, (context: never, ...params: never[]) => unknown>> = {
  length: (context: string) => context.length,
  contains: (context: string | unknown[], value: never) => context.includes(value),
  isEmpty: (context: object | string) =>
    typeof context === 'string' ? context === '' : Object.keys(context).length === 0,
  containsKey: (context: object, key: string) => Object.hasOwn(context, key),
  matches: (context: string, pattern: string) => new RegExp(`^(?:${pattern})$`).test(context),
  equals: (context: unknown, other: unknown) => context === other,
  equalsIgnoreCase: (context: string, other: string) => context.toLowerCase() === String(other).toLowerCase(),
};

const JAVA_METHODS = Object.entries(METHODS).map(([name, method]) => ({
  uid: `java: ${name}`,
  match: ({ property, context }: MethodCall) =>
    property === name && context !== null && context !== undefined,
  resolve: ({ context, params }: MethodCall) => method(context as never, ...(params as never[])),
}));
