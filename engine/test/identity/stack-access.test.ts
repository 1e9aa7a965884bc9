import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { startCloud, type TestCloud } from '../../src/testing';

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
});
afterAll(() => cloud.stop());

const stackArn = (rest: string) => `arn:aws:cloudformation:us-east-1:000000000000:stack/${rest}`;
const document = (all: object[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: all.map((one) => ({ Effect: 'Allow', Resource: '*', ...one })),
  });

let count = 0;
/** A role that its account, or a service, may assume. */
async function newRole(Principal: object, ...statements: object[]) {
  const iam = cloud.client(IAMClient);
  const RoleName = `role-${++count}`;
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
  });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: document(statements) }),
  );
  return Role?.Arn ?? '';
}

async function as(...statements: object[]) {
  const RoleArn = await newRole({ AWS: '000000000000' }, ...statements);
  const { Credentials } = await cloud
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }));
  return cloud.client(CloudFormationClient, {
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
}

async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (failure: Error & { $metadata?: { httpStatusCode?: number } }) => failure,
  );
  return error && `${error.$metadata?.httpStatusCode} ${error.name}: ${error.message}`;
}

const TemplateBody = JSON.stringify({
  Resources: {
    Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: { Ref: 'AWS::StackName' } } },
  },
});
const stack = (StackName: string, RoleARN?: string) =>
  new CreateStackCommand({ StackName, TemplateBody, ...(RoleARN ? { RoleARN } : {}) });

async function failures(StackName: string) {
  const admin = cloud.client(CloudFormationClient);
  const { StackEvents } = await admin.send(new DescribeStackEventsCommand({ StackName }));
  return (StackEvents ?? [])
    .filter(
      ({ ResourceStatus, LogicalResourceId }) =>
        ResourceStatus === 'CREATE_FAILED' && LogicalResourceId === 'Group',
    )
    .map(({ ResourceStatusReason }) => ResourceStatusReason);
}

const statusOf = async (StackName: string) => {
  const { Stacks } = await cloud.client(CloudFormationClient).send(new DescribeStacksCommand({ StackName }));
  return Stacks?.[0]?.StackStatus;
};

describe('stacks by their names', () => {
  test('one that is not there is any of its name, one that is there is itself', async () => {
    const client = await as({ Action: 'cloudformation:CreateStack', Resource: stackArn('mine-*/*') });
    const describeStack = (StackName: string) => client.send(new DescribeStacksCommand({ StackName }));
    expect(await refusal(describeStack('gone'))).toMatch(
      new RegExp(
        `^403 AccessDenied: User: \\S+ is not authorized to perform: cloudformation:DescribeStacks on resource: ${stackArn('gone/').replaceAll('/', '\\/')}\\* because no identity-based policy allows the cloudformation:DescribeStacks action$`,
      ),
    );
    expect(await refusal(client.send(stack('other')))).toContain(`on resource: ${stackArn('other/*')}`);
    await cloud.client(CloudFormationClient).send(stack('there'));
    expect(await refusal(describeStack('there'))).toMatch(/stack\/there\/[0-9a-f-]{36} because/);
    expect(await refusal(client.send(new ListStacksCommand({})))).toContain(
      `on resource: ${stackArn('*/*')}`,
    );
  });

  test('what the template is read from, and the name of a change set', async () => {
    const url = 'https://templates.s3.us-east-1.amazonaws.com/t.json';
    const client = await as({
      Action: 'cloudformation:CreateChangeSet',
      Condition: {
        StringEquals: { 'cloudformation:ChangeSetName': 'good' },
        Null: { 'cloudformation:TemplateUrl': 'true' },
      },
    });
    const set = (ChangeSetName: string, more: object) =>
      client.send(
        new CreateChangeSetCommand({ StackName: 'sets', ChangeSetName, ChangeSetType: 'CREATE', ...more }),
      );
    expect(await refusal(set('bad', { TemplateBody }))).toContain('cloudformation:CreateChangeSet');
    expect(await refusal(set('good', { TemplateURL: url }))).toContain('cloudformation:CreateChangeSet');
    expect(await refusal(set('good', { TemplateBody }))).toBeUndefined();
  });
});

describe('who makes the resources', () => {
  test('the caller, whose stack fails where it may not', async () => {
    const client = await as({ Action: 'cloudformation:*' });
    await client.send(stack('limited'));
    expect(await statusOf('limited')).toBe('ROLLBACK_COMPLETE');
    const [reason] = await failures('limited');
    expect(reason).toMatch(
      /^Resource handler returned message: "User: arn:aws:sts::000000000000:assumed-role\/role-\d+\/session is not authorized to perform: logs:CreateLogGroup on resource: .* because no identity-based policy allows the logs:CreateLogGroup action \(Service: CloudWatchLogs, Status Code: 400, Request ID: .*HandlerErrorCode: AccessDenied\)$/,
    );
  });

  test('the caller, by way of CloudFormation', async () => {
    const client = await as(
      { Action: 'cloudformation:*' },
      {
        Action: 'logs:*',
        Condition: {
          'ForAnyValue:StringEquals': { 'aws:CalledVia': 'cloudformation.amazonaws.com' },
          Bool: { 'aws:ViaAWSService': 'true' },
        },
      },
    );
    await client.send(stack('via'));
    expect(await statusOf('via')).toBe('CREATE_COMPLETE');
  });

  test('the role that was handed in, which the caller must be allowed to pass', async () => {
    const role = await newRole({ Service: 'cloudformation.amazonaws.com' }, { Action: 'logs:*' });
    const unable = await as({ Action: 'cloudformation:*' });
    expect(await refusal(unable.send(stack('passed', role)))).toContain(
      `is not authorized to perform: iam:PassRole on resource: ${role} because`,
    );
    const PassedToService = (service: string) => ({
      Action: 'iam:PassRole',
      Resource: role,
      Condition: { StringEquals: { 'iam:PassedToService': service } },
    });
    const wrong = await as({ Action: 'cloudformation:*' }, PassedToService('lambda.amazonaws.com'));
    expect(await refusal(wrong.send(stack('passed', role)))).toContain('iam:PassRole');
    const able = await as({ Action: 'cloudformation:*' }, PassedToService('cloudformation.amazonaws.com'));
    await able.send(stack('passed', role));
    expect(await statusOf('passed')).toBe('CREATE_COMPLETE');
  });

  test('and nobody else: a role that may not is refused by its own name', async () => {
    const role = await newRole({ Service: 'cloudformation.amazonaws.com' }, { Action: 's3:*' });
    await cloud.client(CloudFormationClient).send(stack('weak', role));
    expect(await statusOf('weak')).toBe('ROLLBACK_COMPLETE');
    const [reason] = await failures('weak');
    expect(reason).toContain(
      `${role.replace('iam', 'sts').replace(':role/', ':assumed-role/')}/AWSCloudFormation is not authorized to perform: logs:CreateLogGroup`,
    );
  });
});
