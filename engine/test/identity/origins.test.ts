import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteVpcEndpointsCommand,
  DescribeRouteTablesCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
  ModifyVpcEndpointCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { startCloud, type TestCloud } from '../../src/testing';
import { zip } from '../lambda/support';
import { ACCOUNT, document, type Statement, trust } from './callers';

/** Lists the tables, as itself or as the role that the event names. */
const CODE = `
const { DynamoDBClient, ListTablesCommand } = require('@aws-sdk/client-dynamodb');
const { STSClient, AssumeRoleCommand } = require('@aws-sdk/client-sts');
exports.handler = async ({ role }) => {
  try {
    let credentials;
    if (role) {
      const assumed = await new STSClient().send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'other' }));
      credentials = {
        accessKeyId: assumed.Credentials.AccessKeyId,
        secretAccessKey: assumed.Credentials.SecretAccessKey,
        sessionToken: assumed.Credentials.SessionToken,
      };
    }
    await new DynamoDBClient(credentials ? { credentials } : {}).send(new ListTablesCommand());
    return 'listed';
  } catch (error) {
    return error.message.replace(/^User: \\S+ is not authorized to perform: dynamodb:ListTables /, '');
  }
};`;

const EXECUTION = `arn:aws:iam::${ACCOUNT}:role/execution`;
const OTHER = `arn:aws:iam::${ACCOUNT}:role/other`;
const REFUSED = 'because no identity-based policy allows the dynamodb:ListTables action';

let cloud: TestCloud;
let ec2: EC2Client;
let vpc = '';
let subnet = '';
let group = '';
let table = '';

beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  ec2 = cloud.client(EC2Client);
  const made = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  vpc = made.Vpc?.VpcId ?? '';
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsHostnames: { Value: true } }));
  const placed = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.0.0.0/24' }));
  subnet = placed.Subnet?.SubnetId ?? '';
  const guarded = new CreateSecurityGroupCommand({ VpcId: vpc, GroupName: 'f', Description: 'f' });
  group = (await ec2.send(guarded)).GroupId ?? '';
  const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
  const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
  table = RouteTables?.[0]?.RouteTableId ?? '';
  const iam = cloud.client(IAMClient);
  const mayTake = { Action: 'sts:AssumeRole', Principal: { AWS: EXECUTION } };
  const AssumeRolePolicyDocument = trust({ Principal: { Service: 'lambda.amazonaws.com' } });
  await iam.send(new CreateRoleCommand({ RoleName: 'execution', AssumeRolePolicyDocument }));
  await iam.send(new CreateRoleCommand({ RoleName: 'other', AssumeRolePolicyDocument: trust(mayTake) }));
  const network = ['Create', 'Describe', 'Delete'].map(
    (verb) => `ec2:${verb}NetworkInterface${verb === 'Describe' ? 's' : ''}`,
  );
  const PolicyDocument = document({ Action: network });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'execution', PolicyName: 'network', PolicyDocument }));
  const outside = { FunctionName: 'outside' };
  const inside = {
    FunctionName: 'inside',
    VpcConfig: { SubnetIds: [subnet], SecurityGroupIds: [group] },
  };
  for (const one of [outside, inside]) {
    await cloud.client(LambdaClient).send(
      new CreateFunctionCommand({
        ...one,
        Role: EXECUTION,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Timeout: 20,
        Code: { ZipFile: zip({ 'index.js': CODE }) },
      }),
    );
  }
});
afterAll(() => cloud.stop());

async function may(Condition: Statement, RoleName = 'execution'): Promise<void> {
  const PolicyDocument = document({ Action: 'dynamodb:ListTables', Condition });
  await cloud
    .client(IAMClient)
    .send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
}

async function list(FunctionName: string, event: object = {}): Promise<string> {
  const Payload = Buffer.from(JSON.stringify(event));
  const answer = await cloud.client(LambdaClient).send(new InvokeCommand({ FunctionName, Payload }));
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString());
}

const both = async () => [await list('inside'), await list('outside')];

async function endpoint(more: object): Promise<string> {
  const { VpcEndpoint } = await ec2.send(
    new CreateVpcEndpointCommand({
      VpcId: vpc,
      ServiceName: 'com.amazonaws.us-east-1.dynamodb',
      ...more,
    }),
  );
  return VpcEndpoint?.VpcEndpointId ?? '';
}

