import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { startCloud, type TestCloud } from '../../src/testing';

// The parameters that expressions have replaced: old programs still send them.
let cloud: TestCloud;
let documents: DynamoDBDocumentClient;
const TableName = 'legacy';
const Key = { pk: 'p', sk: 1 };

beforeAll(async () => {
  cloud = await startCloud();
  const client = cloud.client(DynamoDBClient);
  documents = DynamoDBDocumentClient.from(client);
  await client.send(
    new CreateTableCommand({
      TableName,
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

beforeEach(async () => {
  for (const sk of [1, 2, 3]) {
    const Item = {
      pk: 'p',
      sk,
      n: sk * 10,
      status: 'open',
      'dotted.name': sk,
      tags: new Set(['a', 'b']),
      l: ['x'],
    };
    await documents.send(new PutCommand({ TableName, Item }));
  }
});

afterAll(() => cloud.stop());

test('AttributesToGet names whole attributes', async () => {
  const { Item } = await documents.send(
    new GetCommand({ TableName, Key, AttributesToGet: ['dotted.name', 'status'] }),
  );
  expect(Item).toEqual({ 'dotted.name': 1, status: 'open' });
});

test.each<[UpdateCommandInput['AttributeUpdates'], object]>([
  [
    { n: { Value: 7 }, status: { Action: 'DELETE' } },
    { n: 7, l: ['x'] },
  ],
  [{ n: { Action: 'ADD', Value: 5 } }, { n: 15 }],
  [{ tags: { Action: 'ADD', Value: new Set(['c']) } }, { tags: new Set(['a', 'b', 'c']) }],
  [{ tags: { Action: 'DELETE', Value: new Set(['a']) } }, { tags: new Set(['b']) }],
  [{ l: { Action: 'ADD', Value: ['y'] } }, { l: ['x', 'y'] }],
])('AttributeUpdates %j', async (AttributeUpdates, expected) => {
  const { Attributes } = await documents.send(
    new UpdateCommand({ TableName, Key, AttributeUpdates, ReturnValues: 'ALL_NEW' }),
  );
  expect(Attributes).toMatchObject(expected);
});

test.each<[PutCommandInput['Expected'], 'AND' | 'OR', boolean]>([
  [{ n: { Value: 10 } }, 'AND', true],
  [{ n: { Value: 11 } }, 'AND', false],
  [{ n: { Exists: false } }, 'AND', false],
  [{ x: { Exists: false } }, 'AND', true],
  [{ n: { ComparisonOperator: 'GT', AttributeValueList: [9] } }, 'AND', true],
  [{ n: { ComparisonOperator: 'BETWEEN', AttributeValueList: [11, 12] } }, 'AND', false],
  [{ status: { ComparisonOperator: 'BEGINS_WITH', AttributeValueList: ['op'] } }, 'AND', true],
  [{ status: { ComparisonOperator: 'IN', AttributeValueList: ['shut', 'open'] } }, 'AND', true],
  [{ tags: { ComparisonOperator: 'CONTAINS', AttributeValueList: ['a'] } }, 'AND', true],
  [{ tags: { ComparisonOperator: 'NOT_CONTAINS', AttributeValueList: ['a'] } }, 'AND', false],
  [{ n: { ComparisonOperator: 'NOT_NULL' }, x: { ComparisonOperator: 'NOT_NULL' } }, 'AND', false],
  [{ n: { ComparisonOperator: 'NOT_NULL' }, x: { ComparisonOperator: 'NOT_NULL' } }, 'OR', true],
])('Expected %j by %s: %s', async (Expected, ConditionalOperator, holds) => {
  const deletion = documents.send(new DeleteCommand({ TableName, Key, Expected, ConditionalOperator }));
  if (holds) await expect(deletion).resolves.toBeDefined();
  else await expect(deletion).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
});

test.each<[Partial<QueryCommandInput>, number[]]>([
  [{}, [1, 2, 3]],
  [{ KeyConditions: { sk: { ComparisonOperator: 'GE', AttributeValueList: [2] } } }, [2, 3]],
  [{ KeyConditions: { sk: { ComparisonOperator: 'BETWEEN', AttributeValueList: [1, 2] } } }, [1, 2]],
  [{ QueryFilter: { n: { ComparisonOperator: 'NE', AttributeValueList: [20] } } }, [1, 3]],
])('KeyConditions and QueryFilter %j', async (input, found) => {
  const pk = { ComparisonOperator: 'EQ' as const, AttributeValueList: ['p'] };
  const { Items } = await documents.send(
    new QueryCommand({ TableName, ...input, KeyConditions: { pk, ...input.KeyConditions } }),
  );
  expect(Items?.map((item) => item.sk)).toEqual(found);
});

test('ScanFilter', async () => {
  const ScanFilter: ScanCommandInput['ScanFilter'] = {
    n: { ComparisonOperator: 'LT', AttributeValueList: [25] },
  };
  expect((await documents.send(new ScanCommand({ TableName, ScanFilter }))).Count).toBe(2);
});

const WERE_INVALID = 'One or more parameter values were invalid:';

test.each<[PutCommandInput['Expected'], string]>([
  [{ n: {} }, `${WERE_INVALID} Value must be provided when Exists is null for Attribute: n`],
  [
    { n: { Exists: false, Value: 1 } },
    `${WERE_INVALID} Value cannot be used when Exists is false for Attribute: n`,
  ],
  [
    { n: { ComparisonOperator: 'GT' } },
    `${WERE_INVALID} Value or AttributeValueList must be used with ComparisonOperator: GT for Attribute: n`,
  ],
  [
    { n: { ComparisonOperator: 'BETWEEN', AttributeValueList: [1] } },
    `${WERE_INVALID} Invalid number of argument(s) for the BETWEEN ComparisonOperator`,
  ],
  [
    { n: { ComparisonOperator: 'BETWEEN', AttributeValueList: [2, 1] } },
    'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
  ],
  [
    { n: { ComparisonOperator: 'LT', AttributeValueList: [true] } },
    `${WERE_INVALID} ComparisonOperator LT is not valid for BOOL AttributeValue type`,
  ],
])('Expected %j is refused: %s', async (Expected, message) => {
  await expect(documents.send(new PutCommand({ TableName, Item: Key, Expected }))).rejects.toMatchObject({
    name: 'ValidationException',
    message,
  });
});

test('a key is looked up by what can be looked up', async () => {
  await expect(
    documents.send(
      new QueryCommand({
        TableName,
        KeyConditions: { pk: { ComparisonOperator: 'NE', AttributeValueList: ['p'] } },
      }),
    ),
  ).rejects.toThrow('Attempted conditional constraint is not an indexable operation');
});
