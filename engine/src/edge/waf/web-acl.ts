import type { Rule, SizeInspectionLimit } from '@aws-sdk/client-wafv2';
import { RateCounters } from './rate-counters';
import { type InspectedRequest, Inspection } from './request';
import { byPriority, type CountersOf, type Course, compileAction, compileRule, type Ending } from './rules';
import type { WebAclSource } from './source';

/** What a web ACL says of a request. */
export interface Verdict extends Course, Ending {
  /** The labels that its rules gave it. */
  labels: ReadonlySet<string>;
  /** Whether no rule decided. */
  byDefault: boolean;
}

/** A web ACL ready to be asked. */
export interface WebAcl {
  source: WebAclSource;
  judge(request: InspectedRequest, millis: number): Verdict;
}

const KB: Readonly<Record<SizeInspectionLimit, number>> = { KB_16: 16, KB_32: 32, KB_48: 48, KB_64: 64 };

/** https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing-order.html */
export function compileWebAcl(source: WebAclSource, countersOf: CountersOf): WebAcl {
  const limit = source.association?.RequestBody?.API_GATEWAY?.DefaultSizeInspectionLimit ?? 'KB_16';
  const around = { source, bodyLimit: KB[limit] * 1024, countersOf };
  const rules = byPriority(source.rules).map((rule) => compileRule(rule, around));
  const fallback = compileAction(source.defaultAction, source);
  return {
    source,
    judge(request, millis) {
      const inspection = new Inspection(request, millis);
      const course: Course = { matched: [], inserted: [] };
      for (const ask of rules) {
        const ending = ask(inspection, course);
        if (ending) return { ...course, ...ending, labels: inspection.labels, byDefault: false };
      }
      return {
        matched: course.matched,
        inserted: [...course.inserted, ...fallback.inserted],
        effect: fallback.effect === 'Block' ? 'Block' : 'Allow',
        ...(fallback.response && { response: fallback.response }),
        labels: inspection.labels,
        byDefault: true,
      };
    },
  };
}

/**
 * What rules of web ACLs have counted. It is kept as long as the rule says the same, whatever changes around it.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-caveats.html
 */
export class RateLimits {
  readonly #known = new Map<string, { says: string; counters: RateCounters }>();

  of(webAcl: string): CountersOf {
    return (path, rule: Rule) => {
      const { Limit = 0, EvaluationWindowSec = 300 } = rule.Statement?.RateBasedStatement ?? {};
      const key = `${webAcl} ${path}`;
      const says = JSON.stringify(rule.Statement);
      const known = this.#known.get(key);
      if (known?.says === says) return known.counters;
      const counters = new RateCounters(Limit, EvaluationWindowSec);
      this.#known.set(key, { says, counters });
      return counters;
    };
  }

  forget(webAcl: string): void {
    for (const key of this.#known.keys()) if (key.startsWith(`${webAcl} `)) this.#known.delete(key);
  }

  find(webAcl: string, path: string): RateCounters | undefined {
    return this.#known.get(`${webAcl} ${path}`)?.counters;
  }
}
