import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeEndpointsCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  ScanCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let client: DynamoDBClient;

beforeAll(async () => {
  cloud = await startCloud();
  client = cloud.client(DynamoDBClient);
});

afterAll(() => cloud.stop());

const S = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
const HASH = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' as const });
const RANGE = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' as const });
const ALL = { ProjectionType: 'ALL' as const };
const units = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };

const create = (TableName: string, input: Partial<CreateTableCommandInput> = {}) =>
  client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [S('id')],
      KeySchema: [HASH('id')],
      ProvisionedThroughput: units,
      ...input,
    }),
  );
const describe_ = async (TableName: string) =>
  (await client.send(new DescribeTableCommand({ TableName }))).Table;
const update = (TableName: string, input: Omit<UpdateTableCommandInput, 'TableName'>) =>
  client.send(new UpdateTableCommand({ TableName, ...input }));
const onDemand = { BillingMode: 'PAY_PER_REQUEST', ProvisionedThroughput: undefined } as const;

test('a provisioned table as AWS answers it', async () => {
  const { TableDescription } = await create('provisioned');
  const TableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/provisioned';
  expect(TableDescription).toEqual({
    AttributeDefinitions: [S('id')],
    CreationDateTime: expect.any(Date),
    DeletionProtectionEnabled: false,
    ItemCount: 0,
    KeySchema: [HASH('id')],
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...units },
    TableArn,
    TableId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    TableName: 'provisioned',
    TableSizeBytes: 0,
    TableStatus: 'CREATING',
  });
  expect(await describe_(TableArn)).toMatchObject({
    TableStatus: 'ACTIVE',
    TableId: TableDescription?.TableId,
  });
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName: 'provisioned' });
});

test('an on-demand table with indexes', async () => {
  await create('indexed', {
    ...onDemand,
    AttributeDefinitions: [S('id'), S('at'), S('by')],
    KeySchema: [HASH('id'), RANGE('at')],
    LocalSecondaryIndexes: [{ IndexName: 'local', KeySchema: [HASH('id'), RANGE('by')], Projection: ALL }],
    GlobalSecondaryIndexes: [{ IndexName: 'global', KeySchema: [HASH('by')], Projection: ALL }],
    TableClass: 'STANDARD_INFREQUENT_ACCESS',
    DeletionProtectionEnabled: true,
  });
  const IndexArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/indexed/index';
  expect(await describe_('indexed')).toMatchObject({
    BillingModeSummary: {
      BillingMode: 'PAY_PER_REQUEST',
      LastUpdateToPayPerRequestDateTime: expect.any(Date),
    },
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
    LocalSecondaryIndexes: [{ IndexName: 'local', IndexArn: `${IndexArn}/local`, Projection: ALL }],
    GlobalSecondaryIndexes: [{ IndexName: 'global', IndexArn: `${IndexArn}/global`, IndexStatus: 'ACTIVE' }],
    DeletionProtectionEnabled: true,
  });
  await expect(client.send(new DeleteTableCommand({ TableName: 'indexed' }))).rejects.toThrow(
    'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
  );
  await update('indexed', { DeletionProtectionEnabled: false });
  const { TableDescription } = await client.send(new DeleteTableCommand({ TableName: 'indexed' }));
  expect(TableDescription?.TableStatus).toBe('DELETING');
  await waitUntilTableNotExists({ client, maxWaitTime: 30 }, { TableName: 'indexed' });
});

test('a name is taken once, and free again when the table is gone', async () => {
  await create('again');
  await client.send(new PutItemCommand({ TableName: 'again', Item: { id: { S: '1' } } }));
  await expect(create('again')).rejects.toMatchObject({
    name: 'ResourceInUseException',
    message: 'Table already exists: again',
  });
  await client.send(new DeleteTableCommand({ TableName: 'again' }));
  await create('again');
  expect((await client.send(new ScanCommand({ TableName: 'again' }))).Count).toBe(0);
});

