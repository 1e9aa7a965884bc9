import type { LogGroupClass } from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, type Call } from '../../kernel';
import type { Store } from '../../storage';

export interface LogGroup {
  name: string;
  created: number;
  logGroupClass: LogGroupClass;
  retentionDays?: number;
  kmsKeyId?: string;
  tags: Record<string, string>;
}

export interface LogStream {
  name: string;
  /** Names the stream's events: a stream made anew under an old name has none of the old ones. */
  uid: string;
  created: number;
  first?: number;
  last?: number;
  ingested?: number;
  /** Of the next event: orders events of one millisecond. */
  sequence: number;
}

export interface LogEvent {
  message: string;
  ingested: number;
}

/** A place in a stream: events are in order of their time, then of their arrival. */
export interface Position {
  timestamp: number;
  sequence: number;
}

export function logsStore(store: Store) {
  return {
    groups: store.collection<LogGroup>('groups'),
    streams: store.collection<LogStream>('streams'),
    /** By stream uid, timestamp, sequence: appending is one put an event, reading a range is that range. */
    events: store.collection<LogEvent>('events'),
    /** Bytes stored, by group. */
    sizes: store.collection<number>('sizes'),
    transaction: <T>(work: () => T) => store.transaction(work),
  };
}

export type LogsStore = ReturnType<typeof logsStore>;

export const invalidParameter = (message: string) =>
  new AwsError('InvalidParameterException', message, { status: 400 });

export const invalidToken = () => invalidParameter('The specified nextToken is invalid.');

const missing = (what: string) =>
  new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`, { status: 400 });

export function requireGroup(name: string, call: Call): LogGroup {
  const group = logsStore(call.store).groups.get(name);
  if (!group) throw missing('log group');
  return group;
}

export function requireStream(group: string, name: string, call: Call): LogStream {
  const stream = logsStore(call.store).streams.get([group, name]);
  if (stream) return stream;
  requireGroup(group, call);
  throw missing('log stream');
}

/** A group's name, given as such or as the ARN of the group. */
export function groupName(input: {
  logGroupName?: string | undefined;
  logGroupIdentifier?: string | undefined;
}): string {
  if (input.logGroupName !== undefined && input.logGroupIdentifier !== undefined) {
    throw invalidParameter('LogGroupName and LogGroupIdentifier are mutually exclusive parameters.');
  }
  const text = input.logGroupName ?? input.logGroupIdentifier;
  if (text === undefined)
    throw invalidParameter('Either LogGroupName or LogGroupIdentifier must be specified.');
  return nameFromArn(text);
}

function nameFromArn(text: string): string {
  const match = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(:\*)?$/.exec(text);
  return match?.[1] ?? text;
}

const DAY = 24 * 3600 * 1000;

/** Events before this moment have expired. */
export function expiredBefore(group: LogGroup, now: number): number {
  return group.retentionDays === undefined ? 0 : now - group.retentionDays * DAY;
}
