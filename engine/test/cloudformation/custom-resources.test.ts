import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { startCloud, type TestCloud } from '../../src/testing';
import { parameter, Stacks } from './helpers';

let cloud: TestCloud;
let stacks: Stacks;
let ssm: SSMClient;

/** Answers as custom resources do, and keeps what it was asked in a parameter. */
const CODE = `
const https = require('node:https');
const { SSMClient, PutParameterCommand } = require('@aws-sdk/client-ssm');
exports.handler = async (event) => {
  const { RequestType, ResourceProperties: p, PhysicalResourceId, RequestId } = event;
  if (p.Mode === 'throw' && RequestType === 'Create') throw new Error('broken');
  await new SSMClient().send(new PutParameterCommand({
    Name: p.Log + '/' + RequestId, Type: 'String', Value: JSON.stringify(event),
  }));
  const failed = p.Mode === 'fail' && RequestType !== 'Delete';
  const body = JSON.stringify({
    Status: failed ? 'FAILED' : 'SUCCESS', Reason: 'it said no',
    PhysicalResourceId: p.Id ?? PhysicalResourceId ?? 'made-by-function',
    StackId: event.StackId, RequestId, LogicalResourceId: event.LogicalResourceId,
    Data: { Doubled: Number(p.Number ?? 0) * 2, Nested: { deep: 'yes' } },
  });
  await new Promise((resolve, reject) => {
    const url = new URL(event.ResponseURL);
    const request = https.request(
      { hostname: url.hostname, port: 443, path: url.pathname + url.search, method: 'PUT',
        headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) } },
      (response) => { response.resume(); response.on('end', resolve); });
    request.on('error', reject);
    request.end(body);
  });
};`;

beforeAll(async () => {
  cloud = await startCloud();
  stacks = new Stacks(cloud.client(CloudFormationClient));
  ssm = cloud.client(SSMClient);
  const stack = await stacks.create(
    'functions',
    {
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
              ],
            },
            Policies: [
              {
                PolicyName: 'log',
                PolicyDocument: {
                  Version: '2012-10-17',
                  Statement: [{ Effect: 'Allow', Action: 'ssm:PutParameter', Resource: '*' }],
                },
              },
            ],
          },
        },
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Runtime: 'nodejs20.x',
            Handler: 'index.handler',
            Timeout: 20,
            Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
            Code: { ZipFile: CODE },
          },
        },
      },
      Outputs: {
        Arn: { Value: { 'Fn::GetAtt': ['Function', 'Arn'] }, Export: { Name: 'function' } },
        Role: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] }, Export: { Name: 'role' } },
      },
    },
    { Capabilities: ['CAPABILITY_IAM'] },
  );
  expect(await stacks.reasons('functions')).toEqual([]);
  expect(stack.StackStatus).toBe('CREATE_COMPLETE');
}, 60_000);

afterAll(() => cloud.stop());

const token = { 'Fn::ImportValue': 'function' };

async function asked(log: string): Promise<Record<string, unknown>[]> {
  const { Parameters } = await ssm.send(new GetParametersByPathCommand({ Path: log, Recursive: true }));
  const sorted = (Parameters ?? []).sort((a, b) => Number(a.LastModifiedDate) - Number(b.LastModifiedDate));
  return sorted.map(({ Value }) => JSON.parse(Value ?? '{}') as Record<string, unknown>);
}

