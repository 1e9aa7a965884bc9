import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  StartQueryCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let logs: CloudWatchLogsClient;
const now = Date.now();

beforeAll(async () => {
  cloud = await startCloud();
  logs = cloud.client(CloudWatchLogsClient);
});
afterAll(() => cloud.stop());

async function group(logGroupName: string, ...streams: string[]): Promise<void> {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of streams)
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
}

const put = (logGroupName: string, logStreamName: string, ...events: [number, string][]) =>
  logs.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName,
      logEvents: events.map(([offset, message]) => ({ timestamp: now + offset, message })),
    }),
  );

test('groups and streams are made once, described, tagged and deleted', async () => {
  await group('/a/one', 's1', 's2');
  await expect(group('/a/one')).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
    message: 'The specified log group already exists',
  });
  await expect(
    logs.send(new CreateLogStreamCommand({ logGroupName: '/a/one', logStreamName: 's1' })),
  ).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: '/a/one', retentionInDays: 7 }));
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/a/' }));
  const arn = 'arn:aws:logs:us-east-1:000000000000:log-group:/a/one';
  expect(logGroups).toEqual([
    {
      logGroupName: '/a/one',
      logGroupArn: arn,
      arn: `${arn}:*`,
      creationTime: expect.any(Number),
      retentionInDays: 7,
      metricFilterCount: 0,
      storedBytes: 0,
      logGroupClass: 'STANDARD',
      deletionProtectionEnabled: false,
    },
  ]);
  await logs.send(new TagResourceCommand({ resourceArn: arn, tags: { a: 'b' } }));
  expect((await logs.send(new ListTagsForResourceCommand({ resourceArn: arn }))).tags).toEqual({ a: 'b' });
  const page = await logs.send(new DescribeLogStreamsCommand({ logGroupName: '/a/one', limit: 1 }));
  expect(page.logStreams!.map((stream) => stream.logStreamName)).toEqual(['s1']);
  const rest = await logs.send(
    new DescribeLogStreamsCommand({ logGroupName: '/a/one', nextToken: page.nextToken }),
  );
  expect(rest.logStreams!.map((stream) => stream.logStreamName)).toEqual(['s2']);
  expect(rest.nextToken).toBeUndefined();
  await put('/a/one', 's1', [0, 'old']);
  await logs.send(new DeleteLogGroupCommand({ logGroupName: '/a/one' }));
  await group('/a/one', 's1');
  const again = await logs.send(new GetLogEventsCommand({ logGroupName: '/a/one', logStreamName: 's1' }));
  expect(again.events).toEqual([]);
});

test('what is not there or not right is refused', async () => {
  await expect(put('/none', 's', [0, 'm'])).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
  });
  await group('/refused', 's');
  await expect(put('/refused', 'none', [0, 'm'])).rejects.toMatchObject({
    message: 'The specified log stream does not exist.',
  });
  await expect(put('/refused', 's', [5, 'm'], [4, 'm'])).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Log events in a single PutLogEvents request must be in chronological order.',
  });
  const old = await put('/refused', 's', [-15 * 24 * 3600_000, 'm']);
  expect(old.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
  const young = await put('/refused', 's', [0, 'in'], [3 * 3600_000, 'out']);
  expect(young.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
  const read = (more: object) =>
    logs.send(new GetLogEventsCommand({ logGroupName: '/refused', logStreamName: 's', ...more }));
  expect((await read({})).events!.map((event) => event.message)).toEqual(['in']);
  await expect(read({ limit: 10_001 })).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message:
      "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
  });
  await expect(read({ nextToken: 'x' })).rejects.toMatchObject({
    message: 'The specified nextToken is invalid.',
  });
  await expect(
    logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'a', logGroupNamePattern: 'b' })),
  ).rejects.toMatchObject({
    message: 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
  });
  await expect(
    logs.send(
      new StartQueryCommand({
        logGroupName: '/refused',
        startTime: 0,
        endTime: 1,
        queryString: 'fields @message',
      }),
    ),
  ).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
});

