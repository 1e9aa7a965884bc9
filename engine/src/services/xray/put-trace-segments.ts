import type { UnprocessedTraceSegment } from '@aws-sdk/client-xray';
import type { Operation } from '../../kernel';
import { removeExpired } from './retention';
import { judge } from './segment-rules';
import { xrayStore } from './store';

/** https://docs.aws.amazon.com/xray/latest/api/API_PutTraceSegments.html */
export const putTraceSegments: Operation<'xray', 'PutTraceSegments'> = (input, call) => {
  const store = xrayStore(call.store);
  const now = call.clock.millis();
  removeExpired(call, `${call.account}/${call.region}`, store);
  const UnprocessedTraceSegments: UnprocessedTraceSegment[] = [];
  store.transaction(() => {
    for (const text of input.TraceSegmentDocuments ?? []) {
      const judged = judge(text, now);
      if ('refused' in judged) {
        UnprocessedTraceSegments.push(judged.refused);
        continue;
      }
      const { id, in_progress, trace_id } = judged.document;
      const key = [trace_id, id];
      // What is complete is not overwritten by word of its beginning, which may come late.
      if (!in_progress || !store.segments.has(key)) store.segments.put(key, text);
      store.traces.put(trace_id, true);
    }
  });
  return { UnprocessedTraceSegments };
};

/** What a daemon tells of itself has nobody who reads it: X-Ray shows it nowhere either. */
export const putTelemetryRecords: Operation<'xray', 'PutTelemetryRecords'> = () => ({});