const remove = (id: string) => ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));

test('a function is known by its ARN, a session of anybody else is not', async () => {
  const ours = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:outside`;
  await may({ ArnEquals: { 'lambda:SourceFunctionArn': ours } });
  expect(await both()).toEqual([REFUSED, 'listed']);
});

describe('a VPC is known', () => {
  test('to whom an endpoint of the service leads, by a gateway', async () => {
    await may({ StringEquals: { 'aws:SourceVpc': vpc } });
    expect(await both()).toEqual([REFUSED, REFUSED]);
    const elsewhere = await endpoint({ ServiceName: 'com.amazonaws.us-east-1.s3', RouteTableIds: [table] });
    expect(await list('inside')).toBe(REFUSED);
    const unrouted = await endpoint({});
    expect(await list('inside')).toBe(REFUSED);
    await remove(unrouted);
    const gateway = await endpoint({ RouteTableIds: [table] });
    expect(await both()).toEqual(['listed', REFUSED]);
    await may({ StringEquals: { 'aws:SourceVpce': gateway }, Null: { 'aws:SourceIp': 'true' } });
    expect(await both()).toEqual(['listed', REFUSED]);
    await may({ StringEquals: { 'aws:SourceVpce': elsewhere } });
    expect(await both()).toEqual([REFUSED, REFUSED]);
    await may({ Null: { 'aws:SourceVpce': 'true', 'aws:SourceIp': 'false' } });
    expect(await both()).toEqual([REFUSED, 'listed']);
    await remove(gateway);
    expect(await both()).toEqual(['listed', 'listed']);
  });

  test('or by an interface that has taken over its name', async () => {
    const where = { VpcEndpointType: 'Interface', SubnetIds: [subnet], SecurityGroupIds: [group] };
    const named = await endpoint({ ...where, PrivateDnsEnabled: false });
    await may({ StringEquals: { 'aws:SourceVpc': vpc } });
    expect(await list('inside')).toBe(REFUSED);
    await remove(named);
    const taken = await endpoint(where);
    await may({ StringEquals: { 'aws:SourceVpce': taken } });
    expect(await both()).toEqual(['listed', REFUSED]);
    await remove(taken);
  });

  test('whatever role its functions take', async () => {
    const gateway = await endpoint({ RouteTableIds: [table] });
    await may({ StringEquals: { 'aws:SourceVpce': gateway } }, 'other');
    const mayTake = document({ Action: 'sts:AssumeRole', Resource: OTHER });
    const take = { RoleName: 'execution', PolicyName: 'take', PolicyDocument: mayTake };
    await cloud.client(IAMClient).send(new PutRolePolicyCommand(take));
    expect(await list('inside', { role: OTHER })).toBe('listed');
    expect(await list('outside', { role: OTHER })).toBe(REFUSED);
    await remove(gateway);
  });
});

test("an endpoint's policy limits what comes by it", async () => {
  const gateway = await endpoint({ RouteTableIds: [table] });
  await may({});
  const policy = (...statements: Parameters<typeof document>) =>
    ec2.send(
      new ModifyVpcEndpointCommand({
        VpcEndpointId: gateway,
        PolicyDocument: document(...statements.map((one) => ({ Principal: '*', ...one }))),
      }),
    );
  expect(await both()).toEqual(['listed', 'listed']);
  await policy({ Action: 'dynamodb:GetItem' });
  expect(await both()).toEqual([
    'because no VPC endpoint policy allows the dynamodb:ListTables action',
    'listed',
  ]);
  await policy({ Action: '*' }, { Action: 'dynamodb:List*', Effect: 'Deny' });
  expect(await list('inside')).toBe('with an explicit deny in a VPC endpoint policy');
  await policy({ Action: '*', Principal: { AWS: ACCOUNT } });
  expect(await list('inside')).toBe('listed');
  const ofOther = { ArnEquals: { 'aws:PrincipalArn': OTHER } };
  await policy({ Action: '*', Condition: ofOther });
  expect(await list('inside')).toContain('no VPC endpoint policy');
});

test('who calls from outside comes by no endpoint', async () => {
  const { ListTablesCommand } = await import('@aws-sdk/client-dynamodb');
  await cloud.client(DynamoDBClient).send(new ListTablesCommand({}));
});
