import { APIGatewayClient, GetRestApiCommand, GetStageCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let stacks: CloudFormationClient;

beforeAll(async () => {
  cloud = await startCloud();
  stacks = cloud.client(CloudFormationClient);
});
afterAll(() => cloud.stop());

const definition = (answer: string) => ({
  openapi: '3.0.1',
  info: { title: 'spec', version: '1' },
  paths: {
    '/hello': {
      get: {
        responses: { 200: { description: 'ok' } },
        'x-amazon-apigateway-integration': {
          type: 'mock',
          requestTemplates: { 'application/json': '{"statusCode": 200}' },
          responses: { default: { statusCode: '200', responseTemplates: { 'application/json': answer } } },
        },
      },
    },
  },
});

/** What CDK's SpecRestApi comes to. */
const template = (properties: object, deployment: string) =>
  JSON.stringify({
    Resources: {
      Api: {
        Type: 'AWS::ApiGateway::RestApi',
        Properties: { Name: 'named', BinaryMediaTypes: ['image/png'], ...properties },
      },
      [deployment]: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: { Ref: 'Api' } } },
      Part: {
        Type: 'AWS::ApiGateway::DocumentationPart',
        Properties: {
          RestApiId: { Ref: 'Api' },
          Location: { Type: 'METHOD', Path: '/hello' },
          Properties: '{}',
        },
      },
      Version: {
        Type: 'AWS::ApiGateway::DocumentationVersion',
        DependsOn: 'Part',
        Properties: { RestApiId: { Ref: 'Api' }, DocumentationVersion: 'v1' },
      },
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: {
          RestApiId: { Ref: 'Api' },
          DeploymentId: { Ref: deployment },
          StageName: 'prod',
          DocumentationVersion: { Ref: 'Version' },
        },
      },
    },
    Outputs: { Id: { Value: { Ref: 'Api' } } },
  });

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-restapi.html
test('a stack brings an API by its definition, and changes it', async () => {
  const StackName = 'spec';
  const wait = { client: stacks, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
  const TemplateBody = template(
    { Body: definition('one'), Parameters: { endpointConfigurationTypes: 'REGIONAL' } },
    'First',
  );
  await stacks.send(new CreateStackCommand({ StackName, TemplateBody }));
  await waitUntilStackCreateComplete(wait, { StackName });
  const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName }));
  const restApiId = Stacks?.[0]?.Outputs?.[0]?.OutputValue ?? '';
  const ask = async () => (await fetch(`${cloud.endpoint}/_aws/execute-api/${restApiId}/prod/hello`)).text();
  const api = cloud.client(APIGatewayClient);
  expect(await ask()).toBe('one');
  const settings = {
    name: 'named',
    binaryMediaTypes: ['image/png'],
    endpointConfiguration: { types: ['REGIONAL'] },
  };
  expect(await api.send(new GetRestApiCommand({ restApiId }))).toMatchObject(settings);
  expect(await api.send(new GetStageCommand({ restApiId, stageName: 'prod' }))).toMatchObject({
    documentationVersion: 'v1',
  });

  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: 'definitions' }));
  const Body = JSON.stringify(definition('two'));
  await s3.send(new PutObjectCommand({ Bucket: 'definitions', Key: 'api.json', Body }));
  const BodyS3Location = { Bucket: 'definitions', Key: 'api.json' };
  const next = template({ BodyS3Location, Mode: 'merge', FailOnWarnings: true }, 'Second');
  await stacks.send(new UpdateStackCommand({ StackName, TemplateBody: next }));
  await waitUntilStackUpdateComplete(wait, { StackName });
  expect(await ask()).toBe('two');
  expect(await api.send(new GetRestApiCommand({ restApiId }))).toMatchObject(settings);
});
