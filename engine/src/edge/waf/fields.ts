import type {
  CookieMatchPattern,
  FieldToMatch,
  HeaderMatchPattern,
  JsonBody,
  MapMatchScope,
  OversizeHandling,
} from '@aws-sdk/client-wafv2';
import { type JsonElement, readJson } from './json-body';
import { bytesOf } from './linear-pattern';
import type { Inspection } from './request';

/** The texts that a statement looks at, or what it comes to without looking. */
export type Content = readonly string[] | boolean;
export type Field = (inspection: Inspection) => Content;

// https://docs.aws.amazon.com/waf/latest/developerguide/waf-oversize-request-components.html
const MOST_BYTES = 8 * 1024;
const MOST_PAIRS = 200;

/**
 * A component of requests. What is missing matches nothing; a query and a body are always there, if only empty.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-fields-list.html
 */
export function compileField(field: FieldToMatch, bodyLimit: number): Field {
  if (field.UriPath) return ({ request }) => [request.path];
  if (field.QueryString) return ({ request }) => [request.query];
  if (field.Method) return ({ request }) => [request.method];
  if (field.SingleHeader) {
    const name = lower(field.SingleHeader.Name);
    return (inspection) => inspection.headerValues(name);
  }
  if (field.SingleQueryArgument) {
    const name = lower(field.SingleQueryArgument.Name);
    return ({ queryArguments }) =>
      queryArguments.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  }
  if (field.AllQueryArguments) return ({ queryArguments }) => queryArguments.map(([, value]) => value);
  if (field.Headers) {
    const { MatchPattern, MatchScope, OversizeHandling } = field.Headers;
    return pairs(({ request }) => request.headers, headerFilter(MatchPattern), MatchScope, OversizeHandling);
  }
  if (field.Cookies) {
    const { MatchPattern, MatchScope, OversizeHandling } = field.Cookies;
    return pairs(({ cookies }) => cookies, cookieFilter(MatchPattern), MatchScope, OversizeHandling);
  }
  if (field.HeaderOrder) return headerOrder(field.HeaderOrder.OversizeHandling);
  if (field.JsonBody) return jsonBody(field.JsonBody, bodyLimit);
  return body(field.Body?.OversizeHandling, bodyLimit);
}

const lower = (name: string | undefined): string => bytesOf(name ?? '').toLowerCase();

type Pair = readonly [name: string, value: string];

function pairs(
  of: (inspection: Inspection) => readonly Pair[],
  keeps: (name: string) => boolean,
  scope: MapMatchScope | undefined,
  oversize: OversizeHandling | undefined,
): Field {
  return (inspection) => {
    const all = of(inspection);
    const within = inside(all);
    if (within < all.length && oversize !== 'CONTINUE') return oversize === 'MATCH';
    return all
      .slice(0, within)
      .filter(([name]) => keeps(name))
      .flatMap(([name, value]) => (scope === 'KEY' ? [name] : scope === 'VALUE' ? [value] : [name, value]));
  };
}

/** How many of them are looked at. */
function inside(all: readonly Pair[]): number {
  let bytes = 0;
  let count = 0;
  for (const [name, value] of all) {
    bytes += name.length + value.length;
    if (bytes > MOST_BYTES || count === MOST_PAIRS) break;
    count++;
  }
  return count;
}

function headerFilter(pattern: HeaderMatchPattern | undefined): (name: string) => boolean {
  const named = new Set((pattern?.IncludedHeaders ?? pattern?.ExcludedHeaders ?? []).map(lower));
  if (pattern?.IncludedHeaders) return (name) => named.has(name.toLowerCase());
  return (name) => !named.has(name.toLowerCase());
}

/** Names of cookies count as they are spelled. */
function cookieFilter(pattern: CookieMatchPattern | undefined): (name: string) => boolean {
  const named = new Set((pattern?.IncludedCookies ?? pattern?.ExcludedCookies ?? []).map(bytesOf));
  return pattern?.IncludedCookies ? (name) => named.has(name) : (name) => !named.has(name);
}

/** `host:user-agent:accept` */
function headerOrder(oversize: OversizeHandling | undefined): Field {
  return ({ request: { headers } }) => {
    const within = inside(headers);
    if (within < headers.length && oversize !== 'CONTINUE') return oversize === 'MATCH';
    const names = headers.slice(0, within).map(([name]) => name.toLowerCase());
    return [names.join(':')];
  };
}

function body(oversize: OversizeHandling | undefined, limit: number): Field {
  return (inspection) => tooLarge(inspection, oversize, limit) ?? [inspection.body(limit)];
}

/** What a body comes to that is larger than what is looked at, unless its beginning is. */
function tooLarge(
  { request }: Inspection,
  oversize: OversizeHandling | undefined,
  limit: number,
): boolean | undefined {
  if (request.body.length <= limit || !oversize || oversize === 'CONTINUE') return undefined;
  return oversize === 'MATCH';
}

/** https://docs.aws.amazon.com/waf/latest/APIReference/API_JsonBody.html */
function jsonBody(given: JsonBody, limit: number): Field {
  const { InvalidFallbackBehavior: fallback, MatchPattern, MatchScope, OversizeHandling } = given;
  const paths = MatchPattern?.IncludedPaths?.map(bytesOf);
  const keeps = ({ kind, pointer }: JsonElement) =>
    (MatchScope === 'ALL' || MatchScope === kind) &&
    (!paths || paths.some((path) => pointer === path || pointer.startsWith(`${path}/`)));
  return (inspection) => {
    const decided = tooLarge(inspection, OversizeHandling, limit);
    if (decided !== undefined) return decided;
    const text = inspection.body(limit);
    if (text === '') return [];
    const { elements, valid } = readJson(text);
    // What was cut off is no fault of who sent it.
    const whole = valid || inspection.request.body.length > limit;
    if (!whole && fallback === 'EVALUATE_AS_STRING') return [text];
    if (!whole && fallback) return fallback === 'MATCH';
    return elements.filter(keeps).map((element) => element.text);
  };
}
