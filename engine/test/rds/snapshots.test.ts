import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  CloudFormationClient,
  DeleteStackCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import {
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  type DBSnapshot,
  DeleteDBInstanceCommand,
  DeleteDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ListTagsForResourceCommand,
  RDSClient,
  RestoreDBInstanceFromDBSnapshotCommand,
} from '@aws-sdk/client-rds';
import { findPostgres } from '../../src/servers/postgres-binaries';
import { settled } from '../../src/services/rds/runtime';
import { startCloud, type TestCloud } from '../../src/testing';
import { Stacks } from '../cloudformation/helpers';
import { connectTo, small } from './database';

let cloud: TestCloud;
let rds: RDSClient;
beforeAll(async () => {
  cloud = await startCloud();
  rds = cloud.client(RDSClient);
});
afterAll(() => cloud.stop());

const shop = { ...small, DBName: 'shop' };
const often = { minDelay: 1, maxDelay: 1, maxWaitTime: 25 };
const arnOf = (id: string) => `arn:aws:rds:us-east-1:000000000000:db:${id}`;

async function instance(id: string) {
  await settled(cloud.host(), arnOf(id));
  const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
  return DBInstances?.[0];
}

async function query(id: string, sql: string, password = 'correct-horse'): Promise<unknown[]> {
  const client = await connectTo(cloud, (await instance(id))?.Endpoint ?? {}, password);
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function snapshots(id: string): Promise<DBSnapshot[]> {
  const { DBSnapshots } = await rds.send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: id }));
  return DBSnapshots ?? [];
}

test('a snapshot keeps the data of its moment, and becomes an instance again', async () => {
  await rds.send(
    new CreateDBInstanceCommand({
      ...shop,
      DBInstanceIdentifier: 'shop',
      CopyTagsToSnapshot: true,
      Tags: [{ Key: 'team', Value: 'theatre' }],
    }),
  );
  const take = (DBSnapshotIdentifier: string, DBInstanceIdentifier = 'shop') =>
    rds.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier, DBSnapshotIdentifier }));
  await expect(take('early')).rejects.toMatchObject({
    name: 'InvalidDBInstanceStateFault',
    message:
      'Cannot create a snapshot because the database instance shop is not currently in the available state.',
  });
  await query('shop', 'CREATE TABLE seats (n int)');
  await query('shop', 'INSERT INTO seats VALUES (7)');

  const { DBSnapshot } = await take('Before');
  expect(DBSnapshot).toMatchObject({
    DBSnapshotIdentifier: 'before',
    DBInstanceIdentifier: 'shop',
    Status: 'creating',
    PercentProgress: 0,
    SnapshotType: 'manual',
    MasterUsername: 'owner',
    TagList: [{ Key: 'team', Value: 'theatre' }],
    DBSnapshotArn: 'arn:aws:rds:us-east-1:000000000000:snapshot:before',
  });
  expect(JSON.stringify(DBSnapshot)).not.toContain('correct-horse');
  await expect(take('before')).rejects.toMatchObject({ name: 'DBSnapshotAlreadyExistsFault' });
  await expect(take('a--b')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  await expect(take('other', 'nobody')).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault' });
  await query('shop', 'UPDATE seats SET n = 8');
  expect(await snapshots('shop')).toMatchObject([{ Status: 'available', PercentProgress: 100 }]);
  const tags = await rds.send(new ListTagsForResourceCommand({ ResourceName: DBSnapshot?.DBSnapshotArn }));
  expect(tags.TagList).toEqual([{ Key: 'team', Value: 'theatre' }]);

  const restored = await rds.send(
    new RestoreDBInstanceFromDBSnapshotCommand({
      DBInstanceIdentifier: 'again',
      DBSnapshotIdentifier: 'before',
    }),
  );
  expect(restored.DBInstance).toMatchObject({
    DBInstanceStatus: 'creating',
    DBInstanceClass: 'db.t4g.micro',
    MasterUsername: 'owner',
    AllocatedStorage: 20,
  });
  const remove = () =>
    rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: 'before' })).then((out) => out.DBSnapshot);
  await expect(remove()).rejects.toMatchObject({ name: 'InvalidDBSnapshotStateFault' });
  expect(await query('again', 'SELECT n FROM seats')).toEqual([{ n: 7 }]);
  expect(await query('shop', 'SELECT n FROM seats')).toEqual([{ n: 8 }]);

  expect(await remove()).toMatchObject({ DBSnapshotIdentifier: 'before', Status: 'deleted' });
  await expect(
    rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: 'before' })),
  ).rejects.toMatchObject({ name: 'DBSnapshotNotFoundFault', message: 'DBSnapshot not found: before' });
  expect(await query('again', 'SELECT n FROM seats')).toEqual([{ n: 7 }]);
  const folders = join(cloud.cloud.parts.addresses.stateDirectory, 'rds');
  expect(readdirSync(folders)).toHaveLength(2);
});

