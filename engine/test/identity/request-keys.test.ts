import {
  CreateTableCommand,
  DynamoDBClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteUserPolicyCommand,
  GetUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { ManualClock } from '../../src/kernel';
import { startCloud, type TestCloud } from '../../src/testing';
import { ACCOUNT, assume, document, newRole, refusal, type Sessions } from './callers';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

let cloud: TestCloud;
let iam: IAMClient;
let userKeys: Sessions;
let sessionKeys: Sessions;
let role: Awaited<ReturnType<typeof newRole>>;
let roleKeys: Sessions;
let userId: string;
const clock = new ManualClock(Math.floor(Date.now() / 1000) * 1000);
const began = clock.millis();

beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce', clock });
  iam = cloud.client(IAMClient);
  const sts = cloud.client(STSClient);
  await iam.send(new CreateUserCommand({ UserName: 'ada', Path: '/staff/' }));
  await iam.send(new TagUserCommand({ UserName: 'ada', Tags: [{ Key: 'Team', Value: 'box-office' }] }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }));
  const long = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  userKeys = { credentials: { ...long } } as Sessions;
  const { Credentials } = await cloud.client(STSClient, userKeys).send(new GetSessionTokenCommand({}));
  sessionKeys = {
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  };
  role = await newRole(cloud);
  roleKeys = await assume(sts, role.arn);
  const { User } = await iam.send(new GetUserCommand({ UserName: 'ada' }));
  userId = User?.UserId ?? '';
  clock.advance(60_000);
});
afterAll(() => cloud.stop());

type Condition = Record<string, Record<string, string | string[]>>;

/** Whether a caller may list secrets where its policy says under which condition it may. */
async function holds(keys: Sessions, Condition: Condition, more: { region?: string } = {}): Promise<boolean> {
  const PolicyDocument = document({ Action: 'secretsmanager:ListSecrets', Condition });
  if (keys === roleKeys)
    await iam.send(new PutRolePolicyCommand({ RoleName: role.name, PolicyName: 'own', PolicyDocument }));
  else await iam.send(new PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'own', PolicyDocument }));
  const client = cloud.client(SecretsManagerClient, { ...keys, ...more });
  return (await refusal(client.send(new ListSecretsCommand({})))) === undefined;
}

const equals = (key: string, ...values: string[]): Condition => ({ StringEquals: { [key]: values } });
const absent = (key: string): Condition => ({ Null: { [key]: 'true' } });

