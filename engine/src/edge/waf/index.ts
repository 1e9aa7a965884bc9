import type { Host } from '../../kernel';
import { meter } from '../../observe/metrics';
import { DEFAULT_ACTION, measure } from './metrics';
import type { InspectedRequest } from './request';
import { Samples, sampleOf } from './samples';
import type { WebAclSource } from './source';
import { compileWebAcl, RateLimits, type Verdict, type WebAcl } from './web-acl';

export type { InspectedRequest } from './request';
export type { RuleSet, WebAclSource } from './source';

type Find = (arn: string) => WebAclSource | undefined;

/** The web ACLs of this process, each compiled once until something changes. */
export class WebAcls {
  readonly limits = new RateLimits();
  readonly samples = new Samples();
  readonly #compiled = new Map<string, WebAcl>();
  #find: Find | undefined;

  constructor(readonly host: Host) {}

  /** Where web ACLs come from: service wafv2 attaches itself when it starts. */
  attach(find: Find): void {
    this.#find = find;
  }

  /** Forgets what was compiled: whatever changes may be a part of any web ACL. */
  changed(): void {
    this.#compiled.clear();
  }

  /** Forgets what a web ACL has seen. */
  forget(arn: string): void {
    this.limits.forget(arn);
    this.samples.forget(arn);
  }

  /** What a web ACL says of a request; undefined where there is no such web ACL. */
  async judge(arn: string, request: InspectedRequest): Promise<Verdict | undefined> {
    const webAcl = this.#compiled.get(arn) ?? (await this.#compile(arn));
    if (!webAcl) return undefined;
    const millis = this.host.clock.millis();
    const verdict = webAcl.judge(request, millis);
    measure(meter(this.host), webAcl.source, verdict, millis);
    this.#sample(webAcl.source, request, verdict, millis);
    return verdict;
  }

  async #compile(arn: string): Promise<WebAcl | undefined> {
    if (!this.#find) {
      // After a restart nothing has called the service yet.
      const as = this.host.parts.identity.servicePrincipal('wafv2.amazonaws.com', '000000000000');
      await this.host.invoke('wafv2', 'ListWebACLs', { Scope: 'REGIONAL' }, { as });
    }
    const source = this.#find?.(arn);
    if (!source) return undefined;
    const webAcl = compileWebAcl(source, this.limits.of(arn));
    this.#compiled.set(arn, webAcl);
    return webAcl;
  }

  #sample(
    { arn, visibility }: WebAclSource,
    request: InspectedRequest,
    verdict: Verdict,
    millis: number,
  ): void {
    const matched = verdict.byDefault
      ? [
          ...verdict.matched,
          { effect: verdict.effect, visibility: { ...visibility, MetricName: DEFAULT_ACTION } },
        ]
      : verdict.matched;
    for (const one of matched) {
      if (!one.visibility.SampledRequestsEnabled) continue;
      this.samples.add(arn, one.visibility.MetricName ?? '', sampleOf(request, verdict, one, millis));
    }
  }
}

export const webAcls = (host: Host): WebAcls => host.memo('edge.web-acls', () => new WebAcls(host));
