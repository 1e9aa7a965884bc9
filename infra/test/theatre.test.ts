import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { migrationsVersion } from '../../app/functions/migrate/migrations';
import { theatreApp } from '../lib/app';
import { siteFiles } from '../lib/paths';

const outdir = mkdtempSync(join(tmpdir(), 'theatre-'));
let template: Template;

beforeAll(() => {
  const stack = theatreApp({ outdir }).node.findChild('Theatre') as Stack;
  template = Template.fromStack(stack);
}, 60_000);

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const idsOf = (type: string) => Object.keys(template.findResources(type));

describe('network', () => {
  test('has two private subnets and no way to the internet', () => {
    template.resourceCountIs('AWS::EC2::Subnet', 2);
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    for (const type of ['InternetGateway', 'NatGateway', 'Route']) {
      template.resourceCountIs(`AWS::EC2::${type}`, 0);
    }
  });

  test('lets functions reach Postgres, Valkey and AWS, and nobody else anything', () => {
    const rules = template.findResources('AWS::EC2::SecurityGroupIngress');
    const opened = Object.values(rules).map(({ Properties }) => [
      Properties.FromPort,
      Properties.ToPort,
      Properties.SourceSecurityGroupId['Fn::GetAtt'][0],
    ]);
    const functions = idsOf('AWS::EC2::SecurityGroup').find((id) => id.startsWith('NetworkFunctions'));
    expect(opened.sort()).toEqual([
      [443, 443, functions],
      [5432, 5432, functions],
      [6379, 6379, functions],
    ]);
    for (const group of Object.values(template.findResources('AWS::EC2::SecurityGroup'))) {
      expect(group.Properties.SecurityGroupIngress).toBeUndefined();
    }
  });
});

describe('data', () => {
  test('finds the tickets of a holder by date', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byHolder',
          KeySchema: [
            { AttributeName: 'heldBy', KeyType: 'HASH' },
            { AttributeName: 'boughtAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    });
  });

  test('keeps Postgres 16 private, encrypted, and its login in a secret', () => {
    template.hasResourceProperties('AWS::RDS::DBInstance', {
      Engine: 'postgres',
      EngineVersion: '16',
      DBInstanceClass: 'db.t4g.micro',
      PubliclyAccessible: false,
      StorageEncrypted: true,
      MasterUserPassword: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
    });
    template.resourceCountIs('AWS::SecretsManager::SecretTargetAttachment', 1);
  });

  test('has one Valkey node', () => {
    template.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      Engine: 'valkey',
      NumCacheClusters: 1,
      AutomaticFailoverEnabled: false,
      AtRestEncryptionEnabled: true,
    });
  });

  test('tells functions where things are at run time, not in their environment', () => {
    const [parameter] = idsOf('AWS::SSM::Parameter');
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Type: 'String',
      Value: { 'Fn::Join': ['', [Match.anyValue(), ':', Match.anyValue()]] },
    });
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    const environments = functions.map(({ Properties }) => Properties.Environment?.Variables ?? {});
    expect(JSON.stringify(environments)).not.toMatch(/Endpoint|EndPoint/);
    expect(environments.filter((each) => each.CACHE_ADDRESS_PARAMETER?.Ref === parameter)).toHaveLength(4);
  });

  test('migrates at deployment, again when a migration was added', () => {
    template.hasResource('Custom::TheatreSchema', {
      Properties: { version: migrationsVersion() },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^DataDatabaseInstanceSecretAttachment')]),
    });
  });
});

