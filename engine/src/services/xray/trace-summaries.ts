import type { TraceSummary } from '@aws-sdk/client-xray';
import { notImplemented, type Operation } from '../../kernel';
import { decodeToken, encodeToken } from '../../kernel/paging';
import { segmentDelivery } from '../../observe/tracing';
import { invalidToken } from './errors';
import { parseFilter } from './filter/parse';
import { ofTrace } from './filter/subject';
import { oldest } from './retention';
import { xrayStore } from './store';
import { summaryOf } from './summary';
import { idsAt, rangeOf } from './times';
import { traceOf } from './traces';

/** Traces a page, and traces that are looked at for one. */
const PAGE = 100;
const MOST_LOOKED_AT = 1000;

/** https://docs.aws.amazon.com/xray/latest/api/API_GetTraceSummaries.html */
export const getTraceSummaries: Operation<'xray', 'GetTraceSummaries'> = async (input, call) => {
  if (input.TimeRangeType !== undefined && input.TimeRangeType !== 'TraceId')
    throw notImplemented(`X-Ray GetTraceSummaries TimeRangeType ${input.TimeRangeType}`);
  if (input.Sampling) throw notImplemented('X-Ray GetTraceSummaries Sampling');
  if (input.SamplingStrategy) throw notImplemented('X-Ray GetTraceSummaries SamplingStrategy');
  const range = rangeOf(input, 24);
  const filter = parseFilter(input.FilterExpression);
  const after = input.NextToken === undefined ? undefined : decodeToken(input.NextToken);
  if (input.NextToken !== undefined && !after) throw invalidToken();
  await segmentDelivery(call).flush();
  const store = xrayStore(call.store);
  const within = { start: [idsAt(range.start)], end: [idsAt(range.end + 1000)] };
  const TraceSummaries: TraceSummary[] = [];
  let TracesProcessedCount = 0;
  let NextToken: string | undefined;
  for (const { key } of store.traces.entries({ ...within, ...(after ? { after } : {}) })) {
    TracesProcessedCount++;
    const trace = traceOf(store, String(key[0]), oldest(call));
    if (trace && filter(ofTrace(trace))) TraceSummaries.push(summaryOf(trace, call.account));
    if (TraceSummaries.length < PAGE && TracesProcessedCount < MOST_LOOKED_AT) continue;
    NextToken = encodeToken(key);
    break;
  }
  const ApproximateTime = call.clock.now();
  return {
    TraceSummaries,
    ApproximateTime,
    TracesProcessedCount,
    ...(NextToken === undefined ? {} : { NextToken }),
  };
};
