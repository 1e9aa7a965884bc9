import type { LogStream as LogStreamOutput } from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, type Call, type Operation } from '../../kernel';
import { pageOf, pageOfList } from '../../kernel/paging';
import { groupArn } from './groups';
import {
  groupName,
  invalidParameter,
  invalidToken,
  type LogStream,
  logsStore,
  requireGroup,
  requireStream,
} from './store';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html */
export const createLogStream: Operation<'logs', 'CreateLogStream'> = (input, call) => {
  const group = requireGroup(input.logGroupName!, call);
  const { streams } = logsStore(call.store);
  const key = [group.name, input.logStreamName!];
  if (streams.has(key)) {
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists', {
      status: 400,
    });
  }
  streams.put(key, {
    name: input.logStreamName!,
    uid: call.ids.hex(12),
    created: call.clock.millis(),
    sequence: 0,
  });
  return {};
};

export const deleteLogStream: Operation<'logs', 'DeleteLogStream'> = (input, call) => {
  const stream = requireStream(input.logGroupName!, input.logStreamName!, call);
  const store = logsStore(call.store);
  store.transaction(() => {
    store.events.clear({ prefix: [stream.uid] });
    store.streams.remove([input.logGroupName!, stream.name]);
  });
  return {};
};

function presented(group: string, stream: LogStream, call: Call): LogStreamOutput {
  return {
    logStreamName: stream.name,
    creationTime: stream.created,
    ...(stream.first === undefined ? {} : { firstEventTimestamp: stream.first }),
    ...(stream.last === undefined ? {} : { lastEventTimestamp: stream.last }),
    ...(stream.ingested === undefined ? {} : { lastIngestionTime: stream.ingested }),
    ...(stream.sequence === 0 ? {} : { uploadSequenceToken: sequenceToken(stream) }),
    arn: `${groupArn(group, call)}:log-stream:${stream.name}`,
    // AWS no longer counts the bytes of streams.
    storedBytes: 0,
  };
}

/** Ignored since 2023, but still given: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
export function sequenceToken(stream: LogStream): string {
  const uid = BigInt(`0x${stream.uid}`).toString();
  return `49${(uid + String(stream.sequence).padStart(16, '0')).padStart(54, '0')}`;
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html */
export const describeLogStreams: Operation<'logs', 'DescribeLogStreams'> = (input, call) => {
  const group = requireGroup(groupName(input), call);
  const prefix = input.logStreamNamePrefix;
  const { streams } = logsStore(call.store);
  const limit = input.limit ?? 50;
  const token = input.nextToken;
  if (input.orderBy === 'LastEventTime') {
    if (prefix !== undefined) {
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const all = [...streams.values({ prefix: [group.name] })].sort((a, b) => (a.last ?? 0) - (b.last ?? 0));
    if (input.descending) all.reverse();
    const page = pageOfList(all, (stream) => stream.name, { limit, token, invalidToken });
    return describe(page);
  }
  const page = pageOf(streams, {
    prefix: [group.name],
    limit,
    token,
    ...(input.descending ? { reverse: true } : {}),
    keep: (stream) => prefix === undefined || stream.name.startsWith(prefix),
    invalidToken,
  });
  return describe(page);

  function describe(page: { items: LogStream[]; next?: string }) {
    return {
      logStreams: page.items.map((stream) => presented(group.name, stream, call)),
      ...(page.next === undefined ? {} : { nextToken: page.next }),
    };
  }
};
