import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let client: CloudFormationClient;

beforeAll(async () => {
  cloud = await startCloud();
  client = cloud.client(CloudFormationClient);
});

afterAll(() => cloud.stop());

const handle = { Type: 'AWS::CloudFormation::WaitConditionHandle' };

function template(resources: Record<string, unknown>, rest: Record<string, unknown> = {}): string {
  return JSON.stringify({ Resources: resources, ...rest });
}

async function status(StackName: string): Promise<string | undefined> {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
  return Stacks?.[0]?.StackStatus;
}

async function events(StackName: string): Promise<string[]> {
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName }));
  return (StackEvents ?? [])
    .map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`)
    .reverse();
}

describe('a stack by change sets', () => {
  test('is reviewed, made, found without changes, and deleted', async () => {
    const { Id, StackId } = await client.send(
      new CreateChangeSetCommand({
        StackName: 'reviewed',
        ChangeSetName: 'first',
        ChangeSetType: 'CREATE',
        TemplateBody: template(
          { A: handle, B: { ...handle, DependsOn: 'A' } },
          { Outputs: { It: { Value: { Ref: 'A' } } } },
        ),
      }),
    );
    expect(await status('reviewed')).toBe('REVIEW_IN_PROGRESS');
    const described = await client.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
    expect(described.Status).toBe('CREATE_COMPLETE');
    expect(
      described.Changes?.map(({ ResourceChange }) => [
        ResourceChange?.Action,
        ResourceChange?.LogicalResourceId,
      ]),
    ).toEqual([
      ['Add', 'A'],
      ['Add', 'B'],
    ]);
    await client.send(new ExecuteChangeSetCommand({ ChangeSetName: Id }));
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: StackId }));
    expect(Stacks?.[0]).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      ChangeSetId: Id,
      StackName: 'reviewed',
    });
    expect(Stacks?.[0]?.Outputs).toEqual([
      { OutputKey: 'It', OutputValue: expect.stringMatching(/^https:/) },
    ]);
    expect(await events('reviewed')).toEqual([
      'reviewed REVIEW_IN_PROGRESS',
      'reviewed CREATE_IN_PROGRESS',
      'A CREATE_IN_PROGRESS',
      'A CREATE_IN_PROGRESS',
      'A CREATE_COMPLETE',
      'B CREATE_IN_PROGRESS',
      'B CREATE_IN_PROGRESS',
      'B CREATE_COMPLETE',
      'reviewed CREATE_COMPLETE',
    ]);

    const again = await client.send(
      new CreateChangeSetCommand({
        StackName: 'reviewed',
        ChangeSetName: 'second',
        TemplateBody: template(
          { A: handle, B: { ...handle, DependsOn: 'A' } },
          { Outputs: { It: { Value: { Ref: 'A' } } } },
        ),
      }),
    );
    const nothing = await client.send(new DescribeChangeSetCommand({ ChangeSetName: again.Id }));
    expect(nothing).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    await expect(client.send(new ExecuteChangeSetCommand({ ChangeSetName: again.Id }))).rejects.toMatchObject(
      {
        name: 'InvalidChangeSetStatusException',
        message: `ChangeSet [${again.Id}] cannot be executed in its current status of [FAILED]`,
      },
    );

    await client.send(new DeleteStackCommand({ StackName: 'reviewed' }));
    await expect(status('reviewed')).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id reviewed does not exist',
    });
    expect(await status(StackId ?? '')).toBe('DELETE_COMPLETE');
  });
});

describe('a stack by CreateStack', () => {
  test('is updated in place of resources that come and go', async () => {
    await client.send(new CreateStackCommand({ StackName: 'plain', TemplateBody: template({ A: handle }) }));
    expect(await status('plain')).toBe('CREATE_COMPLETE');
    await expect(
      client.send(new UpdateStackCommand({ StackName: 'plain', TemplateBody: template({ A: handle }) })),
    ).rejects.toMatchObject({ name: 'ValidationError', message: 'No updates are to be performed.' });
    await client.send(new UpdateStackCommand({ StackName: 'plain', TemplateBody: template({ B: handle }) }));
    expect(await status('plain')).toBe('UPDATE_COMPLETE');
    const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: 'plain' }));
    expect(StackResources?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['B']);
  });

  test('rolls back and names what is not implemented', async () => {
    await client.send(
      new CreateStackCommand({
        StackName: 'failing',
        TemplateBody: template({ A: handle, Topic: { Type: 'AWS::SNS::Topic', DependsOn: 'A' } }),
      }),
    );
    expect(await status('failing')).toBe('ROLLBACK_COMPLETE');
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: 'failing' }));
    const failed = StackEvents?.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
    expect(failed?.LogicalResourceId).toBe('Topic');
    expect(failed?.ResourceStatusReason).toMatch(/tierkit does not implement resource type AWS::SNS::Topic/);
  });
});
