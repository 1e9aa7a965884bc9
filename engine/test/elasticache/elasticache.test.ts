import { readFile } from 'node:fs/promises';
import {
  CreateCacheClusterCommand,
  CreateReplicationGroupCommand,
  DeleteReplicationGroupCommand,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
} from '@aws-sdk/client-elasticache';
import Redis, { type RedisOptions } from 'iovalkey';
import { settled } from '../../src/services/elasticache/runtime';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let elasticache: ElastiCacheClient;
beforeAll(async () => {
  cloud = await startCloud();
  elasticache = cloud.client(ElastiCacheClient);
});
afterAll(() => cloud.stop());

const small = { ReplicationGroupDescription: 'x', Engine: 'valkey', CacheNodeType: 'cache.t4g.micro' };

/** Waits for the engine's own work on a group, and gives what it has become. */
async function ready(id: string) {
  const describe = async () =>
    (await elasticache.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: id })))
      .ReplicationGroups?.[0];
  await settled(cloud.host(), (await describe())?.ARN ?? '');
  return describe();
}

async function withRedis<T>(
  endpoint: { Address?: string; Port?: number } | undefined,
  options: RedisOptions,
  work: (redis: Redis) => Promise<T>,
): Promise<T> {
  const target = cloud.cloud.parts.names.resolve(endpoint?.Address ?? '', endpoint?.Port ?? 0);
  if (!target) throw new Error(`${endpoint?.Address} leads nowhere`);
  const redis = new Redis({ ...target, ...options, lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

test('a replication group is a real Valkey, its replica included', async () => {
  const created = await elasticache.send(
    new CreateReplicationGroupCommand({
      ...small,
      ReplicationGroupId: 'Shows',
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
    }),
  );
  expect(created.ReplicationGroup).toMatchObject({
    ReplicationGroupId: 'shows',
    Status: 'creating',
    MemberClusters: ['shows-001', 'shows-002'],
  });
  const group = await ready('shows');
  expect(group).toMatchObject({ Status: 'available', AutomaticFailover: 'enabled', Engine: 'valkey' });
  const node = group?.NodeGroups?.[0];
  expect(node?.PrimaryEndpoint?.Address).toMatch(
    /^shows\.[a-z0-9]{6}\.ng\.0001\.use1\.cache\.amazonaws\.com$/,
  );
  await withRedis(node?.PrimaryEndpoint, {}, async (redis) => {
    await redis.set('seats', '50');
    // Resolves when one replica has it.
    expect(await redis.wait(1, 5000)).toBe(1);
  });
  await withRedis(node?.ReaderEndpoint, {}, async (redis) => {
    expect(await redis.get('seats')).toBe('50');
    await expect(redis.set('seats', '1')).rejects.toThrow('READONLY');
  });
  const { CacheClusters } = await elasticache.send(new DescribeCacheClustersCommand({}));
  expect(CacheClusters?.map((cluster) => cluster.CacheClusterId)).toEqual(['shows-001', 'shows-002']);
  await elasticache.send(new DeleteReplicationGroupCommand({ ReplicationGroupId: 'shows' }));
  await settled(cloud.host(), group?.ARN ?? '');
  await expect(ready('shows')).rejects.toMatchObject({ name: 'ReplicationGroupNotFoundFault' });
  expect(cloud.cloud.parts.names.all()).toEqual([]);
});

test('in-transit encryption and AUTH are enforced', async () => {
  await elasticache.send(
    new CreateReplicationGroupCommand({
      ...small,
      ReplicationGroupId: 'private',
      TransitEncryptionEnabled: true,
      AuthToken: 'a-long-enough-token',
    }),
  );
  const endpoint = (await ready('private'))?.NodeGroups?.[0]?.PrimaryEndpoint;
  const ca = await readFile(cloud.cloud.parts.addresses.caFile, 'utf8');
  const tls = { ca, servername: endpoint?.Address };
  await withRedis(endpoint, { tls, password: 'a-long-enough-token' }, async (redis) =>
    expect(await redis.ping()).toBe('PONG'),
  );
  await withRedis(endpoint, { tls, enableReadyCheck: false }, (redis) =>
    expect(redis.ping()).rejects.toThrow('NOAUTH'),
  );
  await expect(
    withRedis(endpoint, { password: 'a-long-enough-token', connectTimeout: 2000 }, (redis) => redis.ping()),
  ).rejects.toThrow();
});

test.each([
  [{ Engine: 'nonsense' }, 'InvalidParameterValueException'],
  [{ EngineVersion: '1.0' }, 'InvalidParameterCombinationException'],
  [{ CacheNodeType: 'big' }, 'InvalidParameterValueException'],
  [{ AutomaticFailoverEnabled: true, NumCacheClusters: 1 }, 'InvalidParameterCombinationException'],
  [{ AuthToken: 'a-long-enough-token' }, 'InvalidParameterCombinationException'],
  [{ CacheSubnetGroupName: 'nowhere' }, 'CacheSubnetGroupNotFoundFault'],
  [{ NumNodeGroups: 3 }, 'NotImplemented'],
  [{ SnapshotRetentionLimit: 5 }, 'NotImplemented'],
])('%j is refused', async (wrong, name) => {
  await expect(
    elasticache.send(new CreateReplicationGroupCommand({ ...small, ReplicationGroupId: 'other', ...wrong })),
  ).rejects.toMatchObject({ name });
});

test('Valkey is no engine of single cache clusters', async () => {
  await expect(
    elasticache.send(
      new CreateCacheClusterCommand({
        CacheClusterId: 'one',
        Engine: 'valkey',
        CacheNodeType: 'cache.t4g.micro',
        NumCacheNodes: 1,
      }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
});
