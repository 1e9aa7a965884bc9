import {
  CreateTableCommand,
  DynamoDBClient,
  IdempotentParameterMismatchException,
  TransactGetItemsCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
} from '@aws-sdk/lib-dynamodb';
import { ManualClock } from '../../src/kernel';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;
const clock = new ManualClock();
const TableName = 'shop';

beforeAll(async () => {
  cloud = await startCloud({ clock });
  client = cloud.client(DynamoDBClient, { systemClockOffset: clock.millis() - Date.now() });
  documents = DynamoDBDocumentClient.from(client);
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'owner', AttributeType: 'S' },
      ],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-owner',
          KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
});

afterAll(() => cloud.stop());

const transact = (...TransactItems: TransactWriteItem[]) =>
  client.send(new TransactWriteItemsCommand({ TransactItems, ReturnConsumedCapacity: 'INDEXES' }));
const get = async (pk: string) => (await documents.send(new GetCommand({ TableName, Key: { pk } }))).Item;
const put = (pk: string, more = {}): TransactWriteItem => ({
  Put: { TableName, Item: { pk: { S: pk }, ...more } },
});
const key = (pk: string) => ({ TableName, Key: { pk: { S: pk } } });

test('all is written, at twice the units', async () => {
  await documents.send(new PutCommand({ TableName, Item: { pk: 'stock', left: 2 } }));
  await documents.send(new PutCommand({ TableName, Item: { pk: 'old' } }));
  const { ConsumedCapacity } = await transact(
    put('ticket', { owner: { S: 'ann' } }),
    {
      Update: {
        ...key('stock'),
        UpdateExpression: 'SET #l = #l - :one',
        ConditionExpression: '#l >= :one',
        ExpressionAttributeNames: { '#l': 'left' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      },
    },
    { Delete: key('old') },
    { ConditionCheck: { ...key('blocked'), ConditionExpression: 'attribute_not_exists(pk)' } },
  );
  expect(await get('stock')).toEqual({ pk: 'stock', left: 1 });
  expect(await get('old')).toBeUndefined();
  expect(ConsumedCapacity).toEqual([
    {
      TableName,
      CapacityUnits: 10,
      WriteCapacityUnits: 10,
      Table: { CapacityUnits: 8, WriteCapacityUnits: 8 },
      GlobalSecondaryIndexes: { 'by-owner': { CapacityUnits: 2, WriteCapacityUnits: 2 } },
    },
  ]);
});

test('nothing is written where one cannot be; each gets its reason', async () => {
  await documents.send(new PutCommand({ TableName, Item: { pk: 'taken', by: 'bob' } }));
  const error = await transact(
    put('new'),
    {
      Put: {
        TableName,
        Item: { pk: { S: 'taken' } },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    {
      Update: {
        ...key('typo'),
        UpdateExpression: 'SET a.b = :v',
        ExpressionAttributeValues: { ':v': { N: '1' } },
      },
    },
  ).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TransactionCanceledException);
  expect(error).toMatchObject({
    message:
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ValidationError]',
    CancellationReasons: [
      { Code: 'None' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { pk: { S: 'taken' }, by: { S: 'bob' } },
      },
      {
        Code: 'ValidationError',
        Message: 'The document path provided in the update expression is invalid for update',
      },
    ],
  });
  expect(await get('new')).toBeUndefined();
});

test.each<[TransactWriteItem[], string]>([
  [[put('a'), put('a')], 'Transaction request cannot include multiple operations on one item'],
  [[{}], 'Invalid Request: TransactWriteRequest should contain Delete or Put or Update request'],
  [[{ ...put('a'), Delete: key('b') }], 'TransactItems can only contain one of Check, Put, Update or Delete'],
  [
    [put('')],
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
  ],
  [[put('a', { x: { S: 'x'.repeat(410_000) } })], 'Item size has exceeded the maximum allowed size'],
  [
    [put('a', { owner: { S: '' } })],
    'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-owner, IndexKey: owner',
  ],
  [
    [{ ConditionCheck: { ...key('a'), ConditionExpression: 'a' } }],
    'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "a"',
  ],
])('%# is refused before it begins', async (items, message) => {
  await expect(transact(...items)).rejects.toMatchObject({ name: 'ValidationException', message });
});

test('more than 4 MB is too much', async () => {
  const items = Array.from({ length: 12 }, (_, i) => put(`big ${i}`, { x: { S: 'x'.repeat(380_000) } }));
  await expect(transact(...items)).rejects.toMatchObject({ name: 'ValidationException' });
  expect(await get('big 0')).toBeUndefined();
});

test.each<[TransactWriteItem, string]>([
  [
    { Put: { TableName, Item: { pk: { N: '5' } } } },
    'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
  ],
  [{ Delete: { TableName, Key: { pk: { N: '5' } } } }, 'The provided key element does not match the schema'],
  [
    put('a', { owner: { N: '5' } }),
    'One or more parameter values were invalid: Type mismatch for Index Key owner Expected: S Actual: N IndexName: by-owner',
  ],
  [
    {
      Update: {
        ...key('a'),
        UpdateExpression: 'SET pk = :v',
        ExpressionAttributeValues: { ':v': { S: 'b' } },
      },
    },
    'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
  ],
])('%# cancels the transaction', async (item, Message) => {
  await expect(transact(item)).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [{ Code: 'ValidationError', Message }],
  });
});

