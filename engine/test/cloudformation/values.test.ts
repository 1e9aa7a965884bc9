import {
  CloudFormationClient,
  DeleteStackCommand,
  ListExportsCommand,
  ListImportsCommand,
} from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { startCloud, type TestCloud } from '../../src/testing';
import { parameter, Stacks } from './helpers';

let cloud: TestCloud;
let stacks: Stacks;
let ssm: SSMClient;

beforeAll(async () => {
  cloud = await startCloud();
  stacks = new Stacks(cloud.client(CloudFormationClient));
  ssm = cloud.client(SSMClient);
});

afterAll(() => cloud.stop());

describe('exports', () => {
  const exporting = (value: string) => ({
    Resources: { A: parameter(value) },
    Outputs: { It: { Value: { 'Fn::GetAtt': ['A', 'Value'] }, Export: { Name: 'the-export' } } },
  });

  test('are imported, and stay while they are in use', async () => {
    await stacks.create('exporter', exporting('one'));
    const { Exports } = await stacks.client.send(new ListExportsCommand({}));
    expect(Exports).toEqual(
      expect.arrayContaining([expect.objectContaining({ Name: 'the-export', Value: 'one' })]),
    );

    await stacks.create('importer', {
      Resources: { B: parameter({ 'Fn::ImportValue': 'the-export' }, { Name: '/imported' }) },
    });
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/imported' }));
    expect(Parameter?.Value).toBe('one');
    const { Imports } = await stacks.client.send(new ListImportsCommand({ ExportName: 'the-export' }));
    expect(Imports).toEqual(['importer']);

    const changed = await stacks.update('exporter', exporting('two'));
    expect(changed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await stacks.outputs('exporter')).toEqual({ It: 'one' });
    await stacks.client.send(new DeleteStackCommand({ StackName: 'exporter' }));
    expect(await stacks.describe('exporter')).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      StackStatusReason: 'Export the-export cannot be deleted as it is in use by importer',
    });

    await stacks.client.send(new DeleteStackCommand({ StackName: 'importer' }));
    await stacks.client.send(new DeleteStackCommand({ StackName: 'exporter' }));
    await expect(stacks.describe('exporter')).rejects.toMatchObject({
      message: 'Stack with id exporter does not exist',
    });
  });

  test('have one owner', async () => {
    await stacks.create('owner', exporting('one'));
    const second = await stacks.create('second', exporting('two'));
    expect(second.StackStatus).toBe('ROLLBACK_COMPLETE');
  });

  test('that are not there fail the resource', async () => {
    const stack = await stacks.create('nothing', {
      Resources: { B: parameter({ 'Fn::ImportValue': 'no-such' }) },
    });
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await stacks.reasons('nothing')).toEqual([
      expect.stringContaining('No export named no-such found'),
    ]);
  });
});

describe('values from elsewhere', () => {
  test('parameters of SSM types take the value that their name has', async () => {
    await ssm.send(new PutParameterCommand({ Name: '/config/size', Value: 'large', Type: 'String' }));
    const template = {
      Parameters: { Size: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/config/size' } },
      Resources: { A: parameter({ Ref: 'Size' }, { Name: '/from/ssm' }) },
    };
    const stack = await stacks.create('ssm-type', template);
    expect(stack.Parameters).toEqual([
      { ParameterKey: 'Size', ParameterValue: '/config/size', ResolvedValue: 'large' },
    ]);
    await expect(
      stacks.create('ssm-missing', template, {
        Parameters: [{ ParameterKey: 'Size', ParameterValue: '/config/none' }],
      }),
    ).rejects.toMatchObject({
      message: 'Unable to fetch parameters [/config/none] from parameter store for this account.',
    });
  });

  test('dynamic references are looked up, and only the reference is shown', async () => {
    await ssm.send(new PutParameterCommand({ Name: '/dynamic', Value: 'found', Type: 'String' }));
    await stacks.create('dynamic', {
      Resources: { A: parameter('it is {{resolve:ssm:/dynamic}}!', { Name: '/dynamic/out' }) },
    });
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/dynamic/out' }));
    expect(Parameter?.Value).toBe('it is found!');
  });

  test('secret parameters are not shown', async () => {
    const stack = await stacks.create(
      'secret',
      { Parameters: { P: { Type: 'String', NoEcho: true } }, Resources: { A: parameter('x') } },
      { Parameters: [{ ParameterKey: 'P', ParameterValue: 'hunter2' }] },
    );
    expect(stack.Parameters).toEqual([{ ParameterKey: 'P', ParameterValue: '****' }]);
  });
});

test('attributes that a type does not have are refused before anything is made', async () => {
  const stack = await stacks.create('attribute', {
    Resources: { A: parameter('x') },
    Outputs: { InvalidOutput: { Value: { 'Fn::GetAtt': ['A', 'Invalid'] } } },
  });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await stacks.events('attribute')).toEqual([
    'attribute CREATE_IN_PROGRESS',
    'attribute ROLLBACK_IN_PROGRESS',
    'attribute ROLLBACK_COMPLETE',
  ]);
});

test('a property that is not implemented fails its resource by name', async () => {
  await stacks.create('honest', {
    Resources: { A: parameter('x', { Policies: '[]' }) },
  });
  expect(await stacks.reasons('honest')).toEqual([
    "A: tierkit does not implement AWS::SSM::Parameter property 'Policies' yet (resource A)",
  ]);
});

test('a required property fails its resource in the words of AWS', async () => {
  await stacks.create('required', {
    Resources: { A: { Type: 'AWS::SSM::Parameter', Properties: { Value: 'x' } } },
  });
  expect(await stacks.reasons('required')).toEqual([
    'A: Property validation failure: [The property {/Type} is required]',
  ]);
});

test('roles ask for a capability', async () => {
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'named',
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
    },
  };
  await expect(
    stacks.create('caps', { Resources: { R: role } }, { Capabilities: ['CAPABILITY_IAM'] }),
  ).rejects.toMatchObject({
    name: 'InsufficientCapabilitiesException',
    message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]',
  });
});

test('rules check parameters before anything is made', async () => {
  const template = {
    Parameters: { Version: { Type: 'String', Default: '6' } },
    Rules: {
      CheckVersion: {
        Assertions: [
          {
            Assert: { 'Fn::Not': [{ 'Fn::Contains': [['1', '2', '3'], { Ref: 'Version' }] }] },
            AssertDescription: 'version 4 is required',
          },
        ],
      },
    },
    Resources: { A: parameter('x') },
  };
  expect((await stacks.create('rules', template)).StackStatus).toBe('CREATE_COMPLETE');
  await expect(
    stacks.create('rules2', template, { Parameters: [{ ParameterKey: 'Version', ParameterValue: '2' }] }),
  ).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringContaining('version 4 is required'),
  });
});
