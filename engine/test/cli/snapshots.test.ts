import { existsSync, mkdirSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import {
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
  waitUntilDBInstanceAvailable,
  waitUntilDBSnapshotAvailable,
} from '@aws-sdk/client-rds';
import { Client } from 'pg';
import { dataFolder, findPostgres } from '../../src/servers/postgres-binaries';
import { scratch, startEngine, tierkit } from './command';

const folder = scratch();
const state = folder.path;
const instanceFolders = join(state, 'state', 'rds');

afterAll(async () => {
  await tierkit(['reset', '--state', state]);
  folder.remove();
});

function rds(endpoint: string): RDSClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new RDSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

const patience = (client: RDSClient) => ({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 60 });

/** Runs SQL in an instance and gives the first column. */
async function ask(id: string, sql: string): Promise<unknown[]> {
  const { stdout } = await tierkit(['urls', '--json', '--state', state]);
  const { databases } = JSON.parse(stdout) as { databases: { id: string; host: string; port: number }[] };
  const found = databases.find((database) => database.id === id);
  const client = new Client({
    host: found?.host,
    port: found?.port,
    user: 'box',
    password: 'office-hours',
    database: 'postgres',
    ssl: { rejectUnauthorized: false },
  });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.map(([value]) => value);
  } finally {
    await client.end();
  }
}

/** Takes a snapshot and kills the engine (kill -9) while its data is copied. */
async function killWithin(snapshot: string, engine: { pid: number; endpoint: string }): Promise<void> {
  const client = rds(engine.endpoint);
  const copying = new Promise<void>((resolve) => {
    // A copy begins with the snapshot's own folder.
    const watcher = watch(instanceFolders, () => {
      watcher.close();
      process.kill(engine.pid, 'SIGKILL');
      resolve();
    });
  });
  const input = { DBSnapshotIdentifier: snapshot, DBInstanceIdentifier: 'theatre' };
  await client.send(new CreateDBSnapshotCommand(input));
  await copying;
  client.destroy();
}

test('a snapshot that a kill cut off is taken at the next start; `reset` removes all of it, whole or not', async () => {
  mkdirSync(instanceFolders, { recursive: true });
  const first = await startEngine(state);
  const before = rds(first.endpoint);
  await before.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'theatre',
      DBInstanceClass: 'db.t4g.micro',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'box',
      MasterUserPassword: 'office-hours',
    }),
  );
  await waitUntilDBInstanceAvailable(patience(before), { DBInstanceIdentifier: 'theatre' });
  before.destroy();
  await ask('theatre', 'CREATE TABLE seats AS SELECT generate_series(1, 50000) AS seat');
  await killWithin('evening', first);

  const second = await startEngine(state);
  const after = rds(second.endpoint);
  await waitUntilDBSnapshotAvailable(patience(after), { DBSnapshotIdentifier: 'evening' });
  await waitUntilDBInstanceAvailable(patience(after), { DBInstanceIdentifier: 'theatre' });
  await ask('theatre', 'DELETE FROM seats');
  const restored = { DBInstanceIdentifier: 'again', DBSnapshotIdentifier: 'evening' };
  await after.send(new RestoreDBInstanceFromDBSnapshotCommand(restored));
  await waitUntilDBInstanceAvailable(patience(after), { DBInstanceIdentifier: 'again' });
  expect(await ask('again', 'SELECT count(*)::int FROM seats')).toEqual([50_000]);
  expect(await ask('theatre', 'SELECT count(*)::int FROM seats')).toEqual([0]);
  const { DBSnapshots = [] } = await after.send(new DescribeDBSnapshotsCommand({}));
  expect(DBSnapshots.map(({ Status, PercentProgress }) => [Status, PercentProgress])).toEqual([
    ['available', 100],
  ]);
  after.destroy();

  await killWithin('late', second);
  const binaries = await findPostgres();
  // Two instances, a snapshot and half of one.
  const names = readdirSync(instanceFolders);
  expect(names).toHaveLength(4);
  const reset = await tierkit(['reset', '--state', state]);
  expect(reset).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(join(state, 'state'))).toBe(false);
  for (const data of names.map((name) => dataFolder(join(instanceFolders, name), binaries))) {
    const beside = existsSync(join(data, '..')) ? readdirSync(join(data, '..')) : [];
    expect(beside.filter((name) => join(data, '..', name).startsWith(data))).toEqual([]);
  }
}, 120_000);