test('events are read page by page, both ways', async () => {
  await group('/pages', 's');
  const all = Array.from({ length: 10 }, (_, n): [number, string] => [Math.floor(n / 2), `m${n}`]);
  await put('/pages', 's', ...all.slice(0, 6));
  await put('/pages', 's', ...all.slice(6));
  const read = async (more: object) => {
    const page = await logs.send(
      new GetLogEventsCommand({ logGroupName: '/pages', logStreamName: 's', ...more }),
    );
    return { ...page, messages: page.events!.map((event) => event.message) };
  };
  const first = await read({ startFromHead: true, limit: 4 });
  expect(first.messages).toEqual(['m0', 'm1', 'm2', 'm3']);
  const second = await read({ nextToken: first.nextForwardToken, limit: 4 });
  expect(second.messages).toEqual(['m4', 'm5', 'm6', 'm7']);
  const third = await read({ nextToken: second.nextForwardToken, limit: 4 });
  expect(third.messages).toEqual(['m8', 'm9']);
  const end = await read({ nextToken: third.nextForwardToken, limit: 4 });
  expect(end.messages).toEqual([]);
  // The end is where the token no longer changes.
  expect(end.nextForwardToken).toBe(third.nextForwardToken);
  await put('/pages', 's', [6, 'new']);
  expect((await read({ nextToken: end.nextForwardToken })).messages).toEqual(['new']);
  const latest = await read({ limit: 3 });
  expect(latest.messages).toEqual(['m8', 'm9', 'new']);
  expect((await read({ nextToken: latest.nextBackwardToken, limit: 3 })).messages).toEqual([
    'm5',
    'm6',
    'm7',
  ]);
  expect((await read({ startTime: now + 2, endTime: now + 4, startFromHead: true })).messages).toEqual([
    'm4',
    'm5',
    'm6',
    'm7',
  ]);
  expect((await read({ startTime: now + 2, endTime: now + 4 })).messages).toEqual(['m4', 'm5', 'm6', 'm7']);
});

test('events of all streams are filtered in order of time', async () => {
  await group('/filter', 'a', 'b', 'c');
  await put('/filter', 'a', [0, 'ERROR one'], [4, 'info five'], [8, 'ERROR nine']);
  await put('/filter', 'b', [2, 'ERROR three'], [6, 'warn seven']);
  await put(
    '/filter',
    'c',
    [1, '{"level":"ERROR","n":2,"tags":["x","y"],"who":{"name":"Ada"}}'],
    [3, '{"level":"INFO","n":4}'],
  );
  const filter = async (filterPattern: string, more: object = {}) => {
    const page = await logs.send(
      new FilterLogEventsCommand({ logGroupName: '/filter', filterPattern, ...more }),
    );
    return { ...page, times: page.events!.map((event) => event.timestamp! - now) };
  };
  expect((await filter('')).times).toEqual([0, 1, 2, 3, 4, 6, 8]);
  expect((await filter('ERROR')).times).toEqual([0, 1, 2, 8]);
  expect((await filter('ERROR -one -three')).times).toEqual([1, 8]);
  expect((await filter('?warn ?info')).times).toEqual([4, 6]);
  expect((await filter('"ERROR nine"')).times).toEqual([8]);
  expect((await filter('%s[a-z]ven%')).times).toEqual([6]);
  expect((await filter('{ $.level = "ERROR" && $.n < 3 }')).times).toEqual([1]);
  expect((await filter('{ ($.level = "I*") || ($.tags[1] = "y") }')).times).toEqual([1, 3]);
  expect((await filter('{ $.who.name = Ada }')).times).toEqual([1]);
  expect((await filter('{ $.who NOT EXISTS }')).times).toEqual([3]);
  expect((await filter('{ $.n != 2 }')).times).toEqual([3]);
  await expect(filter('{ $.n = ')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  const first = await filter('', { limit: 3 });
  expect(first.times).toEqual([0, 1, 2]);
  const second = await filter('', { limit: 3, nextToken: first.nextToken });
  expect(second.times).toEqual([3, 4, 6]);
  const last = await filter('', { limit: 3, nextToken: second.nextToken });
  expect(last.times).toEqual([8]);
  expect(last.nextToken).toBeUndefined();
  expect((await filter('', { logStreamNames: ['b'], startTime: now + 3 })).times).toEqual([6]);
  await expect(filter('', { nextToken: 'nope' })).rejects.toMatchObject({
    message: 'The specified nextToken is invalid.',
  });
});
