import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let client: DynamoDBClient;
const TableName = 'strict';

beforeAll(async () => {
  cloud = await startCloud();
  client = cloud.client(DynamoDBClient);
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'B' },
        { AttributeName: 'g', AttributeType: 'S' },
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
});

afterAll(() => cloud.stop());

const Key = { pk: { S: 'p' }, sk: { B: Uint8Array.of(1) } };
const put = (attributes: Record<string, AttributeValue>, input: Partial<PutItemCommandInput> = {}) =>
  client.send(new PutItemCommand({ TableName, Item: { ...Key, ...attributes }, ...input }));
const update = (input: Partial<UpdateItemCommandInput>) =>
  client.send(new UpdateItemCommand({ TableName, Key, ...input }));

function nested(depth: number): AttributeValue {
  return depth === 0 ? { S: 'deep' } : { M: { m: nested(depth - 1) } };
}

const NOT_VALID = 'One or more parameter values are not valid.';
const WERE_INVALID = 'One or more parameter values were invalid:';

test.each<[Record<string, AttributeValue>, string]>([
  [{ x: { SS: [] } }, `${WERE_INVALID} An string set  may not be empty`],
  [{ x: { NS: [] } }, `${WERE_INVALID} An number set  may not be empty`],
  [{ x: { BS: [] } }, `${WERE_INVALID} Binary sets should not be empty`],
  [{ x: { SS: ['a', 'b', 'a'] } }, `${WERE_INVALID} Input collection [a, b, a] contains duplicates.`],
  [{ x: { NS: ['1', '1.0'] } }, 'Input collection contains duplicates'],
  [
    { x: { BS: [Uint8Array.of(1), Uint8Array.of(1)] } },
    `${WERE_INVALID} Input collection [AQ==, AQ==]of type BS contains duplicates.`,
  ],
  [{ x: { NULL: false as never } }, `${WERE_INVALID} Null attribute value types must have the value of true`],
  [{ x: { L: [{ M: { y: { N: 'z' } } }] } }, 'The parameter cannot be converted to a numeric value: z'],
  [
    { x: nested(33) },
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  ],
  [{ pk: { N: '1' } }, `${WERE_INVALID} Type mismatch for key pk expected: S actual: N`],
  [
    { pk: { S: '' } },
    `${NOT_VALID} The AttributeValue for a key attribute cannot contain an empty string value. Key: pk`,
  ],
  [
    { sk: { B: new Uint8Array() } },
    `${NOT_VALID} The AttributeValue for a key attribute cannot contain an empty binary value. Key: sk`,
  ],
  [
    { pk: { S: 'ü'.repeat(1025) } },
    `${WERE_INVALID} Size of hashkey has exceeded the maximum size limit of2048 bytes`,
  ],
  [
    { sk: { B: new Uint8Array(1025) } },
    `${WERE_INVALID} Aggregated size of all range keys has exceeded the size limit of 1024 bytes`,
  ],
  [{ g: { N: '1' } }, `${WERE_INVALID} Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g`],
  [
    { g: { S: '' } },
    `${NOT_VALID} A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-g, IndexKey: g`,
  ],
])('the item %# is refused: %s', async (attributes, message) => {
  await expect(put(attributes)).rejects.toMatchObject({ name: 'ValidationException', message });
});

test('an item without its key is refused', async () => {
  await expect(client.send(new PutItemCommand({ TableName, Item: { pk: { S: 'p' } } }))).rejects.toThrow(
    `${WERE_INVALID} Missing the key sk in the item`,
  );
});

test('32 levels and keys of full length are taken', async () => {
  await put({ x: nested(32) });
  const long = { pk: { S: 'x'.repeat(2048) }, sk: { B: new Uint8Array(1024) } };
  await put({ ...long, g: { S: 'y'.repeat(2048) } });
  expect((await client.send(new GetItemCommand({ TableName, Key: long }))).Item?.g?.S).toHaveLength(2048);
});

test('an item has at most 400 KB, counted to the byte', async () => {
  // pk 2 + 1, sk 2 + 1, x 1
  const most = 400 * 1024 - 7;
  await put({ x: { S: 'a'.repeat(most) } });
  await expect(put({ x: { S: 'a'.repeat(most + 1) } })).rejects.toThrow(
    'Item size has exceeded the maximum allowed size',
  );
  await expect(
    update({ UpdateExpression: 'SET y = :y', ExpressionAttributeValues: { ':y': { S: 'b' } } }),
  ).rejects.toThrow('Item size to update has exceeded the maximum allowed size');
});