describe('of the principal', () => {
  test('a user', async () => {
    const keys = userKeys;
    expect(await holds(keys, equals('aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:user/staff/ada`))).toBe(
      true,
    );
    expect(await holds(keys, equals('aws:PrincipalAccount', ACCOUNT))).toBe(true);
    expect(await holds(keys, equals('aws:PrincipalType', 'User'))).toBe(true);
    expect(await holds(keys, equals('aws:username', 'ada'))).toBe(true);
    expect(await holds(keys, equals('aws:userid', userId))).toBe(true);
    expect(await holds(keys, equals('aws:PrincipalTag/team', 'box-office'))).toBe(true);
    expect(await holds(keys, equals('aws:PrincipalTag/team', 'stage'))).toBe(false);
    expect(await holds(keys, absent('aws:PrincipalTag/stage'))).toBe(true);
    expect(await holds(keys, { Bool: { 'aws:PrincipalIsAWSService': 'false' } })).toBe(true);
  });

  test('a role', async () => {
    const keys = roleKeys;
    expect(await holds(keys, equals('aws:PrincipalArn', role.arn))).toBe(true);
    expect(await holds(keys, equals('aws:PrincipalType', 'AssumedRole'))).toBe(true);
    expect(await holds(keys, { StringLike: { 'aws:userid': 'AROA*:session' } })).toBe(true);
    expect(await holds(keys, absent('aws:username'))).toBe(true);
    expect(await holds(keys, absent('aws:FederatedProvider'))).toBe(true);
    expect(await holds(keys, absent('aws:SourceIdentity'))).toBe(true);
  });

  test.each([
    'aws:PrincipalOrgID',
    'aws:PrincipalOrgPaths',
    'aws:MultiFactorAuthAge',
    'aws:PrincipalServiceName',
  ])('nobody has %s', async (key) => {
    expect([await holds(userKeys, absent(key)), await holds(roleKeys, absent(key))]).toEqual([true, true]);
  });
});

describe('of its credentials', () => {
  test('keys that last know nothing of a second factor; sessions say that there was none', async () => {
    const key = 'aws:MultiFactorAuthPresent';
    expect(await holds(userKeys, absent(key))).toBe(true);
    expect(await holds(userKeys, { BoolIfExists: { [key]: 'true' } })).toBe(true);
    expect(await holds(userKeys, { Bool: { [key]: 'false' } })).toBe(false);
    for (const keys of [sessionKeys, roleKeys]) {
      expect(await holds(keys, { Bool: { [key]: 'false' } })).toBe(true);
      expect(await holds(keys, { BoolIfExists: { [key]: 'true' } })).toBe(false);
    }
  });

  test('when a session began: who has to be thrown out is', async () => {
    const key = 'aws:TokenIssueTime';
    const [before, after] = [began - 1_000, began + 1_000].map((at) => new Date(at).toISOString());
    expect(await holds(userKeys, absent(key))).toBe(true);
    for (const keys of [sessionKeys, roleKeys]) {
      expect(await holds(keys, { DateGreaterThan: { [key]: before ?? '' } })).toBe(true);
      expect(await holds(keys, { DateGreaterThan: { [key]: after ?? '' } })).toBe(false);
    }
  });

  test("a user's session is the user", async () => {
    expect(await holds(sessionKeys, equals('aws:username', 'ada'))).toBe(true);
    expect(await holds(sessionKeys, equals('aws:PrincipalType', 'User'))).toBe(true);
    expect(await holds(sessionKeys, equals('aws:PrincipalTag/Team', 'box-office'))).toBe(true);
  });
});

describe('of the request', () => {
  test('time, region, transport and address', async () => {
    const at = new Date(clock.millis()).toISOString();
    const soon = new Date(clock.millis() + 1_000).toISOString();
    const seconds = clock.millis() / 1000;
    expect(await holds(userKeys, { DateLessThan: { 'aws:CurrentTime': soon } })).toBe(true);
    expect(await holds(userKeys, { DateLessThan: { 'aws:CurrentTime': at } })).toBe(false);
    expect(await holds(userKeys, { DateEquals: { 'aws:CurrentTime': at } })).toBe(true);
    expect(await holds(userKeys, { NumericEquals: { 'aws:EpochTime': String(seconds) } })).toBe(true);
    expect(await holds(userKeys, { DateLessThanEquals: { 'aws:EpochTime': String(seconds) } })).toBe(true);
    expect(await holds(userKeys, equals('aws:RequestedRegion', 'us-east-1'))).toBe(true);
    const elsewhere = { region: 'eu-west-1' };
    expect(await holds(userKeys, equals('aws:RequestedRegion', 'us-east-1'), elsewhere)).toBe(false);
    // The engine's own address stands for AWS's, which is reached over TLS.
    expect(await holds(userKeys, { Bool: { 'aws:SecureTransport': 'true' } })).toBe(true);
    expect(await holds(userKeys, { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } })).toBe(true);
    expect(await holds(userKeys, { StringLike: { 'aws:UserAgent': 'aws-sdk-js/*' } })).toBe(true);
    expect(await holds(userKeys, { Bool: { 'aws:ViaAWSService': 'false' } })).toBe(true);
    expect(await holds(userKeys, absent('aws:Referer'))).toBe(true);
    expect(await holds(userKeys, absent('aws:SourceVpce'))).toBe(true);
  });

  test('IAM is in one region, wherever it is called from', async () => {
    const PolicyDocument = document({
      Action: 'iam:GetUser',
      Condition: equals('aws:RequestedRegion', 'us-east-1'),
    });
    await iam.send(new PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'iam', PolicyDocument }));
    const client = cloud.client(IAMClient, { ...userKeys, region: 'eu-west-1' });
    expect(await refusal(client.send(new GetUserCommand({})))).toBeUndefined();
    await iam.send(new DeleteUserPolicyCommand({ UserName: 'ada', PolicyName: 'iam' }));
  });

  test('tags that it brings, and those that it takes away', async () => {
    const { TableDescription } = await cloud.client(DynamoDBClient).send(
      new CreateTableCommand({
        TableName: 'shows',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    const ResourceArn = TableDescription?.TableArn;
    const PolicyDocument = document({
      Action: ['dynamodb:TagResource', 'dynamodb:UntagResource'],
      Condition: {
        StringEqualsIfExists: { 'aws:RequestTag/team': 'a' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost'] },
        Null: { 'aws:TagKeys': 'false' },
      },
    });
    await iam.send(new PutRolePolicyCommand({ RoleName: role.name, PolicyName: 'tags', PolicyDocument }));
    const client = cloud.client(DynamoDBClient, roleKeys);
    const tag = (...Tags: { Key: string; Value: string }[]) =>
      refusal(client.send(new TagResourceCommand({ ResourceArn, Tags })));
    const untag = (...TagKeys: string[]) =>
      refusal(client.send(new UntagResourceCommand({ ResourceArn, TagKeys })));
    expect(await tag({ Key: 'team', Value: 'a' }, { Key: 'cost', Value: '1' })).toBeUndefined();
    expect(await tag({ Key: 'team', Value: 'b' })).toContain('dynamodb:TagResource');
    expect(await tag({ Key: 'other', Value: 'a' })).toContain('dynamodb:TagResource');
    expect(await untag('team')).toBeUndefined();
    expect(await untag('team', 'other')).toContain('dynamodb:UntagResource');
  });
});
