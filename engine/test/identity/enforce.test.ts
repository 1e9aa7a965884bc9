import {
  BatchGetItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { EngineEvent } from '../../src/observe';
import { startCloud, type TestCloud } from '../../src/testing';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html

let cloud: TestCloud;
let iam: IAMClient;
const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/shows';
const anybody = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:*' }],
});

beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  iam = cloud.client(IAMClient);
  const admin = cloud.client(DynamoDBClient);
  await admin.send(
    new CreateTableCommand({
      TableName: 'shows',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'owner', AttributeType: 'S' },
        { AttributeName: 'id', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'owner', KeyType: 'HASH' },
        { AttributeName: 'id', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byId',
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
});
afterAll(() => cloud.stop());

type Statement = Record<string, unknown>;
const document = (...Statement: Statement[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: Statement.map((one) => ({ Effect: 'Allow', Resource: '*', ...one })),
  });

let count = 0;
async function newRole(...statements: Statement[]) {
  const RoleName = `role-${++count}`;
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: anybody }));
  if (statements.length > 0) {
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: document(...statements) }),
    );
  }
  return { name: RoleName, arn: Role?.Arn ?? '' };
}

async function assume(
  RoleArn: string,
  more: { Policy?: string; Tags?: { Key: string; Value: string }[] } = {},
) {
  const { Credentials } = await cloud
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', ...more }));
  return cloud.client(DynamoDBClient, {
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  });
}

const as = async (...statements: Statement[]) => assume((await newRole(...statements)).arn);
const Key = { owner: { S: 'ada' }, id: { S: '1' } };
const get = new GetItemCommand({ TableName: 'shows', Key });
const put = (owner: string) =>
  new PutItemCommand({
    TableName: 'shows',
    Item: { owner: { S: owner }, id: { S: '1' }, price: { N: '1' } },
  });
const query = new QueryCommand({
  TableName: 'shows',
  IndexName: 'byId',
  KeyConditionExpression: 'id = :id',
  ExpressionAttributeValues: { ':id': { S: '1' } },
});

async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (failure: Error & { $metadata?: { httpStatusCode?: number } }) => failure,
  );
  return error && `${error.$metadata?.httpStatusCode} ${error.name}: ${error.message}`;
}

describe('identity policies', () => {
  test('a role may do what its policies say, and is told what is missing', async () => {
    const { name, arn } = await newRole({ Action: 'dynamodb:GetItem', Resource: TABLE });
    const client = await assume(arn);
    expect(await refusal(client.send(get))).toBeUndefined();
    expect(await refusal(client.send(put('ada')))).toBe(
      `400 AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role/${name}/session is not authorized to perform: dynamodb:PutItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:PutItem action`,
    );
  });

  test('a change counts at once', async () => {
    const { name, arn } = await newRole({ Action: 'dynamodb:*' });
    const client = await assume(arn);
    expect(await refusal(client.send(get))).toBeUndefined();
    await iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName: 'own' }));
    expect(await refusal(client.send(get))).toContain('AccessDeniedException');
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess';
    await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }));
    expect(await refusal(client.send(get))).toBeUndefined();
    expect(await refusal(client.send(put('ada')))).toContain('AccessDeniedException');
  });

  test('a denial wins', async () => {
    const client = await as({ Action: 'dynamodb:*' }, { Effect: 'Deny', Action: 'dynamodb:PutItem' });
    expect(await refusal(client.send(put('ada')))).toContain(
      'with an explicit deny in an identity-based policy',
    );
  });

  test('users are held to theirs as roles are', async () => {
    await iam.send(new CreateUserCommand({ UserName: 'ada' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }));
    const client = cloud.client(DynamoDBClient, {
      credentials: {
        accessKeyId: AccessKey?.AccessKeyId ?? '',
        secretAccessKey: AccessKey?.SecretAccessKey ?? '',
      },
    });
    expect(await refusal(client.send(get))).toContain(
      'User: arn:aws:iam::000000000000:user/ada is not authorized',
    );
    const PolicyDocument = document({
      Action: 'dynamodb:GetItem',
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['${aws:username}'] } },
    });
    await iam.send(new PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'own', PolicyDocument }));
    expect(await refusal(client.send(get))).toBeUndefined();
    const other = new GetItemCommand({ TableName: 'shows', Key: { ...Key, owner: { S: 'bob' } } });
    expect(await refusal(client.send(other))).toContain('AccessDeniedException');
  });

  test('the administrator may do everything', async () => {
    expect(await refusal(cloud.client(DynamoDBClient).send(get))).toBeUndefined();
  });
});