test.each<[Record<string, AttributeValue>, string]>([
  [{ pk: { S: 'p' } }, 'The provided key element does not match the schema'],
  [{ ...Key, more: { S: 'x' } }, 'The provided key element does not match the schema'],
  [{ ...Key, sk: { S: 'x' } }, 'The provided key element does not match the schema'],
  [
    { ...Key, pk: { S: '' } },
    `${NOT_VALID} The AttributeValue for a key attribute cannot contain an empty string value. Key: pk`,
  ],
  [
    { ...Key, pk: { S: 'x'.repeat(2049) } },
    `${WERE_INVALID} Size of hashkey has exceeded the maximum size limit of2048 bytes`,
  ],
])('the key %# is refused', async (key, message) => {
  const refusal = { name: 'ValidationException', message };
  await expect(client.send(new GetItemCommand({ TableName, Key: key }))).rejects.toMatchObject(refusal);
  await expect(client.send(new DeleteItemCommand({ TableName, Key: key }))).rejects.toMatchObject(refusal);
  await expect(client.send(new UpdateItemCommand({ TableName, Key: key }))).rejects.toMatchObject(refusal);
});

test.each<[Partial<UpdateItemCommandInput>, string]>([
  [
    { UpdateExpression: 'SET pk = :v', ExpressionAttributeValues: { ':v': { S: 'x' } } },
    `${WERE_INVALID} Cannot update attribute pk. This attribute is part of the key`,
  ],
  [
    { UpdateExpression: 'SET g = :v', ExpressionAttributeValues: { ':v': { N: '1' } } },
    `${WERE_INVALID} Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g`,
  ],
  [
    { UpdateExpression: 'SET g = :v', ExpressionAttributeValues: { ':v': { S: '' } } },
    `${NOT_VALID} The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.`,
  ],
  [
    { UpdateExpression: 'SET g.x = :v', ExpressionAttributeValues: { ':v': { S: 'x' } } },
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: g",
  ],
  [
    {
      UpdateExpression: 'SET a = :v',
      ExpressionAttributeValues: { ':v': { S: 'x' } },
      AttributeUpdates: { a: { Value: { S: 'x' } } },
    },
    'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributeUpdates} Expression parameters: {UpdateExpression}',
  ],
])('the update %# is refused', async (input, message) => {
  await expect(update(input)).rejects.toMatchObject({ name: 'ValidationException', message });
});

test.each<[Partial<PutItemCommandInput>, string]>([
  [{ ReturnValues: 'ALL_NEW' }, 'ReturnValues can only be ALL_OLD or NONE'],
  [
    { ExpressionAttributeValues: { ':v': { S: 'x' } } },
    'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
  ],
  [
    { ExpressionAttributeNames: { '#a': 'a' } },
    'ExpressionAttributeNames can only be specified when using expressions',
  ],
])('the put %# is refused', async (input, message) => {
  await expect(put({}, input)).rejects.toMatchObject({ name: 'ValidationException', message });
});

test.each<[string, string]>([
  [
    '{"TableName":"strict","Item":{"pk":{}}}',
    'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
  ],
  [
    '{"TableName":"strict","Item":{"pk":{"S":"a","N":"1"}}}',
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  ],
])('the wire form %s is refused', async (body, message) => {
  const { headers } = await signed(body);
  const response = await fetch(cloud.endpoint, { method: 'POST', headers, body });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ __type: 'com.amazon.coral.validate#ValidationException', message });
});

/** The headers the SDK would send with this body. */
async function signed(body: string) {
  let headers: Record<string, string> = {};
  const probe = cloud.client(DynamoDBClient);
  probe.middlewareStack.add(
    (next) => async (args) => {
      (args.request as { body: string }).body = body;
      const { headers: own } = args.request as { headers: Record<string, string> };
      own['content-length'] = String(Buffer.byteLength(body));
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  probe.middlewareStack.add(
    (next) => async (args) => {
      headers = { ...(args.request as { headers: Record<string, string> }).headers };
      return next(args);
    },
    { step: 'deserialize', priority: 'low' },
  );
  await probe.send(new PutItemCommand({ TableName, Item: Key })).catch(() => undefined);
  return { headers };
}
