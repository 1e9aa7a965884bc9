import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  ListUsersCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type Credentials,
  DecodeAuthorizationMessageCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { ManualClock } from '../../src/kernel';
import { startCloud, type TestCloud } from '../../src/testing';
import { ACCOUNT, assume, document, newRole, refusal, type Sessions, type Statement, trust } from './callers';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html

let cloud: TestCloud;
let iam: IAMClient;
let sts: STSClient;
const clock = new ManualClock(Math.floor(Date.now() / 1000) * 1000);

beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce', clock });
  iam = cloud.client(IAMClient);
  sts = cloud.client(STSClient);
});
afterAll(() => cloud.stop());

const ALL = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
let count = 0;

/** A role that every principal of the account may assume, tag and give a source identity, and that may do the same. */
async function link(more: { trust?: Statement[]; own?: Statement[]; MaxSessionDuration?: number } = {}) {
  const RoleName = `link-${++count}`;
  const statements = more.trust ?? [{ Principal: { AWS: ACCOUNT }, Action: ALL }];
  const { MaxSessionDuration } = more;
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust(...statements), MaxSessionDuration }),
  );
  const PolicyDocument = document({ Action: 'sts:*' }, ...(more.own ?? []));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
  return Role?.Arn ?? '';
}

const keysOf = (found: Credentials | undefined) => ({
  credentials: {
    accessKeyId: found?.AccessKeyId ?? '',
    secretAccessKey: found?.SecretAccessKey ?? '',
    sessionToken: found?.SessionToken ?? '',
  },
});

const role = (RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) =>
  new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', ...more });

async function user(UserName: string, ...statements: Statement[]) {
  await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  if (statements.length > 0) {
    const PolicyDocument = document(...statements);
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
  }
  return {
    credentials: {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    },
  };
}

