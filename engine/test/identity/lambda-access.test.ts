import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  TagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { startCloud, type TestCloud } from '../../src/testing';
import { zip } from '../lambda/support';
import { ACCOUNT, as, assume, newRole, refusal, type Statement, trust } from './callers';

const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:greet`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/execution`;
const ZipFile = zip({ 'index.js': 'exports.handler = async () => 1;' });

let cloud: TestCloud;
let admin: LambdaClient;
beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  admin = cloud.client(LambdaClient);
  const AssumeRolePolicyDocument = trust({ Principal: { Service: 'lambda.amazonaws.com' } });
  await cloud
    .client(IAMClient)
    .send(new CreateRoleCommand({ RoleName: 'execution', AssumeRolePolicyDocument }));
  await admin.send(create('greet', { Tags: { team: 'red' } }));
  await admin.send(new PublishVersionCommand({ FunctionName: 'greet' }));
  await admin.send(new CreateAliasCommand({ FunctionName: 'greet', Name: 'live', FunctionVersion: '1' }));
});
afterAll(() => cloud.stop());

const create = (FunctionName: string, more: object = {}) =>
  new CreateFunctionCommand({
    FunctionName,
    Role: ROLE,
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Code: { ZipFile },
    ...more,
  });
const invoke = (FunctionName: string, Qualifier?: string) =>
  new InvokeCommand({ FunctionName, Qualifier, InvocationType: 'DryRun' });
const client = async (...statements: Statement[]) =>
  cloud.client(LambdaClient, await as(cloud, ...statements));
const missing = (action: string, resource: string) =>
  `403 AccessDeniedException: not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

describe('invocations', () => {
  test('are of the ARN that the request names, with its qualifier', async () => {
    const lambda = await client({ Action: 'lambda:InvokeFunction', Resource: FUNCTION });
    expect(await refusal(lambda.send(invoke('greet')))).toBeUndefined();
    expect(await refusal(lambda.send(invoke(FUNCTION)))).toBeUndefined();
    expect(await refusal(lambda.send(invoke(`${ACCOUNT}:function:greet`)))).toBeUndefined();
    const aliased = missing('lambda:InvokeFunction', `${FUNCTION}:live`);
    expect(await refusal(lambda.send(invoke('greet', 'live')))).toBe(aliased);
    expect(await refusal(lambda.send(invoke(`${FUNCTION}:live`)))).toBe(aliased);
    const live = await client({ Action: 'lambda:InvokeFunction', Resource: `${FUNCTION}:*` });
    expect(await refusal(live.send(invoke('greet:live')))).toBeUndefined();
    expect(await refusal(live.send(invoke('greet')))).toBe(missing('lambda:InvokeFunction', FUNCTION));
  });

  test('of a function that is not there are refused before it is missed', async () => {
    const lambda = await client();
    expect(await refusal(lambda.send(invoke('gone')))).toBe(
      missing('lambda:InvokeFunction', FUNCTION.replace('greet', 'gone')),
    );
  });

  test('a statement of the function itself lets a role in, where it hangs', async () => {
    const { arn: role } = await newRole(cloud);
    const lambda = cloud.client(LambdaClient, await assume(cloud.client(STSClient), role));
    await admin.send(
      new AddPermissionCommand({
        FunctionName: 'greet',
        Qualifier: 'live',
        StatementId: 'role',
        Principal: role,
        Action: 'lambda:InvokeFunction',
      }),
    );
    expect(await refusal(lambda.send(invoke('greet', 'live')))).toBeUndefined();
    expect(await refusal(lambda.send(invoke('greet')))).toBe(missing('lambda:InvokeFunction', FUNCTION));
  });
});

describe('functions', () => {
  test('take their role to be handed over', async () => {
    const maker = await client({ Action: 'lambda:*' });
    expect(await refusal(maker.send(create('made')))).toBe(missing('iam:PassRole', ROLE));
    const Condition = { StringEquals: { 'iam:PassedToService': 'ecs.amazonaws.com' } };
    const elsewhere = await client({ Action: 'lambda:*' }, { Action: 'iam:PassRole', Condition });
    expect(await refusal(elsewhere.send(create('made')))).toBe(missing('iam:PassRole', ROLE));
    const full = await client({ Action: 'lambda:*' }, { Action: 'iam:PassRole', Resource: ROLE });
    expect(await refusal(full.send(create('made')))).toBeUndefined();
    const change = (more: object) =>
      refusal(maker.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'made', ...more })));
    expect(await change({ Timeout: 5 })).toBeUndefined();
    expect(await change({ Role: ROLE })).toBe(missing('iam:PassRole', ROLE));
  });

  test('take their tags and layers to be allowed, too', async () => {
    const grants = { Action: ['lambda:CreateFunction', 'iam:PassRole'] };
    const resource = FUNCTION.replace('greet', 'tagged');
    const lambda = await client(grants);
    expect(await refusal(lambda.send(create('tagged', { Tags: { a: 'b' } })))).toBe(
      missing('lambda:TagResource', resource),
    );
    const { LayerVersionArn = '' } = await admin.send(
      new PublishLayerVersionCommand({ LayerName: 'shared', Content: { ZipFile } }),
    );
    const layered = create('tagged', { Layers: [LayerVersionArn] });
    expect(await refusal(lambda.send(layered))).toBe(missing('lambda:GetLayerVersion', LayerVersionArn));
    const Condition = { 'ForAllValues:StringEquals': { 'lambda:Layer': [LayerVersionArn] } };
    const full = await client(
      { ...grants, Condition },
      { Action: 'iam:PassRole' },
      { Action: 'lambda:GetLayer*' },
    );
    expect(await refusal(full.send(layered))).toBeUndefined();
  });

  test('are known by their tags', async () => {
    const lambda = await client({
      Action: 'lambda:GetFunction',
      Condition: { StringEquals: { 'aws:ResourceTag/team': 'red' } },
    });
    const read = new GetFunctionCommand({ FunctionName: 'greet' });
    expect(await refusal(lambda.send(read))).toBeUndefined();
    await admin.send(new TagResourceCommand({ Resource: FUNCTION, Tags: { team: 'blue' } }));
    expect(await refusal(lambda.send(read))).toBe(missing('lambda:GetFunction', FUNCTION));
  });

  test('are listed on all resources only', async () => {
    const lambda = await client({ Action: 'lambda:ListFunctions', Resource: FUNCTION });
    expect(await refusal(lambda.send(new ListFunctionsCommand({})))).toBe(
      '403 AccessDeniedException: not authorized to perform: lambda:ListFunctions because no identity-based policy allows the lambda:ListFunctions action',
    );
  });
});

test('who may give permissions may be held to principals', async () => {
  const lambda = await client({
    Action: 'lambda:AddPermission',
    Condition: { StringEquals: { 'lambda:Principal': 's3.amazonaws.com' } },
  });
  const add = (Principal: string) =>
    new AddPermissionCommand({
      FunctionName: 'greet',
      StatementId: 'x',
      Principal,
      Action: 'lambda:InvokeFunction',
    });
  expect(await refusal(lambda.send(add('s3.amazonaws.com')))).toBeUndefined();
  expect(await refusal(lambda.send(add('*')))).toBe(missing('lambda:AddPermission', FUNCTION));
});
