import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;

beforeAll(async () => {
  cloud = await startCloud();
  client = cloud.client(DynamoDBClient);
  documents = DynamoDBDocumentClient.from(client);
  await client.send(
    new CreateTableCommand({
      TableName: 'things',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
});

afterAll(() => cloud.stop());

test('every type comes back as it was put', async () => {
  const Item = {
    pk: { S: 'types' },
    sk: { N: '1' },
    text: { S: 'Grüße, 🎭' },
    empty: { S: '' },
    number: { N: '-1.5' },
    bytes: { B: Uint8Array.of(0, 1, 255) },
    yes: { BOOL: true },
    nothing: { NULL: true as const },
    strings: { SS: ['a', 'b'] },
    numbers: { NS: ['1', '2.5'] },
    binaries: { BS: [Uint8Array.of(1), Uint8Array.of(2)] },
    map: { M: { list: { L: [{ S: 'x' }, { M: {} }, { L: [] }] } } },
  };
  await client.send(new PutItemCommand({ TableName: 'things', Item }));
  const Key = { pk: Item.pk, sk: Item.sk };
  const { Item: got } = await client.send(new GetItemCommand({ TableName: 'things', Key }));
  expect(got).toEqual(Item);
});

test('a number is kept in its normal form, and is found by any form of its key', async () => {
  await client.send(
    new PutItemCommand({
      TableName: 'things',
      Item: { pk: { S: 'numbers' }, sk: { N: '1.50E1' }, n: { N: '-0.0' }, set: { NS: ['100', '1E1'] } },
    }),
  );
  const Key = { pk: { S: 'numbers' }, sk: { N: '015.0' } };
  const { Item } = await client.send(new GetItemCommand({ TableName: 'things', Key }));
  expect(Item).toEqual({ pk: { S: 'numbers' }, sk: { N: '15' }, n: { N: '0' }, set: { NS: ['100', '10'] } });
});

test('conditions hold or refuse, and show the item where asked to', async () => {
  const Item = { pk: 'condition', sk: 1, v: 1 };
  const put = new PutCommand({
    TableName: 'things',
    Item,
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  await documents.send(put);
  const error = await documents.send(put).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConditionalCheckFailedException);
  expect(error).toMatchObject({
    message: 'The conditional request failed',
    Item: { pk: { S: 'condition' }, sk: { N: '1' }, v: { N: '1' } },
  });
});

test('an update makes, changes and returns as asked', async () => {
  const Key = { pk: 'update', sk: 1 };
  const update = (ReturnValues: 'ALL_NEW' | 'ALL_OLD' | 'UPDATED_NEW' | 'UPDATED_OLD', by: number) =>
    documents.send(
      new UpdateCommand({
        TableName: 'things',
        Key,
        UpdateExpression: 'SET n = if_not_exists(n, :zero) + :by, #s = :s ADD tags :t',
        ExpressionAttributeNames: { '#s': 'status' },
        ExpressionAttributeValues: { ':zero': 0, ':by': by, ':s': `by ${by}`, ':t': new Set(['x']) },
        ReturnValues,
      }),
    );
  expect((await update('ALL_OLD', 1)).Attributes).toBeUndefined();
  expect((await update('UPDATED_OLD', 2)).Attributes).toEqual({ n: 1, status: 'by 1', tags: new Set(['x']) });
  expect((await update('UPDATED_NEW', 3)).Attributes).toEqual({ n: 6, status: 'by 3', tags: new Set(['x']) });
  expect((await update('ALL_NEW', 4)).Attributes).toEqual({
    ...Key,
    n: 10,
    status: 'by 4',
    tags: new Set(['x']),
  });
});

test('a deletion returns what was there', async () => {
  const Key = { pk: 'delete', sk: 1 };
  await documents.send(new PutCommand({ TableName: 'things', Item: { ...Key, v: 'x' } }));
  const gone = new DeleteCommand({ TableName: 'things', Key, ReturnValues: 'ALL_OLD' });
  expect((await documents.send(gone)).Attributes).toEqual({ ...Key, v: 'x' });
  expect((await documents.send(gone)).Attributes).toBeUndefined();
  expect((await documents.send(new GetCommand({ TableName: 'things', Key }))).Item).toBeUndefined();
});

test('200 buyers at once never get more than the 50 seats there are', async () => {
  const Key = { pk: 'seats', sk: 1 };
  await documents.send(new PutCommand({ TableName: 'things', Item: { ...Key, seats: 50 } }));
  const buy = () =>
    documents.send(
      new UpdateCommand({
        TableName: 'things',
        Key,
        UpdateExpression: 'SET seats = seats - :one',
        ConditionExpression: 'seats >= :one',
        ExpressionAttributeValues: { ':one': 1 },
      }),
    );
  const results = await Promise.allSettled(Array.from({ length: 200 }, buy));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(50);
  const { Item } = await documents.send(new GetCommand({ TableName: 'things', Key }));
  expect(Item?.seats).toBe(0);
});
