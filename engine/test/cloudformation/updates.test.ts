import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
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

async function value(Name: string): Promise<string | undefined> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  return Parameter?.Value;
}

const gone = expect.objectContaining({ name: 'ParameterNotFound' });

test('a change is made in place, and reaches what refers to it', async () => {
  const template = (text: string) => ({
    Resources: {
      A: parameter(text, { Name: '/place/a' }),
      B: parameter({ 'Fn::Sub': 'has ${A.Value}' }, { Name: '/place/b' }),
    },
    Outputs: { A: { Value: { Ref: 'A' } } },
  });
  expect((await stacks.create('place', template('one'))).StackStatus).toBe('CREATE_COMPLETE');
  expect(await value('/place/b')).toBe('has one');
  expect((await stacks.update('place', template('two'))).StackStatus).toBe('UPDATE_COMPLETE');
  expect(await value('/place/b')).toBe('has two');
  expect((await stacks.events('place')).slice(-7)).toEqual([
    'place UPDATE_IN_PROGRESS',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_COMPLETE',
    'B UPDATE_IN_PROGRESS',
    'B UPDATE_COMPLETE',
    'place UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'place UPDATE_COMPLETE',
  ]);
});

test('a create-only property replaces: the new one first, then the old one goes', async () => {
  const template = (name: string) => ({ Resources: { A: parameter('x', { Name: name }) } });
  await stacks.create('replace', template('/replace/old'));
  expect((await stacks.update('replace', template('/replace/new'))).StackStatus).toBe('UPDATE_COMPLETE');
  expect(await value('/replace/new')).toBe('x');
  await expect(value('/replace/old')).rejects.toEqual(gone);
  expect((await stacks.events('replace')).slice(-7)).toEqual([
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_IN_PROGRESS',
    'A UPDATE_COMPLETE',
    'replace UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
    'replace UPDATE_COMPLETE',
  ]);
});

