import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { Sql } from '../../shared/clients/postgres';
import { context } from '../../testing/events';
import { onEvent } from './handler';
import { migrate } from './migrate';
import { migrations, migrationsVersion } from './migrations';

/** A database as far as a migration sees it: what was run, what is recorded. */
function fakeDatabase(recorded: string[] = [], failing?: string) {
  const ran: string[] = [];
  const sql: Sql = {
    query: async <Row extends object>(text: string, values: unknown[] = []) => {
      ran.push(text.trim().split(/[\n(]/)[0]?.trim() ?? '');
      if (failing && text.includes(failing)) throw new Error('syntax error at or near "VENEUS"');
      if (text.startsWith('INSERT INTO migrations')) recorded.push(String(values[0]));
      return {
        rows: (text.startsWith('SELECT id') ? recorded.map((id) => ({ id })) : []) as object[] as Row[],
      };
    },
  };
  return { ran, recorded, sql };
}

const all = [
  { id: '1', sql: 'CREATE TABLE one (id int)' },
  { id: '2', sql: 'CREATE TABLE two (id int)' },
];

test('makes what was not made yet, each in its transaction, under the lock', async () => {
  const { ran, recorded, sql } = fakeDatabase(['1']);
  expect(await migrate(sql, all)).toEqual(['2']);
  expect(recorded).toEqual(['1', '2']);
  expect(ran).toEqual([
    'SELECT pg_advisory_lock',
    'CREATE TABLE IF NOT EXISTS migrations',
    'SELECT id FROM migrations',
    'BEGIN',
    'CREATE TABLE two',
    'INSERT INTO migrations',
    'COMMIT',
    'SELECT pg_advisory_unlock',
  ]);
});

test('leaves nothing of one that fails, and says which', async () => {
  const { ran, recorded, sql } = fakeDatabase([], 'two');
  await expect(migrate(sql, all)).rejects.toThrow('Migration 2 failed: syntax error at or near "VENEUS"');
  expect(recorded).toEqual(['1']);
  expect(ran.slice(-2)).toEqual(['ROLLBACK', 'SELECT pg_advisory_unlock']);
});

test('has a version that changes with any of them', () => {
  expect(migrationsVersion(all)).toBe(migrationsVersion([...all]));
  expect(migrationsVersion(all)).not.toBe(migrationsVersion(all.slice(1)));
  expect(new Set(migrations.map(({ id }) => id)).size).toBe(migrations.length);
});

test('the custom resource runs them, but not for a deletion', async () => {
  const { recorded, sql } = fakeDatabase();
  const handler = onEvent(() => ({ session: (work) => work(sql) }), all);
  const ask = (RequestType: string) => handler({ RequestType } as CloudFormationCustomResourceEvent, context);
  const expected = { PhysicalResourceId: 'theatre-schema', Data: { Version: migrationsVersion(all) } };
  expect(await ask('Delete')).toEqual(expected);
  expect(recorded).toEqual([]);
  expect(await ask('Create')).toEqual(expected);
  expect(recorded).toEqual(['1', '2']);
});
