import type { SampledHTTPRequest } from '@aws-sdk/client-wafv2';
import type { InspectedRequest } from './request';
import type { Effect, Matched } from './rules';
import type { Verdict } from './web-acl';

/** So many requests are kept of each rule, the latest. AWS samples of the first 5,000. */
const MOST = 500;

const ACTIONS: Readonly<Record<Effect, string>> = { Allow: 'ALLOW', Block: 'BLOCK', Count: 'COUNT' };

export type Sample = SampledHTTPRequest & { Timestamp: Date };

/** https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-testing-view-sample.html */
export class Samples {
  readonly #by = new Map<string, Sample[]>();

  /** What matched a rule whose metric has that name. */
  of(webAcl: string, metric: string): readonly Sample[] {
    return this.#by.get(`${webAcl} ${metric}`) ?? [];
  }

  forget(webAcl: string): void {
    for (const key of this.#by.keys()) if (key.startsWith(`${webAcl} `)) this.#by.delete(key);
  }

  add(webAcl: string, metric: string, sample: Sample): void {
    const key = `${webAcl} ${metric}`;
    const known = this.#by.get(key) ?? [];
    known.push(sample);
    if (known.length > MOST) known.shift();
    this.#by.set(key, known);
  }
}

export function sampleOf(
  request: InspectedRequest,
  verdict: Verdict,
  { effect, within }: Matched,
  millis: number,
): Sample {
  const { headers, method, path, protocol, query, sourceIp } = request;
  const { inserted, labels, response } = verdict;
  const code = effect === 'Block' ? response?.status : undefined;
  return {
    Request: {
      ClientIP: sourceIp,
      URI: query === '' ? path : `${path}?${query}`,
      Method: method,
      HTTPVersion: protocol,
      Headers: headers.map(([Name, Value]) => ({ Name, Value })),
    },
    Weight: 1,
    Timestamp: new Date(millis),
    Action: ACTIONS[effect],
    ...(within !== undefined && { RuleNameWithinRuleGroup: within }),
    ...(inserted.length > 0 && {
      RequestHeadersInserted: inserted.map(({ Name, Value }) => ({ Name, Value })),
    }),
    ...(code !== undefined && { ResponseCodeSent: code }),
    ...(labels.size > 0 && { Labels: [...labels].map((Name) => ({ Name })) }),
  };
}
