import { randomUUID } from 'node:crypto';
import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { startCloud, type TestCloud } from '../../src/testing';
import { letIn, logged, newRotator, SAYING, seen, warned } from './rotator';

let cloud: TestCloud;
let secrets: SecretsManagerClient;
let rotator: string;

beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  secrets = cloud.client(SecretsManagerClient);
  rotator = await newRotator(cloud, { name: 'rotator' });
});

afterAll(() => cloud.stop());

const CLOSED =
  'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.';

async function newSecret(Name: string) {
  const { ARN = '', VersionId = '' } = await secrets.send(
    new CreateSecretCommand({ Name, SecretString: 'first' }),
  );
  return { arn: ARN, first: VersionId };
}

const rotate = (SecretId: string, more: Partial<RotateSecretCommand['input']> = {}) =>
  secrets.send(new RotateSecretCommand({ SecretId, RotationLambdaARN: rotator, ...more }));

const stagesOf = async (SecretId: string) =>
  (await secrets.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages;

test('a rotation runs the four steps of its function', async () => {
  const { first } = await newSecret('turning');
  const finished = seen(cloud, logged('step finishSecret'));
  const { VersionId = '' } = await rotate('turning', { RotationRules: { AutomaticallyAfterDays: 30 } });
  await finished;
  const value = await secrets.send(new GetSecretValueCommand({ SecretId: 'turning' }));
  expect(value).toMatchObject({ SecretString: expect.stringMatching(/^rotated-\w{32}$/), VersionId });
  const told = await secrets.send(new DescribeSecretCommand({ SecretId: 'turning' }));
  expect(told).toMatchObject({
    RotationEnabled: true,
    RotationLambdaARN: rotator,
    RotationRules: { AutomaticallyAfterDays: 30 },
    VersionIdsToStages: { [first]: ['AWSPREVIOUS'], [VersionId]: ['AWSCURRENT', 'AWSPENDING'] },
  });
  expect(told.NextRotationDate?.toISOString()).toMatch(/T23:59:59/);
});

test('a function must be there and let Secrets Manager in, for this secret', async () => {
  const { arn, first } = await newSecret('closed');
  const refused = { name: 'AccessDeniedException', message: CLOSED };
  await expect(rotate('closed', { RotationLambdaARN: `${rotator}-not-there` })).rejects.toMatchObject(
    refused,
  );
  const shut = await newRotator(cloud, { name: 'shut', code: SAYING, open: false });
  await expect(rotate('closed', { RotationLambdaARN: shut })).rejects.toMatchObject(refused);
  const other = await newRotator(cloud, { name: 'other', code: SAYING, open: false });
  await letIn(cloud, 'other', `${arn}-another`);
  await expect(rotate('closed', { RotationLambdaARN: other })).rejects.toMatchObject(refused);
  const told = await secrets.send(new DescribeSecretCommand({ SecretId: 'closed' }));
  expect(told).not.toHaveProperty('RotationEnabled');
  expect(told.VersionIdsToStages).toEqual({ [first]: ['AWSCURRENT'] });
  await letIn(cloud, 'shut', arn);
  const asked = seen(cloud, logged('step createSecret'));
  await rotate('closed', { RotationLambdaARN: shut });
  await asked;
});

test('a rotation that fails stays pending, and is taken up again', async () => {
  const lambda = await newRotator(cloud, { name: 'failing', variables: { FAIL_AT: 'testSecret' } });
  const { first } = await newSecret('stuck');
  const failed = seen(cloud, warned('rotation of stuck'));
  const { VersionId = '' } = await rotate('stuck', { RotationLambdaARN: lambda });
  expect(await failed).toBe(`rotation of stuck: testSecret failed in ${lambda}`);
  const pending = { [first]: ['AWSCURRENT'], [VersionId]: ['AWSPENDING'] };
  expect(await stagesOf('stuck')).toEqual(pending);
  const again = seen(cloud, warned('rotation of stuck'));
  await expect(rotate('stuck', { ClientRequestToken: randomUUID() })).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: "A previous rotation isn't complete. That rotation will be reattempted.",
  });
  expect(await again).toContain('testSecret failed');
  expect(await stagesOf('stuck')).toEqual(pending);
  const finished = seen(cloud, logged('step finishSecret'));
  await rotate('stuck', { ClientRequestToken: VersionId });
  await finished;
  expect(await stagesOf('stuck')).toMatchObject({ [VersionId]: ['AWSCURRENT', 'AWSPENDING'] });
});

test('one that is not to be at once is only tested', async () => {
  const lambda = await newRotator(cloud, { name: 'tested', code: SAYING });
  const { first } = await newSecret('later');
  const tested = seen(cloud, logged('step '));
  const { VersionId = '' } = await rotate('later', {
    RotationLambdaARN: lambda,
    RotateImmediately: false,
    RotationRules: { ScheduleExpression: 'rate(10 days)', Duration: '3h' },
  });
  expect(await tested).toContain(`step testSecret of ${VersionId}`);
  const told = await secrets.send(new DescribeSecretCommand({ SecretId: 'later' }));
  expect(told.NextRotationDate?.toISOString()).toMatch(/T02:59:59/);
  expect(told.VersionIdsToStages).toEqual({ [first]: ['AWSCURRENT'] });
});

test('a cancelled rotation keeps what it was, and is turned on again', async () => {
  await newSecret('cancelled');
  const cancel = () => secrets.send(new CancelRotateSecretCommand({ SecretId: 'cancelled' }));
  await expect(cancel()).rejects.toMatchObject({ name: 'InvalidRequestException' });
  const finished = seen(cloud, logged('step finishSecret'));
  const { VersionId } = await rotate('cancelled', { RotationRules: { AutomaticallyAfterDays: 1 } });
  await finished;
  expect(await cancel()).toMatchObject({ Name: 'cancelled', VersionId });
  const told = await secrets.send(new DescribeSecretCommand({ SecretId: 'cancelled' }));
  expect(told).toMatchObject({ RotationEnabled: false, RotationLambdaARN: rotator });
  expect(told).not.toHaveProperty('NextRotationDate');
});

test.each([
  [
    { AutomaticallyAfterDays: 3, ScheduleExpression: 'rate(3 days)' },
    'You cannot specify both rotation frequency and schedule expression together.',
  ],
  [{ ScheduleExpression: 'rate(3 hours)' }, 'ScheduleExpression'],
  [{ ScheduleExpression: 'rate(1001 days)' }, 'ScheduleExpression'],
  [{ ScheduleExpression: 'cron(5 10 * * ? *)' }, 'ScheduleExpression'],
  [{ ScheduleExpression: 'cron(0 10 * * * *)' }, 'ScheduleExpression'],
  [{ ScheduleExpression: 'cron(0 0/2 * * ? *)' }, 'ScheduleExpression'],
  [{ ScheduleExpression: 'cron(0 22 * * ? *)', Duration: '3h' }, 'rotation window'],
  [{ ScheduleExpression: 'rate(4 hours)', Duration: '5h' }, 'rotation window'],
  [{ Duration: '3h' }, 'Duration'],
])('rules that are none: %j', async (RotationRules, message) => {
  const SecretId = 'turning';
  await expect(secrets.send(new RotateSecretCommand({ SecretId, RotationRules }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining(message),
  });
});
