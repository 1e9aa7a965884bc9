import { CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  CreateDBSubnetGroupCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  ModifyDBParameterGroupCommand,
  RDSClient,
  StartDBInstanceCommand,
  StopDBInstanceCommand,
  waitUntilDBInstanceAvailable,
} from '@aws-sdk/client-rds';
import type { Client } from 'pg';
import { startCloud, type TestCloud } from '../../src/testing';
import { connectTo, small } from './database';

let cloud: TestCloud;
let rds: RDSClient;
beforeAll(async () => {
  cloud = await startCloud();
  rds = cloud.client(RDSClient);
});
afterAll(() => cloud.stop());

const available = (id: string) =>
  waitUntilDBInstanceAvailable(
    { client: rds, minDelay: 1, maxDelay: 1, maxWaitTime: 25 },
    { DBInstanceIdentifier: id },
  );

async function connect(id: string, password: string, tls = true): Promise<Client> {
  const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
  return connectTo(cloud, DBInstances?.[0]?.Endpoint ?? {}, password, tls);
}

test('an instance is a real Postgres that keeps its data over stop and start, and takes a new password', async () => {
  const created = await rds.send(
    new CreateDBInstanceCommand({ ...small, DBInstanceIdentifier: 'Shop', DBName: 'shop' }),
  );
  expect(created.DBInstance).toMatchObject({
    DBInstanceIdentifier: 'shop',
    DBInstanceStatus: 'creating',
    EngineVersion: expect.stringMatching(/^16\./),
  });
  expect(created.DBInstance?.Endpoint).toBeUndefined();
  expect(JSON.stringify(created)).not.toContain('correct-horse');
  await available('shop');

  const first = await connect('shop', 'correct-horse');
  await first.query('CREATE TABLE seats (n int)');
  await first.query('INSERT INTO seats VALUES (7)');
  const { rows } = await first.query('SELECT rolsuper FROM pg_roles WHERE rolname = current_user');
  expect(rows).toEqual([{ rolsuper: false }]);
  await first.end();

  await expect(connect('shop', 'correct-horse', false)).rejects.toThrow('no encryption');
  await expect(connect('shop', 'wrong')).rejects.toThrow('password authentication failed');

  await rds.send(
    new ModifyDBInstanceCommand({
      DBInstanceIdentifier: 'shop',
      MasterUserPassword: 'battery-staple',
      ApplyImmediately: true,
    }),
  );
  await available('shop');
  await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: 'shop' }));
  await expect(rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: 'shop' }))).rejects.toMatchObject({
    name: 'InvalidDBInstanceStateFault',
  });
  await stopped('shop');
  await rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier: 'shop' }));
  await available('shop');
  const again = await connect('shop', 'battery-staple');
  expect((await again.query('SELECT n FROM seats')).rows).toEqual([{ n: 7 }]);
  await again.end();
});

/** Waits for the engine's own work, without a clock. */
async function stopped(id: string): Promise<void> {
  const { settled } = await import('../../src/services/rds/runtime');
  const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
  await settled(cloud.host(), DBInstances?.[0]?.DBInstanceArn ?? '');
}

test.each([
  [{ Engine: 'nonsense' }, 'InvalidParameterValue', 'Invalid DB engine: nonsense'],
  [{ MasterUserPassword: 'short' }, 'InvalidParameterValue', 'shorter than 8 characters'],
  [{ MasterUserPassword: 'has space in it' }, 'InvalidParameterValue', 'Only printable ASCII characters'],
  [{ MasterUsername: 'rdsadmin' }, 'InvalidParameterValue', 'reserved word'],
  [{ EngineVersion: '16.999' }, 'InvalidParameterCombination', 'Cannot find version 16.999 for postgres'],
  [{ AllocatedStorage: 5 }, 'InvalidParameterValue', 'Invalid storage size'],
  [{ DBInstanceIdentifier: '-x' }, 'InvalidParameterValue', 'is not a valid identifier'],
  [
    { DBSubnetGroupName: 'nowhere' },
    'DBSubnetGroupNotFoundFault',
    "DB subnet group 'nowhere' does not exist.",
  ],
  [{ Engine: 'mysql' }, 'NotImplemented', "RDS engine 'mysql'"],
  [{ EnablePerformanceInsights: true }, 'NotImplemented', 'rds:CreateDBInstance EnablePerformanceInsights'],
])('%j is refused', async (wrong, name, message) => {
  await expect(
    rds.send(new CreateDBInstanceCommand({ ...small, DBInstanceIdentifier: 'other', ...wrong })),
  ).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
});

test('a subnet group needs two zones', async () => {
  const ec2 = cloud.client(EC2Client);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const subnet = async (CidrBlock: string, AvailabilityZone: string) =>
    (await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock, AvailabilityZone }))).Subnet
      ?.SubnetId ?? '';
  const a = await subnet('10.0.0.0/24', 'us-east-1a');
  const b = await subnet('10.0.1.0/24', 'us-east-1b');
  const create = (SubnetIds: string[]) =>
    rds.send(
      new CreateDBSubnetGroupCommand({ DBSubnetGroupName: 'Two', DBSubnetGroupDescription: 'x', SubnetIds }),
    );
  await expect(create([a])).rejects.toMatchObject({ name: 'DBSubnetGroupDoesNotCoverEnoughAZs' });
  expect((await create([a, b])).DBSubnetGroup).toMatchObject({
    DBSubnetGroupName: 'two',
    VpcId: Vpc?.VpcId,
    SubnetGroupStatus: 'Complete',
  });
});

test('a parameter group takes what this Postgres knows, and RDS’s force_ssl', async () => {
  await rds.send(
    new CreateDBParameterGroupCommand({
      DBParameterGroupName: 'plain',
      DBParameterGroupFamily: 'postgres16',
      Description: 'x',
    }),
  );
  const set = (ParameterName: string, ParameterValue: string) =>
    rds.send(
      new ModifyDBParameterGroupCommand({
        DBParameterGroupName: 'plain',
        Parameters: [{ ParameterName, ParameterValue, ApplyMethod: 'pending-reboot' }],
      }),
    );
  await expect(set('no_such_thing', '1')).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: 'Could not find parameter with name: no_such_thing',
  });
  await set('rds.force_ssl', '0');
  await rds.send(
    new CreateDBInstanceCommand({
      ...small,
      DBInstanceIdentifier: 'plain',
      DBName: 'shop',
      DBParameterGroupName: 'plain',
    }),
  );
  await available('plain');
  const client = await connect('plain', 'correct-horse', false);
  await client.end();
  await expect(
    rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'plain' })),
  ).rejects.toMatchObject({
    message: 'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
  });
  await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'plain', SkipFinalSnapshot: true }));
});