describe('functions', () => {
  interface Statement {
    Effect: string;
    Action: string | string[];
    Resource: unknown;
    Condition?: object;
  }

  const statementsOf = (handler: string): Statement[] => {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
    const [, policy] = policies.find(([id]) => id.startsWith(handler)) ?? [];
    return policy?.Properties.PolicyDocument.Statement ?? [];
  };
  const isForLambda = (action: string) => /^(xray|ec2|logs):/.test(action);
  const actionsOf = (handler: string) => statementsOf(handler).flatMap(({ Action }) => Action);

  const inDynamoDb = (action: string) => `dynamodb:${action}`;
  test.each([
    ['ApiListShows', ['dynamodb:Scan', 'ssm:GetParameter']],
    ['ApiGetShow', ['dynamodb:GetItem', 'ssm:GetParameter']],
    [
      'ApiBuyTicket',
      [...['GetItem', 'UpdateItem', 'GetItem', 'PutItem'].map(inDynamoDb), 'ssm:GetParameter'],
    ],
    ['ApiListTickets', ['dynamodb:Query']],
    ['ApiReturnTicket', [...['UpdateItem', 'GetItem', 'UpdateItem'].map(inDynamoDb), 'ssm:GetParameter']],
    ['ApiGetInfo', ['secretsmanager:GetSecretValue']],
    ['MigrationHandler', ['secretsmanager:GetSecretValue']],
  ])('%s may do no more than %j', (handler, actions) => {
    const own = actionsOf(handler).filter((action) => !isForLambda(action));
    expect(own.sort()).toEqual([...actions].sort());
  });

  const ours = () => idsOf('AWS::Lambda::Function').filter((id) => /^(Api|MigrationHandler)/.test(id));

  test('have no policy of AWS’s: each may write its own log, send traces, and be led into the VPC', () => {
    for (const id of ours()) {
      const role = template.toJSON().Resources[id].Properties.Role['Fn::GetAtt'][0];
      expect(template.toJSON().Resources[role].Properties.ManagedPolicyArns).toBeUndefined();
      const handler = id.slice(0, -8);
      const forLambda = statementsOf(handler).filter(({ Action }) => [Action].flat().every(isForLambda));
      const [log, anywhere, deny] = forLambda;
      expect(forLambda).toHaveLength(3);
      expect([log?.Action, log?.Resource]).toEqual([
        ['logs:CreateLogStream', 'logs:PutLogEvents'],
        { 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${handler}Logs`)), 'Arn'] },
      ]);
      expect(anywhere).toMatchObject({
        Effect: 'Allow',
        Action: [...(deny?.Action ?? []), 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
        Resource: '*',
      });
      expect(deny).toMatchObject({
        Effect: 'Deny',
        Condition: { Null: { 'lambda:SourceFunctionArn': 'false' } },
      });
    }
  });

  test('name what they may act on, but where AWS knows no resources', () => {
    for (const { Action, Resource } of ours().flatMap((id) => statementsOf(id.slice(0, -8)))) {
      if (Resource === '*') expect([Action].flat().join()).toMatch(/^(xray|ec2):/);
      else expect(JSON.stringify(Resource)).not.toContain('*');
    }
  });

  test('run on Node 22, in the VPC, traced, with a log that is not kept for ever', () => {
    const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
    const ours = functions.filter(
      ([, { Properties }]) => Properties.Environment?.Variables?.POWERTOOLS_SERVICE_NAME,
    );
    expect(ours).toHaveLength(7);
    for (const [, { Properties }] of ours) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs22.x',
        TracingConfig: { Mode: 'Active' },
        VpcConfig: { SubnetIds: expect.any(Array) },
      });
    }
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });
});

describe('api', () => {
  interface Method {
    HttpMethod: string;
    ApiKeyRequired?: boolean;
    RequestValidatorId?: object;
    Integration: { Type: string; CacheKeyParameters?: string[]; Credentials?: object; Uri?: object };
  }
  const methodsOf = (HttpMethod: string): Method[] =>
    Object.values(template.findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod } })).map(
      ({ Properties }) => Properties as Method,
    );

  test('serves each path with its methods, and preflight', () => {
    const methods = Object.values(template.findResources('AWS::ApiGateway::Method'));
    const byMethod = methods.map(({ Properties }) => Properties.HttpMethod).sort();
    expect(byMethod).toEqual([
      ...['DELETE', 'GET', 'GET', 'GET', 'GET', 'GET', 'GET', 'GET'],
      ...['OPTIONS', 'OPTIONS', 'OPTIONS', 'OPTIONS', 'OPTIONS', 'POST'],
    ]);
    template.hasResourceProperties('AWS::ApiGateway::Stage', { StageName: 'v1' });
  });

  test('lets pages of the site’s origin read answers, and no others', () => {
    const origin = {
      'Fn::Join': ['', ["'https://", Match.objectLike({ 'Fn::GetAtt': Match.anyValue() }), "'"]],
    };
    const header = 'method.response.header.Access-Control-Allow-Origin';
    for (const [id] of Object.entries(
      template.findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: 'OPTIONS' } }),
    )) {
      expect(template.toJSON().Resources[id].Properties.Integration.IntegrationResponses).toHaveLength(1);
    }
    template.resourcePropertiesCountIs(
      'AWS::ApiGateway::Method',
      { Integration: { Type: 'MOCK', IntegrationResponses: [{ ResponseParameters: { [header]: origin } }] } },
      5,
    );
    expect(JSON.stringify(template.toJSON())).not.toMatch(/Allow-Origin":"'\*'"/);
  });

  test('keeps the season for seconds, by show and by what the caller has changed', () => {
    const cached = methodsOf('GET').flatMap(({ Integration }) => Integration.CacheKeyParameters ?? []);
    const after = 'method.request.querystring.after';
    expect(cached.sort()).toEqual(['method.request.path.id', after, after]);
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      CacheClusterEnabled: true,
      CacheClusterSize: '0.5',
      MethodSettings: Match.arrayWith([
        Match.objectLike({ ResourcePath: '/~1api~1shows', CachingEnabled: true, CacheTtlInSeconds: 5 }),
      ]),
    });
  });

  test('does without the cache, which is billed by the hour, where that is wanted', () => {
    const app = theatreApp({ outdir: join(outdir, 'uncached'), context: { responseCache: 'false' } });
    const uncached = Template.fromStack(app.node.findChild('Theatre') as Stack);
    uncached.hasResourceProperties('AWS::ApiGateway::Stage', { CacheClusterEnabled: Match.absent() });
    uncached.resourcePropertiesCountIs(
      'AWS::ApiGateway::Stage',
      { MethodSettings: Match.arrayWith([Match.objectLike({ CachingEnabled: true })]) },
      0,
    );
  }, 60_000);

  test('bounds what all methods take, and what partners may ask for', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
    for (const { ThrottlingRateLimit, ThrottlingBurstLimit } of stage?.Properties.MethodSettings ?? []) {
      expect(ThrottlingRateLimit).toBeLessThanOrEqual(500);
      expect(ThrottlingBurstLimit).toBeLessThanOrEqual(1000);
    }
    template.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      ApiStages: [{ Stage: Match.anyValue(), ApiId: Match.anyValue() }],
      Throttle: { RateLimit: 5, BurstLimit: 10 },
      Quota: { Limit: 5000, Period: 'DAY' },
    });
    expect(methodsOf('GET').filter(({ ApiKeyRequired }) => ApiKeyRequired)).toHaveLength(1);
  });

  test('holds orders against the schema that the function has its types from', () => {
    expect(methodsOf('POST').filter(({ RequestValidatorId }) => RequestValidatorId)).toHaveLength(1);
    template.hasResourceProperties('AWS::ApiGateway::Model', {
      ContentType: 'application/json',
      Schema: {
        $schema: 'http://json-schema.org/draft-04/schema#',
        additionalProperties: false,
        required: ['showId', 'seats', 'buyer'],
        properties: { seats: { type: 'integer', minimum: 1, maximum: 8 } },
      },
    });
  });

  test('reads leaflets with a role that may read nothing else', () => {
    const read = methodsOf('GET').filter(({ Integration }) => Integration.Type === 'AWS');
    expect(read).toHaveLength(2);
    const [policy, ...others] = Object.entries(template.findResources('AWS::IAM::Policy'))
      .filter(([id]) => id.startsWith('ApiLeaflets'))
      .map(([, { Properties }]) => Properties.PolicyDocument.Statement);
    expect(others).toEqual([]);
    expect(policy).toEqual([
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: { 'Fn::Join': ['', [expect.anything(), '/leaflets/*']] },
      },
    ]);
  });
});

describe('site', () => {
  test('is private, behind CloudFront, with /api/* going to the stage', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        DefaultRootObject: 'index.html',
        CacheBehaviors: [{ PathPattern: '/api/*', AllowedMethods: Match.arrayWith(['POST', 'DELETE']) }],
        Origins: [
          Match.objectLike({ OriginAccessControlId: Match.anyValue() }),
          Match.objectLike({ OriginPath: Match.anyValue(), CustomOriginConfig: Match.anyValue() }),
        ],
      },
    });
  });

  test('says what to run where it was not built', () => {
    expect(() => siteFiles(join(outdir, 'nothing'))).toThrow('run `npm run build -w @tierkit/web` first');
  });

  test('leaves the API’s own 404 alone', () => {
    const [distribution] = Object.values(template.findResources('AWS::CloudFront::Distribution'));
    const codes = distribution?.Properties.DistributionConfig.CustomErrorResponses.map(
      ({ ErrorCode }: { ErrorCode: number }) => ErrorCode,
    );
    expect(codes).toEqual([403]);
  });
});

describe('template', () => {
  test('says how to find everything', () => {
    expect(Object.keys(template.toJSON().Outputs)).toEqual(
      expect.arrayContaining([
        ...['SiteUrl', 'ApiUrl', 'ShowsTable', 'TicketsTable', 'DatabaseEndpoint', 'DatabaseSecretArn'],
        ...['CacheEndpoint', 'DistributionId', 'SiteBucket'],
      ]),
    );
  });

  test('knows no account, region, endpoint or machine', () => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(/localhost|127\.0\.0\.1|us-east-1"|000000000000/);
  });

  test('is the same wherever it is written to, whatever the environment says', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'theatre-a-rather-longer-name-'));
    const before = { ...process.env };
    try {
      Object.assign(process.env, { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', AWS_REGION: 'eu-west-3' });
      theatreApp({ outdir: elsewhere }).synth();
      const file = 'Theatre.template.json';
      theatreApp({ outdir }).synth();
      expect(readFileSync(join(elsewhere, file), 'utf8')).toBe(readFileSync(join(outdir, file), 'utf8'));
    } finally {
      process.env = before;
      rmSync(elsewhere, { recursive: true, force: true });
    }
  }, 60_000);
});
