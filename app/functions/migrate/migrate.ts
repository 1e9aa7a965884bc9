import type { Sql } from '../../shared/clients/postgres';
import type { Migration } from './migrations';

// Any number will do as long as nothing else in this database locks by it.
const LOCK = 7_301_866;

/**
 * Makes the changes that were not made yet, in order, each with its record in one transaction, and returns
 * their ids. Two deployments at once wait for each other. A change that fails leaves nothing of itself.
 */
export async function migrate(sql: Sql, migrations: readonly Migration[]): Promise<string[]> {
  await sql.query('SELECT pg_advisory_lock($1)', [LOCK]);
  try {
    await sql.query(
      'CREATE TABLE IF NOT EXISTS migrations (id text PRIMARY KEY, made_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await sql.query<{ id: string }>('SELECT id FROM migrations');
    const made = new Set(rows.map(({ id }) => id));
    const applied: string[] = [];
    for (const migration of migrations) {
      if (made.has(migration.id)) continue;
      await apply(sql, migration);
      applied.push(migration.id);
    }
    return applied;
  } finally {
    await sql.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  }
}

async function apply(sql: Sql, migration: Migration): Promise<void> {
  await sql.query('BEGIN');
  try {
    await sql.query(migration.sql);
    await sql.query('INSERT INTO migrations (id) VALUES ($1)', [migration.id]);
    await sql.query('COMMIT');
  } catch (error) {
    await sql.query('ROLLBACK');
    throw new Error(`Migration ${migration.id} failed: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}
