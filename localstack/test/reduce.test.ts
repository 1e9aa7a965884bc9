import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import { theatreApp } from '../../infra/lib/app';
import { type Reduced, reduce } from '../src/reduce';
import { type StandIn, standIns } from '../src/stand-ins';
import {
  dependenciesOf,
  isObject,
  type Resource,
  referenceOf,
  references,
  substitutionOf,
  type Template,
} from '../src/template';
import community from './fixtures/community-4.14.0.resource-types.json';

const types = new Set(community.resourceTypes);
const onCommunity = (type: string) => types.has(type);
const standIn = standIns({
  postgres: {
    inside: { host: 'postgres', port: 5432 },
    outside: { host: '127.0.0.1', port: 5433 },
    user: 'postgres',
    password: 'secret',
  },
  cache: { inside: { host: 'redis', port: 6379 } },
});

/** Where two values differ other than by what stands in for a reference to what was removed. */
function unexplained(before: unknown, after: unknown, removed: Reduced['removed'], path: string): string[] {
  const reference = referenceOf(before);
  if (reference && removed[reference.logicalId]) return [];
  if (substitutionOf(before) && [...references(before)].some(({ logicalId }) => removed[logicalId]))
    return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => unexplained(item, after[index], removed, `${path}[${index}]`));
  }
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => unexplained(before[name], after[name], removed, `${path}.${name}`));
  }
  return Object.is(before, after) ? [] : [path];
}

const withoutDependencies = ({ DependsOn, ...rest }: Resource) => rest;

function expectNothingElseChanged(template: Template, { template: reduced, removed }: Reduced): void {
  const kept = Object.keys(template.Resources).filter((id) => !removed[id]);
  expect(Object.keys(reduced.Resources)).toEqual(kept);
  for (const id of kept) {
    const [before, after] = [template.Resources[id]!, reduced.Resources[id]!];
    expect(unexplained(withoutDependencies(before), withoutDependencies(after), removed, id)).toEqual([]);
    expect(dependenciesOf(after)).toEqual(dependenciesOf(before).filter((one) => !removed[one]));
  }
  const { Resources, ...rest } = template;
  const { Resources: _, ...restAfter } = reduced;
  expect(unexplained(rest, restAfter, removed, '')).toEqual([]);
  for (const { logicalId } of references(reduced)) expect(removed[logicalId]).toBeUndefined();
}

describe('the theatre', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'theatre-reduced-'));
  let template: Template;
  beforeAll(() => {
    const stack = theatreApp({ outdir }).node.findChild('Theatre') as Stack;
    template = Assertions.fromStack(stack).toJSON() as Template;
  }, 60_000);
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  const typed = (reduced: Reduced) => reduced.reductions.map(({ resourceType }) => resourceType).sort();

  test('loses what community LocalStack has no provider for, and nothing else changes', () => {
    const before = JSON.stringify(template);
    const reduced = reduce(template, onCommunity, standIn);
    expectNothingElseChanged(template, reduced);
    expect(JSON.stringify(template)).toBe(before);
    expect(typed(reduced)).toEqual([
      'AWS::CloudFront::Distribution',
      'AWS::CloudFront::OriginAccessControl',
      ...Array(3).fill('AWS::EC2::SecurityGroupEgress'),
      ...Array(3).fill('AWS::EC2::SecurityGroupIngress'),
      'AWS::ElastiCache::ReplicationGroup',
      'AWS::ElastiCache::SubnetGroup',
      ...Array(3).fill('AWS::Lambda::Function'),
      'AWS::Lambda::LayerVersion',
      'AWS::RDS::DBInstance',
      'AWS::RDS::DBSubnetGroup',
      'AWS::SecretsManager::SecretTargetAttachment',
      ...Array(3).fill('Custom::CDKBucketDeployment'),
      'Custom::S3AutoDeleteObjects',
      'Custom::TheatreSchema',
    ]);
    for (const { why } of reduced.reductions) expect(why).not.toBe('');
  });

  test('its functions keep their code and settings, and find the containers', () => {
    const { template: reduced } = reduce(template, onCommunity, standIn);
    const functions = Object.values(reduced.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(functions).toHaveLength(7);
    const parameter = Object.values(reduced.Resources).find(({ Type }) => Type === 'AWS::SSM::Parameter');
    expect(parameter?.Properties?.Value).toEqual({ 'Fn::Join': ['', ['redis', ':', '6379']] });
    const info = Object.entries(reduced.Resources).find(([id]) => id.startsWith('ApiGetInfo'))?.[1];
    expect(reduced.Outputs?.DatabaseEndpoint?.Value).toBe('postgres');
    // The secret itself, where it was the secret's attachment.
    const secret = Object.entries(reduced.Resources).find(
      ([, { Type }]) => Type === 'AWS::SecretsManager::Secret',
    )?.[0];
    expect(JSON.stringify(reduced.Outputs?.DatabaseSecretArn)).toContain(`"Ref":"${secret}"`);
    expect(info).toBeDefined();
  });

  test('is whole where LocalStack has everything', () => {
    const reduced = reduce(template, () => true, standIn);
    expect(reduced).toEqual({ template, reductions: [], removed: {} });
  });
});

