import {
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateServiceLinkedRoleCommand,
  CreateUserCommand,
  DeleteServiceLinkedRoleCommand,
  DeleteUserCommand,
  GetGroupCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListGroupsForUserCommand,
  TagUserCommand,
  UpdateAccessKeyCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let iam: IAMClient;

beforeAll(async () => {
  cloud = await startCloud();
  iam = cloud.client(IAMClient);
});

afterAll(() => cloud.stop());

test('a user keeps its keys and groups when renamed', async () => {
  await iam.send(new CreateUserCommand({ UserName: 'bob', Tags: [{ Key: 'team', Value: 'a' }] }));
  await iam.send(new CreateGroupCommand({ GroupName: 'staff' }));
  await iam.send(new AddUserToGroupCommand({ GroupName: 'staff', UserName: 'bob' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'bob' }));
  await iam.send(new UpdateUserCommand({ UserName: 'bob', NewUserName: 'robert', NewPath: '/x/' }));
  const { User } = await iam.send(new GetUserCommand({ UserName: 'robert' }));
  expect(User).toMatchObject({
    Arn: 'arn:aws:iam::000000000000:user/x/robert',
    Tags: [{ Key: 'team', Value: 'a' }],
  });
  const { Groups } = await iam.send(new ListGroupsForUserCommand({ UserName: 'robert' }));
  expect(Groups?.map(({ GroupName }) => GroupName)).toEqual(['staff']);
  const { Users } = await iam.send(new GetGroupCommand({ GroupName: 'staff' }));
  expect(Users?.map(({ UserName }) => UserName)).toEqual(['robert']);
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'robert' }));
  expect(AccessKeyMetadata).toMatchObject([{ AccessKeyId: AccessKey?.AccessKeyId, Status: 'Active' }]);
  await expect(iam.send(new DeleteUserCommand({ UserName: 'robert' }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: 'Cannot delete entity, must delete access keys first.',
  });
  const client = cloud.client(STSClient, {
    credentials: {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    },
  });
  expect((await client.send(new GetCallerIdentityCommand({}))).Arn).toBe(User?.Arn);
  await iam.send(new UpdateAccessKeyCommand({ AccessKeyId: AccessKey?.AccessKeyId, Status: 'Inactive' }));
  await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  });
});

test('a third key and a tag of AWS are refused', async () => {
  await iam.send(new CreateUserCommand({ UserName: 'carl' }));
  const key = () => iam.send(new CreateAccessKeyCommand({ UserName: 'carl' }));
  await key();
  await key();
  await expect(key()).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for AccessKeysPerUser: 2',
  });
  await expect(
    iam.send(new TagUserCommand({ UserName: 'carl', Tags: [{ Key: 'aws:x', Value: '' }] })),
  ).rejects.toMatchObject({ name: 'InvalidInputException' });
});

test('a service-linked role is made once, for its service', async () => {
  const make = (more = {}) =>
    iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'rds.amazonaws.com', ...more }));
  const { Role } = await make();
  expect(Role).toMatchObject({
    RoleName: 'AWSServiceRoleForRDS',
    Path: '/aws-service-role/rds.amazonaws.com/',
  });
  await expect(make()).rejects.toMatchObject({
    name: 'InvalidInputException',
    message:
      'Service role name AWSServiceRoleForRDS has been taken in this account, please try a different suffix.',
  });
  await expect(make({ CustomSuffix: 'x' })).rejects.toMatchObject({
    name: 'InvalidInputException',
    message: 'Custom suffix is not allowed for rds.amazonaws.com',
  });
  const { DeletionTaskId } = await iam.send(
    new DeleteServiceLinkedRoleCommand({ RoleName: 'AWSServiceRoleForRDS' }),
  );
  expect(DeletionTaskId).toMatch(/^task\/aws-service-role\/rds\.amazonaws\.com\/AWSServiceRoleForRDS\//);
  expect((await make()).Role?.RoleName).toBe('AWSServiceRoleForRDS');
});
