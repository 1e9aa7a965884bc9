import {
  AddPermissionCommand,
  CreateFunctionCommand,
  LambdaClient,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import { startCloud, type TestCloud } from '../../src/testing';
import { refusal } from './refusal';

let cloud: TestCloud;
let s3: S3Client;
let target: string;
const Bucket = 'notified';

beforeAll(async () => {
  cloud = await startCloud();
  s3 = cloud.client(S3Client, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  await cloud.host().invoke('iam', 'CreateRole', {
    RoleName: 'listener',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    }),
  });
  const code = 'exports.handler = async (event) => { console.log("EVENT " + JSON.stringify(event)); };';
  const { FunctionArn } = await cloud.client(LambdaClient).send(
    new CreateFunctionCommand({
      FunctionName: 'listener',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/listener',
      Code: { ZipFile: zipSync({ 'index.js': strToU8(code) }) },
    }),
  );
  target = FunctionArn!;
  await permit(`arn:aws:s3:::${Bucket}`);
});
afterAll(() => cloud.stop());

const permit = (SourceArn: string) =>
  cloud.client(LambdaClient).send(
    new AddPermissionCommand({
      FunctionName: 'listener',
      StatementId: 'bucket',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      SourceArn,
      SourceAccount: '000000000000',
    }),
  );

const configure = (NotificationConfiguration: object, more = {}) =>
  s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration, ...more }));

test('a function is told of what its filter takes', async () => {
  await configure({
    LambdaFunctionConfigurations: [
      {
        Id: 'uploads',
        LambdaFunctionArn: target,
        Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'],
        Filter: {
          Key: {
            FilterRules: [
              { Name: 'prefix', Value: 'in/' },
              { Name: 'suffix', Value: '.txt' },
            ],
          },
        },
      },
    ],
  });
  const kept = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  expect(kept.LambdaFunctionConfigurations?.[0]).toEqual({
    Id: 'uploads',
    LambdaFunctionArn: target,
    Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'],
    Filter: {
      Key: {
        FilterRules: [
          { Name: 'Prefix', Value: 'in/' },
          { Name: 'Suffix', Value: '.txt' },
        ],
      },
    },
  });
  const told: { Records: { eventName: string; s3: { object: Record<string, unknown> } }[] }[] = [];
  const all = new Promise<void>((resolve) => {
    cloud.cloud.events.subscribe((event) => {
      const text = event.type === 'log' ? /EVENT (\{.*\})/.exec(event.message)?.[1] : undefined;
      if (text === undefined) return;
      told.push(JSON.parse(text));
      if (told.length === 2) resolve();
    });
  });
  await s3.send(new PutObjectCommand({ Bucket, Key: 'in/picture.png', Body: 'x' }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'in/a b.txt', Body: 'hello' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'in/a b.txt' }));
  await all;
  const records = told.flatMap((one) => one.Records).sort((a, b) => (a.eventName < b.eventName ? -1 : 1));
  expect(records).toEqual([
    expect.objectContaining({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventName: 'ObjectCreated:Put',
      s3: expect.objectContaining({
        s3SchemaVersion: '1.0',
        configurationId: 'uploads',
        bucket: expect.objectContaining({ name: Bucket, arn: `arn:aws:s3:::${Bucket}` }),
        object: {
          key: 'in/a+b.txt',
          size: 5,
          eTag: '5d41402abc4b2a76b9719d911017c592',
          sequencer: expect.stringMatching(/^[0-9A-F]+$/),
        },
      }),
    }),
    expect.objectContaining({ eventName: 'ObjectRemoved:Delete' }),
  ]);
});

test('what cannot be delivered is refused', async () => {
  const lambda = (more: object) => ({
    LambdaFunctionConfigurations: [{ LambdaFunctionArn: target, Events: ['s3:ObjectCreated:*'], ...more }],
  });
  const missing = target.replace('listener', 'nobody');
  expect(await refusal(configure(lambda({ LambdaFunctionArn: missing })))).toMatchObject({
    Code: 'InvalidArgument',
    message: 'Unable to validate the following destination configurations',
    ArgumentName1: missing,
    ArgumentValue1: 'The destination Lambda does not exist',
  });
  await configure(lambda({ LambdaFunctionArn: missing }), { SkipDestinationValidation: true });
  expect(
    await refusal(configure(lambda({ Filter: { Key: { FilterRules: [{ Name: 'INVALID', Value: 'x' }] } } }))),
  ).toMatchObject({
    Code: 'InvalidArgument',
    message: 'filter rule name must be either prefix or suffix',
    ArgumentName: 'FilterRule.Name',
    ArgumentValue: 'INVALID',
  });
  expect(
    await refusal(
      configure({ QueueConfigurations: [{ QueueArn: 'invalid-queue', Events: ['s3:ObjectCreated:*'] }] }),
    ),
  ).toMatchObject({ message: 'The ARN could not be parsed', ArgumentName: 'Queue' });
  expect(
    await refusal(
      configure({
        QueueConfigurations: [
          { QueueArn: 'arn:aws:sqs:us-east-1:000000000000:q', Events: ['s3:ObjectCreated:*'] },
        ],
      }),
    ),
  ).toMatchObject({ Code: 'NotImplemented', status: 501 });
  await configure({});
  const kept = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  expect(kept.LambdaFunctionConfigurations).toBeUndefined();
});

test("the function's policy must let the bucket in", async () => {
  const lambda = { LambdaFunctionArn: target, Events: ['s3:ObjectCreated:*' as const] };
  const closed = { FunctionName: 'listener', StatementId: 'bucket' };
  await cloud.client(LambdaClient).send(new RemovePermissionCommand(closed));
  await permit('arn:aws:s3:::another');
  expect(await refusal(configure({ LambdaFunctionConfigurations: [lambda] }))).toMatchObject({
    Code: 'InvalidArgument',
    ArgumentName1: target,
    ArgumentValue1: `Not authorized to invoke function [${target}]`,
  });
});
