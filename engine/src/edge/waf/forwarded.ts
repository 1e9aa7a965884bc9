import type { FallbackBehavior, ForwardedIPPosition } from '@aws-sdk/client-wafv2';
import { parseAddress } from './addresses';
import type { Inspection } from './request';

const MOST = 10;

interface Config {
  HeaderName: string | undefined;
  FallbackBehavior: FallbackBehavior | undefined;
}

/**
 * The addresses of a header like X-Forwarded-For that count; where there is no valid one, what the statement then comes
 * to. A request without the header is none that the rule applies to.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-forwarded-ip-address.html
 */
export function forwardedAddresses(
  inspection: Inspection,
  { FallbackBehavior, HeaderName = '' }: Config,
  position: ForwardedIPPosition,
): string[] | boolean {
  const values = inspection.headerValues(HeaderName.toLowerCase());
  if (values.length === 0) {
    inspection.inapplicable = true;
    return false;
  }
  const all = values
    .join(',')
    .split(',')
    .map((part) => part.trim());
  const looked =
    position === 'FIRST' ? all.slice(0, 1) : position === 'LAST' ? all.slice(-1) : all.slice(-MOST);
  const valid = looked.filter((text) => parseAddress(text) !== undefined);
  return valid.length > 0 ? valid : FallbackBehavior === 'MATCH';
}
