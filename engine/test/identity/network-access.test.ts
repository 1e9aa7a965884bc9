import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteSubnetCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  CreateCacheClusterCommand,
  DescribeCacheClustersCommand,
  ElastiCacheClient,
} from '@aws-sdk/client-elasticache';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AddTagsToResourceCommand,
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  DeleteDBParameterGroupCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { startCloud, type TestCloud } from '../../src/testing';

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html

let cloud: TestCloud;
let vpc: string;
const ec2Arn = (rest: string) => `arn:aws:ec2:us-east-1:000000000000:${rest}`;
const rdsArn = (rest: string) => `arn:aws:rds:us-east-1:000000000000:${rest}`;

beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  const { Vpc } = await cloud.client(EC2Client).send(
    new CreateVpcCommand({
      CidrBlock: '10.9.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'team', Value: 'blue' }] }],
    }),
  );
  vpc = Vpc?.VpcId ?? '';
});
afterAll(() => cloud.stop());

let count = 0;
async function as(...statements: object[]) {
  const iam = cloud.client(IAMClient);
  const RoleName = `role-${++count}`;
  const trust = { Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' };
  const document = (all: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: all });
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document([trust]) }),
  );
  const PolicyDocument = document(statements.map((one) => ({ Effect: 'Allow', Resource: '*', ...one })));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
  const { Credentials } = await cloud
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'session' }));
  return {
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  };
}

const ec2As = async (...statements: object[]) => cloud.client(EC2Client, await as(...statements));
const rdsAs = async (...statements: object[]) => cloud.client(RDSClient, await as(...statements));

async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (failure: Error & { $metadata?: { httpStatusCode?: number } }) => failure,
  );
  return error && `${error.$metadata?.httpStatusCode} ${error.name}: ${error.message}`;
}

const subnet = (block: number, team?: string) =>
  new CreateSubnetCommand({
    VpcId: vpc,
    CidrBlock: `10.9.${block}.0/24`,
    ...(team === undefined
      ? {}
      : { TagSpecifications: [{ ResourceType: 'subnet', Tags: [{ Key: 'team', Value: team }] }] }),
  });

describe('EC2', () => {
  test('refuses in its own words', async () => {
    const client = await ec2As({ Action: 'ec2:CreateVpc' });
    expect(await refusal(client.send(new DescribeVpcsCommand({})))).toMatch(
      /^403 UnauthorizedOperation: You are not authorized to perform this operation\. User: arn:aws:sts::000000000000:assumed-role\/role-\d+\/session is not authorized to perform: ec2:DescribeVpcs because no identity-based policy allows the ec2:DescribeVpcs action$/,
    );
  });

  test('a creation needs what it is made of, too', async () => {
    const half = await ec2As({ Action: 'ec2:CreateSubnet', Resource: ec2Arn('subnet/*') });
    expect(await refusal(half.send(subnet(1)))).toContain(`on resource: ${ec2Arn(`vpc/${vpc}`)} because`);
    const whole = await ec2As({
      Action: 'ec2:CreateSubnet',
      Resource: [ec2Arn('subnet/*'), ec2Arn(`vpc/${vpc}`)],
    });
    expect(await refusal(whole.send(subnet(1)))).toBeUndefined();
  });

  test('the VPC of a thing, by its ARN', async () => {
    const Condition = { ArnEquals: { 'ec2:Vpc': ec2Arn(`vpc/${vpc}`) } };
    const client = await ec2As(
      { Action: 'ec2:CreateSubnet', Resource: ec2Arn('vpc/*') },
      { Action: ['ec2:CreateSubnet', 'ec2:DeleteSubnet'], Resource: ec2Arn('subnet/*'), Condition },
    );
    const { Subnet } = await client.send(subnet(2));
    expect(
      await refusal(client.send(new DeleteSubnetCommand({ SubnetId: Subnet?.SubnetId }))),
    ).toBeUndefined();
    const { Vpcs } = await cloud
      .client(EC2Client)
      .send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }));
    const other = new CreateSubnetCommand({ VpcId: Vpcs?.[0]?.VpcId, CidrBlock: '172.31.240.0/28' });
    expect(await refusal(client.send(other))).toContain('UnauthorizedOperation');
  });

  test('tags at birth need CreateTags, which knows what is being made', async () => {
    const make = { Action: 'ec2:CreateSubnet' };
    const tag = {
      Action: 'ec2:CreateTags',
      Condition: { StringEquals: { 'ec2:CreateAction': 'CreateSubnet', 'aws:RequestTag/team': 'blue' } },
    };
    expect(await refusal((await ec2As(make)).send(subnet(3, 'blue')))).toContain(
      `ec2:CreateTags on resource: ${ec2Arn('subnet/*')}`,
    );
    const client = await ec2As(make, tag);
    expect(await refusal(client.send(subnet(3, 'blue')))).toBeUndefined();
    expect(await refusal(client.send(subnet(4, 'red')))).toContain('ec2:CreateTags');
    const later = new CreateTagsCommand({ Resources: [vpc], Tags: [{ Key: 'team', Value: 'blue' }] });
    expect(await refusal(client.send(later))).toContain(`on resource: ${ec2Arn(`vpc/${vpc}`)}`);
  });

  test('the tags of what is there', async () => {
    const group = new CreateSecurityGroupCommand({
      VpcId: vpc,
      GroupName: 'g',
      Description: 'd',
      DryRun: true,
    });
    const of = (team: string) =>
      ec2As(
        { Action: 'ec2:CreateSecurityGroup', Resource: ec2Arn('security-group/*') },
        {
          Action: 'ec2:CreateSecurityGroup',
          Resource: ec2Arn('vpc/*'),
          Condition: { StringEquals: { 'ec2:ResourceTag/team': team } },
        },
      );
    expect(await refusal((await of('red')).send(group))).toContain('403 UnauthorizedOperation');
    // A dry run tells whether the caller might.
    expect(await refusal((await of('blue')).send(group))).toContain('412 DryRunOperation');
  });
});

