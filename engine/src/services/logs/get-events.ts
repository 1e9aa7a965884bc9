import type { OutputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { notImplemented, type Operation } from '../../kernel';
import {
  expiredBefore,
  groupName,
  invalidToken,
  type LogEvent,
  logsStore,
  type Position,
  requireGroup,
  requireStream,
} from './store';

/** A page is at most this large, or 10,000 events. */
const PAGE_BYTES = 1_048_576;
const MAX_EVENTS = 10_000;

const tokenOf = (direction: 'f' | 'b', at: Position) =>
  `${direction}/${String(at.timestamp).padStart(28, '0')}${String(at.sequence + 1).padStart(28, '0')}/s`;

function parseToken(text: string): { direction: 'f' | 'b'; at: Position } {
  const match = /^([fb])\/(\d{28})(\d{28})\/s$/.exec(text);
  if (!match) throw invalidToken();
  return {
    direction: match[1] as 'f' | 'b',
    at: { timestamp: Number(match[2]), sequence: Number(match[3]) - 1 },
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html */
export const getLogEvents: Operation<'logs', 'GetLogEvents'> = (input, call) => {
  if (input.unmask) throw notImplemented('CloudWatch Logs GetLogEvents unmask');
  const name = groupName(input);
  const group = requireGroup(name, call);
  const stream = requireStream(name, input.logStreamName!, call);
  const token = input.nextToken === undefined ? undefined : parseToken(input.nextToken);
  const forward = token ? token.direction === 'f' : (input.startFromHead ?? false);
  const from = Math.max(input.startTime ?? 0, expiredBefore(group, call.clock.millis()));
  const until = input.endTime ?? Number.MAX_SAFE_INTEGER;
  const { uid } = stream;
  const after = token && [uid, token.at.timestamp, token.at.sequence];
  const entries = logsStore(call.store).events.entries(
    forward
      ? { prefix: [uid], ...(after ? { after } : { start: [uid, from] }), end: [uid, until] }
      : // In reverse a bound without sequence lies before all events of its millisecond: as endTime excludes.
        { prefix: [uid], reverse: true, ...(after ? { after } : { start: [uid, until] }) },
  );
  const found: { at: Position; event: LogEvent }[] = [];
  let bytes = 0;
  const limit = Math.min(input.limit ?? MAX_EVENTS, MAX_EVENTS);
  for (const { key, value } of entries) {
    const at = { timestamp: Number(key[1]), sequence: Number(key[2]) };
    if (forward ? at.timestamp >= until : at.timestamp < from) break;
    if (at.timestamp < from || at.timestamp >= until) continue;
    bytes += Buffer.byteLength(value.message) + 26;
    if (found.length >= limit || (bytes > PAGE_BYTES && found.length > 0)) break;
    found.push({ at, event: value });
  }
  if (!forward) found.reverse();
  // Where nothing was found a token leads to where the search was: the same one again and again at the end.
  const edge: Position = token?.at ?? {
    timestamp: forward ? from : Math.min(until, call.clock.millis()),
    sequence: -1,
  };
  return {
    events: found.map(
      ({ at, event }): OutputLogEvent => ({
        timestamp: at.timestamp,
        message: event.message,
        ingestionTime: event.ingested,
      }),
    ),
    nextForwardToken: tokenOf('f', found.at(-1)?.at ?? edge),
    nextBackwardToken: tokenOf('b', found[0]?.at ?? edge),
  };
};
