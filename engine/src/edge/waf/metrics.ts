import type { VisibilityConfig } from '@aws-sdk/client-wafv2';
import type { Meter } from '../../observe/meter';
import type { Effect } from './rules';
import type { WebAclSource } from './source';
import type { Verdict } from './web-acl';

const NAMES: Readonly<Record<Effect, string>> = {
  Allow: 'AllowedRequests',
  Block: 'BlockedRequests',
  Count: 'CountedRequests',
};

/** What requests are counted under that no rule decided. */
export const DEFAULT_ACTION = 'Default_Action';

/**
 * What CloudWatch gets to know of a request: by rule, and of all rules together.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
 */
export function measure(all: Meter, source: WebAclSource, verdict: Verdict, millis: number): void {
  const { account, region, visibility } = source;
  const count = (of: VisibilityConfig, kind: 'WebACL' | 'RuleGroup', Rule: string, effect: Effect) => {
    const dimensions = [
      { Name: 'Region', Value: region },
      { Name: 'Rule', Value: Rule },
      { Name: kind, Value: of.MetricName ?? '' },
    ];
    const name = NAMES[effect];
    const series = { account, region, namespace: 'AWS/WAFV2', name, dimensions, unit: 'Count' as const };
    all.add(all.series(series), 1, millis);
  };
  for (const { effect, group, visibility: rule } of verdict.matched) {
    if (!rule.CloudWatchMetricsEnabled) continue;
    if (group) count(group, 'RuleGroup', rule.MetricName ?? '', effect);
    else count(visibility, 'WebACL', rule.MetricName ?? '', effect);
  }
  if (!visibility.CloudWatchMetricsEnabled) return;
  if (verdict.byDefault) count(visibility, 'WebACL', DEFAULT_ACTION, verdict.effect);
  const effects = new Set<Effect>([verdict.effect]);
  if (verdict.matched.some(({ effect, group }) => effect === 'Count' && !group)) effects.add('Count');
  for (const effect of effects) count(visibility, 'WebACL', 'ALL', effect);
}
