import { estimate, formatEstimate } from '../targets/aws/cost';

const template = (...resources: [type: string, properties?: Record<string, unknown>][]) => ({
  Resources: Object.fromEntries(resources.map(([Type, Properties], n) => [`R${n}`, { Type, Properties }])),
});

const hourly = (...resources: Parameters<typeof template>) =>
  Number(estimate([template(...resources)]).dollarsAnHour.toFixed(5));

test('counts instances, zones, nodes and storage', () => {
  const instance = { DBInstanceClass: 'db.t4g.micro', AllocatedStorage: '20' };
  expect(hourly(['AWS::RDS::DBInstance', instance])).toBe(0.01915);
  expect(hourly(['AWS::RDS::DBInstance', { ...instance, MultiAZ: true }])).toBe(0.0383);
  const group = { CacheNodeType: 'cache.t4g.micro', Engine: 'valkey' };
  expect(hourly(['AWS::ElastiCache::ReplicationGroup', { ...group, NumCacheClusters: 2 }])).toBe(0.0256);
  expect(
    hourly([
      'AWS::ElastiCache::ReplicationGroup',
      { ...group, NumNodeGroups: 2, ReplicasPerNodeGroup: 1, Engine: 'redis' },
    ]),
  ).toBe(0.064);
  const endpoint = { VpcEndpointType: 'Interface', SubnetIds: ['a', 'b', 'c'] };
  expect(hourly(['AWS::EC2::VPCEndpoint', endpoint], ['AWS::EC2::VPCEndpoint', {}])).toBe(0.03);
});

test('counts the caches of stages, which are billed by the hour', () => {
  const stage = 'AWS::ApiGateway::Stage';
  expect(hourly([stage])).toBe(0);
  expect(hourly([stage, { CacheClusterEnabled: false, CacheClusterSize: '0.5' }])).toBe(0);
  expect(hourly([stage, { CacheClusterEnabled: true }])).toBe(0.02);
  expect(hourly([stage, { CacheClusterEnabled: true, CacheClusterSize: '6.1' }])).toBe(0.2);
  const odd = estimate([template([stage, { CacheClusterEnabled: true, CacheClusterSize: '7' }])]);
  expect(odd.unknown).toEqual([stage]);
});

test('a run costs an hour and its requests, to the next cent', () => {
  expect(estimate([template(['AWS::EC2::NatGateway'])]).dollarsARun).toBe(0.1);
});

test('names what it has no price for, and a size it does not know', () => {
  const { unknown, dollarsAnHour } = estimate([
    template(
      ['AWS::OpenSearchService::Domain'],
      ['AWS::RDS::DBInstance', { DBInstanceClass: 'db.r8g.48xlarge' }],
      ['AWS::RDS::DBInstance', { DBInstanceClass: { Ref: 'Size' } }],
      ['AWS::Lambda::Function'],
      ['Custom::Anything'],
    ),
  ]);
  expect(unknown).toEqual(['AWS::OpenSearchService::Domain', 'AWS::RDS::DBInstance']);
  expect(dollarsAnHour).toBe(0);
  const words = formatEstimate(estimate([template(['AWS::OpenSearchService::Domain'])]));
  expect(words).toContain('not in the table, so not counted: AWS::OpenSearchService::Domain');
});
