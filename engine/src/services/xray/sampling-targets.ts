import type { SamplingTargetDocument, UnprocessedStatistics } from '@aws-sdk/client-xray';
import { notImplemented, type Operation } from '../../kernel';
import { allRules } from './sampling-rules';

/** Seconds between a client's reports, and how long what it was granted holds. */
const INTERVAL = 10;
const QUOTA_MILLIS = 300_000;

/**
 * Tells X-Ray's SDKs how much of each rule's reservoir is theirs: all of it, where they are the only ones.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sampling.html
 */
export const getSamplingTargets: Operation<'xray', 'GetSamplingTargets'> = (input, call) => {
  if (input.SamplingBoostStatisticsDocuments?.length)
    throw notImplemented('X-Ray GetSamplingTargets SamplingBoostStatisticsDocuments');
  const rules = allRules(call);
  const SamplingTargetDocuments: SamplingTargetDocument[] = [];
  const UnprocessedStatistics: UnprocessedStatistics[] = [];
  for (const { RuleName } of input.SamplingStatisticsDocuments ?? []) {
    const known = rules.find(({ rule }) => rule.RuleName === RuleName)?.rule;
    if (!known) {
      const Message = 'Sampling rule does not exist.';
      UnprocessedStatistics.push({ RuleName, ErrorCode: 'InvalidRequestException', Message });
      continue;
    }
    SamplingTargetDocuments.push({
      RuleName,
      FixedRate: known.FixedRate,
      ReservoirQuota: known.ReservoirSize,
      ReservoirQuotaTTL: new Date(call.clock.millis() + QUOTA_MILLIS),
      Interval: INTERVAL,
    });
  }
  const LastRuleModification = new Date(Math.max(...rules.map(({ modifiedAt }) => modifiedAt)));
  return { SamplingTargetDocuments, LastRuleModification, UnprocessedStatistics };
};