describe('RDS', () => {
  const group = new CreateDBParameterGroupCommand({
    DBParameterGroupName: 'mine',
    DBParameterGroupFamily: 'postgres16',
    Description: 'd',
    Tags: [{ Key: 'team', Value: 'blue' }],
  });

  test('by name, by tag, and born with tags', async () => {
    const make = { Action: 'rds:CreateDBParameterGroup', Resource: rdsArn('pg:mine') };
    expect(await refusal((await rdsAs(make)).send(group))).toContain(
      `rds:AddTagsToResource on resource: ${rdsArn('pg:mine')} because`,
    );
    const tag = {
      Action: 'rds:AddTagsToResource',
      Condition: { StringEquals: { 'rds:req-tag/team': 'blue' } },
    };
    expect(await refusal((await rdsAs(make, tag)).send(group))).toBeUndefined();
    const red = new AddTagsToResourceCommand({
      ResourceName: rdsArn('pg:mine'),
      Tags: [{ Key: 'team', Value: 'red' }],
    });
    expect(await refusal((await rdsAs(tag)).send(red))).toContain('403 AccessDenied');
    const remove = new DeleteDBParameterGroupCommand({ DBParameterGroupName: 'mine' });
    const tagged = (team: string) =>
      rdsAs({
        Action: 'rds:DeleteDBParameterGroup',
        Condition: { StringEquals: { 'rds:pg-tag/team': team } },
      });
    expect(await refusal((await tagged('red')).send(remove))).toContain('403 AccessDenied');
    expect(await refusal((await tagged('blue')).send(remove))).toBeUndefined();
  });

  test('an instance is made in its groups, and as large as may be', async () => {
    const create = new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'big',
      DBInstanceClass: 'db.r6g.large',
      Engine: 'postgres',
      AllocatedStorage: 20,
      MasterUsername: 'ada',
      MasterUserPassword: 'correct horse',
    });
    const only = { Action: 'rds:CreateDBInstance', Resource: rdsArn('db:big') };
    expect(await refusal((await rdsAs(only)).send(create))).toContain(
      `${rdsArn('og:default:postgres-16')} because`,
    );
    const small = {
      Action: 'rds:CreateDBInstance',
      Condition: { StringEqualsIfExists: { 'rds:DatabaseClass': 'db.t4g.micro' } },
    };
    expect(await refusal((await rdsAs(small)).send(create))).toContain(`${rdsArn('db:big')} because`);
  });

  test('all of a kind, where none is named', async () => {
    const client = await rdsAs({ Action: 'rds:DescribeDBInstances', Resource: rdsArn('db:mine') });
    expect(await refusal(client.send(new DescribeDBInstancesCommand({})))).toContain(
      `${rdsArn('db:*')} because`,
    );
    expect(
      await refusal(client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'mine' }))),
    ).toContain('404 DBInstanceNotFound');
  });
});

test('ElastiCache: a cluster, its groups and its size', async () => {
  const arn = (rest: string) => `arn:aws:elasticache:us-east-1:000000000000:${rest}`;
  const create = new CreateCacheClusterCommand({
    CacheClusterId: 'c',
    Engine: 'redis',
    CacheNodeType: 'cache.r7g.large',
    NumCacheNodes: 1,
  });
  const client = async (...statements: object[]) => cloud.client(ElastiCacheClient, await as(...statements));
  const only = { Action: 'elasticache:CreateCacheCluster', Resource: arn('cluster:c') };
  expect(await refusal((await client(only)).send(create))).toContain(
    `${arn('parametergroup:default.redis7')} because`,
  );
  const small = {
    Action: 'elasticache:CreateCacheCluster',
    Condition: { StringEquals: { 'elasticache:CacheNodeType': 'cache.t4g.micro' } },
  };
  expect(await refusal((await client(small)).send(create))).toContain(`${arn('cluster:c')} because`);
  const list = new DescribeCacheClustersCommand({});
  expect(await refusal((await client(only)).send(list))).toContain(`${arn('cluster:*')} because`);
});
