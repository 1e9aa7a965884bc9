import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, ListPoliciesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { startCloud, type TestCloud } from '../../src/testing';
import { Stacks } from './helpers';

// Nothing in a template is accepted and ignored: what the engine does not implement fails the deployment by name,
// and leaves nothing behind.

let cloud: TestCloud;
let stacks: Stacks;
beforeAll(async () => {
  cloud = await startCloud();
  stacks = new Stacks(cloud.client(CloudFormationClient));
});
afterAll(() => cloud.stop());

const PARAMETER = { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'x' } };

async function statuses(StackName: string): Promise<Record<string, string | undefined>> {
  const { StackResources } = await stacks.client.send(new DescribeStackResourcesCommand({ StackName }));
  return Object.fromEntries(
    (StackResources ?? []).map(({ LogicalResourceId, ResourceStatus }) => [
      LogicalResourceId,
      ResourceStatus,
    ]),
  );
}

test('a type without a provider fails the stack by its name', async () => {
  const made = await stacks.create('type', {
    Resources: {
      Parameter: PARAMETER,
      Topic: { Type: 'AWS::SNS::Topic', DependsOn: 'Parameter', Properties: {} },
    },
  });
  expect(made.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await stacks.reasons('type')).toContainEqual(
    expect.stringMatching(/^Topic: tierkit does not implement resource type AWS::SNS::Topic yet/),
  );
  expect(await statuses('type')).toEqual({ Parameter: 'DELETE_COMPLETE', Topic: 'DELETE_COMPLETE' });
});

test('a property that is AWS’s but not the engine’s fails the stack by its name', async () => {
  const made = await stacks.create('property', {
    Resources: {
      Parameter: PARAMETER,
      Group: {
        Type: 'AWS::Logs::LogGroup',
        DependsOn: 'Parameter',
        Properties: { FieldIndexPolicies: [{ Fields: ['requestId'] }] },
      },
    },
  });
  expect(made.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect(await stacks.reasons('property')).toContainEqual(
    "Group: tierkit does not implement AWS::Logs::LogGroup property 'FieldIndexPolicies' yet (resource Group)",
  );
});

test('an update that brings one is rolled back', async () => {
  await stacks.create('update', { Resources: { Parameter: PARAMETER } });
  await stacks.client.send(
    new UpdateStackCommand({
      StackName: 'update',
      TemplateBody: JSON.stringify({
        Resources: {
          Parameter: PARAMETER,
          Queue: { Type: 'AWS::SQS::Queue', DependsOn: 'Parameter', Properties: {} },
        },
      }),
    }),
  );
  expect((await stacks.describe('update')).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await stacks.reasons('update')).toContainEqual(
    expect.stringContaining('tierkit does not implement resource type AWS::SQS::Queue yet'),
  );
});

describe('what fails half-way leaves nothing behind', () => {
  test('a stage whose settings are refused', async () => {
    const Api = { Ref: 'Api' };
    const made = await stacks.create('stage', {
      Resources: {
        Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'half' } },
        Get: {
          Type: 'AWS::ApiGateway::Method',
          Properties: {
            RestApiId: Api,
            ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
            HttpMethod: 'GET',
            AuthorizationType: 'NONE',
            Integration: { Type: 'MOCK' },
          },
        },
        Deployment: {
          Type: 'AWS::ApiGateway::Deployment',
          DependsOn: 'Get',
          Properties: { RestApiId: Api },
        },
        Stage: {
          Type: 'AWS::ApiGateway::Stage',
          Properties: {
            RestApiId: Api,
            DeploymentId: { Ref: 'Deployment' },
            StageName: 'prod',
            // No such level.
            MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', LoggingLevel: 'LOUD' }],
          },
        },
      },
    });
    expect(made.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await cloud.client(APIGatewayClient).send(new GetRestApisCommand({}))).items ?? []).toEqual([]);
  });

  test('a log group whose retention is refused', async () => {
    const made = await stacks.create('logs', {
      Resources: {
        Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'half', RetentionInDays: 42 } },
      },
    });
    expect(made.StackStatus).toBe('ROLLBACK_COMPLETE');
    const { logGroups } = await cloud
      .client(CloudWatchLogsClient)
      .send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'half' }));
    expect(logGroups).toEqual([]);
  });

  test('a policy for a role that is not there, a user for such a group', async () => {
    const made = await stacks.create(
      'iam',
      {
        Resources: {
          Policy: {
            Type: 'AWS::IAM::ManagedPolicy',
            Properties: {
              Roles: ['nobody'],
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
              },
            },
          },
          User: { Type: 'AWS::IAM::User', Properties: { Groups: ['nowhere'] } },
        },
      },
      { Capabilities: ['CAPABILITY_IAM'] },
    );
    expect(made.StackStatus).toBe('ROLLBACK_COMPLETE');
    const iam = cloud.client(IAMClient);
    expect((await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))).Policies).toEqual([]);
    expect((await iam.send(new ListUsersCommand({}))).Users).toEqual([]);
  });
});
