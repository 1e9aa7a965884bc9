import { type Client, DatabaseError } from 'pg';
import { Database } from './postgres';

function databaseError(code: string): DatabaseError {
  const error = new DatabaseError('refused', 7, 'error');
  error.code = code;
  return error;
}

/** A connection whose queries end as told. */
function connection(...answers: (Error | object[])[]) {
  return {
    query: async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return { rows: answer ?? [] };
    },
    end: async () => undefined,
    on: () => undefined,
  } as unknown as Client;
}

const login = { username: 'u', password: 'p', host: 'db.internal', port: 5432, dbname: 'theatre' };

function setUp(...openings: (Error | Client)[]) {
  const secret = { get: jest.fn(async () => login), forget: jest.fn() };
  const open = jest.fn(async () => {
    const next = openings.shift();
    if (next instanceof Error || !next) throw next ?? new Error('no more connections');
    return next;
  });
  return { secret, open, db: new Database(secret, open) };
}

test('keeps its connection, and makes another when it was lost', async () => {
  const lost = new Error('Connection terminated unexpectedly');
  const { db, open } = setUp(connection([{ n: 1 }], lost), connection([{ n: 2 }]));
  expect((await db.query('SELECT 1')).rows).toEqual([{ n: 1 }]);
  expect((await db.query('SELECT 2')).rows).toEqual([{ n: 2 }]);
  expect(open).toHaveBeenCalledTimes(2);
});

test('takes an error of Postgres for an answer', async () => {
  const { db, open } = setUp(connection(databaseError('42P01')));
  await expect(db.query('SELECT * FROM nowhere')).rejects.toMatchObject({ code: '42P01' });
  expect(open).toHaveBeenCalledTimes(1);
});

test('asks for the login again when it was rotated', async () => {
  const { db, secret } = setUp(databaseError('28P01'), connection([{ n: 1 }]));
  expect((await db.query('SELECT 1')).rows).toEqual([{ n: 1 }]);
  expect(secret.forget).toHaveBeenCalledTimes(1);
});

test('a session never changes its connection half-way', async () => {
  const lost = new Error('Connection terminated unexpectedly');
  const { db, open } = setUp(connection([], lost));
  const work = db.session(async (sql) => {
    await sql.query('BEGIN');
    await sql.query('DROP TABLE students');
  });
  await expect(work).rejects.toBe(lost);
  expect(open).toHaveBeenCalledTimes(1);
});
