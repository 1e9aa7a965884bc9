import { APIGatewayClient, CreateRestApiCommand, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, CreateApiCommand, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloudFrontClient,
  CreateOriginAccessControlCommand,
  ListOriginAccessControlsCommand,
} from '@aws-sdk/client-cloudfront';
import { CloudWatchClient, ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateSecurityGroupCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateRepositoryCommand, DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import {
  CreateCacheParameterGroupCommand,
  DescribeCacheParameterGroupsCommand,
  ElastiCacheClient,
} from '@aws-sdk/client-elasticache';
import {
  CreateAccountAliasCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { CreateAliasCommand, CreateKeyCommand, KMSClient, ListAliasesCommand } from '@aws-sdk/client-kms';
import { CreateFunctionCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  CreateDBParameterGroupCommand,
  DescribeDBParameterGroupsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { DescribeParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CreateIPSetCommand, ListIPSetsCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
import { CreateSamplingRuleCommand, GetSamplingRulesCommand, XRayClient } from '@aws-sdk/client-xray';
import { zipSync } from 'fflate';
import { services } from '../../src/services/registry';
import { startCloud, type TestCloud } from '../../src/testing';
import { refusal, trust } from './callers';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
});
afterAll(() => cloud.stop());

interface Place {
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

/** A 12-digit access key id is that account's administrator. */
const place = (accessKeyId: string, region = 'us-east-1'): Place => ({
  region,
  credentials: { accessKeyId, secretAccessKey: 'test' },
});

interface Probe {
  make(at: Place): Promise<unknown>;
  names(at: Place): Promise<(string | undefined)[]>;
  /** What it lists is the same in all regions. */
  global?: boolean;
}

const role = (account: string) => `arn:aws:iam::${account}:role/runs`;
const template = JSON.stringify({ Resources: { Group: { Type: 'AWS::Logs::LogGroup' } } });

/** One thing of each service that has a name of its maker's. */
const probes: Record<string, Probe> = {
  apigateway: {
    make: (at) =>
      cloud.client(APIGatewayClient, { ...at }).send(new CreateRestApiCommand({ name: 'shared' })),
    names: async (at) =>
      (await cloud.client(APIGatewayClient, { ...at }).send(new GetRestApisCommand({}))).items?.map(
        (one) => one.name,
      ) ?? [],
  },
  apigatewayv2: {
    make: (at) =>
      cloud
        .client(ApiGatewayV2Client, { ...at })
        .send(new CreateApiCommand({ Name: 'shared', ProtocolType: 'HTTP' })),
    names: async (at) =>
      (await cloud.client(ApiGatewayV2Client, { ...at }).send(new GetApisCommand({}))).Items?.map(
        (one) => one.Name,
      ) ?? [],
  },
  wafv2: {
    make: (at) =>
      cloud.client(WAFV2Client, { ...at }).send(
        new CreateIPSetCommand({
          Name: 'shared',
          Scope: 'REGIONAL',
          IPAddressVersion: 'IPV4',
          Addresses: [],
        }),
      ),
    names: async (at) =>
      (
        await cloud.client(WAFV2Client, { ...at }).send(new ListIPSetsCommand({ Scope: 'REGIONAL' }))
      ).IPSets?.map((one) => one.Name) ?? [],
  },
  cloudwatch: {
    make: (at) =>
      cloud
        .client(CloudWatchClient, { ...at })
        .send(
          new PutMetricDataCommand({ Namespace: 'shared', MetricData: [{ MetricName: 'shared', Value: 1 }] }),
        ),
    names: async (at) =>
      (await cloud.client(CloudWatchClient, { ...at }).send(new ListMetricsCommand({}))).Metrics?.map(
        (one) => one.MetricName,
      ) ?? [],
  },
  cloudformation: {
    make: (at) =>
      cloud
        .client(CloudFormationClient, { ...at })
        .send(new CreateStackCommand({ StackName: 'shared', TemplateBody: template })),
    names: async (at) =>
      (await cloud.client(CloudFormationClient, { ...at }).send(new DescribeStacksCommand({}))).Stacks?.map(
        (one) => one.StackName,
      ) ?? [],
  },
  cloudfront: {
    global: true,
    make: (at) =>
      cloud.client(CloudFrontClient, { ...at }).send(
        new CreateOriginAccessControlCommand({
          OriginAccessControlConfig: {
            Name: 'shared',
            OriginAccessControlOriginType: 's3',
            SigningBehavior: 'always',
            SigningProtocol: 'sigv4',
          },
        }),
      ),
    names: async (at) =>
      (
        await cloud.client(CloudFrontClient, { ...at }).send(new ListOriginAccessControlsCommand({}))
      ).OriginAccessControlList?.Items?.map((one) => one.Name) ?? [],
  },
  dynamodb: {
    make: (at) =>
      cloud.client(DynamoDBClient, { ...at }).send(
        new CreateTableCommand({
          TableName: 'shared',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        }),
      ),
    names: async (at) =>
      (await cloud.client(DynamoDBClient, { ...at }).send(new ListTablesCommand({}))).TableNames ?? [],
  },
  ec2: {
    make: (at) =>
      cloud
        .client(EC2Client, { ...at })
        .send(new CreateSecurityGroupCommand({ GroupName: 'shared', Description: 'one of each account' })),
    names: async (at) =>
      (
        await cloud.client(EC2Client, { ...at }).send(new DescribeSecurityGroupsCommand({}))
      ).SecurityGroups?.map((one) => one.GroupName) ?? [],
  },
  ecr: {
    make: (at) =>
      cloud.client(ECRClient, { ...at }).send(new CreateRepositoryCommand({ repositoryName: 'shared' })),
    names: async (at) =>
      (await cloud.client(ECRClient, { ...at }).send(new DescribeRepositoriesCommand({}))).repositories?.map(
        (one) => one.repositoryName,
      ) ?? [],
  },
  elasticache: {
    make: (at) =>
      cloud.client(ElastiCacheClient, { ...at }).send(
        new CreateCacheParameterGroupCommand({
          CacheParameterGroupName: 'shared',
          CacheParameterGroupFamily: 'valkey8',
          Description: 'one of each account',
        }),
      ),
    names: async (at) =>
      (
        await cloud.client(ElastiCacheClient, { ...at }).send(new DescribeCacheParameterGroupsCommand({}))
      ).CacheParameterGroups?.map((one) => one.CacheParameterGroupName) ?? [],
  },
  iam: {
    global: true,
    make: (at) => cloud.client(IAMClient, { ...at }).send(new CreateUserCommand({ UserName: 'shared' })),
    names: async (at) =>
      (await cloud.client(IAMClient, { ...at }).send(new ListUsersCommand({}))).Users?.map(
        (one) => one.UserName,
      ) ?? [],
  },
  kms: {
    make: async (at) => {
      const kms = cloud.client(KMSClient, { ...at });
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
      await kms.send(new CreateAliasCommand({ AliasName: 'alias/shared', TargetKeyId: KeyMetadata?.KeyId }));
    },
    names: async (at) =>
      (await cloud.client(KMSClient, { ...at }).send(new ListAliasesCommand({}))).Aliases?.map((one) =>
        one.AliasName?.replace('alias/', ''),
      ) ?? [],
  },
  lambda: {
    make: async (at) =>
      cloud.client(LambdaClient, { ...at }).send(
        new CreateFunctionCommand({
          FunctionName: 'shared',
          Role: role(at.credentials.accessKeyId),
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Code: { ZipFile: zipSync({ 'index.js': Buffer.from('exports.handler = async () => 1;') }) },
        }),
      ),
    names: async (at) =>
      (await cloud.client(LambdaClient, { ...at }).send(new ListFunctionsCommand({}))).Functions?.map(
        (one) => one.FunctionName,
      ) ?? [],
  },
  logs: {
    make: (at) =>
      cloud
        .client(CloudWatchLogsClient, { ...at })
        .send(new CreateLogGroupCommand({ logGroupName: 'shared' })),
    names: async (at) =>
      (
        await cloud.client(CloudWatchLogsClient, { ...at }).send(new DescribeLogGroupsCommand({}))
      ).logGroups?.map((one) => one.logGroupName) ?? [],
  },
  rds: {
    make: (at) =>
      cloud.client(RDSClient, { ...at }).send(
        new CreateDBParameterGroupCommand({
          DBParameterGroupName: 'shared',
          DBParameterGroupFamily: 'postgres16',
          Description: 'one of each account',
        }),
      ),
    names: async (at) =>
      (
        await cloud.client(RDSClient, { ...at }).send(new DescribeDBParameterGroupsCommand({}))
      ).DBParameterGroups?.map((one) => one.DBParameterGroupName) ?? [],
  },
  secretsmanager: {
    make: (at) =>
      cloud
        .client(SecretsManagerClient, { ...at })
        .send(new CreateSecretCommand({ Name: 'shared', SecretString: 'x' })),
    names: async (at) =>
      (await cloud.client(SecretsManagerClient, { ...at }).send(new ListSecretsCommand({}))).SecretList?.map(
        (one) => one.Name,
      ) ?? [],
  },
  ssm: {
    make: (at) =>
      cloud
        .client(SSMClient, { ...at })
        .send(new PutParameterCommand({ Name: 'shared', Value: 'x', Type: 'SecureString' })),
    names: async (at) =>
      (await cloud.client(SSMClient, { ...at }).send(new DescribeParametersCommand({}))).Parameters?.map(
        (one) => one.Name,
      ) ?? [],
  },
  xray: {
    make: (at) =>
      cloud.client(XRayClient, { ...at }).send(
        new CreateSamplingRuleCommand({
          SamplingRule: {
            RuleName: 'shared',
            ResourceARN: '*',
            Priority: 1,
            FixedRate: 1,
            ReservoirSize: 1,
            ServiceName: '*',
            ServiceType: '*',
            Host: '*',
            HTTPMethod: '*',
            URLPath: '*',
            Version: 1,
          },
        }),
      ),
    names: async (at) =>
      (
        await cloud.client(XRayClient, { ...at }).send(new GetSamplingRulesCommand({}))
      ).SamplingRuleRecords?.map((one) => one.SamplingRule?.RuleName) ?? [],
  },
};

const [ONE, OTHER] = ['111111111111', '222222222222'];

test('every service is looked at', () => {
  expect([...Object.keys(probes), 's3', 'sts'].sort()).toEqual(Object.keys(services).sort());
});

describe('accounts and regions know nothing of one another', () => {
  beforeAll(async () => {
    for (const account of [ONE, OTHER]) {
      await cloud.client(IAMClient, { ...place(account) }).send(
        new CreateRoleCommand({
          RoleName: 'runs',
          AssumeRolePolicyDocument: trust({ Principal: { Service: 'lambda.amazonaws.com' } }),
        }),
      );
    }
  });

  test.each(Object.entries(probes))('%s', async (_service, probe) => {
    const here = async (at: Place) => (await probe.names(at)).filter((name) => name === 'shared').length;
    const [one, other, elsewhere] = [place(ONE), place(OTHER), place(ONE, 'eu-west-1')];
    await probe.make(one);
    expect([await here(one), await here(other)]).toEqual([1, 0]);
    await probe.make(other);
    expect([await here(one), await here(other)]).toEqual([1, 1]);
    expect(await here(elsewhere)).toBe(probe.global ? 1 : 0);
    expect(await here(place('333333333333'))).toBe(0);
    if (probe.global) return;
    await probe.make(elsewhere);
    expect([await here(one), await here(elsewhere), await here(place(OTHER, 'eu-west-1'))]).toEqual([
      1, 1, 0,
    ]);
  });

  test('s3: names are the whole world’s, buckets are their owner’s', async () => {
    const [one, other] = [
      cloud.client(S3Client, { ...place(ONE) }),
      cloud.client(S3Client, { ...place(OTHER) }),
    ];
    const at = { Bucket: 'shared-by-nobody' };
    await one.send(new CreateBucketCommand(at));
    await one.send(new PutObjectCommand({ ...at, Key: 'secret', Body: 'x' }));
    expect(await refusal(other.send(new CreateBucketCommand(at)))).toContain('409 BucketAlreadyExists');
    const names = async (client: S3Client) =>
      (await client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name);
    expect(await names(one)).toContain(at.Bucket);
    expect(await names(other)).not.toContain(at.Bucket);
    expect(await refusal(other.send(new HeadBucketCommand(at)))).toContain('403');
    expect(await refusal(other.send(new GetObjectCommand({ ...at, Key: 'secret' })))).toContain(
      '403 AccessDenied',
    );
  });

  test('iam: aliases are the whole world’s', async () => {
    const alias = new CreateAccountAliasCommand({ AccountAlias: 'theatre' });
    await cloud.client(IAMClient, { ...place(ONE) }).send(alias);
    expect(await refusal(cloud.client(IAMClient, { ...place(OTHER) }).send(alias))).toContain(
      '409 EntityAlreadyExistsException',
    );
  });

  test('sts: who calls is the administrator of the account that the key names', async () => {
    const whoAmI = async (at: Place) =>
      (await cloud.client(STSClient, { ...at }).send(new GetCallerIdentityCommand({}))).Arn;
    expect(await whoAmI(place(ONE))).toBe(`arn:aws:iam::${ONE}:root`);
    expect(await whoAmI(place(OTHER))).toBe(`arn:aws:iam::${OTHER}:root`);
    const wrong = { ...place(ONE), credentials: { accessKeyId: ONE, secretAccessKey: 'guessed' } };
    expect(await refusal(whoAmI(wrong))).toContain('403 SignatureDoesNotMatch');
    expect(await refusal(whoAmI(place('11111111111')))).toContain('403 InvalidClientTokenId');
  });
});
