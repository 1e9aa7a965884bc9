import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { startCloud, type TestCloud } from '../../src/testing';
import {
  ACCOUNT,
  as,
  assume,
  document,
  newRole,
  refusal,
  type Statement,
  trust,
  WHOLE_ACCOUNT,
} from './callers';

let cloud: TestCloud;
let admin: IAMClient;
beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  admin = cloud.client(IAMClient);
});
afterAll(() => cloud.stop());

let count = 0;
async function trusting(...statements: Statement[]) {
  const { Role } = await admin.send(
    new CreateRoleCommand({
      RoleName: `target-${++count}`,
      Path: '/team/',
      AssumeRolePolicyDocument: trust(...statements),
    }),
  );
  return Role?.Arn ?? '';
}

const assumed = (RoleArn: string, more: object = {}) =>
  new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', ...more });

describe('AssumeRole', () => {
  test('a trust policy that names the account leaves it to the caller', async () => {
    const [target, other] = [await trusting(WHOLE_ACCOUNT), await trusting(WHOLE_ACCOUNT)];
    const caller = cloud.client(STSClient, await as(cloud, { Action: 'sts:AssumeRole', Resource: target }));
    expect(await refusal(caller.send(assumed(target)))).toBeUndefined();
    expect(await refusal(caller.send(assumed(other)))).toBe(
      `403 AccessDenied: not authorized to perform: sts:AssumeRole on resource: ${other} because no identity-based policy allows the sts:AssumeRole action`,
    );
  });

  test('one that names the role suffices; one that names another refuses without a reason', async () => {
    const role = await newRole(cloud);
    const stranger = await newRole(cloud, { Action: 'sts:*' });
    const target = await trusting({ Principal: { AWS: role.arn } });
    const sts = cloud.client(STSClient);
    const named = cloud.client(STSClient, await assume(sts, role.arn));
    expect(await refusal(named.send(assumed(target)))).toBeUndefined();
    const unnamed = cloud.client(STSClient, await assume(sts, stranger.arn));
    const sentence = `403 AccessDenied: not authorized to perform: sts:AssumeRole on resource: ${target}`;
    expect(await refusal(unnamed.send(assumed(target)))).toBe(sentence);
    expect(await refusal(sts.send(assumed(target)))).toBe(sentence);
    const service = await trusting({ Principal: { Service: 'lambda.amazonaws.com' } });
    expect(await refusal(sts.send(assumed(service)))).toContain('AccessDenied');
    const none = `arn:aws:iam::${ACCOUNT}:role/none`;
    expect(await refusal(unnamed.send(assumed(none)))).toContain(`sts:AssumeRole on resource: ${none}`);
  });

  test('across accounts both must allow', async () => {
    const mine = await trusting({ Principal: { AWS: '111111111111' } });
    const nobodys = await trusting(WHOLE_ACCOUNT);
    const credentials = { accessKeyId: '111111111111', secretAccessKey: 'test' };
    const root = cloud.client(STSClient, { credentials });
    expect(await refusal(root.send(assumed(mine)))).toBeUndefined();
    expect(await refusal(root.send(assumed(nobodys)))).toContain(`on resource: ${nobodys}`);
    const iam = cloud.client(IAMClient, { credentials });
    await iam.send(new CreateUserCommand({ UserName: 'guest' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'guest' }));
    const guest = cloud.client(STSClient, {
      credentials: {
        accessKeyId: AccessKey?.AccessKeyId ?? '',
        secretAccessKey: AccessKey?.SecretAccessKey ?? '',
      },
    });
    expect(await refusal(guest.send(assumed(mine)))).toContain('because no identity-based policy allows');
    const PolicyDocument = document({ Action: 'sts:AssumeRole', Resource: mine });
    await iam.send(new PutUserPolicyCommand({ UserName: 'guest', PolicyName: 'own', PolicyDocument }));
    expect(await refusal(guest.send(assumed(mine)))).toBeUndefined();
  });

  test('external id, name of the session, and a denial', async () => {
    const Principal = { AWS: ACCOUNT };
    const Condition = {
      StringEquals: { 'sts:ExternalId': 'shows' },
      StringLike: { 'sts:RoleSessionName': 'deploy-*' },
    };
    const target = await trusting({ Principal, Condition });
    const sts = cloud.client(STSClient);
    const RoleSessionName = 'deploy-1';
    expect(
      await refusal(sts.send(assumed(target, { ExternalId: 'shows', RoleSessionName }))),
    ).toBeUndefined();
    expect(await refusal(sts.send(assumed(target, { ExternalId: 'other', RoleSessionName })))).toContain(
      'AccessDenied',
    );
    expect(await refusal(sts.send(assumed(target, { ExternalId: 'shows' })))).toContain('AccessDenied');
    const denied = await trusting({ Principal }, { Effect: 'Deny', Principal });
    expect(await refusal(sts.send(assumed(denied)))).toContain(
      'with an explicit deny in the role trust policy',
    );
  });

  test('tags must be allowed, and count later', async () => {
    const Tags = [{ Key: 'team', Value: 'box-office' }];
    const Principal = { AWS: ACCOUNT };
    const untagged = await trusting({ Principal });
    const sts = cloud.client(STSClient);
    expect(await refusal(sts.send(assumed(untagged, { Tags })))).toContain(
      `perform: sts:TagSession on resource: ${untagged}`,
    );
    const Condition = { StringEquals: { 'aws:RequestTag/team': 'box-office' } };
    const tagged = await trusting({ Principal, Action: ['sts:AssumeRole', 'sts:TagSession'], Condition });
    expect(await refusal(sts.send(assumed(tagged, { Tags })))).toBeUndefined();
    expect(await refusal(sts.send(assumed(tagged)))).toContain('AccessDenied');
    const byTag = await trusting({
      Principal,
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'box-office' } },
    });
    const role = await newRole(cloud, { Action: 'sts:AssumeRole' });
    const chained = cloud.client(STSClient, await assume(sts, role.arn, { Tags }));
    expect(await refusal(chained.send(assumed(byTag)))).toBeUndefined();
    const plain = cloud.client(STSClient, await assume(sts, role.arn));
    expect(await refusal(plain.send(assumed(byTag)))).toContain('AccessDenied');
  });

  test('everybody may ask who they are', async () => {
    const nobody = await as(cloud, { Effect: 'Deny', Action: '*' });
    const { Arn } = await cloud.client(STSClient, nobody).send(new GetCallerIdentityCommand({}));
    expect(Arn).toContain(':assumed-role/caller-');
  });
});

