import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
});
afterAll(() => cloud.stop());

const ref = (name: string) => ({ Ref: name });
const att = (name: string, attribute: string) => ({ 'Fn::GetAtt': [name, attribute] });
const sub = (text: string) => ({ 'Fn::Sub': text });

/** What CDK's AwsIntegration with a credentialsRole comes to: a bucket read through an API without a function. */
const template = {
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' } },
          ],
        },
        Policies: [
          {
            PolicyName: 'read',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['s3:GetObject', 's3:PutObject'],
                  Resource: sub('${Bucket.Arn}/static/*'),
                },
              ],
            },
          },
        ],
      },
    },
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'files', BinaryMediaTypes: ['image/png'] } },
    Static: {
      Type: 'AWS::ApiGateway::Resource',
      Properties: { ParentId: att('Api', 'RootResourceId'), PathPart: '{file}', RestApiId: ref('Api') },
    },
    Any: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        HttpMethod: 'ANY',
        ResourceId: ref('Static'),
        RestApiId: ref('Api'),
        AuthorizationType: 'NONE',
        RequestParameters: { 'method.request.path.file': true },
        Integration: {
          Type: 'AWS',
          IntegrationHttpMethod: 'ANY',
          Uri: sub('arn:${AWS::Partition}:apigateway:${AWS::Region}:s3:path/${Bucket}/static/{file}'),
          Credentials: att('Role', 'Arn'),
          ContentHandling: 'CONVERT_TO_TEXT',
          PassthroughBehavior: 'WHEN_NO_TEMPLATES',
          RequestParameters: {
            'integration.request.path.file': 'method.request.path.file',
            'integration.request.header.Content-Type': "'text/plain'",
          },
          IntegrationResponses: [
            { StatusCode: '200', ContentHandling: 'CONVERT_TO_BINARY' },
            {
              StatusCode: '403',
              SelectionPattern: '403',
              ResponseTemplates: { 'application/json': '{"no": true}' },
            },
          ],
        },
        MethodResponses: [{ StatusCode: '200' }, { StatusCode: '403' }],
      },
    },
    Deployment: {
      Type: 'AWS::ApiGateway::Deployment',
      Properties: { RestApiId: ref('Api') },
      DependsOn: ['Any'],
    },
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: ref('Api'), DeploymentId: ref('Deployment'), StageName: 'prod' },
    },
  },
  Outputs: { Api: { Value: ref('Api') } },
};

test('an API in front of a bucket, out of a template', async () => {
  const cloudformation = cloud.client(CloudFormationClient);
  const StackName = 'files';
  await cloudformation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  await waitUntilStackCreateComplete({ client: cloudformation, maxWaitTime: 30, minDelay: 1 }, { StackName });
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
  const id = Stacks?.[0]?.Outputs?.[0]?.OutputValue;
  const url = (file: string) => `${cloud.endpoint}/restapis/${id}/prod/_user_request_/${file}`;
  // Sent as bytes, stored as their base64 text, read as bytes again.
  const bytes = Buffer.from([1, 2, 250]);
  const put = await fetch(url('a.png'), {
    method: 'PUT',
    body: bytes,
    headers: { 'content-type': 'image/png' },
  });
  expect(put.status).toBe(200);
  expect(Buffer.from(await (await fetch(url('a.png'))).arrayBuffer())).toEqual(bytes);
  const none = await fetch(url('none'));
  expect([none.status, await none.json()]).toEqual([403, { no: true }]);
});
