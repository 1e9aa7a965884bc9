import { type ConsumedCapacity, CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let documents: DynamoDBDocumentClient;
const TableName = 'measured';
const INDEXES = { TableName, ReturnConsumedCapacity: 'INDEXES' } as const;

beforeAll(async () => {
  cloud = await startCloud();
  const client = cloud.client(DynamoDBClient);
  documents = DynamoDBDocumentClient.from(client);
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: ['pk', 'sk', 'g', 'l'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        {
          IndexName: 'global',
          KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['shown'] },
        },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: 'local',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'l', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
});

afterAll(() => cloud.stop());

let count = 0;
const fresh = () => ({ pk: `item ${count++}`, sk: '1' });
const put = (Item: Record<string, unknown>) => documents.send(new PutCommand({ ...INDEXES, Item }));

function units({ ConsumedCapacity: report }: { ConsumedCapacity?: ConsumedCapacity }) {
  return [
    report?.CapacityUnits,
    report?.Table?.CapacityUnits,
    report?.GlobalSecondaryIndexes?.global?.CapacityUnits,
    report?.LocalSecondaryIndexes?.local?.CapacityUnits,
  ];
}

test('a put costs a unit a kilobyte, in the table and in each index it is in', async () => {
  expect(units(await put(fresh()))).toEqual([1, 1, undefined, undefined]);
  const item = { ...fresh(), g: 'g', l: 'l', shown: 'x' };
  expect(units(await put(item))).toEqual([3, 1, 1, 1]);
  // Nothing that an index holds has changed.
  expect(units(await put(item))).toEqual([1, 1, undefined, undefined]);
  expect(units(await put({ ...fresh(), text: 'x'.repeat(2000) }))).toEqual([2, 2, undefined, undefined]);
});

test.each([
  ['SET aside = :v', [2, 1, undefined, 1]],
  ['SET shown = :v', [3, 1, 1, 1]],
  ['SET g = :v', [4, 1, 2, 1]],
  ['REMOVE g', [3, 1, 1, 1]],
  ['SET l = :v', [3, 1, undefined, 2]],
])('%s costs %j', async (UpdateExpression, expected) => {
  const Key = fresh();
  await put({ ...Key, g: 'g', l: 'l', shown: 'x', aside: 'o' });
  const values = UpdateExpression.includes(':v') ? { ExpressionAttributeValues: { ':v': 'new' } } : {};
  expect(
    units(await documents.send(new UpdateCommand({ ...INDEXES, Key, UpdateExpression, ...values }))),
  ).toEqual(expected);
});

test('a deletion costs what is deleted, a batch the sum', async () => {
  const Key = fresh();
  await put({ ...Key, g: 'g', l: 'l' });
  expect(units(await documents.send(new DeleteCommand({ ...INDEXES, Key })))).toEqual([3, 1, 1, 1]);
  const { ConsumedCapacity } = await documents.send(
    new BatchWriteCommand({
      ReturnConsumedCapacity: 'INDEXES',
      RequestItems: {
        [TableName]: [{ PutRequest: { Item: { ...fresh(), g: 'g' } } }, { PutRequest: { Item: fresh() } }],
      },
    }),
  );
  expect(ConsumedCapacity).toEqual([
    {
      TableName,
      CapacityUnits: 3,
      Table: { CapacityUnits: 2 },
      GlobalSecondaryIndexes: { global: { CapacityUnits: 1 } },
    },
  ]);
});

test('a read costs half a unit for 4 KB, twice that when consistent', async () => {
  const Key = fresh();
  await put({ ...Key, text: 'x'.repeat(5000) });
  const get = (ConsistentRead: boolean) =>
    documents.send(new GetCommand({ ...INDEXES, Key, ConsistentRead }));
  expect(units(await get(false)).slice(0, 2)).toEqual([1, 1]);
  expect(units(await get(true)).slice(0, 2)).toEqual([2, 2]);
  const absent = await documents.send(new GetCommand({ ...INDEXES, Key: fresh() }));
  expect(units(absent).slice(0, 2)).toEqual([0.5, 0.5]);
});

test('a query costs what it reads, whatever it returns', async () => {
  const input = { ...INDEXES, IndexName: 'global', KeyConditionExpression: 'g = :g' };
  const many = Array.from({ length: 10 }, () => ({ ...fresh(), g: 'many', shown: 'x'.repeat(1000) }));
  for (const item of many) await put(item);
  const ExpressionAttributeValues = { ':g': 'many' };
  const all = await documents.send(new QueryCommand({ ...input, ExpressionAttributeValues }));
  expect(units(all)).toEqual([1.5, 0, 1.5, undefined]);
  const none = await documents.send(
    new QueryCommand({
      ...input,
      ExpressionAttributeValues,
      FilterExpression: 'attribute_not_exists(shown)',
    }),
  );
  expect([none.Count, ...units(none)]).toEqual([0, 1.5, 0, 1.5, undefined]);
  const scanned = await documents.send(new ScanCommand({ ...INDEXES, Limit: 1 }));
  expect(units(scanned).slice(0, 2)).toEqual([0.5, 0.5]);
});

test('a table with a local index tells the size of an item collection', async () => {
  const Item = fresh();
  const sized = await documents.send(
    new PutCommand({ TableName, Item, ReturnItemCollectionMetrics: 'SIZE' }),
  );
  expect(sized.ItemCollectionMetrics).toEqual({
    ItemCollectionKey: { pk: Item.pk },
    SizeEstimateRangeGB: [0, 1],
  });
});
