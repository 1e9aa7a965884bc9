import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { startCloud } from '../../src/testing';
import { parameter, Stacks } from './helpers';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tierkit-restart-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Never answers: its stack stays in progress. */
const silent = {
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
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { ZipFile: 'exports.handler = async () => {};' },
      },
    },
    Made: parameter('x', { Name: '/made' }),
    Waits: {
      Type: 'Custom::Waits',
      DependsOn: 'Made',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] } },
    },
  },
};

test('a creation that the end of the engine cut off is taken back at the next start', async () => {
  const first = await startCloud({ stateDirectory: folder });
  const client = first.client(CloudFormationClient, { maxAttempts: 1 });
  await new Stacks(client).create('done', { Resources: { A: parameter('kept', { Name: '/kept' }) } });
  const waiting = new Promise<void>((resolve) => {
    first.cloud.events.subscribe((event) => {
      if (event.type === 'log' && event.message.includes('REPORT')) resolve();
    });
  });
  const creating = client
    .send(
      new CreateStackCommand({
        StackName: 'cut',
        TemplateBody: JSON.stringify(silent),
        Capabilities: ['CAPABILITY_IAM'],
      }),
    )
    .catch(() => {});
  await waiting;
  await first.stop();
  await creating;

  const second = await startCloud({ stateDirectory: folder });
  try {
    const stacks = new Stacks(second.client(CloudFormationClient));
    // The first call wakes the service, which takes up what was left.
    await stacks.client.send(new DescribeStacksCommand({ StackName: 'cut' }));
    const ended = async (): Promise<string | undefined> => {
      for (;;) {
        const { StackStatus } = await stacks.describe('cut');
        if (!StackStatus?.endsWith('_IN_PROGRESS')) return StackStatus;
      }
    };
    expect(await ended()).toBe('ROLLBACK_COMPLETE');
    const { StackEvents } = await stacks.client.send(new DescribeStackEventsCommand({ StackName: 'cut' }));
    expect(StackEvents?.map(({ ResourceStatusReason }) => ResourceStatusReason)).toContain(
      'The engine stopped while this was in progress. Rollback requested by the engine.',
    );
    const ssm = second.client(SSMClient);
    await expect(ssm.send(new GetParameterCommand({ Name: '/made' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/kept' }));
    expect(Parameter?.Value).toBe('kept');
    expect((await stacks.describe('done')).StackStatus).toBe('CREATE_COMPLETE');
  } finally {
    await second.stop();
  }
}, 60_000);
