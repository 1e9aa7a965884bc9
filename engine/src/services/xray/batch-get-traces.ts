import type { Trace } from '@aws-sdk/client-xray';
import type { Operation } from '../../kernel';
import { segmentDelivery } from '../../observe/tracing';
import { invalidRequest, invalidToken } from './errors';
import { oldest } from './retention';
import { xrayStore } from './store';
import { round } from './times';
import { traceOf } from './traces';

/** https://docs.aws.amazon.com/xray/latest/api/API_BatchGetTraces.html */
const MOST = 5;

export const batchGetTraces: Operation<'xray', 'BatchGetTraces'> = async (input, call) => {
  // All that is asked for fits one page.
  if (input.NextToken !== undefined) throw invalidToken();
  const ids = [...new Set(input.TraceIds)];
  if (ids.length > MOST) throw invalidRequest(`TraceIds must have at most ${MOST} items.`);
  await segmentDelivery(call).flush();
  const store = xrayStore(call.store);
  const Traces: Trace[] = [];
  const UnprocessedTraceIds: string[] = [];
  for (const id of ids) {
    const trace = traceOf(store, id, oldest(call));
    if (!trace) {
      UnprocessedTraceIds.push(id);
      continue;
    }
    Traces.push({
      Id: id,
      Duration: round(trace.end - trace.start),
      LimitExceeded: false,
      Segments: trace.segments.map((segment) => ({ Id: segment.id, Document: JSON.stringify(segment) })),
    });
  }
  return { Traces, UnprocessedTraceIds };
};
