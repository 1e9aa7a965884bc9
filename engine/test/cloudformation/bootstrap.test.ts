import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { startCloud, type TestCloud } from '../../src/testing';
import { Stacks } from './helpers';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startCloud();
});

afterAll(() => cloud.stop());

test.each([
  [
    'the stack',
    async () => (await new Stacks(cloud.client(CloudFormationClient)).describe('CDKToolkit')).StackStatus,
  ],
  [
    'a role',
    async () => {
      const { Credentials } = await cloud.client(STSClient, { region: 'eu-west-1' }).send(
        new AssumeRoleCommand({
          RoleArn: 'arn:aws:iam::000000000000:role/cdk-hnb659fds-deploy-role-000000000000-eu-west-1',
          RoleSessionName: 'deploy',
        }),
      );
      return Credentials && 'CREATE_COMPLETE';
    },
  ],
  [
    'the version',
    async () => {
      const ssm = cloud.client(SSMClient, { region: 'us-west-2' });
      const { Parameter } = await ssm.send(
        new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }),
      );
      return Number(Parameter?.Value) >= 6 && 'CREATE_COMPLETE';
    },
  ],
  [
    'the bucket',
    async () => {
      const s3 = cloud.client(S3Client, { region: 'eu-central-1', forcePathStyle: true });
      await s3.send(new HeadBucketCommand({ Bucket: 'cdk-hnb659fds-assets-000000000000-eu-central-1' }));
      return 'CREATE_COMPLETE';
    },
  ],
])('the bootstrap is there when %s is looked for first', async (_, look) => {
  expect(await look()).toBe('CREATE_COMPLETE');
});

test('the template of `cdk bootstrap` with its own defaults deploys beside it, and goes', async () => {
  const client = cloud.client(CloudFormationClient, { region: 'ap-south-1' });
  const stacks = new Stacks(client);
  const TemplateBody = readFileSync(join(__dirname, '..', '..', 'models', 'cdk-bootstrap.json'), 'utf8');
  await client.send(
    new CreateStackCommand({
      StackName: 'OtherToolkit',
      TemplateBody,
      Parameters: [{ ParameterKey: 'Qualifier', ParameterValue: 'other' }],
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  expect(await stacks.reasons('OtherToolkit')).toEqual([]);
  expect((await stacks.describe('OtherToolkit')).StackStatus).toBe('CREATE_COMPLETE');
  expect(await stacks.outputs('OtherToolkit')).toMatchObject({
    BucketName: 'cdk-other-assets-000000000000-ap-south-1',
    BootstrapVersion: expect.stringMatching(/^\d+$/),
    FileAssetKeyArn: expect.stringMatching(/^arn:aws:kms:/),
  });
  await client.send(new DeleteStackCommand({ StackName: 'OtherToolkit' }));
  await expect(stacks.describe('OtherToolkit')).rejects.toMatchObject({ name: 'ValidationError' });
});
