import {
  CreateReplicationGroupCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
} from '@aws-sdk/client-elasticache';
import { urls } from '../../src/cloud/urls';
import type { EngineEvent } from '../../src/observe';
import { settled } from '../../src/services/elasticache/runtime';
import { startCloud, type TestCloud } from '../../src/testing';
import { Lambda, lambdaRole } from '../lambda/support';

const before = process.env.TIERKIT_VALKEY;
let cloud: TestCloud;
beforeAll(async () => {
  process.env.TIERKIT_VALKEY = '';
  cloud = await startCloud();
});
afterAll(async () => {
  await cloud.stop();
  if (before === undefined) delete process.env.TIERKIT_VALKEY;
  else process.env.TIERKIT_VALKEY = before;
});

test('without a Valkey a cache is made all the same, is down, and one line says what to install', async () => {
  const elasticache = cloud.client(ElastiCacheClient);
  const warnings: string[] = [];
  cloud.cloud.events.subscribe((event: EngineEvent) => {
    if (event.type === 'engine') warnings.push(`${event.level} ${event.message}`);
  });
  const create = async (ReplicationGroupId: string) => {
    const { ReplicationGroup } = await elasticache.send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId,
        ReplicationGroupDescription: 'x',
        Engine: 'valkey',
        CacheNodeType: 'cache.t4g.micro',
        NumCacheClusters: 2,
      }),
    );
    await settled(cloud.host(), ReplicationGroup?.ARN ?? '');
  };
  await create('shows');
  const { ReplicationGroups } = await elasticache.send(
    new DescribeReplicationGroupsCommand({ ReplicationGroupId: 'shows' }),
  );
  const group = ReplicationGroups?.[0];
  expect(group?.Status).toBe('available');
  const install = process.platform === 'darwin' ? 'brew install valkey' : 'apt-get install valkey-server';
  expect(warnings).toEqual([expect.stringContaining(install)]);
  expect(warnings[0]).toMatch(/^warn No Valkey or Redis server on this machine: the cache is down\./);

  await create('seats');
  const shown = await urls(cloud.cloud);
  expect(shown.databases).toEqual([]);
  // `tierkit up` prints these: one line, however many caches are down.
  expect(shown.warnings).toEqual([warnings[0]?.replace('warn ', '')]);

  const lambda = new Lambda(cloud, await lambdaRole(cloud));
  await lambda.create(
    'reader',
    `const net = require('node:net');
     exports.handler = ({ host, ports }) => Promise.all(ports.map((port) => new Promise((done) => {
       const socket = net.connect(port, host);
       socket.on('connect', () => done('connected'));
       socket.on('error', (error) => done(error.code));
     })));`,
  );
  const { Address: host, Port: port } = group?.NodeGroups?.[0]?.PrimaryEndpoint ?? {};
  const { value } = await lambda.invoke('reader', { host, ports: [port, 80, 443] });
  expect(value).toEqual(['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED']);
});
