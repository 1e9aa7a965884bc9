import { CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let sts: STSClient;
let iam: IAMClient;

beforeAll(async () => {
  cloud = await startCloud();
  sts = cloud.client(STSClient);
  iam = cloud.client(IAMClient);
});

afterAll(() => cloud.stop());

const RoleArn = 'arn:aws:iam::000000000000:role/worker';

test('whoever assumes a role is its session', async () => {
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: 'worker',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' }],
      }),
    }),
  );
  const { AssumedRoleUser, Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' }),
  );
  expect(AssumedRoleUser).toEqual({
    Arn: 'arn:aws:sts::000000000000:assumed-role/worker/me',
    AssumedRoleId: `${Role?.RoleId}:me`,
  });
  const session = cloud.client(STSClient, {
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
  expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '000000000000',
    Arn: AssumedRoleUser?.Arn,
    UserId: AssumedRoleUser?.AssumedRoleId,
  });
});

test('a role that is not there, and a session longer than the role allows, are refused', async () => {
  const none = 'arn:aws:iam::000000000000:role/none';
  await expect(
    sts.send(new AssumeRoleCommand({ RoleArn: none, RoleSessionName: 'me' })),
  ).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining(`is not authorized to perform: sts:AssumeRole on resource: ${none}`),
  });
  await expect(
    sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', DurationSeconds: 7200 })),
  ).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  });
});

test('an access key acts as its user', async () => {
  await iam.send(new CreateUserCommand({ UserName: 'ann' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
  const ann = cloud.client(STSClient, {
    credentials: {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    },
  });
  expect((await ann.send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:iam::000000000000:user/ann');
  const info = await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId: AccessKey?.AccessKeyId }));
  expect(info.Account).toBe('000000000000');
});