describe('IAM', () => {
  const IAM = `arn:aws:iam::${ACCOUNT}`;

  test('by ARN with its path; refusals name what the request names', async () => {
    const target = await trusting(WHOLE_ACCOUNT);
    const RoleName = target.split('/').at(-1);
    const client = cloud.client(
      IAMClient,
      await as(cloud, { Action: 'iam:GetRole', Resource: `${IAM}:role/team/*` }),
    );
    expect(await refusal(client.send(new GetRoleCommand({ RoleName })))).toBeUndefined();
    expect(await refusal(client.send(new GetRoleCommand({ RoleName: 'none' })))).toBe(
      '403 AccessDenied: not authorized to perform: iam:GetRole on resource: role none because no identity-based policy allows the iam:GetRole action',
    );
    expect(await refusal(client.send(new ListUsersCommand({})))).toContain(
      `iam:ListUsers on resource: ${IAM}:user/ `,
    );
    const tag = new TagRoleCommand({ RoleName, Tags: [{ Key: 'a', Value: 'b' }] });
    expect(await refusal(client.send(tag))).toContain(`iam:TagRole on resource: ${target} because`);
    const create = new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: document({ Action: '*' }) });
    expect(await refusal(client.send(create))).toContain('iam:CreatePolicy on resource: policy p because');
  });

  test('tags at creation, boundaries and the policy that is attached', async () => {
    const boundary = `${IAM}:policy/limit`;
    const AssumeRolePolicyDocument = trust(WHOLE_ACCOUNT);
    const PolicyDocument = document({ Action: 's3:*' });
    await admin.send(new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument }));
    const client = cloud.client(
      IAMClient,
      await as(
        cloud,
        { Action: 'iam:CreateRole', Condition: { StringEquals: { 'iam:PermissionsBoundary': boundary } } },
        {
          Action: 'iam:AttachRolePolicy',
          Condition: { ArnLike: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/*' } },
        },
      ),
    );
    const create = (RoleName: string, more: object) =>
      refusal(client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, ...more })));
    expect(await create('limited', { PermissionsBoundary: boundary })).toBeUndefined();
    expect(await create('free', {})).toContain(`iam:CreateRole on resource: ${IAM}:role/free because`);
    const Tags = [{ Key: 'a', Value: 'b' }];
    expect(await create('tagged', { PermissionsBoundary: boundary, Tags })).toContain('iam:TagRole');
    const attach = (PolicyArn: string) =>
      refusal(client.send(new AttachRolePolicyCommand({ RoleName: 'limited', PolicyArn })));
    expect(await attach('arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess')).toBeUndefined();
    expect(await attach(boundary)).toContain('iam:AttachRolePolicy on resource: role limited because');
  });

  test('a role is handed over only where that is allowed, to that service', async () => {
    const target = await trusting({ Principal: { Service: 'ec2.amazonaws.com' } });
    const RoleName = target.split('/').at(-1);
    const add = async (InstanceProfileName: string, ...statements: Statement[]) => {
      await admin.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
      const client = cloud.client(
        IAMClient,
        await as(cloud, { Action: 'iam:AddRoleToInstanceProfile' }, ...statements),
      );
      return refusal(client.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName })));
    };
    const pass = (service: string) => ({
      Action: 'iam:PassRole',
      Resource: target,
      Condition: { StringEquals: { 'iam:PassedToService': service } },
    });
    expect(await add('first', pass('lambda.amazonaws.com'))).toContain(
      `iam:PassRole on resource: ${target} because no identity-based policy allows the iam:PassRole action`,
    );
    expect(await add('second', pass('ec2.amazonaws.com'))).toBeUndefined();
  });

  test('users are meant where they name nobody', async () => {
    await admin.send(new CreateUserCommand({ UserName: 'ada' }));
    const { AccessKey } = await admin.send(new CreateAccessKeyCommand({ UserName: 'ada' }));
    const PolicyDocument = document({ Action: 'iam:GetUser', Resource: `${IAM}:user/\${aws:username}` });
    await admin.send(new PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'own', PolicyDocument }));
    const ada = cloud.client(IAMClient, {
      credentials: {
        accessKeyId: AccessKey?.AccessKeyId ?? '',
        secretAccessKey: AccessKey?.SecretAccessKey ?? '',
      },
    });
    expect((await ada.send(new GetUserCommand({}))).User?.UserName).toBe('ada');
    expect(await refusal(ada.send(new ListAccessKeysCommand({})))).toContain(
      'iam:ListAccessKeys on resource: user ada because',
    );
  });
});