test('a table that is not there stops it all', async () => {
  await expect(transact({ Put: { TableName: 'nowhere', Item: { pk: { S: 'a' } } } })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found',
  });
});

test('a request token makes a request happen once, for ten minutes', async () => {
  await documents.send(new PutCommand({ TableName, Item: { pk: 'counter', n: 0 } }));
  const count = (by: string) =>
    client.send(
      new TransactWriteItemsCommand({
        ClientRequestToken: 'once',
        TransactItems: [
          {
            Update: {
              ...key('counter'),
              UpdateExpression: 'ADD n :by',
              ExpressionAttributeValues: { ':by': { N: by } },
            },
          },
        ],
      }),
    );
  await count('1');
  await count('1');
  expect(await get('counter')).toMatchObject({ n: 1 });
  await expect(count('2')).rejects.toBeInstanceOf(IdempotentParameterMismatchException);
  clock.advance(10 * 60_000);
  const late = cloud.client(DynamoDBClient, { systemClockOffset: clock.millis() - Date.now() });
  await late.send(
    new TransactWriteItemsCommand({
      ClientRequestToken: 'once',
      TransactItems: [
        {
          Update: {
            ...key('counter'),
            UpdateExpression: 'ADD n :by',
            ExpressionAttributeValues: { ':by': { N: '2' } },
          },
        },
      ],
    }),
  );
  expect(await get('counter')).toMatchObject({ n: 3 });
});

test('transactional reads give each item its place', async () => {
  await documents.send(new PutCommand({ TableName, Item: { pk: 'there', a: { b: 1, c: 2 } } }));
  const { Responses, ConsumedCapacity } = await client.send(
    new TransactGetItemsCommand({
      ReturnConsumedCapacity: 'TOTAL',
      TransactItems: [{ Get: key('not there') }, { Get: { ...key('there'), ProjectionExpression: 'a.b' } }],
    }),
  );
  expect(Responses).toEqual([{}, { Item: { a: { M: { b: { N: '1' } } } } }]);
  expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 4, ReadCapacityUnits: 4 }]);
  await expect(
    client.send(
      new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key: { pk: { N: '1' } } } }] }),
    ),
  ).rejects.toMatchObject({ CancellationReasons: [{ Code: 'ValidationError' }] });
});

test('batches write and read', async () => {
  const { UnprocessedItems } = await documents.send(
    new BatchWriteCommand({
      RequestItems: {
        [TableName]: [
          { PutRequest: { Item: { pk: 'b1', v: 1 } } },
          { PutRequest: { Item: { pk: 'b2', v: 2 } } },
          { DeleteRequest: { Key: { pk: 'b3' } } },
        ],
      },
    }),
  );
  expect(UnprocessedItems).toEqual({});
  const read = await documents.send(
    new BatchGetCommand({
      ReturnConsumedCapacity: 'TOTAL',
      RequestItems: {
        [TableName]: { Keys: [{ pk: 'b1' }, { pk: 'b2' }, { pk: 'b3' }], ProjectionExpression: 'v' },
      },
    }),
  );
  expect(read.Responses?.[TableName]).toEqual([{ v: 1 }, { v: 2 }]);
  expect(read.UnprocessedKeys).toEqual({});
  expect(read.ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 1.5 }]);
});

test('a batch read beyond 16 MB leaves the rest to another', async () => {
  const pks = Array.from({ length: 50 }, (_, i) => `heavy ${i}`);
  for (const pk of pks)
    await documents.send(new PutCommand({ TableName, Item: { pk, x: 'x'.repeat(390_000) } }));
  const read = await documents.send(
    new BatchGetCommand({ RequestItems: { [TableName]: { Keys: pks.map((pk) => ({ pk })) } } }),
  );
  const got = read.Responses?.[TableName]?.length ?? 0;
  expect(got).toBe(43);
  expect(read.UnprocessedKeys?.[TableName]?.Keys).toEqual(pks.slice(got).map((pk) => ({ pk })));
});

type Requests = NonNullable<ConstructorParameters<typeof BatchWriteCommand>[0]['RequestItems']>[string];

test.each<[Requests, string]>([
  [
    [{ PutRequest: { Item: { pk: 'a' } } }, { DeleteRequest: { Key: { pk: 'a' } } }],
    'Provided list of item keys contains duplicates',
  ],
  [[{ PutRequest: { Item: { pk: 5 } } }], 'The provided key element does not match the schema'],
  [[{ PutRequest: { Item: { no: 'key' } } }], 'The provided key element does not match the schema'],
  [
    [{ DeleteRequest: { Key: { pk: 'a', more: 'b' } } }],
    'The provided key element does not match the schema',
  ],
  [
    [{ PutRequest: { Item: { pk: 'a', x: 'x'.repeat(410_000) } } }],
    'Item size has exceeded the maximum allowed size',
  ],
])('batch %# is refused', async (requests, message) => {
  await expect(
    documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } })),
  ).rejects.toMatchObject({ name: 'ValidationException', message });
});

test('a batch of 26, or one with a table that is not there, is refused whole', async () => {
  const requests = Array.from({ length: 26 }, (_, i) => ({ PutRequest: { Item: { pk: `r${i}` } } }));
  await expect(
    documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
  const one = [{ PutRequest: { Item: { pk: 'r0' } } }];
  await expect(
    documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: one, nowhere: one } })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  expect(await get('r0')).toBeUndefined();
});
