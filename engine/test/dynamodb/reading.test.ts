import {
  CreateTableCommand,
  DynamoDBClient,
  type QueryCommandInput,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let documents: DynamoDBDocumentClient;

const TableName = 'read';

type Document = Record<string, unknown>;

beforeAll(async () => {
  cloud = await startCloud();
  const client = cloud.client(DynamoDBClient);
  documents = DynamoDBDocumentClient.from(client);
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'score', AttributeType: 'N' },
        { AttributeName: 'kind', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      LocalSecondaryIndexes: [
        {
          IndexName: 'by-score',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'score', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-kind',
          KeySchema: [
            { AttributeName: 'kind', KeyType: 'HASH' },
            { AttributeName: 'score', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
        },
        {
          IndexName: 'kinds',
          KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  const items = [...'abcdefgh'].map((sk, i) => ({
    pk: 'p',
    sk: `${sk}${'x'.repeat(i % 3)}`,
    score: 10 - i,
    ...(i % 2 === 0 && { kind: 'even' }),
    note: `note ${i}`,
    more: i,
  }));
  for (const Item of items) await documents.send(new PutCommand({ TableName, Item }));
});

afterAll(() => cloud.stop());

const query = (input: Partial<QueryCommandInput> & { values?: Document }) => {
  const { values, ...rest } = input;
  return documents.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': 'p', ...values },
      ...(rest as object),
    }),
  );
};
const scan = (input: Partial<ScanCommandInput> = {}) =>
  documents.send(new ScanCommand({ TableName, ...(input as object) }));

const initials = (items: Document[] | undefined) => items?.map((item) => String(item.sk)[0]).join('');

test.each([
  ['sk = :s', { ':s': 'c' + 'xx' }, 'c'],
  ['sk < :s', { ':s': 'c' }, 'ab'],
  ['sk <= :s', { ':s': 'bx' }, 'ab'],
  ['sk > :s', { ':s': 'bx' }, 'cdefgh'],
  ['sk >= :s', { ':s': 'bx' }, 'bcdefgh'],
  ['sk BETWEEN :s AND :t', { ':s': 'bx', ':t': 'd' }, 'bcd'],
  ['begins_with(sk, :s)', { ':s': 'e' }, 'e'],
  ['begins_with(sk, :s)', { ':s': '' }, 'abcdefgh'],
  [':s < sk', { ':s': 'f' }, 'fgh'],
])('a query with %s %j finds %s', async (test, values, found) => {
  const forwards = await query({ KeyConditionExpression: `pk = :p AND ${test}`, values });
  expect(initials(forwards.Items)).toBe(found);
  expect(forwards).toMatchObject({ Count: found.length, ScannedCount: found.length });
  const backwards = await query({
    KeyConditionExpression: `(${test}) AND pk = :p`,
    values,
    ScanIndexForward: false,
  });
  expect(initials(backwards.Items)).toBe([...found].reverse().join(''));
});

test('indexes are sparse, ordered and hold what they project', async () => {
  const local = await query({
    IndexName: 'by-score',
    KeyConditionExpression: 'pk = :p AND score > :r',
    values: { ':r': 5 },
  });
  expect(initials(local.Items)).toBe('edcba');
  expect(local.Items?.[0]).toEqual({ pk: 'p', sk: 'ex', score: 6 });
  const input = { TableName, IndexName: 'by-kind', KeyConditionExpression: 'kind = :k' };
  const global = await documents.send(
    new QueryCommand({ ...input, ExpressionAttributeValues: { ':k': 'even' } }),
  );
  expect(initials(global.Items)).toBe('geca');
  expect(global.Items?.[0]).toEqual({ pk: 'p', sk: 'g', score: 4, kind: 'even', note: 'note 6' });
  expect((await scan({ IndexName: 'kinds' })).Count).toBe(4);
});

test('a local index fetches what it does not hold; a global one refuses', async () => {
  const local = await query({
    IndexName: 'by-score',
    ProjectionExpression: 'more',
    Limit: 1,
    ReturnConsumedCapacity: 'INDEXES',
  });
  expect(local.Items).toEqual([{ more: 7 }]);
  expect(local.ConsumedCapacity).toEqual({
    TableName,
    CapacityUnits: 1,
    Table: { CapacityUnits: 0.5 },
    LocalSecondaryIndexes: { 'by-score': { CapacityUnits: 0.5 } },
  });
  const all = await query({ IndexName: 'by-score', Select: 'ALL_ATTRIBUTES', Limit: 1 });
  expect(all.Items?.[0]).toHaveProperty('note', 'note 7');
  const global = {
    TableName,
    IndexName: 'by-kind',
    KeyConditionExpression: 'kind = :k',
    ExpressionAttributeValues: { ':k': 'even' },
  };
  await expect(documents.send(new QueryCommand({ ...global, ProjectionExpression: 'more' }))).rejects.toThrow(
    'One or more parameter values were invalid: Global secondary index by-kind does not project [more]',
  );
  await expect(documents.send(new QueryCommand({ ...global, Select: 'ALL_ATTRIBUTES' }))).rejects.toThrow(
    'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index by-kind because its projection type is not ALL',
  );
});

test('filters count what they let pass, after reading what they do not', async () => {
  const filtered = await query({
    FilterExpression: 'more > :m',
    values: { ':m': 5 },
    ReturnConsumedCapacity: 'TOTAL',
  });
  expect(filtered).toMatchObject({ Count: 2, ScannedCount: 8, ConsumedCapacity: { CapacityUnits: 0.5 } });
  const counted = await query({ Select: 'COUNT', ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL' });
  expect(counted).toMatchObject({ Count: 8, ConsumedCapacity: { CapacityUnits: 1 } });
  expect(counted.Items).toBeUndefined();
});

test('an update moves, adds and removes index entries', async () => {
  const Key = { pk: 'moving', sk: '1' };
  const inIndex = async (kind: string) => {
    const input = { TableName, IndexName: 'by-kind', KeyConditionExpression: 'kind = :k' };
    const found = await documents.send(
      new QueryCommand({ ...input, ExpressionAttributeValues: { ':k': kind } }),
    );
    return found.Items?.map((item) => item.score);
  };
  await documents.send(new PutCommand({ TableName, Item: { ...Key, kind: 'one', score: 1 } }));
  expect(await inIndex('one')).toEqual([1]);
  const set = async (kind: string, score: number) => {
    await documents.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: 'SET kind = :k, #r = :r',
        ExpressionAttributeNames: { '#r': 'score' },
        ExpressionAttributeValues: { ':k': kind, ':r': score },
      }),
    );
  };
  await set('two', 2);
  expect([await inIndex('one'), await inIndex('two')]).toEqual([[], [2]]);
  await documents.send(new UpdateCommand({ TableName, Key, UpdateExpression: 'REMOVE kind' }));
  expect(await inIndex('two')).toEqual([]);
  await set('two', 3);
  await documents.send(new DeleteCommand({ TableName, Key }));
  expect(await inIndex('two')).toEqual([]);
});

const refused: [Partial<QueryCommandInput> & { values?: Document }, string][] = [
  [{ KeyConditionExpression: 'sk = :p' }, 'Query condition missed key schema element: pk'],
  [
    { KeyConditionExpression: 'pk = :p AND note = :n', values: { ':n': 'x' } },
    'Query condition missed key schema element: sk',
  ],
  [{ KeyConditionExpression: 'pk > :p' }, 'Query key condition not supported'],
  [{ KeyConditionExpression: 'pk = :p OR sk = :p' }, 'Invalid operator used in KeyConditionExpression: OR'],
  [{ KeyConditionExpression: 'pk = :p AND sk <> :p' }, 'Invalid operator used in KeyConditionExpression: <>'],
  [
    { KeyConditionExpression: 'pk = :p AND contains(sk, :p)' },
    'Invalid operator used in KeyConditionExpression: contains',
  ],
  [
    { KeyConditionExpression: 'pk = :p AND pk = :p' },
    'KeyConditionExpressions must only contain one condition per key',
  ],
  [
    { KeyConditionExpression: 'pk = :p AND sk.x = :p' },
    'KeyConditionExpressions cannot have conditions on nested attributes',
  ],
  [
    { KeyConditionExpression: 'pk = :p AND sk = :n', values: { ':n': 1 } },
    'One or more parameter values were invalid: Condition parameter type does not match schema type',
  ],
  [{ KeyConditionExpression: '' }, 'Invalid KeyConditionExpression: The expression can not be empty;'],
  [
    { values: { ':p': '' } },
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
  ],
  [{ IndexName: 'nope' }, 'The table does not have the specified index: nope'],
  [
    { FilterExpression: 'sk = :p' },
    'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
  ],
  [
    { Select: 'SPECIFIC_ATTRIBUTES' },
    'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
  ],
  [
    { Select: 'COUNT', ProjectionExpression: 'sk' },
    'Cannot specify the ProjectionExpression when choosing to get only the Count',
  ],
  [
    { Select: 'ALL_PROJECTED_ATTRIBUTES' },
    'ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
  ],
  [
    { ProjectionExpression: 'note, note.x' },
    'Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [note], path two: [note, x]',
  ],
  [
    { ProjectionExpression: 'pk.x' },
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
  ],
  [
    { ExclusiveStartKey: { pk: 'p' } as never },
    'The provided starting key is invalid: The provided key element does not match the schema',
  ],
  [
    { ExclusiveStartKey: { pk: 'q', sk: 'x' } as never },
    'The provided starting key is outside query boundaries based on provided conditions',
  ],
  [
    { KeyConditions: {} },
    'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {KeyConditions} Expression parameters: {KeyConditionExpression}',
  ],
];

test.each(refused)('the query %j is refused: %s', async (input, message) => {
  await expect(query(input)).rejects.toMatchObject({ name: 'ValidationException', message });
});

test('a global index has no consistent reads', async () => {
  const input = { TableName, IndexName: 'kinds', ConsistentRead: true };
  const message = 'Consistent reads are not supported on global secondary indexes';
  await expect(scan(input)).rejects.toMatchObject({ name: 'ValidationException', message });
});

test.each<[Partial<ScanCommandInput>, string]>([
  [
    { Segment: 0 },
    'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
  ],
  [
    { TotalSegments: 2 },
    'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
  ],
  [
    { Segment: 2, TotalSegments: 2 },
    'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2',
  ],
  [
    { ExpressionAttributeNames: { '#a': 'a' } },
    'ExpressionAttributeNames can only be specified when using expressions',
  ],
  [
    { ExpressionAttributeValues: { ':a': 'a' } as never },
    'ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null',
  ],
  [
    { FilterExpression: 'attribute_exists(pk.x)' },
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
  ],
])('the scan %j is refused: %s', async (input, message) => {
  await expect(scan(input)).rejects.toMatchObject({ name: 'ValidationException', message });
});

async function allPages(
  read: (start: Document | undefined) => Promise<{ Items?: Document[]; LastEvaluatedKey?: Document }>,
) {
  const items: Document[] = [];
  let start: Document | undefined;
  do {
    const page = await read(start);
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
}

test('the pages of a query or scan, put together, are the whole', async () => {
  const client = cloud.client(DynamoDBClient);
  const own = 'paged';
  await client.send(
    new CreateTableCommand({
      TableName: own,
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'N' },
        { AttributeName: 'g', AttributeType: 'B' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-g',
          KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  const items = Array.from({ length: 60 }, (_, i) => ({
    pk: `p${i % 4}`,
    sk: (i - 30) * 1.5,
    g: Uint8Array.of(i % 3 === 0 ? 0 : 7),
  }));
  for (let i = 0; i < items.length; i += 20) {
    const requests = items.slice(i, i + 20).map((Item) => ({ PutRequest: { Item } }));
    await documents.send(new BatchWriteCommand({ RequestItems: { [own]: requests } }));
  }
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.boolean(), async (Limit, ScanIndexForward) => {
      const queried = await allPages((ExclusiveStartKey) =>
        documents.send(
          new QueryCommand({
            TableName: own,
            KeyConditionExpression: 'pk = :p',
            ExpressionAttributeValues: { ':p': 'p1' },
            Limit,
            ScanIndexForward,
            ...(ExclusiveStartKey && { ExclusiveStartKey }),
          }),
        ),
      );
      const wanted = items.filter((item) => item.pk === 'p1').map((item) => item.sk);
      wanted.sort((a, b) => (ScanIndexForward ? a - b : b - a));
      expect(queried.map((item) => item.sk)).toEqual(wanted);
      for (const IndexName of [undefined, 'by-g']) {
        const scanned = await allPages((ExclusiveStartKey) =>
          documents.send(
            new ScanCommand({
              TableName: own,
              Limit,
              ...(IndexName && { IndexName }),
              ...(ExclusiveStartKey && { ExclusiveStartKey }),
            }),
          ),
        );
        expect(new Set(scanned.map((item) => `${item.pk} ${item.sk}`)).size).toBe(60);
        expect(scanned).toHaveLength(60);
      }
    }),
    { numRuns: 12 },
  );
  const segments = await Promise.all(
    [0, 1, 2, 3, 4].map((Segment) =>
      documents.send(new ScanCommand({ TableName: own, Segment, TotalSegments: 5 })),
    ),
  );
  expect(segments.reduce((sum, segment) => sum + (segment.Count ?? 0), 0)).toBe(60);
});

test('a page ends at a megabyte', async () => {
  const text = 'x'.repeat(300_000);
  for (const sk of ['1', '2', '3', '4', '5']) {
    await documents.send(new PutCommand({ TableName, Item: { pk: 'big', sk, text } }));
  }
  const big = { KeyConditionExpression: 'pk = :p', values: { ':p': 'big' } };
  const first = await query({ ...big, ProjectionExpression: 'sk', ReturnConsumedCapacity: 'TOTAL' });
  expect(first.Count).toBe(4);
  expect(first.LastEvaluatedKey).toEqual({ pk: 'big', sk: '4' });
  const rest = await query({ ...big, ExclusiveStartKey: first.LastEvaluatedKey as never });
  expect(rest.Items?.map((item) => item.sk)).toEqual(['5']);
  expect(rest.LastEvaluatedKey).toBeUndefined();
});
