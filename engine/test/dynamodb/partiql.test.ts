import {
  BatchExecuteStatementCommand,
  CreateTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  ExecuteTransactionCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let client: DynamoDBClient;

beforeAll(async () => {
  cloud = await startCloud();
  client = cloud.client(DynamoDBClient);
  await client.send(
    new CreateTableCommand({
      TableName: 'music',
      AttributeDefinitions: ['artist', 'song', 'genre'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'artist', KeyType: 'HASH' },
        { AttributeName: 'song', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-genre',
          KeySchema: [{ AttributeName: 'genre', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  for (const [song, year] of [
    ['One', 1991],
    ['Two', 1992],
    ['Three', 1993],
  ] as const) {
    await run(
      `INSERT INTO "music" VALUE {'artist': 'U2', 'song': '${song}', 'year': ${year}, 'genre': 'rock', 'tags': <<'a'>>}`,
    );
  }
});

afterAll(() => cloud.stop());

const execute = (Statement: string, input: Partial<ExecuteStatementCommandInput> = {}) =>
  client.send(new ExecuteStatementCommand({ Statement, ...input }));
const run = async (Statement: string, ...Parameters: { S?: string; N?: string }[]) => {
  const { Items } = await execute(
    Statement,
    Parameters.length > 0 ? { Parameters: Parameters as never } : {},
  );
  return Items?.map((item) => unmarshall(item));
};

test.each([
  [`SELECT song FROM music WHERE artist = 'U2'`, ['One', 'Three', 'Two']],
  [`SELECT song FROM music WHERE artist = 'U2' ORDER BY song DESC`, ['Two', 'Three', 'One']],
  [`select song from "music" where artist = 'U2' and song = 'One'`, ['One']],
  [`SELECT song FROM music WHERE artist = 'U2' AND begins_with(song, 'T')`, ['Three', 'Two']],
  [`SELECT song FROM music WHERE artist = 'U2' AND song <> 'One'`, ['Three', 'Two']],
  [
    `SELECT song FROM music WHERE artist = 'U2' AND "year" > 1991 AND (song = 'One' OR song = 'Two')`,
    ['Two'],
  ],
  [`SELECT song FROM music WHERE artist = 'U2' AND "year" IN [1991, 1993]`, ['One', 'Three']],
  [`SELECT song FROM music WHERE artist = 'U2' AND "year" BETWEEN 1992 AND 1993`, ['Three', 'Two']],
  [`SELECT song FROM music WHERE NOT "year" = 1991 AND nothing IS MISSING`, ['Three', 'Two']],
  [
    `SELECT song FROM "music"."by-genre" WHERE genre = 'rock' AND contains(tags, 'a')`,
    ['One', 'Three', 'Two'],
  ],
  [`SELECT song FROM music WHERE artist = 'ABBA'`, []],
])('%s', async (statement, songs) => {
  const found = (await run(statement))?.map((item) => item.song as string) ?? [];
  expect(statement.includes('ORDER') ? found : found.sort()).toEqual(songs);
});

test('parameters take their places, pages follow each other', async () => {
  expect(
    await run('SELECT "year" FROM music WHERE artist = ? AND song = ?', { S: 'U2' }, { S: 'Two' }),
  ).toEqual([{ year: 1992 }]);
  const first = await execute(`SELECT * FROM music WHERE artist = 'U2'`, { Limit: 2 });
  expect(first.Items).toHaveLength(2);
  const NextToken = first.NextToken;
  const second = await execute(`SELECT * FROM music WHERE artist = 'U2'`, { Limit: 2, NextToken });
  expect(second.Items?.map((item) => item.song?.S)).toEqual(['Two']);
});

test('items are made, changed and removed', async () => {
  expect(
    await run(`INSERT INTO music VALUE {'artist': 'ABBA', 'song': 'SOS', 'n': 1, 'l': [1, {'x': null}]}`),
  ).toEqual([]);
  await expect(run(`INSERT INTO music VALUE {'artist': 'ABBA', 'song': 'SOS'}`)).rejects.toMatchObject({
    name: 'DuplicateItemException',
    message: 'Duplicate primary key exists in table',
  });
  const where = `WHERE artist = 'ABBA' AND song = 'SOS'`;
  expect(
    await run(
      `UPDATE music SET n = n + 1, tags = set_add(tags, <<'hit'>>) SET l = list_append(l, [2]) ${where} AND n = 1 RETURNING ALL NEW *`,
    ),
  ).toEqual([{ artist: 'ABBA', song: 'SOS', n: 2, tags: new Set(['hit']), l: [1, { x: null }, 2] }]);
  await expect(run(`UPDATE music REMOVE n ${where} AND n = 1`)).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
  });
  await expect(run(`UPDATE music SET n = 1 WHERE artist = 'ABBA' AND song = 'none'`)).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
  });
  expect(await run(`DELETE FROM music ${where} RETURNING ALL OLD *`)).toMatchObject([{ song: 'SOS', n: 2 }]);
  expect(await run(`SELECT * FROM music ${where}`)).toEqual([]);
});

test.each([
  ['SELEKT', "Statement wasn't well formed, can't be processed: Unexpected token: SELEKT"],
  [
    `SELECT * FROM music WHERE artist = 'x`,
    "Statement wasn't well formed, can't be processed: Unexpected token: '",
  ],
  [`SELECT * FROM music WHERE artist = ?`, "Number of parameters in request and statement don't match."],
  [
    `DELETE FROM music WHERE artist = 'x'`,
    'Where clause does not contain a mandatory equality on all key attributes',
  ],
  [
    `SELECT * FROM music JOIN other`,
    "Statement wasn't well formed, can't be processed: Unexpected token: JOIN",
  ],
])('%s is refused: %s', async (statement, message) => {
  await expect(run(statement)).rejects.toMatchObject({ name: 'ValidationException', message });
});

test('a batch answers one by one', async () => {
  const insert = `INSERT INTO music VALUE {'artist': 'Cher', 'song': 'Believe'}`;
  const { Responses } = await client.send(
    new BatchExecuteStatementCommand({ Statements: [{ Statement: insert }, { Statement: insert }] }),
  );
  expect(Responses).toEqual([
    { TableName: 'music' },
    {
      TableName: 'music',
      Error: { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' },
    },
  ]);
  const read = await client.send(
    new BatchExecuteStatementCommand({
      Statements: [{ Statement: `SELECT song FROM music WHERE artist = 'Cher' AND song = 'Believe'` }],
    }),
  );
  expect(read.Responses).toEqual([{ TableName: 'music', Item: { song: { S: 'Believe' } } }]);
});

test('a transaction does all or nothing', async () => {
  const insert = (song: string) => ({
    Statement: `INSERT INTO music VALUE {'artist': 'Queen', 'song': '${song}'}`,
  });
  const done = await client.send(
    new ExecuteTransactionCommand({ TransactStatements: [insert('1'), insert('2')] }),
  );
  expect(done.Responses).toEqual([]);
  await expect(
    client.send(new ExecuteTransactionCommand({ TransactStatements: [insert('3'), insert('2')] })),
  ).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [
      { Code: 'None' },
      { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' },
    ],
  });
  expect(await run(`SELECT song FROM music WHERE artist = 'Queen'`)).toEqual([{ song: '1' }, { song: '2' }]);
});
