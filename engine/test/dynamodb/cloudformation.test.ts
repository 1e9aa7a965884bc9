import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let formation: CloudFormationClient;
let client: DynamoDBClient;

beforeAll(async () => {
  cloud = await startCloud();
  formation = cloud.client(CloudFormationClient);
  client = cloud.client(DynamoDBClient);
});

afterAll(() => cloud.stop());

function template(Type: string, Properties: object): string {
  return JSON.stringify({
    Resources: { Table: { Type, Properties } },
    Outputs: { Name: { Value: { Ref: 'Table' } }, Arn: { Value: { 'Fn::GetAtt': ['Table', 'Arn'] } } },
  });
}

const settled = { maxWaitTime: 20, minDelay: 0.01, maxDelay: 0.05 };

async function status(StackName: string) {
  for (;;) {
    const { Stacks } = await formation.send(new DescribeStacksCommand({ StackName }));
    const found = Stacks?.[0];
    if (!found?.StackStatus?.endsWith('_IN_PROGRESS')) return found;
    await new Promise((resume) => setImmediate(resume));
  }
}

async function outputs(StackName: string): Promise<Record<string, string>> {
  const stack = await status(StackName);
  return Object.fromEntries(
    (stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
}

const attributes = (...names: string[]) =>
  names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' }));
const index = (IndexName: string, hash: string) => ({
  IndexName,
  KeySchema: [{ AttributeName: hash, KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
});

const base = {
  AttributeDefinitions: attributes('id', 'a'),
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
  GlobalSecondaryIndexes: [index('by-a', 'a')],
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
  Tags: [{ Key: 'team', Value: 'box office' }],
};

test('a table is made, changed in place and deleted', async () => {
  const StackName = 'tables';
  await formation.send(
    new CreateStackCommand({ StackName, TemplateBody: template('AWS::DynamoDB::Table', base) }),
  );
  await waitUntilStackCreateComplete({ client: formation, ...settled }, { StackName });
  const { Name: TableName, Arn } = await outputs(StackName);
  expect(TableName).toMatch(/^tables-Table-[A-Z0-9]+$/);
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  expect(Table).toMatchObject({ TableArn: Arn, GlobalSecondaryIndexes: [{ IndexName: 'by-a' }] });
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'until' });
  const tagged = await client.send(new ListTagsOfResourceCommand({ ResourceArn: Arn }));
  expect(tagged.Tags).toContainEqual({ Key: 'team', Value: 'box office' });

  const changed = {
    ...base,
    AttributeDefinitions: attributes('id', 'a', 'b'),
    GlobalSecondaryIndexes: [index('by-a', 'a'), index('by-b', 'b')],
    PointInTimeRecoverySpecification: undefined,
    DeletionProtectionEnabled: false,
    TableClass: 'STANDARD_INFREQUENT_ACCESS',
    Tags: [{ Key: 'team', Value: 'stage' }],
  };
  await formation.send(
    new UpdateStackCommand({ StackName, TemplateBody: template('AWS::DynamoDB::Table', changed) }),
  );
  expect((await status(StackName))?.StackStatus).toBe('UPDATE_COMPLETE');
  const after = (await client.send(new DescribeTableCommand({ TableName }))).Table;
  expect(after?.TableId).toBe(Table?.TableId);
  expect(after?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(['by-a', 'by-b']);
  expect(after?.TableClassSummary?.TableClass).toBe('STANDARD_INFREQUENT_ACCESS');
  const backups = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
  expect(
    backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
  ).toBe('DISABLED');

  // Two indexes at once is one too many, for CloudFormation as for DynamoDB.
  const both = { ...changed, AttributeDefinitions: attributes('id'), GlobalSecondaryIndexes: undefined };
  await formation.send(
    new UpdateStackCommand({ StackName, TemplateBody: template('AWS::DynamoDB::Table', both) }),
  );
  expect((await status(StackName))?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const { StackEvents } = await formation.send(new DescribeStackEventsCommand({ StackName }));
  expect(StackEvents?.map((event) => event.ResourceStatusReason)).toContainEqual(
    expect.stringContaining('Cannot perform more than one GSI creation or deletion in a single update'),
  );

  await formation.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete({ client: formation, ...settled }, { StackName });
  await expect(client.send(new DescribeTableCommand({ TableName }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a global table with one replica is a table', async () => {
  const StackName = 'global';
  const { Tags, PointInTimeRecoverySpecification, ...plain } = base;
  const Replicas = [
    {
      Region: { Ref: 'AWS::Region' },
      Tags,
      PointInTimeRecoverySpecification,
      DeletionProtectionEnabled: false,
    },
  ];
  const TemplateBody = template('AWS::DynamoDB::GlobalTable', { ...plain, Replicas });
  await formation.send(new CreateStackCommand({ StackName, TemplateBody }));
  expect((await status(StackName))?.StackStatus).toBe('CREATE_COMPLETE');
  const { Name: TableName } = await outputs(StackName);
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
});

test('a stream is refused by its name', async () => {
  const StackName = 'streamed';
  const StreamSpecification = { StreamViewType: 'NEW_IMAGE' };
  const TemplateBody = template('AWS::DynamoDB::Table', { ...base, StreamSpecification });
  await formation.send(new CreateStackCommand({ StackName, TemplateBody }));
  expect((await status(StackName))?.StackStatus).toBe('ROLLBACK_COMPLETE');
  const { StackEvents } = await formation.send(new DescribeStackEventsCommand({ StackName }));
  expect(StackEvents?.map((event) => event.ResourceStatusReason)).toContainEqual(
    expect.stringContaining('StreamSpecification'),
  );
});
