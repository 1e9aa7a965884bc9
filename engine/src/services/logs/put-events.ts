import type { InputLogEvent, RejectedLogEventsInfo } from '@aws-sdk/client-cloudwatch-logs';
import { notImplemented, type Operation } from '../../kernel';
import { mayEmbed, putEmbeddedMetrics } from './embedded-metrics';
import { expiredBefore, invalidParameter, logsStore, requireGroup, requireStream } from './store';
import { sequenceToken } from './streams';

// Limits: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const MAX_BYTES = 1_048_576;
const OVERHEAD = 26;
const HOUR = 3600_000;
const OLDEST = 14 * 24 * HOUR;
const NEWEST = 2 * HOUR;

export const putLogEvents: Operation<'logs', 'PutLogEvents'> = (input, call) => {
  if (input.entity) throw notImplemented('CloudWatch Logs PutLogEvents entity');
  const group = requireGroup(input.logGroupName!, call);
  const stream = requireStream(group.name, input.logStreamName!, call);
  const events = input.logEvents!;
  const bytes = measure(events);
  const now = call.clock.millis();
  const { accepted, rejected } = sift(events, now, expiredBefore(group, now));
  const store = logsStore(call.store);
  let { sequence } = stream;
  store.transaction(() => {
    for (const event of accepted) {
      store.events.put([stream.uid, event.timestamp!, sequence++], {
        message: event.message!,
        ingested: now,
      });
    }
    const first = accepted[0]?.timestamp;
    const last = accepted.at(-1)?.timestamp;
    if (first === undefined || last === undefined) return;
    store.streams.put([group.name, stream.name], {
      ...stream,
      first: Math.min(stream.first ?? first, first),
      last: Math.max(stream.last ?? last, last),
      ingested: now,
      sequence,
    });
    store.sizes.put(group.name, (store.sizes.get(group.name) ?? 0) + bytes);
  });
  const answer = {
    nextSequenceToken: sequenceToken({ ...stream, sequence }),
    ...(rejected ? { rejectedLogEventsInfo: rejected } : {}),
  };
  const carriers = accepted.map(({ message = '' }) => message).filter(mayEmbed);
  return carriers.length === 0 ? answer : putEmbeddedMetrics(call, carriers).then(() => answer);
};

function measure(events: readonly InputLogEvent[]): number {
  let bytes = 0;
  let before = Number.NEGATIVE_INFINITY;
  for (const event of events) {
    const size = Buffer.byteLength(event.message!) + OVERHEAD;
    if (size > MAX_BYTES)
      throw invalidParameter(`Log event too large: ${size} bytes exceeds limit of ${MAX_BYTES}`);
    if (event.timestamp! < before) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    }
    before = event.timestamp!;
    bytes += size;
  }
  if (bytes > MAX_BYTES)
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MAX_BYTES}`);
  if (events.at(-1)!.timestamp! - events[0]!.timestamp! > 24 * HOUR) {
    throw invalidParameter(
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
  }
  return bytes;
}

/** What is too old or too new is left out, and said. */
function sift(events: readonly InputLogEvent[], now: number, expired: number) {
  const isTooOld = (event: InputLogEvent) => event.timestamp! < now - OLDEST;
  const isExpired = (event: InputLogEvent) => event.timestamp! < expired;
  const isTooNew = (event: InputLogEvent) => event.timestamp! > now + NEWEST;
  const tooOld = events.filter(isTooOld).length;
  const gone = events.filter(isExpired).length;
  const tooNew = events.findIndex(isTooNew);
  const rejected: RejectedLogEventsInfo = {
    ...(tooOld ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(gone ? { expiredLogEventEndIndex: gone } : {}),
    ...(tooNew >= 0 ? { tooNewLogEventStartIndex: tooNew } : {}),
  };
  return {
    accepted: events.slice(Math.max(tooOld, gone), tooNew >= 0 ? tooNew : undefined),
    rejected: Object.keys(rejected).length ? rejected : undefined,
  };
}