test('is made, updated, replaced and deleted by its function', async () => {
  const template = (properties: Record<string, unknown>) => ({
    Resources: {
      It: { Type: 'Custom::Thing', Properties: { ServiceToken: token, Log: '/thing', ...properties } },
      Uses: parameter({ 'Fn::Sub': '${It} ${It.Doubled} ${It.Nested.deep}' }, { Name: '/thing-result' }),
    },
  });
  const result = async () =>
    (await ssm.send(new GetParameterCommand({ Name: '/thing-result' }))).Parameter?.Value;
  await stacks.create('thing', template({ Number: 4, Flag: true, List: [1, { a: false }] }));
  expect(await stacks.reasons('thing')).toEqual([]);
  expect(await result()).toBe('made-by-function 8 yes');

  await stacks.update('thing', template({ Number: 5 }));
  expect(await result()).toBe('made-by-function 10 yes');

  await stacks.update('thing', template({ Number: 5, Id: 'another' }));
  expect(await result()).toBe('another 10 yes');
  await stacks.client.send(new DeleteStackCommand({ StackName: 'thing' }));

  const requests = await asked('/thing');
  expect(requests.map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual([
    ['Create', undefined],
    ['Update', 'made-by-function'],
    ['Update', 'made-by-function'],
    ['Delete', 'made-by-function'],
    ['Delete', 'another'],
  ]);
  expect(requests[0]).toMatchObject({
    ResourceType: 'Custom::Thing',
    LogicalResourceId: 'It',
    ResourceProperties: { Number: '4', Flag: 'true', List: ['1', { a: 'false' }] },
  });
  expect(requests[1]).toMatchObject({
    OldResourceProperties: { Number: '4' },
    ResourceProperties: { Number: '5' },
  });
}, 60_000);

test('that fails says why, and is deleted again', async () => {
  const stack = await stacks.create('no', {
    Resources: { It: { Type: 'Custom::No', Properties: { ServiceToken: token, Log: '/no', Mode: 'fail' } } },
  });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await stacks.reasons('no')).toEqual([
    'It: Received response status [FAILED] from custom resource. Message returned: it said no',
  ]);
  expect((await asked('/no')).map(({ RequestType }) => RequestType)).toEqual(['Create', 'Delete']);
}, 60_000);

test('whose function throws fails at once', async () => {
  await stacks.create('throws', {
    Resources: {
      It: { Type: 'Custom::Throws', Properties: { ServiceToken: token, Log: '/throws', Mode: 'throw' } },
    },
  });
  const [reason, ...more] = await stacks.reasons('throws');
  expect(more).toEqual([]);
  expect(reason).toMatch(/^It: CloudFormation did not receive a response from your Custom Resource\./);
  // AWS leaves the rest to the reader of the log.
  expect(reason).toMatch(
    /\(The function failed with Error: broken\. Log group: \/aws\/lambda\/functions-Function-\w+\)$/,
  );
  expect(told()).toContainEqual(
    expect.stringMatching(/^stack throws: It \(Custom::Throws\) CREATE_FAILED: .* Error: broken\./),
  );
}, 60_000);

/** The engine's own words so far. */
function told(): string[] {
  return cloud.cloud.events.recent().flatMap((event) => (event.type === 'engine' ? [event.message] : []));
}

test('whose function cannot start says what it lacks', async () => {
  const stack = await stacks.create('lacking', {
    Resources: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs20.x',
          Handler: 'index.handler',
          Role: { 'Fn::ImportValue': 'role' },
          LoggingConfig: { LogFormat: 'JSON', LogGroup: '/lacking' },
          Code: { ZipFile: 'require("no-such-module"); exports.handler = async () => {};' },
        },
      },
      It: { Type: 'Custom::Lacking', Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
    },
  });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await stacks.reasons('lacking')).toEqual([
    expect.stringMatching(
      /\(The function failed with Runtime\.ImportModuleError: Error: Cannot find module 'no-such-module'[\s\S]*Log group: \/lacking\)$/,
    ),
  ]);
}, 60_000);

test('whose function is not there fails', async () => {
  await stacks.create('nobody', {
    Resources: {
      It: {
        Type: 'Custom::Nobody',
        Properties: { ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:nobody' },
      },
    },
  });
  expect(await stacks.reasons('nobody')).toEqual([
    expect.stringMatching(
      /^It: .*[Ff]unction not found: arn:aws:lambda:us-east-1:000000000000:function:nobody/,
    ),
  ]);
}, 60_000);