describe('what an operation needs', () => {
  test('an index is a resource of its own', async () => {
    const table = await as({ Action: 'dynamodb:Query', Resource: TABLE });
    expect(await refusal(table.send(query))).toContain(`on resource: ${TABLE}/index/byId because`);
    const index = await as({ Action: 'dynamodb:Query', Resource: `${TABLE}/index/*` });
    expect(await refusal(index.send(query))).toBeUndefined();
  });

  test('actions without resources are allowed on all of them only', async () => {
    const list = new ListTablesCommand({});
    const one = await as({ Action: 'dynamodb:ListTables', Resource: TABLE });
    expect(await refusal(one.send(list))).toMatch(
      /is not authorized to perform: dynamodb:ListTables on resource: \S+ because|is not authorized to perform: dynamodb:ListTables because/,
    );
    expect(await refusal((await as({ Action: 'dynamodb:List*' })).send(list))).toBeUndefined();
  });

  test('a transaction needs what its parts need', async () => {
    const buy = new TransactWriteItemsCommand({
      TransactItems: [
        { ConditionCheck: { TableName: 'shows', Key, ConditionExpression: 'attribute_not_exists(gone)' } },
        { Put: { TableName: 'shows', Item: { ...Key, id: { S: '2' } } } },
      ],
    });
    const half = await as({ Action: 'dynamodb:PutItem' });
    expect(await refusal(half.send(buy))).toContain('dynamodb:ConditionCheckItem');
    const whole = await as({ Action: ['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'] });
    expect(await refusal(whole.send(buy))).toBeUndefined();
  });

  test('a batch needs its own action on each table', async () => {
    const batch = new BatchGetItemCommand({ RequestItems: { shows: { Keys: [Key] } } });
    expect(await refusal((await as({ Action: 'dynamodb:GetItem' })).send(batch))).toContain(
      'dynamodb:BatchGetItem',
    );
    expect(await refusal((await as({ Action: 'dynamodb:Batch*' })).send(batch))).toBeUndefined();
  });

  test('PartiQL has actions of its own', async () => {
    const select = new ExecuteStatementCommand({ Statement: 'SELECT * FROM shows' });
    expect(await refusal((await as({ Action: 'dynamodb:Scan' })).send(select))).toContain(
      'dynamodb:PartiQLSelect',
    );
    expect(await refusal((await as({ Action: 'dynamodb:PartiQLSelect' })).send(select))).toBeUndefined();
  });
});

describe('what limits', () => {
  test('a permissions boundary', async () => {
    const { name, arn } = await newRole({ Action: 'dynamodb:*' });
    const PolicyDocument = document({ Action: 'dynamodb:Get*' });
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: `limit-${name}`, PolicyDocument }),
    );
    await iam.send(
      new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary: Policy?.Arn }),
    );
    const client = await assume(arn);
    expect(await refusal(client.send(get))).toBeUndefined();
    expect(await refusal(client.send(put('ada')))).toContain(
      'because no permissions boundary allows the dynamodb:PutItem action',
    );
  });

  test('a session policy', async () => {
    const { arn } = await newRole({ Action: 'dynamodb:*' });
    const client = await assume(arn, { Policy: document({ Action: 'dynamodb:GetItem' }) });
    expect(await refusal(client.send(get))).toBeUndefined();
    expect(await refusal(client.send(put('ada')))).toContain(
      'because no session policy allows the dynamodb:PutItem action',
    );
  });

  test('tags of the session', async () => {
    const { arn } = await newRole({
      Action: 'dynamodb:PutItem',
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': '${aws:PrincipalTag/owner}' } },
    });
    const client = await assume(arn, { Tags: [{ Key: 'owner', Value: 'bob' }] });
    expect(await refusal(client.send(put('bob')))).toBeUndefined();
    expect(await refusal(client.send(put('ada')))).toContain('AccessDeniedException');
  });
});

test('an audit allows, and says what AWS would have refused', async () => {
  const audited = await startCloud({ iam: 'audit' });
  try {
    const { Role } = await audited
      .client(IAMClient)
      .send(new CreateRoleCommand({ RoleName: 'auditor', AssumeRolePolicyDocument: anybody }));
    const { Credentials } = await audited
      .client(STSClient)
      .send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'session' }));
    const client = audited.client(DynamoDBClient, {
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    });
    expect(await refusal(client.send(new ListTablesCommand({})))).toBeUndefined();
    const told = audited.cloud.events
      .recent()
      .filter((event): event is Extract<EngineEvent, { type: 'engine' }> => event.type === 'engine')
      .map(({ message }) => message);
    expect(told).toContainEqual(expect.stringMatching(/^AWS would refuse: .*dynamodb:ListTables/));
  } finally {
    await audited.stop();
  }
});
