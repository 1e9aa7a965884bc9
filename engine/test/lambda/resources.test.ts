import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { GetFunctionCommand, GetPolicyCommand } from '@aws-sdk/client-lambda';
import { startCloud, type TestCloud } from '../../src/testing';
import { Lambda } from './support';

let cloud: TestCloud;
let stacks: CloudFormationClient;
let lambda: Lambda;

beforeAll(async () => {
  cloud = await startCloud();
  stacks = cloud.client(CloudFormationClient);
  lambda = new Lambda(cloud, '');
});
afterAll(() => cloud.stop());

const template = (value: string, more: object = {}) =>
  JSON.stringify({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
            ],
          },
        },
      },
      Group: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 7 } },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'stacked',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Timeout: '7',
          Environment: { Variables: { VALUE: value, GROUP: { Ref: 'Group' } } },
          LoggingConfig: { LogGroup: { Ref: 'Group' } },
          Code: {
            ZipFile:
              'exports.handler = async () => [process.env.VALUE, typeof require("cfn-response").send];',
          },
          ...more,
        },
      },
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
      Alias: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'Function' },
          Name: 'live',
          FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
        },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] },
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
        },
      },
    },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Function', 'Arn'] } }, Alias: { Value: { Ref: 'Alias' } } },
  });

const StackName = 'functions';
const waiting = () => ({ client: stacks, maxWaitTime: 20, minDelay: 1, maxDelay: 1 });
const capabilities = { Capabilities: ['CAPABILITY_IAM' as const] };

test('a template makes functions, changes them and takes them away', async () => {
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:stacked';
  await stacks.send(new CreateStackCommand({ StackName, TemplateBody: template('one'), ...capabilities }));
  await waitUntilStackCreateComplete(waiting(), { StackName }).catch(async (error) => {
    const { StackEvents } = await stacks.send(new DescribeStackEventsCommand({ StackName }));
    throw new Error(`${error}: ${StackEvents?.map((event) => event.ResourceStatusReason).join('; ')}`);
  });
  const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName }));
  const outputs = Object.fromEntries(Stacks![0]!.Outputs!.map((each) => [each.OutputKey, each.OutputValue]));
  expect(outputs).toEqual({ Arn: arn, Alias: `${arn}:live` });
  expect((await lambda.invoke('stacked:live')).value).toEqual(['one', 'function']);
  const { Configuration } = await lambda.client.send(new GetFunctionCommand({ FunctionName: 'stacked' }));
  expect(Configuration).toMatchObject({ Timeout: 7, MemorySize: 128 });
  const { Policy } = await lambda.client.send(new GetPolicyCommand({ FunctionName: 'stacked' }));
  expect(JSON.parse(Policy!).Statement[0].Principal).toEqual({ Service: 'apigateway.amazonaws.com' });

  await stacks.send(new UpdateStackCommand({ StackName, TemplateBody: template('two'), ...capabilities }));
  await waitUntilStackUpdateComplete(waiting(), { StackName });
  expect((await lambda.invoke('stacked')).value).toEqual(['two', 'function']);
  // The version stayed what it was.
  expect((await lambda.invoke('stacked:live')).value).toEqual(['one', 'function']);

  await stacks.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete(waiting(), { StackName });
  await expect(lambda.invoke('stacked')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
}, 60_000);
