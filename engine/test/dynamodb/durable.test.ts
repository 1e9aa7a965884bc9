import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { startCloud, type TestCloud } from '../../src/testing';

const table = {
  TableName: 'kept',
  AttributeDefinitions: ['id', 'by'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  BillingMode: 'PAY_PER_REQUEST' as const,
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-by',
      KeySchema: [{ AttributeName: 'by', KeyType: 'HASH' as const }],
      Projection: { ProjectionType: 'ALL' as const },
    },
  ],
};

const clouds: TestCloud[] = [];

async function start(options: Parameters<typeof startCloud>[0] = {}): Promise<TestCloud> {
  const cloud = await startCloud(options);
  clouds.push(cloud);
  return cloud;
}

afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.stop();
});

test('tables, items and indexes are there again after a restart', async () => {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'dynamodb-'));
  const Item = { id: '1', by: 'ann', bytes: Uint8Array.of(0, 255), set: new Set(['a']) };
  const first = await start({ stateDirectory });
  const client = first.client(DynamoDBClient);
  await client.send(new CreateTableCommand(table));
  await DynamoDBDocumentClient.from(client).send(new PutCommand({ TableName: 'kept', Item }));
  await clouds.pop()?.stop();

  const second = await start({ stateDirectory });
  const documents = DynamoDBDocumentClient.from(second.client(DynamoDBClient));
  expect((await documents.send(new GetCommand({ TableName: 'kept', Key: { id: '1' } }))).Item).toEqual(Item);
  const query = { TableName: 'kept', IndexName: 'by-by', KeyConditionExpression: '#b = :b' };
  const found = await documents.send(
    new QueryCommand({
      ...query,
      ExpressionAttributeNames: { '#b': 'by' },
      ExpressionAttributeValues: { ':b': 'ann' },
    }),
  );
  expect(found.Items).toEqual([Item]);
  await clouds.pop()?.stop();
  await rm(stateDirectory, { recursive: true });
});

test('what a failed transaction wrote is gone, in items and indexes alike', async () => {
  const cloud = await start();
  const store = cloud.cloud.database.store('dynamodb', '000000000000', 'us-east-1');
  const entries = store.bytes<number>('atomic');
  const key = Buffer.from('key');
  entries.put(key, 1);
  const failing = () =>
    store.transaction(() => {
      entries.put(key, 2);
      store.collection<number>('atomic').put('key', 2);
      throw new Error('no');
    });
  expect(failing).toThrow('no');
  expect([entries.get(key), store.collection<number>('atomic').get('key')]).toEqual([1, undefined]);
  entries.put(key, 3);
  expect(entries.get(key)).toBe(3);
});

test('a table is encrypted under the key that KMS knows', async () => {
  const cloud = await start();
  const client = cloud.client(DynamoDBClient);
  await client.send(new CreateTableCommand({ ...table, SSESpecification: { Enabled: true } }));
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'kept' }));
  expect(Table?.SSEDescription).toEqual({
    Status: 'ENABLED',
    SSEType: 'KMS',
    KMSMasterKeyArn: expect.stringMatching(/^arn:aws:kms:us-east-1:000000000000:key\//),
  });
  const disable = { TableName: 'kept', SSESpecification: { Enabled: false } };
  await client.send(new UpdateTableCommand(disable));
  expect((await client.send(new DescribeTableCommand({ TableName: 'kept' }))).Table).not.toHaveProperty(
    'SSEDescription',
  );
  const nowhere = { Enabled: true, SSEType: 'KMS' as const, KMSMasterKeyId: 'alias/nowhere' };
  await expect(
    client.send(new CreateTableCommand({ ...table, TableName: 'other', SSESpecification: nowhere })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
});
