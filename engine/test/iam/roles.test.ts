import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { startCloud, type TestCloud } from '../../src/testing';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const document = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/*' }],
});
const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

let cloud: TestCloud;
let iam: IAMClient;

beforeAll(async () => {
  cloud = await startCloud();
  iam = cloud.client(IAMClient);
});

afterAll(() => cloud.stop());

test('a role is made, told and listed with the shapes of AWS', async () => {
  const made = await iam.send(
    new CreateRoleCommand({ RoleName: 'worker', Path: '/team/', AssumeRolePolicyDocument: trust }),
  );
  expect(made.Role).toEqual({
    Path: '/team/',
    RoleName: 'worker',
    RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
    Arn: 'arn:aws:iam::000000000000:role/team/worker',
    CreateDate: expect.any(Date),
    AssumeRolePolicyDocument: expect.any(String),
  });
  expect(decodeURIComponent(made.Role?.AssumeRolePolicyDocument ?? '')).toBe(trust);
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'worker' }));
  expect(Role).toEqual({ ...made.Role, MaxSessionDuration: 3600, RoleLastUsed: {} });
  const { Roles, IsTruncated } = await iam.send(new ListRolesCommand({ PathPrefix: '/team/' }));
  expect(IsTruncated).toBe(false);
  expect(Roles).toEqual([{ ...made.Role, MaxSessionDuration: 3600 }]);
});

test.each([
  ['a broken document', '{"a"', 'This policy contains invalid Json'],
  [
    'a resource',
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole', Resource: '*' }],
    }),
    'Has prohibited field Resource',
  ],
  ['an unknown member', JSON.stringify({ Statement: [], Effect: 'Allow' }), 'Syntax errors in policy.'],
])('a trust policy with %s is refused', async (_name, AssumeRolePolicyDocument, message) => {
  await expect(
    iam.send(new CreateRoleCommand({ RoleName: 'bad', AssumeRolePolicyDocument })),
  ).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message });
});

test('a role is deleted only when nothing hangs on it', async () => {
  await iam.send(new CreateRoleCommand({ RoleName: 'Held', AssumeRolePolicyDocument: trust }));
  await expect(
    iam.send(new CreateRoleCommand({ RoleName: 'held', AssumeRolePolicyDocument: trust })),
  ).rejects.toMatchObject({
    name: 'EntityAlreadyExistsException',
    message: 'Role with name held already exists.',
  });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'Held', PolicyName: 'p', PolicyDocument: document }));
  const told = await iam.send(new GetRolePolicyCommand({ RoleName: 'Held', PolicyName: 'p' }));
  expect(decodeURIComponent(told.PolicyDocument ?? '')).toBe(document);
  await expect(iam.send(new DeleteRoleCommand({ RoleName: 'Held' }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: 'Cannot delete entity, must delete policies first.',
  });
});

test('managed policies are attached, listed and detached', async () => {
  await iam.send(new CreateRoleCommand({ RoleName: 'attached', AssumeRolePolicyDocument: trust }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'attached', PolicyArn: basic }));
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'attached' }));
  expect(AttachedPolicies).toEqual([{ PolicyName: 'AWSLambdaBasicExecutionRole', PolicyArn: basic }]);
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn: basic, VersionId: 'v1' }),
  );
  expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toContain('logs:PutLogEvents');
  for (const PolicyArn of ['nonsense-without-an-arn', 'AWSLambdaBasicExecutionRole']) {
    await expect(
      iam.send(new AttachRolePolicyCommand({ RoleName: 'attached', PolicyArn })),
    ).rejects.toMatchObject({ name: 'ValidationError', message: 'Invalid ARN:  Could not be parsed!' });
  }
  const missing = 'arn:aws:iam::000000000000:policy/none';
  await expect(
    iam.send(new AttachRolePolicyCommand({ RoleName: 'attached', PolicyArn: missing })),
  ).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: `Policy ${missing} does not exist or is not attachable.`,
  });
  await iam.send(new DetachRolePolicyCommand({ RoleName: 'attached', PolicyArn: basic }));
  await iam.send(new DeleteRoleCommand({ RoleName: 'attached' }));
  await expect(iam.send(new GetRoleCommand({ RoleName: 'attached' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'The role with name attached cannot be found.',
  });
});

test('lists go on at their marker', async () => {
  for (const n of [1, 2, 3]) {
    await iam.send(
      new CreateRoleCommand({ RoleName: `page-${n}`, Path: '/pages/', AssumeRolePolicyDocument: trust }),
    );
  }
  const first = await iam.send(new ListRolesCommand({ PathPrefix: '/pages/', MaxItems: 2 }));
  expect(first.IsTruncated).toBe(true);
  const rest = await iam.send(new ListRolesCommand({ PathPrefix: '/pages/', Marker: first.Marker }));
  expect([...(first.Roles ?? []), ...(rest.Roles ?? [])].map((role) => role.RoleName)).toEqual([
    'page-1',
    'page-2',
    'page-3',
  ]);
  expect(rest.IsTruncated).toBe(false);
});
