import type { FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { notImplemented, type Operation } from '../../kernel';
import { decodeToken, encodeToken } from '../../kernel/paging';
import { parseFilterPattern } from './filter-pattern';
import {
  expiredBefore,
  groupName,
  invalidParameter,
  invalidToken,
  type LogEvent,
  type LogStream,
  type LogsStore,
  logsStore,
  requireGroup,
} from './store';

const MAX_EVENTS = 10_000;
const PAGE_BYTES = 1_048_576;

interface Found {
  stream: LogStream;
  timestamp: number;
  sequence: number;
  event: LogEvent;
}

/** In order of time, then of stream, then of arrival. */
function compare(a: Omit<Found, 'event'>, b: Omit<Found, 'event'>): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  if (a.stream.uid !== b.stream.uid) return a.stream.uid < b.stream.uid ? -1 : 1;
  return a.sequence - b.sequence;
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
export const filterLogEvents: Operation<'logs', 'FilterLogEvents'> = (input, call) => {
  if (input.unmask) throw notImplemented('CloudWatch Logs FilterLogEvents unmask');
  const group = requireGroup(groupName(input), call);
  if (input.logStreamNames && input.logStreamNamePrefix !== undefined) {
    throw invalidParameter('LogStreamNames and LogStreamNamePrefix are mutually exclusive parameters.');
  }
  const from = Math.max(input.startTime ?? 0, expiredBefore(group, call.clock.millis()));
  const until = input.endTime ?? Number.MAX_SAFE_INTEGER;
  if (input.startTime !== undefined && input.endTime !== undefined && input.startTime > input.endTime) {
    throw invalidParameter('endTime must be greater than or equal to startTime');
  }
  const matches = parseFilterPattern(input.filterPattern ?? '');
  const store = logsStore(call.store);
  const names = input.logStreamNames && new Set(input.logStreamNames);
  const prefix = input.logStreamNamePrefix;
  const streams = [...store.streams.values({ prefix: [group.name] })].filter(
    (stream) =>
      (names === undefined || names.has(stream.name)) &&
      (prefix === undefined || stream.name.startsWith(prefix)) &&
      stream.last !== undefined &&
      stream.last >= from &&
      (stream.first ?? 0) <= until,
  );
  const resume = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
  const limit = Math.min(input.limit ?? MAX_EVENTS, MAX_EVENTS);
  const events: FilteredLogEvent[] = [];
  let bytes = 0;
  let last: Found | undefined;
  for (const found of merged(store, streams, Math.max(from, resume?.timestamp ?? 0), until)) {
    if (resume && compare(found, { ...resume, stream: { ...found.stream, uid: resume.uid } }) <= 0) continue;
    if (!matches(found.event.message)) continue;
    bytes += Buffer.byteLength(found.event.message) + 26;
    if (events.length >= limit || (bytes > PAGE_BYTES && events.length > 0)) {
      return { events, searchedLogStreams: [], nextToken: tokenOf(last!) };
    }
    events.push(presented(found));
    last = found;
  }
  return { events, searchedLogStreams: [] };
};

function presented({ stream, timestamp, sequence, event }: Found): FilteredLogEvent {
  const digits = BigInt(`0x${stream.uid}`).toString().padStart(15, '0');
  return {
    logStreamName: stream.name,
    timestamp,
    message: event.message,
    ingestionTime: event.ingested,
    eventId: `3${String(timestamp).padStart(20, '0')}${digits}${String(sequence).padStart(20, '0')}`,
  };
}

const tokenOf = (at: Found) => encodeToken([at.timestamp, at.stream.uid, at.sequence]);

function parseToken(token: string): { timestamp: number; uid: string; sequence: number } {
  const [timestamp, uid, sequence] = decodeToken(token) ?? [];
  if (typeof timestamp !== 'number' || typeof uid !== 'string' || typeof sequence !== 'number') {
    throw invalidToken();
  }
  return { timestamp, uid, sequence };
}

/** The streams' events as one: always the earliest of the streams' next ones, by a heap. */
function* merged(store: LogsStore, streams: LogStream[], from: number, until: number): Iterable<Found> {
  const heap: { found: Found; rest: Iterator<Found> }[] = [];
  const less = (a: number, b: number) => compare(heap[a]!.found, heap[b]!.found) < 0;
  const swap = (a: number, b: number) => {
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  };
  const sink = (at: number) => {
    for (let parent = at; ; ) {
      const [left, right] = [parent * 2 + 1, parent * 2 + 2];
      let least = parent;
      if (left < heap.length && less(left, least)) least = left;
      if (right < heap.length && less(right, least)) least = right;
      if (least === parent) return;
      swap(least, parent);
      parent = least;
    }
  };
  for (const stream of streams) {
    const rest = eventsOf(store, stream, from, until);
    const first = rest.next();
    if (!first.done) heap.push({ found: first.value, rest });
  }
  for (let at = (heap.length >> 1) - 1; at >= 0; at--) sink(at);
  while (heap.length > 0) {
    const top = heap[0]!;
    yield top.found;
    const next = top.rest.next();
    if (next.done) {
      const end = heap.pop()!;
      if (heap.length > 0) heap[0] = end;
    } else top.found = next.value;
    sink(0);
  }
}

function* eventsOf(
  store: LogsStore,
  stream: LogStream,
  from: number,
  until: number,
): Generator<Found, undefined> {
  // endTime is inclusive here, unlike in GetLogEvents.
  for (const { key, value } of store.events.entries({ prefix: [stream.uid], start: [stream.uid, from] })) {
    const timestamp = Number(key[1]);
    if (timestamp > until) return undefined;
    yield { stream, timestamp, sequence: Number(key[2]), event: value };
  }
  return undefined;
}