describe('how long a session lasts', () => {
  test('as the role lets it, and in a chain an hour at most', async () => {
    const long = await link({ MaxSessionDuration: 43_200 });
    const { Credentials } = await sts.send(role(long, { DurationSeconds: 43_200 }));
    expect(Credentials?.Expiration?.getTime()).toBe(clock.millis() + 43_200_000);
    const chained = cloud.client(STSClient, keysOf(Credentials));
    expect(await refusal(chained.send(role(long, { DurationSeconds: 3_601 })))).toBe(
      '400 ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
    const next = await chained.send(role(long));
    expect(next.Credentials?.Expiration?.getTime()).toBe(clock.millis() + 3_600_000);
    const hour = await link();
    expect(await refusal(sts.send(role(hour, { DurationSeconds: 3_601 })))).toBe(
      '400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
    expect(await refusal(sts.send(role(hour, { DurationSeconds: 899 })))).toContain(
      "400 ValidationError: 1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    );
    expect(await refusal(sts.send(role(hour, { RoleSessionName: 'a b' })))).toContain("at 'roleSessionName'");
  });

  test('then every protocol says that it has expired', async () => {
    const keys = await assume(sts, await link({ own: [{ Action: '*' }] }));
    const expired = async () => [
      await refusal(cloud.client(STSClient, keys).send(new GetCallerIdentityCommand({}))),
      await refusal(cloud.client(DynamoDBClient, keys).send(new ListTablesCommand({}))),
      await refusal(cloud.client(LambdaClient, keys).send(new ListFunctionsCommand({}))),
      await refusal(cloud.client(S3Client, keys).send(new ListBucketsCommand({}))),
      await refusal(cloud.client(EC2Client, keys).send(new DescribeVpcsCommand({}))),
    ];
    expect(await expired()).toEqual(Array.from({ length: 5 }, () => undefined));
    clock.advance(3_600_000);
    const sentence = 'The security token included in the request is expired';
    expect(await expired()).toEqual([
      `403 ExpiredToken: ${sentence}`,
      `400 ExpiredTokenException: ${sentence}`,
      `403 ExpiredTokenException: ${sentence}`,
      '400 ExpiredToken: The provided token has expired.',
      expect.stringContaining(sentence),
    ]);
  });
});

describe('what stays along a chain', () => {
  test('transitive tags, which nobody can set anew', async () => {
    const [first, second] = [await link(), await link()];
    const Tags = [
      { Key: 'team', Value: 'box-office' },
      { Key: 'once', Value: 'only' },
    ];
    const one = cloud.client(STSClient, await assume(sts, first, { Tags, TransitiveTagKeys: ['Team'] }));
    const conflict =
      "400 InvalidParameterValue: One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.";
    expect(await refusal(one.send(role(second, { Tags: [{ Key: 'TEAM', Value: 'other' }] })))).toBe(conflict);
    const two = cloud.client(STSClient, await assume(one, second));
    const asks = (key: string, value: string) =>
      link({
        trust: [
          {
            Principal: { AWS: ACCOUNT },
            Action: ALL,
            Condition: { StringEquals: { [`aws:PrincipalTag/${key}`]: value } },
          },
        ],
      });
    expect(await refusal(two.send(role(await asks('team', 'box-office'))))).toBeUndefined();
    expect(await refusal(two.send(role(await asks('once', 'only'))))).toContain('AccessDenied');
    // Every role of the chain must let tags in.
    const closed = await link({ trust: [{ Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }] });
    expect(await refusal(two.send(role(closed)))).toContain(`sts:TagSession on resource: ${closed}`);
    expect(await refusal(sts.send(role(first, { TransitiveTagKeys: ['team'] })))).toContain(
      'The specified transitive tag key must be included in the requested tags.',
    );
  });

  test('also into another account', async () => {
    const there = { credentials: { accessKeyId: '222222222222', secretAccessKey: 'test' } };
    const iamThere = cloud.client(IAMClient, there);
    const { Role } = await iamThere.send(
      new CreateRoleCommand({
        RoleName: 'guest',
        AssumeRolePolicyDocument: trust({ Principal: { AWS: ACCOUNT }, Action: ALL }),
      }),
    );
    const PolicyDocument = document({ Action: 'sts:*' });
    await iamThere.send(new PutRolePolicyCommand({ RoleName: 'guest', PolicyName: 'own', PolicyDocument }));
    const Tags = [{ Key: 'team', Value: 'box-office' }];
    const first = await assume(sts, await link(), {
      Tags,
      TransitiveTagKeys: ['team'],
      SourceIdentity: 'ada',
    });
    const guest = await assume(cloud.client(STSClient, first), Role?.Arn ?? '');
    const back = await link({
      trust: [
        {
          Principal: { AWS: '222222222222' },
          Action: ALL,
          Condition: { StringEquals: { 'aws:PrincipalTag/team': 'box-office', 'aws:SourceIdentity': 'ada' } },
        },
      ],
    });
    expect(await refusal(cloud.client(STSClient, guest).send(role(back)))).toBeUndefined();
    const other = await assume(sts, await link());
    const stranger = await assume(cloud.client(STSClient, other), Role?.Arn ?? '');
    expect(await refusal(cloud.client(STSClient, stranger).send(role(back)))).toContain('AccessDenied');
  });

  test('the source identity, once it is set', async () => {
    const [first, second] = [await link(), await link()];
    const { Credentials, SourceIdentity } = await sts.send(role(first, { SourceIdentity: 'ada' }));
    expect(SourceIdentity).toBe('ada');
    const one = cloud.client(STSClient, keysOf(Credentials));
    expect((await one.send(role(second))).SourceIdentity).toBe('ada');
    expect(await refusal(one.send(role(second, { SourceIdentity: 'bob' })))).toContain(
      `sts:SetSourceIdentity on resource: ${second}`,
    );
    const closed = await link({ trust: [{ Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }] });
    expect(await refusal(one.send(role(closed)))).toContain(`sts:SetSourceIdentity on resource: ${closed}`);
    const only = await link({
      trust: [
        {
          Principal: { AWS: ACCOUNT },
          Action: ALL,
          Condition: { StringLike: { 'sts:SourceIdentity': 'a*' } },
        },
      ],
    });
    expect(await refusal(one.send(role(only)))).toBeUndefined();
    expect(await refusal(sts.send(role(only, { SourceIdentity: 'bob' })))).toContain('AccessDenied');
  });
});

describe('session policies', () => {
  test('inline and managed ones add up, and limit', async () => {
    const arn = await link({ own: [{ Action: ['dynamodb:ListTables', 'lambda:ListFunctions'] }] });
    const Policy = document({ Action: 'dynamodb:*' });
    const PolicyArns = [{ arn: 'arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess' }];
    const limited = await assume(sts, arn, { Policy });
    const list = (keys: Sessions) =>
      refusal(cloud.client(LambdaClient, keys).send(new ListFunctionsCommand({})));
    expect(
      await refusal(cloud.client(DynamoDBClient, limited).send(new ListTablesCommand({}))),
    ).toBeUndefined();
    expect(await list(limited)).toContain('because no session policy allows the lambda:ListFunctions action');
    expect(await list(await assume(sts, arn, { Policy, PolicyArns }))).toBeUndefined();
    expect(await refusal(sts.send(role(arn, { Policy: '{"Version":"2012-10-17"}' })))).toContain(
      'MalformedPolicyDocument',
    );
    const long = document({ Action: Array.from({ length: 200 }, (_, i) => `dynamodb:Action${i}`) });
    expect(await refusal(sts.send(role(arn, { Policy: long })))).toMatch(
      /^400 PackedPolicyTooLargeException: Packed policy consumes \d+% of allotted space, please use smaller policy\.$/,
    );
  });
});

describe('the session and its role', () => {
  test('a deleted role, and another of its name, leave the session with nothing', async () => {
    const { name, arn } = await newRole(cloud, { Action: 'dynamodb:ListTables' });
    const client = cloud.client(DynamoDBClient, await assume(sts, arn));
    expect(await refusal(client.send(new ListTablesCommand({})))).toBeUndefined();
    await iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName: 'own' }));
    await iam.send(new DeleteRoleCommand({ RoleName: name }));
    expect(await refusal(client.send(new ListTablesCommand({})))).toContain('AccessDeniedException');
    const AssumeRolePolicyDocument = trust({ Principal: { AWS: ACCOUNT } });
    await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
    const PolicyDocument = document({ Action: 'dynamodb:*' });
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'own', PolicyDocument }));
    expect(await refusal(client.send(new ListTablesCommand({})))).toContain('AccessDeniedException');
    const anew = cloud.client(DynamoDBClient, await assume(sts, arn));
    expect(await refusal(anew.send(new ListTablesCommand({})))).toBeUndefined();
  });

  test("a session's tag stands for its role's, whatever the case", async () => {
    const arn = await link({
      own: [{ Action: 'dynamodb:ListTables', Condition: { StringEquals: { 'aws:PrincipalTag/team': 'b' } } }],
    });
    await iam.send(
      new TagRoleCommand({ RoleName: arn.split('/').at(-1), Tags: [{ Key: 'Team', Value: 'a' }] }),
    );
    const list = async (Tags: { Key: string; Value: string }[]) =>
      refusal(cloud.client(DynamoDBClient, await assume(sts, arn, { Tags })).send(new ListTablesCommand({})));
    expect(await list([])).toContain('AccessDenied');
    expect(await list([{ Key: 'team', Value: 'b' }])).toBeUndefined();
  });
});

