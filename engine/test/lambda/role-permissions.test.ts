import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  GetFunctionCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { startCloud, type TestCloud } from '../../src/testing';
import { zip } from './support';

let cloud: TestCloud;
let lambda: LambdaClient;
let VpcConfig: { SubnetIds: string[]; SecurityGroupIds: string[] };

beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  lambda = cloud.client(LambdaClient);
  const ec2 = cloud.client(EC2Client);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const VpcId = Vpc?.VpcId ?? '';
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.0.0/24' }));
  const { SecurityGroups } = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }),
  );
  VpcConfig = {
    SubnetIds: [Subnet?.SubnetId ?? ''],
    SecurityGroupIds: [SecurityGroups?.[0]?.GroupId ?? ''],
  };
});
afterAll(() => cloud.stop());

const RoleName = 'runner';
const NETWORK = ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DeleteNetworkInterface'];

async function roleThatMay(Action: string[], to = cloud): Promise<string> {
  const iam = to.client(IAMClient);
  const statement = (rest: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...rest }] });
  const trust = statement({ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } });
  await iam
    .send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }))
    .catch((error: Error) => expect(error.name).toBe('EntityAlreadyExistsException'));
  const PolicyDocument = statement({ Action: ['s3:ListAllMyBuckets', ...Action], Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
  return `arn:aws:iam::000000000000:role/${RoleName}`;
}

const functionWith = (Role: string, rest: Partial<CreateFunctionCommandInput>) =>
  new CreateFunctionCommand({
    FunctionName: `f-${cloud.cloud.dispatcher.options.ids.hex(8)}`,
    Role,
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Code: { ZipFile: zip({ 'index.js': 'exports.handler = async () => 1;' }) },
    ...rest,
  });

const lacks = (what: string) => ({
  name: 'InvalidParameterValueException',
  message: `The provided execution role does not have permissions to call ${what}`,
});

test.each(NETWORK)('a role that may not %s on EC2 takes no function into a VPC', async (missing) => {
  const others = NETWORK.filter((one) => one !== missing).map((one) => `ec2:${one}`);
  const command = functionWith(await roleThatMay(others), { VpcConfig });
  await expect(lambda.send(command)).rejects.toMatchObject(lacks(`${missing} on EC2`));
  const { FunctionName } = command.input;
  await expect(lambda.send(new GetFunctionCommand({ FunctionName }))).rejects.toThrow(/not found/);
});

test('one that may is taken; an update asks again', async () => {
  const Role = await roleThatMay(NETWORK.map((one) => `ec2:${one}`));
  const { FunctionName } = await lambda.send(functionWith(Role, { VpcConfig }));
  await roleThatMay([]);
  const again = new UpdateFunctionConfigurationCommand({ FunctionName, VpcConfig });
  await expect(lambda.send(again)).rejects.toMatchObject(lacks('CreateNetworkInterface on EC2'));
  // What needs nothing of it goes on, and so does leaving the VPC.
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: 'changed' }));
  const leave = { SubnetIds: [], SecurityGroupIds: [] };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, VpcConfig: leave }));
});

test('traces need a role that may send them', async () => {
  const TracingConfig = { Mode: 'Active' } as const;
  const refused = lambda.send(functionWith(await roleThatMay([]), { TracingConfig }));
  await expect(refused).rejects.toMatchObject(lacks('PutTraceSegments on XRAY'));
  const Role = await roleThatMay(['xray:PutTraceSegments']);
  const { TracingConfig: taken } = await lambda.send(functionWith(Role, { TracingConfig }));
  expect(taken).toEqual(TracingConfig);
});

test('where policies are not asked, nor are these', async () => {
  const off = await startCloud({ iam: 'off' });
  const Role = await roleThatMay([], off);
  await off.client(LambdaClient).send(functionWith(Role, { TracingConfig: { Mode: 'Active' } }));
  await off.stop();
});