test('what is not there is not found', async () => {
  await expect(describe_('nowhere')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found: Table: nowhere not found',
  });
  await expect(client.send(new ScanCommand({ TableName: 'nowhere' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found',
  });
  const other = 'arn:aws:dynamodb:eu-west-1:000000000000:table/provisioned';
  await expect(client.send(new ScanCommand({ TableName: other }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('tables of another region are others', async () => {
  const far = cloud.client(DynamoDBClient, { region: 'eu-west-1' });
  expect((await far.send(new ListTablesCommand())).TableNames).toEqual([]);
});

const BY = { IndexName: 'by-by', KeySchema: [HASH('by')], Projection: ALL };

test.each<[Partial<CreateTableCommandInput>, string]>([
  [
    { BillingMode: 'PAY_PER_REQUEST' },
    'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  ],
  [
    { ProvisionedThroughput: undefined },
    'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
  ],
  [
    { KeySchema: [HASH('id'), RANGE('id')] },
    'Invalid KeySchema: Some index key attribute have no definition',
  ],
  [
    { KeySchema: [HASH('no')] },
    'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [no], AttributeDefinitions: [id]',
  ],
  [{ KeySchema: [RANGE('id')] }, 'Invalid KeySchema: The first KeySchemaElement is not a HASH key type'],
  [
    { AttributeDefinitions: [S('id'), S('more')] },
    'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
  ],
  [
    {
      AttributeDefinitions: [S('id'), S('by'), S('idle')],
      GlobalSecondaryIndexes: [{ ...BY, ProvisionedThroughput: units }],
    },
    'One or more parameter values were invalid: Some AttributeDefinitions are not used. AttributeDefinitions: [id, by, idle], keys used: [id, by]',
  ],
  [
    { AttributeDefinitions: [S('id'), S('by')], GlobalSecondaryIndexes: [BY] },
    'One or more parameter values were invalid: ProvisionedThroughput must be specified for index: by-by',
  ],
  [
    {
      AttributeDefinitions: [S('id'), S('by')],
      GlobalSecondaryIndexes: [1, 2].map(() => ({ ...BY, ProvisionedThroughput: units })),
    },
    'One or more parameter values were invalid: Duplicate index name: by-by',
  ],
  [
    { AttributeDefinitions: [S('id'), S('by')], LocalSecondaryIndexes: [BY] },
    'One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
  ],
  [
    {
      ...onDemand,
      AttributeDefinitions: [S('id'), S('by')],
      GlobalSecondaryIndexes: [
        { ...BY, Projection: { ProjectionType: 'KEYS_ONLY', NonKeyAttributes: ['x'] } },
      ],
    },
    'One or more parameter values were invalid: ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified',
  ],
])('creation %# is refused', async (input, message) => {
  await expect(create('refused', input)).rejects.toMatchObject({ name: 'ValidationException', message });
});

test('what is not implemented is refused by its name', async () => {
  const stream = { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' as const } };
  await expect(create('streamed', stream)).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('StreamSpecification'),
  });
});

test('billing and throughput change as asked', async () => {
  await create('changing');
  await expect(update('changing', { ProvisionedThroughput: units })).rejects.toThrow(
    'The provisioned throughput for the table will not change.',
  );
  const { TableDescription } = await update('changing', {
    ProvisionedThroughput: { ReadCapacityUnits: 9, WriteCapacityUnits: 1 },
  });
  expect(TableDescription).toMatchObject({
    TableStatus: 'UPDATING',
    ProvisionedThroughput: {
      NumberOfDecreasesToday: 1,
      ReadCapacityUnits: 9,
      WriteCapacityUnits: 1,
      LastIncreaseDateTime: expect.any(Date),
      LastDecreaseDateTime: expect.any(Date),
    },
  });
  await update('changing', { BillingMode: 'PAY_PER_REQUEST' });
  expect((await describe_('changing'))?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
  await expect(update('changing', { BillingMode: 'PROVISIONED' })).rejects.toThrow(
    'ProvisionedThroughput must be specified when BillingMode is PROVISIONED',
  );
  await expect(update('changing', {})).rejects.toThrow('At least one of ProvisionedThroughput');
});

test('a global index is filled, and deleted again', async () => {
  await create('growing', onDemand);
  for (const [id, by] of [
    ['1', 'ann'],
    ['2', 'bob'],
    ['3', 'ann'],
  ] as const) {
    await client.send(new PutItemCommand({ TableName: 'growing', Item: { id: { S: id }, by: { S: by } } }));
  }
  await client.send(new PutItemCommand({ TableName: 'growing', Item: { id: { S: '4' }, by: { N: '4' } } }));
  const added = { AttributeDefinitions: [S('by')], GlobalSecondaryIndexUpdates: [{ Create: BY }] };
  const { TableDescription } = await update('growing', added);
  expect(TableDescription?.GlobalSecondaryIndexes?.[0]?.IndexStatus).toBe('CREATING');
  const scanned = await client.send(new ScanCommand({ TableName: 'growing', IndexName: 'by-by' }));
  // The item whose attribute has another type stays out.
  expect(scanned.Items?.map((item) => item.id?.S).sort()).toEqual(['1', '2', '3']);
  await expect(update('growing', added)).rejects.toThrow('Duplicate index name: by-by');
  const two = [{ Delete: { IndexName: 'by-by' } }, { Create: { ...BY, IndexName: 'other' } }];
  await expect(update('growing', { GlobalSecondaryIndexUpdates: two })).rejects.toMatchObject({
    name: 'LimitExceededException',
  });
  await update('growing', { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-by' } }] });
  expect(await describe_('growing')).not.toHaveProperty('GlobalSecondaryIndexes');
  expect((await describe_('growing'))?.AttributeDefinitions).toEqual([S('id')]);
  await expect(client.send(new ScanCommand({ TableName: 'growing', IndexName: 'by-by' }))).rejects.toThrow(
    'The table does not have the specified index: by-by',
  );
});

test('tables are listed by name, page by page', async () => {
  const far = cloud.client(DynamoDBClient, { region: 'eu-west-2' });
  for (const name of ['ccc', 'aaa', 'bbb']) {
    const base = { AttributeDefinitions: [S('id')], KeySchema: [HASH('id')], ProvisionedThroughput: units };
    await far.send(new CreateTableCommand({ TableName: name, ...base }));
  }
  const first = await far.send(new ListTablesCommand({ Limit: 2 }));
  expect(first).toMatchObject({ TableNames: ['aaa', 'bbb'], LastEvaluatedTableName: 'bbb' });
  const second = await far.send(new ListTablesCommand({ ExclusiveStartTableName: 'bbb' }));
  expect(second.TableNames).toEqual(['ccc']);
  expect(second.LastEvaluatedTableName).toBeUndefined();
});

test('tags come and go', async () => {
  const { TableDescription } = await create('tagged', { Tags: [{ Key: 'a', Value: '1' }] });
  const ResourceArn = TableDescription?.TableArn;
  await client.send(
    new TagResourceCommand({
      ResourceArn,
      Tags: [
        { Key: 'b', Value: '2' },
        { Key: 'a', Value: '3' },
      ],
    }),
  );
  await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['b'] }));
  const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn }));
  expect(Tags).toEqual([{ Key: 'a', Value: '3' }]);
  const nowhere = `${ResourceArn}x`;
  await expect(client.send(new ListTagsOfResourceCommand({ ResourceArn: nowhere }))).rejects.toThrow(
    `Requested resource not found: ResourcArn: ${nowhere} not found`,
  );
});

test('point-in-time recovery is kept', async () => {
  await create('recoverable');
  const table = { TableName: 'recoverable' };
  await client.send(
    new UpdateContinuousBackupsCommand({
      ...table,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  const { ContinuousBackupsDescription } = await client.send(new DescribeContinuousBackupsCommand(table));
  expect(ContinuousBackupsDescription).toEqual({
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: {
      EarliestRestorableDateTime: expect.any(Date),
      LatestRestorableDateTime: expect.any(Date),
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: 35,
    },
  });
  await expect(
    client.send(new DescribeContinuousBackupsCommand({ TableName: 'nowhere' })),
  ).rejects.toMatchObject({
    name: 'TableNotFoundException',
    message: 'Table not found: nowhere',
  });
});

test('limits and endpoints', async () => {
  expect(await client.send(new DescribeLimitsCommand())).toMatchObject({ TableMaxReadCapacityUnits: 40_000 });
  const { Endpoints } = await client.send(new DescribeEndpointsCommand());
  expect(Endpoints).toEqual([{ Address: 'dynamodb.us-east-1.amazonaws.com', CachePeriodInMinutes: 1440 }]);
});
