import type {
  RateBasedStatement,
  RateBasedStatementCustomKey,
  TextTransformation,
} from '@aws-sdk/client-wafv2';
import { forwardedAddresses } from './forwarded';
import { bytesOf } from './linear-pattern';
import type { Inspection } from './request';
import type { Matches, Surroundings } from './statements';
import { transformation } from './transformations';

/** What requests are counted by; undefined for those that have no such thing, and are not counted. */
type Key = (inspection: Inspection) => string | undefined;

/**
 * Counts the requests that it is asked about, and matches those beyond the limit.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-aggregation-options.html
 */
export function rateBased(
  statement: RateBasedStatement,
  scope: Matches | undefined,
  { counters: countersOf, labelNamespace }: Surroundings,
): Matches {
  const counters = countersOf();
  const { AggregateKeyType: type, ForwardedIPConfig: forwarded } = statement;
  if (type === 'FORWARDED_IP' && forwarded) {
    return (inspection) => {
      if (scope && !scope(inspection)) return false;
      const addresses = forwardedAddresses(inspection, forwarded, 'FIRST');
      if (typeof addresses === 'boolean') return addresses;
      return addresses.some((address) => counters.count(address, inspection.millis));
    };
  }
  const key = keyOf(statement, labelNamespace);
  return (inspection) => {
    if (scope && !scope(inspection)) return false;
    const counted = key(inspection);
    return counted !== undefined && counters.count(counted, inspection.millis);
  };
}

function keyOf(
  { AggregateKeyType: type, CustomKeys, ForwardedIPConfig }: RateBasedStatement,
  labelNamespace: string,
): Key {
  if (type === 'IP') return ({ request }) => request.sourceIp;
  if (type === 'CONSTANT') return () => '';
  const keys = (CustomKeys ?? []).map((key) => customKey(key, ForwardedIPConfig, labelNamespace));
  return (inspection) => {
    const parts: string[] = [];
    for (const key of keys) {
      const part = key(inspection);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return JSON.stringify(parts);
  };
}

interface Component {
  TextTransformations: TextTransformation[] | undefined;
}

function customKey(
  key: RateBasedStatementCustomKey,
  forwarded: RateBasedStatement['ForwardedIPConfig'],
  labelNamespace: string,
): Key {
  const of = (component: Component, read: Key): Key => {
    const transform = transformation(component.TextTransformations);
    return (inspection) => {
      const text = read(inspection);
      return text === undefined ? undefined : transform(text);
    };
  };
  if (key.Header) {
    const name = bytesOf(key.Header.Name ?? '').toLowerCase();
    return of(key.Header, (inspection) => inspection.header(name));
  }
  if (key.Cookie) {
    const name = bytesOf(key.Cookie.Name ?? '');
    return of(key.Cookie, ({ cookies }) => cookies.find(([one]) => one === name)?.[1]);
  }
  if (key.QueryArgument) {
    const name = bytesOf(key.QueryArgument.Name ?? '').toLowerCase();
    const named = ({ queryArguments }: Inspection) =>
      queryArguments.find(([one]) => one.toLowerCase() === name)?.[1];
    return of(key.QueryArgument, named);
  }
  if (key.QueryString) return of(key.QueryString, ({ request }) => request.query || undefined);
  if (key.UriPath) return of(key.UriPath, ({ request }) => request.path);
  if (key.HTTPMethod) return ({ request }) => request.method;
  if (key.IP) return ({ request }) => request.sourceIp;
  if (key.LabelNamespace) {
    const { Namespace = '' } = key.LabelNamespace;
    const prefix = Namespace.startsWith('awswaf:') ? Namespace : labelNamespace + Namespace;
    return ({ labels }) => {
      const of = [...labels].filter((label) => label.startsWith(prefix));
      return of.length > 0 ? of.sort().join() : undefined;
    };
  }
  return (inspection) => {
    const addresses = forwardedAddresses(inspection, forwarded ?? NO_HEADER, 'FIRST');
    return typeof addresses === 'boolean' ? undefined : addresses[0];
  };
}

const NO_HEADER = { HeaderName: undefined, FallbackBehavior: undefined };