test('an instance that is deleted with a final snapshot can be had back', async () => {
  await rds.send(new CreateDBInstanceCommand({ ...shop, DBInstanceIdentifier: 'final' }));
  await query('final', 'CREATE TABLE seats AS SELECT 9 AS n');
  const remove = (more: object) =>
    rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'final', ...more }));
  await expect(remove({ SkipFinalSnapshot: true, FinalDBSnapshotIdentifier: 'last' })).rejects.toMatchObject({
    name: 'InvalidParameterCombination',
  });
  await remove({ FinalDBSnapshotIdentifier: 'last' });
  await settled(cloud.host(), arnOf('final'));
  await expect(instance('final')).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault' });
  expect(await snapshots('final')).toMatchObject([{ DBSnapshotIdentifier: 'last', Status: 'available' }]);
  await rds.send(
    new RestoreDBInstanceFromDBSnapshotCommand({
      DBInstanceIdentifier: 'final',
      DBSnapshotIdentifier: 'last',
    }),
  );
  expect(await query('final', 'SELECT n FROM seats')).toEqual([{ n: 9 }]);
});

test('a stack leaves a snapshot of its instance, and another stack begins with it', async () => {
  const stacks = new Stacks(cloud.client(CloudFormationClient));
  const template = (properties: Record<string, unknown>, policy: Record<string, unknown> = {}) => ({
    Resources: {
      Data: {
        Type: 'AWS::RDS::DBInstance',
        ...policy,
        Properties: {
          DBInstanceClass: 'db.t4g.micro',
          Engine: 'postgres',
          AllocatedStorage: '20',
          MasterUserPassword: 'correct-horse',
          ...properties,
        },
      },
    },
  });
  await stacks.create(
    'Theatre',
    template({ DBInstanceIdentifier: 'theatre', DBName: 'shop', MasterUsername: 'owner' }),
  );
  expect(await stacks.reasons('Theatre')).toEqual([]);
  await query('theatre', 'CREATE TABLE seats AS SELECT 11 AS n');
  await stacks.client.send(new DeleteStackCommand({ StackName: 'Theatre' }));
  await waitUntilStackDeleteComplete({ client: stacks.client, ...often }, { StackName: 'Theatre' });
  await expect(instance('theatre')).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault' });
  const [left, ...others] = await snapshots('theatre');
  expect(others).toEqual([]);
  expect(left).toMatchObject({
    Status: 'available',
    DBSnapshotIdentifier: expect.stringMatching(/^theatre-snapshot-data-[a-z0-9]{12}$/),
  });

  await stacks.create(
    'Second',
    template(
      {
        DBInstanceIdentifier: 'second',
        DBSnapshotIdentifier: left?.DBSnapshotIdentifier,
        MasterUserPassword: 'battery-staple',
      },
      { DeletionPolicy: 'Delete' },
    ),
  );
  expect(await stacks.reasons('Second')).toEqual([]);
  expect(await query('second', 'SELECT n FROM seats', 'battery-staple')).toEqual([{ n: 11 }]);
  await stacks.client.send(new DeleteStackCommand({ StackName: 'Second' }));
  await waitUntilStackDeleteComplete({ client: stacks.client, ...often }, { StackName: 'Second' });
  expect(await snapshots('second')).toEqual([]);

  await stacks.create(
    'Third',
    template({ DBSnapshotIdentifier: left?.DBSnapshotIdentifier, MasterUsername: 'other' }),
  );
  expect((await stacks.describe('Third')).StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await stacks.reasons('Third')).toEqual([expect.stringContaining('Data: ')]);
}, 60_000);

test('the end of a temporary engine takes the data of instances and snapshots with it', async () => {
  const other = await startCloud();
  const client = other.client(RDSClient);
  await client.send(new CreateDBInstanceCommand({ ...shop, DBInstanceIdentifier: 'gone' }));
  await settled(other.host(), arnOf('gone'));
  await client.send(
    new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'gone', DBSnapshotIdentifier: 'gone' }),
  );
  await settled(other.host(), arnOf('gone'));
  const { dataFolder } = await import('../../src/servers/postgres-binaries');
  const rdsFolder = join(other.cloud.parts.addresses.stateDirectory, 'rds');
  const binaries = await findPostgres();
  const folders = readdirSync(rdsFolder).map((name) => dataFolder(join(rdsFolder, name), binaries));
  expect(folders.map((folder) => existsSync(folder))).toEqual([true, true]);
  await other.stop();
  expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
  expect(existsSync(dirname(rdsFolder))).toBe(false);
});
