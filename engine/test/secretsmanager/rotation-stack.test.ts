import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  ReplicateSecretToRegionsCommand,
  SecretsManagerClient,
  ValidateResourcePolicyCommand,
} from '@aws-sdk/client-secrets-manager';
import { startCloud, type TestCloud } from '../../src/testing';
import { as, refusal } from '../identity/callers';
import { logged, newRotator, seen } from './rotator';

let cloud: TestCloud;
let rotator: string;
let secrets: SecretsManagerClient;
let cloudformation: CloudFormationClient;
beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  secrets = cloud.client(SecretsManagerClient);
  cloudformation = cloud.client(CloudFormationClient);
  rotator = await newRotator(cloud, { name: 'rotator' });
});
afterAll(() => cloud.stop());

const secret = (Name: string) => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: { Name, GenerateSecretString: { PasswordLength: 20 } },
});

const schedule = (properties: object) => ({
  Type: 'AWS::SecretsManager::RotationSchedule',
  Properties: { SecretId: { Ref: 'Secret' }, ...properties },
});

const allow = (principal: string) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: principal, Action: 'secretsmanager:GetSecretValue', Resource: '*' },
  ],
});

async function create(StackName: string, Resources: object, client = cloudformation) {
  await client.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources }) }));
  await waitUntilStackCreateComplete(
    { client: cloudformation, minDelay: 1, maxDelay: 1, maxWaitTime: 20 },
    { StackName },
  );
}

async function failure(StackName: string): Promise<string | undefined> {
  const { StackEvents } = await cloudformation.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents?.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason;
}

test('a stack schedules a rotation, and ends it', async () => {
  const finished = seen(cloud, logged('step finishSecret'));
  const denied = { ...allow('*'), Statement: [{ ...allow('*').Statement[0], Effect: 'Deny' }] };
  await create('rotating', {
    Secret: { ...secret('of-a-stack'), DeletionPolicy: 'Retain' },
    Schedule: schedule({
      RotationLambdaARN: rotator,
      RotationRules: { ScheduleExpression: 'cron(0 16 1,15 * ? *)', Duration: '2h' },
    }),
    Policy: {
      Type: 'AWS::SecretsManager::ResourcePolicy',
      Properties: { SecretId: { Ref: 'Secret' }, ResourcePolicy: denied, BlockPublicPolicy: true },
    },
  });
  await finished;
  const describe = () => secrets.send(new DescribeSecretCommand({ SecretId: 'of-a-stack' }));
  const told = await describe();
  expect(told).toMatchObject({ RotationEnabled: true, RotationRules: { Duration: '2h' } });
  expect(told.NextRotationDate?.toISOString()).toMatch(/-(01|15)T17:59:59/);
  const { ResourcePolicy } = await secrets.send(new GetResourcePolicyCommand({ SecretId: 'of-a-stack' }));
  expect(JSON.parse(ResourcePolicy ?? '')).toEqual(denied);
  const StackName = 'rotating';
  await cloudformation.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete(
    { client: cloudformation, minDelay: 1, maxDelay: 1, maxWaitTime: 20 },
    { StackName },
  );
  expect(await describe()).toMatchObject({ RotationEnabled: false });
});

test('the macro that makes functions is refused by name', async () => {
  const Resources = {
    Secret: secret('hosted'),
    Schedule: schedule({ HostedRotationLambda: { RotationType: 'PostgreSQLSingleUser' } }),
  };
  await expect(create('hosted', Resources)).rejects.toThrow();
  expect(await failure('hosted')).toContain('HostedRotationLambda');
});

test('whoever schedules a rotation may invoke its function', async () => {
  const all = ['cloudformation:*', 'secretsmanager:*', 'kms:*'].map((Action) => ({ Action }));
  const client = cloud.client(CloudFormationClient, await as(cloud, ...all));
  const Resources = { Secret: secret('refused'), Schedule: schedule({ RotationLambdaARN: rotator }) };
  await expect(create('refused', Resources, client)).rejects.toThrow();
  expect(await failure('refused')).toContain(
    `not authorized to perform: lambda:InvokeFunction on resource: ${rotator}`,
  );
});

test('policies that are open to everybody, and what there is not', async () => {
  await create('open', { Secret: secret('open') });
  const SecretId = 'open';
  const ResourcePolicy = JSON.stringify(allow('*'));
  const put = new PutResourcePolicyCommand({ SecretId, ResourcePolicy, BlockPublicPolicy: true });
  expect(await refusal(secrets.send(put))).toContain('400 PublicPolicyException');
  const validate = (policy: string) =>
    secrets.send(new ValidateResourcePolicyCommand({ SecretId, ResourcePolicy: policy }));
  expect(await validate(ResourcePolicy)).toMatchObject({ PolicyValidationPassed: false });
  const closed = { ...allow('*'), Statement: [{ ...allow('*').Statement[0], Effect: 'Deny' }] };
  expect(await validate(JSON.stringify(closed))).toMatchObject({ PolicyValidationPassed: true });
  const replicate = new ReplicateSecretToRegionsCommand({
    SecretId,
    AddReplicaRegions: [{ Region: 'eu-west-1' }],
  });
  expect(await refusal(secrets.send(replicate))).toContain('501');
});