describe('GetSessionToken', () => {
  test("has the user's permissions, but neither IAM nor most of STS", async () => {
    const keys = await user('session-user', { Action: '*' });
    const client = cloud.client(STSClient, keys);
    const { Credentials } = await client.send(new GetSessionTokenCommand({}));
    expect(Credentials?.Expiration?.getTime()).toBe(clock.millis() + 43_200_000);
    const session = keysOf(Credentials);
    const inSession = cloud.client(STSClient, session);
    const { Arn } = await inSession.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:iam::${ACCOUNT}:user/session-user`);
    expect(
      await refusal(cloud.client(DynamoDBClient, session).send(new ListTablesCommand({}))),
    ).toBeUndefined();
    expect(await refusal(inSession.send(role(await link())))).toBeUndefined();
    expect(await refusal(inSession.send(new GetSessionTokenCommand({})))).toBe(
      '403 AccessDenied: Cannot call GetSessionToken with session credentials',
    );
    expect(await refusal(inSession.send(new GetFederationTokenCommand({ Name: 'guest' })))).toBe(
      '403 AccessDenied: Cannot call GetFederationToken with session credentials',
    );
    expect(await refusal(cloud.client(IAMClient, session).send(new ListUsersCommand({})))).toBe(
      '403 InvalidClientTokenId: The security token included in the request is invalid',
    );
    expect(await refusal(cloud.client(IAMClient, keys).send(new ListUsersCommand({})))).toBeUndefined();
    const mfa = new GetSessionTokenCommand({
      SerialNumber: 'arn:aws:iam::000000000000:mfa/a',
      TokenCode: '123456',
    });
    expect(await refusal(client.send(mfa))).toContain('501 NotImplemented');
  });

  test('of the administrator lasts an hour', async () => {
    const { Credentials } = await sts.send(new GetSessionTokenCommand({ DurationSeconds: 43_200 }));
    expect(Credentials?.Expiration?.getTime()).toBe(clock.millis() + 3_600_000);
  });
});

describe('GetFederationToken', () => {
  test('lets in whom the session policies let in, and no further than the user', async () => {
    const keys = await user(
      'broker',
      {
        Action: ['sts:GetFederationToken', 'sts:TagSession'],
        Resource: `arn:aws:sts::${ACCOUNT}:federated-user/bob`,
      },
      { Action: 'dynamodb:*', Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } },
    );
    await iam.send(new TagUserCommand({ UserName: 'broker', Tags: [{ Key: 'team', Value: 'a' }] }));
    const broker = cloud.client(STSClient, keys);
    const Name = 'bob';
    const { FederatedUser, PackedPolicySize, Credentials } = await broker.send(
      new GetFederationTokenCommand({ Name }),
    );
    expect([FederatedUser, PackedPolicySize]).toEqual([
      { Arn: `arn:aws:sts::${ACCOUNT}:federated-user/bob`, FederatedUserId: `${ACCOUNT}:bob` },
      0,
    ]);
    const list = (found: Credentials | undefined) =>
      refusal(cloud.client(DynamoDBClient, keysOf(found)).send(new ListTablesCommand({})));
    expect(await list(Credentials)).toContain(
      'because no session policy allows the dynamodb:ListTables action',
    );
    const guest = cloud.client(STSClient, keysOf(Credentials));
    const { Arn, UserId } = await guest.send(new GetCallerIdentityCommand({}));
    expect([Arn, UserId]).toEqual([FederatedUser?.Arn, FederatedUser?.FederatedUserId]);
    expect(await refusal(guest.send(role(await link())))).toContain('403 AccessDenied');
    expect(
      await refusal(cloud.client(IAMClient, keysOf(Credentials)).send(new ListUsersCommand({}))),
    ).toContain('InvalidClientTokenId');
    const Policy = document({ Action: ['dynamodb:ListTables', 'lambda:*'] });
    const allowed = await broker.send(new GetFederationTokenCommand({ Name, Policy }));
    expect(await list(allowed.Credentials)).toBeUndefined();
    expect(
      await refusal(
        cloud.client(LambdaClient, keysOf(allowed.Credentials)).send(new ListFunctionsCommand({})),
      ),
    ).toContain('because no identity-based policy allows the lambda:ListFunctions action');
    const Tags = [{ Key: 'Team', Value: 'b' }];
    const tagged = await broker.send(new GetFederationTokenCommand({ Name, Policy, Tags }));
    expect(await list(tagged.Credentials)).toContain('because no identity-based policy allows');
    expect(await refusal(broker.send(new GetFederationTokenCommand({ Name: 'eve' })))).toBe(
      `403 AccessDenied: not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::${ACCOUNT}:federated-user/eve because no identity-based policy allows the sts:GetFederationToken action`,
    );
  });

  test('of the administrator, too', async () => {
    const Policy = document({ Action: 'dynamodb:ListTables' });
    const { Credentials } = await sts.send(new GetFederationTokenCommand({ Name: 'guest', Policy }));
    const client = cloud.client(DynamoDBClient, keysOf(Credentials));
    expect(await refusal(client.send(new ListTablesCommand({})))).toBeUndefined();
  });
});

test('what STS does not do here is refused by its name', async () => {
  const decode = new DecodeAuthorizationMessageCommand({ EncodedMessage: 'x' });
  expect(await refusal(sts.send(decode))).toContain('501 NotImplemented');
  const arn = await link();
  const mfa = { SerialNumber: 'arn:aws:iam::000000000000:mfa/a', TokenCode: '123456' };
  expect(await refusal(sts.send(role(arn, mfa)))).toContain('501 NotImplemented');
});
