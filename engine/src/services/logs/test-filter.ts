import type { Operation } from '../../kernel';
import { parseFilterPattern } from './filter-pattern';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html */
export const testMetricFilter: Operation<'logs', 'TestMetricFilter'> = (input) => {
  const matches = parseFilterPattern(input.filterPattern ?? '');
  return {
    matches: (input.logEventMessages ?? []).flatMap((eventMessage, at) =>
      matches(eventMessage) ? [{ eventNumber: at + 1, eventMessage, extractedValues: {} }] : [],
    ),
  };
};
