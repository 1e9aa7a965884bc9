import {
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { startCloud, type TestCloud } from '../../src/testing';
import { assume, document, newRole, refusal, trust } from '../identity/callers';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html

let cloud: TestCloud;
let iam: IAMClient;
beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  iam = cloud.client(IAMClient);
});
afterAll(() => cloud.stop());

const ARN = 'arn:aws:iam::000000000000';
let count = 0;
const create = (AssumeRolePolicyDocument: string, RoleName = `role-${++count}`) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
const malformed = (sentence: string) => `400 MalformedPolicyDocumentException: ${sentence}`;

test.each([
  [
    'a role that is not there',
    { AWS: `${ARN}:role/none` },
    `Invalid principal in policy: "AWS":"${ARN}:role/none"`,
  ],
  [
    'a user that is not there',
    { AWS: `${ARN}:user/none` },
    `Invalid principal in policy: "AWS":"${ARN}:user/none"`,
  ],
  ['all roles', { AWS: `${ARN}:role/*` }, `Invalid principal in policy: "AWS":"${ARN}:role/*"`],
  ['a group', { AWS: `${ARN}:group/all` }, `Invalid principal in policy: "AWS":"${ARN}:group/all"`],
  [
    'a session of a role that is not there',
    { AWS: 'arn:aws:sts::000000000000:assumed-role/none/me' },
    'Invalid principal in policy: "AWS":"arn:aws:sts::000000000000:assumed-role/none/me"',
  ],
  ['no service', { Service: 'lambda' }, 'Invalid principal in policy: "SERVICE":"lambda"'],
  [
    'no identity provider',
    { Federated: `${ARN}:role/x` },
    'Federated principals must be valid domain names or SAML metadata ARNs',
  ],
])('%s cannot be trusted', async (_name, Principal, sentence) => {
  expect(await refusal(create(trust({ Principal })))).toBe(malformed(sentence));
});

test.each([
  'sts:*',
  'sts:Assume*',
  'sts:assumerole',
  'sts:TagSession',
  'sts:SetSourceIdentity',
  'sts:Assume???e',
])('%s may be let in', async (Action) => {
  expect(await refusal(create(trust({ Principal: { AWS: '*' }, Action })))).toBeUndefined();
});

test.each(['s3:GetObject', 'sts:GetFederationToken', 'sts:AssumeRoleX', '*', 'sts:*X'])(
  '%s may not',
  async (Action) => {
    expect(await refusal(create(trust({ Principal: { AWS: '*' }, Action })))).toBe(
      malformed('AssumeRole policy may only specify STS AssumeRole actions.'),
    );
  },
);

test('other accounts, identity providers and those who are there can be', async () => {
  const { arn, name } = await newRole(cloud);
  const Principal = {
    AWS: [
      arn,
      '111111111111',
      'arn:aws:iam::111111111111:role/deploys',
      `arn:aws:sts::000000000000:assumed-role/${name}/me`,
    ],
    Federated: ['cognito-identity.amazonaws.com', `${ARN}:oidc-provider/example.com/id/1`],
  };
  expect(await refusal(create(trust({ Principal })))).toBeUndefined();
});

test('who is deleted is not trusted when somebody of the name is made anew', async () => {
  const friend = await newRole(cloud, { Action: 'sts:*' });
  const trusting = trust({ Principal: { AWS: friend.arn } });
  const { Role } = await create(trusting, 'trusts');
  const RoleArn = Role?.Arn ?? '';
  const enter = async () => {
    const session = await assume(cloud.client(STSClient), friend.arn);
    return refusal(
      cloud.client(STSClient, session).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' })),
    );
  };
  expect(await enter()).toBeUndefined();
  const { Role: before } = await iam.send(new GetRoleCommand({ RoleName: friend.name }));
  await iam.send(new DeleteRolePolicyCommand({ RoleName: friend.name, PolicyName: 'own' }));
  await iam.send(new DeleteRoleCommand({ RoleName: friend.name }));
  const { Role: left } = await iam.send(new GetRoleCommand({ RoleName: 'trusts' }));
  expect(decodeURIComponent(left?.AssumeRolePolicyDocument ?? '')).toContain(`"AWS":"${before?.RoleId}"`);
  await create(trust({ Principal: { AWS: '000000000000' } }), friend.name);
  const PolicyDocument = document({ Action: 'sts:*' });
  await iam.send(new PutRolePolicyCommand({ RoleName: friend.name, PolicyName: 'own', PolicyDocument }));
  expect(await enter()).toContain('403 AccessDenied');
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'trusts', PolicyDocument: trusting }));
  expect(await enter()).toBeUndefined();
  const { User } = await iam.send(new CreateUserCommand({ UserName: 'ada' }));
  const toUser = trust({ Principal: { AWS: User?.Arn } });
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'trusts', PolicyDocument: toUser }));
  await iam.send(new DeleteUserCommand({ UserName: 'ada' }));
  const { Role: last } = await iam.send(new GetRoleCommand({ RoleName: 'trusts' }));
  expect(decodeURIComponent(last?.AssumeRolePolicyDocument ?? '')).toContain(`"AWS":"${User?.UserId}"`);
});

test('a trust policy has 2048 characters, without white space', async () => {
  const ids = Array.from({ length: 200 }, (_, i) => String(100_000_000_000 + i));
  expect(await refusal(create(trust({ Principal: { AWS: ids } })))).toBe(
    '409 LimitExceededException: Cannot exceed quota for ACLSizePerRole: 2048',
  );
});