test('UpdateReplacePolicy and DeletionPolicy Retain keep what would go', async () => {
  const keep = { UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Retain' };
  const template = (name: string) => ({ Resources: { A: { ...parameter('x', { Name: name }), ...keep } } });
  await stacks.create('keep', template('/keep/old'));
  await stacks.update('keep', template('/keep/new'));
  expect(await value('/keep/old')).toBe('x');
  await stacks.client.send(new DeleteStackCommand({ StackName: 'keep' }));
  expect(await value('/keep/new')).toBe('x');
});

test('a failing update is taken back, with all it changed, made and replaced', async () => {
  await stacks.create('back', {
    Description: 'before',
    Parameters: { P: { Type: 'String', Default: 'one' } },
    Resources: {
      A: parameter({ Ref: 'P' }, { Name: '/back/a' }),
      R: parameter('r', { Name: '/back/old' }),
      Gone: parameter('g', { Name: '/back/gone' }),
    },
  });
  await ssm.send(new PutParameterCommand({ Name: '/back/taken', Value: 'mine', Type: 'String' }));
  const after = await stacks.update('back', {
    Description: 'after',
    Parameters: { P: { Type: 'String', Default: 'two' } },
    Resources: {
      A: parameter({ Ref: 'P' }, { Name: '/back/a' }),
      R: parameter('r', { Name: '/back/new' }),
      New: parameter('n', { Name: '/back/n' }),
      Bad: { ...parameter('b', { Name: '/back/taken' }), DependsOn: ['A', 'R', 'New'] },
    },
  });
  expect(after).toMatchObject({
    StackStatus: 'UPDATE_ROLLBACK_COMPLETE',
    Description: 'before',
    Parameters: [{ ParameterKey: 'P', ParameterValue: 'one' }],
  });
  expect(await value('/back/a')).toBe('one');
  expect(await value('/back/old')).toBe('r');
  expect(await value('/back/gone')).toBe('g');
  expect(await value('/back/taken')).toBe('mine');
  await expect(value('/back/new')).rejects.toEqual(gone);
  await expect(value('/back/n')).rejects.toEqual(gone);
  const { StackResources } = await stacks.client.send(
    new DescribeStackResourcesCommand({ StackName: 'back' }),
  );
  expect(StackResources?.map((each) => [each.LogicalResourceId, each.PhysicalResourceId])).toEqual([
    ['A', '/back/a'],
    ['Gone', '/back/gone'],
    ['R', '/back/old'],
  ]);
  expect(await stacks.events('back')).toEqual(
    expect.arrayContaining([
      'Bad CREATE_FAILED',
      'back UPDATE_ROLLBACK_IN_PROGRESS',
      'back UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    ]),
  );
  // The stack is as good as before: the next update works.
  const again = await stacks.update('back', { Resources: { A: parameter('three', { Name: '/back/a' }) } });
  expect(again.StackStatus).toBe('UPDATE_COMPLETE');
});

test('a failing creation is taken back, or left where asked', async () => {
  await ssm.send(new PutParameterCommand({ Name: '/fail/taken', Value: 'mine', Type: 'String' }));
  const template = {
    Resources: {
      Good: parameter('g', { Name: '/fail/good' }),
      Bad: { ...parameter('b', { Name: '/fail/taken' }), DependsOn: 'Good' },
    },
  };
  const left = await stacks.create('left', template, { DisableRollback: true });
  expect(left).toMatchObject({
    StackStatus: 'CREATE_FAILED',
    StackStatusReason: 'The following resource(s) failed to create: [Bad]. ',
  });
  expect(await value('/fail/good')).toBe('g');
  await stacks.client.send(new DeleteStackCommand({ StackName: 'left' }));
  await expect(value('/fail/good')).rejects.toEqual(gone);
  expect(await value('/fail/taken')).toBe('mine');

  const back = await stacks.create('back2', template);
  expect(back.StackStatus).toBe('ROLLBACK_COMPLETE');
  await expect(value('/fail/good')).rejects.toEqual(gone);
  expect(await stacks.reasons('back2')).toEqual([
    expect.stringMatching(/^Bad: Resource handler returned message: ".*already exists/),
  ]);
  await expect(stacks.update('back2', template)).rejects.toMatchObject({
    message: expect.stringMatching(/^Stack:arn:.* is in ROLLBACK_COMPLETE state and can not be updated\.$/),
  });
});

test('conditions decide what comes and goes', async () => {
  const template = {
    Parameters: { With: { Type: 'String', AllowedValues: ['yes', 'no'] } },
    Conditions: { Extra: { 'Fn::Equals': [{ Ref: 'With' }, 'yes'] } },
    Resources: {
      A: parameter({ 'Fn::If': ['Extra', { Ref: 'B' }, 'none'] }, { Name: '/cond/a' }),
      B: { ...parameter('b', { Name: '/cond/b' }), Condition: 'Extra' },
    },
    Outputs: { B: { Condition: 'Extra', Value: { Ref: 'B' } } },
  };
  const choose = (ParameterValue: string) => ({ Parameters: [{ ParameterKey: 'With', ParameterValue }] });
  await stacks.create('cond', template, choose('no'));
  expect(await value('/cond/a')).toBe('none');
  expect(await stacks.outputs('cond')).toEqual({});
  await stacks.update('cond', template, choose('yes'));
  expect(await value('/cond/a')).toBe('/cond/b');
  expect(await stacks.outputs('cond')).toEqual({ B: '/cond/b' });
  await stacks.update('cond', template, choose('no'));
  await expect(value('/cond/b')).rejects.toEqual(gone);
});

test('a resource does not change its type', async () => {
  await stacks.create('types', { Resources: { A: parameter('x') } });
  await expect(
    stacks.update('types', { Resources: { A: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } }),
  ).rejects.toMatchObject({
    message:
      'Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]',
  });
});

test('a rollback keeps what it made with policy Retain, unless told otherwise', async () => {
  const template = (where: string) => ({
    Resources: {
      Kept: { ...parameter('k', { Name: `/retain/${where}` }), DeletionPolicy: 'Retain' },
      Except: { ...parameter('e', { Name: `/except/${where}` }), DeletionPolicy: 'RetainExceptOnCreate' },
      Bad: { Type: 'AWS::SSM::Parameter', DependsOn: ['Kept', 'Except'], Properties: { Value: 'no type' } },
    },
  });
  expect((await stacks.create('retain-one', template('one'))).StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await value('/retain/one')).toBe('k');
  await expect(value('/except/one')).rejects.toEqual(gone);
  await stacks.create('retain-two', template('two'), { RetainExceptOnCreate: true });
  await expect(value('/retain/two')).rejects.toEqual(gone);
});
