import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  AddPermissionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { ManualClock } from '../../src/kernel';
import { startCloud, type TestCloud } from '../../src/testing';
import { Lambda, lambdaRole } from './support';

let cloud: TestCloud;
let lambda: Lambda;
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function';

beforeAll(async () => {
  cloud = await startCloud();
  lambda = new Lambda(cloud, await lambdaRole(cloud));
});
afterAll(() => cloud.stop());

/** Resolves when a function's log has a message that contains `text`; rejects never: the test's own limit ends it. */
function logged(group: string, text: string): Promise<void> {
  return new Promise((done) => {
    const end = cloud.cloud.events.subscribe((event) => {
      if (event.type !== 'log' || event.group !== group || !event.message.includes(text)) return;
      end();
      done();
    });
  });
}

test('reserved concurrency bounds a function, and what it reserves is missing elsewhere', async () => {
  await lambda.create(
    'reserved',
    'exports.handler = (e) => new Promise((done) => { console.log("running"); setTimeout(done, 400); })',
  );
  const put = (count: number) =>
    lambda.client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'reserved', ReservedConcurrentExecutions: count }),
    );
  await put(1);
  const running = logged('/aws/lambda/reserved', 'running');
  const first = lambda.invoke('reserved');
  await running;
  // One try: the SDK's retries would wait for the first to end.
  const once = new Lambda(cloud, lambda.role, { maxAttempts: 1 });
  await expect(once.invoke('reserved')).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    $metadata: { httpStatusCode: 429 },
  });
  expect((await first).FunctionError).toBeUndefined();
  const limits = async () => (await lambda.client.send(new GetAccountSettingsCommand({}))).AccountLimit;
  expect(await limits()).toMatchObject({ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 999 });
  await expect(put(901)).rejects.toMatchObject({
    message:
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  });
  await lambda.client.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'reserved' }));
  expect(await limits()).toMatchObject({ UnreservedConcurrentExecutions: 1000 });
});

test('payloads are bounded and must be JSON', async () => {
  await lambda.create('bounds', 'exports.handler = async (e) => e.length');
  expect((await lambda.invoke('bounds', 'x'.repeat(6_291_456 - 2))).value).toBe(6_291_454);
  await expect(lambda.invoke('bounds', 'x'.repeat(6_291_456))).rejects.toMatchObject({
    name: 'RequestEntityTooLargeException',
  });
  await expect(
    lambda.invoke('bounds', 'x'.repeat(1_048_576), { InvocationType: 'Event' }),
  ).rejects.toMatchObject({
    name: 'RequestEntityTooLargeException',
  });
  await expect(
    lambda.invoke('bounds', {}, { Payload: new TextEncoder().encode('{"a":') }),
  ).rejects.toMatchObject({
    name: 'InvalidRequestContentException',
    message: expect.stringMatching(/^Could not parse request body into json: /),
  });
  expect((await lambda.invoke('bounds', {}, { InvocationType: 'DryRun' })).StatusCode).toBe(204);
});

test('events run later; what failed for good goes where it should', async () => {
  await lambda.create('failing', 'exports.handler = async (e) => { throw new Error("never " + e.n); }');
  await lambda.create(
    'collector',
    'exports.handler = async (e) => { console.log("got", e.requestContext.condition, e.requestPayload.n, e.responsePayload.errorMessage); }',
  );
  await lambda.client.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: 'failing',
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: `${ARN}:collector` } },
    }),
  );
  const collected = logged('/aws/lambda/collector', 'got RetriesExhausted 5 never 5');
  expect(await lambda.invoke('failing', { n: 5 }, { InvocationType: 'Event' })).toMatchObject({
    StatusCode: 202,
  });
  await collected;
  const config = await lambda.client.send(
    new GetFunctionEventInvokeConfigCommand({ FunctionName: 'failing' }),
  );
  expect(config).toMatchObject({ FunctionArn: `${ARN}:failing:$LATEST`, MaximumRetryAttempts: 0 });
});

test('logs are in CloudWatch Logs', async () => {
  await lambda.create('logging', 'exports.handler = async (e) => { console.log("hello", e.who); }');
  await lambda.invoke('logging', { who: 'world' });
  const logs = cloud.client(CloudWatchLogsClient);
  const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/logging' }));
  const messages = events!.map((event) => event.message!);
  expect(messages.map((message) => message.split(' ')[0])).toEqual([
    'INIT_START',
    'START',
    expect.stringMatching(/hello$/),
    'END',
    'REPORT',
  ]);
  const found = await logs.send(
    new FilterLogEventsCommand({ logGroupName: '/aws/lambda/logging', filterPattern: '"hello world"' }),
  );
  expect(found.events).toHaveLength(1);
});

test('permissions make a policy', async () => {
  await lambda.create('permitted', 'exports.handler = async () => 1');
  const add = new AddPermissionCommand({
    FunctionName: 'permitted',
    StatementId: 's1',
    Action: 'lambda:InvokeFunction',
    Principal: 's3.amazonaws.com',
    SourceArn: 'arn:aws:s3:::b',
    SourceAccount: '000000000000',
  });
  const { Statement } = await lambda.client.send(add);
  const statement = {
    Sid: 's1',
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: `${ARN}:permitted`,
    Condition: {
      StringEquals: { 'AWS:SourceAccount': '000000000000' },
      ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' },
    },
  };
  expect(JSON.parse(Statement!)).toEqual(statement);
  await expect(lambda.client.send(add)).rejects.toMatchObject({
    name: 'ResourceConflictException',
    message:
      'The statement id (s1) provided already exists. Please provide a new statement id, or remove the existing statement.',
  });
  const { Policy } = await lambda.client.send(new GetPolicyCommand({ FunctionName: 'permitted' }));
  expect(JSON.parse(Policy!)).toEqual({ Version: '2012-10-17', Id: 'default', Statement: [statement] });
  await lambda.client.send(new RemovePermissionCommand({ FunctionName: 'permitted', StatementId: 's1' }));
  await expect(lambda.client.send(new GetPolicyCommand({ FunctionName: 'permitted' }))).rejects.toMatchObject(
    {
      message: 'The resource you requested does not exist.',
    },
  );
});

test('a failed event is tried again after one minute and after two more', async () => {
  const clock = new ManualClock();
  const own = await startCloud({ clock });
  try {
    const retried = new Lambda(own, await lambdaRole(own));
    await retried.create('again', 'exports.handler = async () => { throw new Error("no"); }');
    const ends: string[] = [];
    let wake = () => {};
    own.cloud.events.subscribe((event) => {
      if (event.type === 'log' && event.message.startsWith('REPORT')) {
        ends.push(event.message);
        wake();
      }
    });
    const attempts = async (count: number) => {
      while (ends.length < count) await new Promise<void>((done) => (wake = done));
      // The retry is planned once the attempt has been answered.
      await new Promise(setImmediate);
      await new Promise(setImmediate);
    };
    await retried.invoke('again', {}, { InvocationType: 'Event' });
    await attempts(1);
    clock.advance(60_000);
    await attempts(2);
    clock.advance(120_000);
    await attempts(3);
    clock.advance(3600_000);
    expect(ends).toHaveLength(3);
    expect(new Set(ends.map((line) => line.split(/[ \t]/)[2])).size).toBe(1);
  } finally {
    await own.stop();
  }
});