test('a method whose authorizer goes is open, and said to be', () => {
  const template: Template = {
    Resources: {
      Guard: { Type: 'AWS::ApiGateway::Authorizer', Properties: { Type: 'TOKEN' } },
      Get: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          HttpMethod: 'GET',
          AuthorizationType: 'CUSTOM',
          AuthorizerId: { Ref: 'Guard' },
          AuthorizationScopes: ['all'],
        },
        DependsOn: 'Guard',
      },
    },
  };
  const reduced = reduce(template, onCommunity, standIn);
  expect(reduced.template.Resources).toEqual({
    Get: { Type: 'AWS::ApiGateway::Method', Properties: { HttpMethod: 'GET', AuthorizationType: 'NONE' } },
  });
  expect(reduced.reductions.map(({ logicalId, why }) => `${logicalId}: ${why}`)).toEqual([
    'Guard: no provider: the methods it guards are open',
    'Get: its authorizer is not there: it is open',
  ]);
});

test('a function that something else calls too stays with its layer', () => {
  const lambda = { Type: 'AWS::Lambda::Function', Properties: { Layers: [{ Ref: 'Layer' }] } };
  const template: Template = {
    Resources: {
      Layer: { Type: 'AWS::Lambda::LayerVersion' },
      Served: lambda,
      Shared: lambda,
      One: { Type: 'Custom::One', Properties: { ServiceToken: { 'Fn::GetAtt': ['Served', 'Arn'] } } },
      Two: { Type: 'Custom::Two', Properties: { ServiceToken: { 'Fn::GetAtt': ['Shared', 'Arn'] } } },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: { Targets: [{ Arn: { 'Fn::GetAtt': ['Shared', 'Arn'] } }] },
      },
    },
  };
  const { template: reduced } = reduce(template, onCommunity, standIn);
  expect(Object.keys(reduced.Resources)).toEqual(['Layer', 'Shared', 'Rule']);
});

test('references inside Fn::Sub are replaced where they are meant, and left where they are escaped or bound', () => {
  const sub = (text: unknown) => {
    const template = {
      Resources: {
        Db: { Type: 'AWS::RDS::DBInstance' },
        Kept: { Type: 'AWS::SSM::Parameter', Properties: { Value: { 'Fn::Sub': text } } },
      },
    };
    return reduce(template, onCommunity, standIn).template.Resources.Kept?.Properties?.Value;
  };
  expect(sub('${Db.Endpoint.Address}:${Db.Endpoint.Port}')).toEqual({ 'Fn::Sub': 'postgres:5432' });
  expect(sub('${!Db} in ${AWS::Region}')).toEqual({ 'Fn::Sub': '${!Db} in ${AWS::Region}' });
  expect(sub(['${Db}-${Other}', { Db: 'bound', Other: { Ref: 'Db' } }])).toEqual({
    'Fn::Sub': ['${Db}-${Other}', { Db: 'bound', Other: 'Db' }],
  });
});

describe('any template', () => {
  const ids = ['A', 'B', 'C', 'D', 'E'];
  const id = fc.constantFrom(...ids);
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      id.map((Ref) => ({ Ref })),
      id.map((name) => ({ 'Fn::GetAtt': [name, 'Arn'] })),
      id.map((name) => ({ 'Fn::GetAtt': `${name}.Endpoint.Port` })),
      fc
        .tuple(id, id)
        .map(([one, other]) => ({ 'Fn::Sub': `\${${one}} and \${!${other}} \${${other}.Arn}` })),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('Name', 'Value', 'Fn::Join', 'Ref2'), tie('any'), { maxKeys: 3 }),
    ),
  })).any;
  const resource = fc.record(
    {
      Type: fc.constantFrom('Has::This', 'Has::That', 'Lacks::This', 'Custom::Other', 'AWS::RDS::DBInstance'),
      Properties: fc.dictionary(fc.constantFrom('P', 'Q'), value),
      DependsOn: fc.oneof(id, fc.uniqueArray(id)),
      DeletionPolicy: fc.constant('Delete'),
    },
    { requiredKeys: ['Type'] },
  );
  const template = fc.record({
    Resources: fc
      .tuple(...ids.map(() => resource))
      .map((all) => Object.fromEntries(all.map((one, i) => [ids[i]!, one]))),
    Outputs: fc.dictionary(fc.constantFrom('X', 'Y'), fc.record({ Value: value })),
    Description: fc.string(),
  });
  const has = (type: string) => type.startsWith('Has::');
  const marker: StandIn = ({ logicalId, attribute }) => `${logicalId}!${attribute ?? ''}`;

  test('changes nowhere but where it refers to what was taken out', () => {
    fc.assert(
      fc.property(template, (given) => {
        const reduced = reduce(given as Template, has, marker);
        for (const { Type } of Object.values(reduced.removed)) expect(has(Type)).toBe(false);
        expectNothingElseChanged(given as Template, reduced);
      }),
    );
  });

  test('is the same where nothing is missing', () => {
    fc.assert(
      fc.property(template, (given) => {
        expect(reduce(given as Template, () => true, marker).template).toEqual(given);
      }),
    );
  });
});
