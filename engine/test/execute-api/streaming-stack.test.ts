import {
  APIGatewayClient,
  CreateDeploymentCommand,
  GetExportCommand,
  ImportRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { App, CfnOutput, DefaultStackSynthesizer, Duration, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, ResponseTransferMode, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Stacks } from '../cloudformation/helpers';
import { Bed, handler, streamOf } from './streaming-bed';

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
});
afterAll(() => bed.stop());

const CODE = handler(`answer({ statusCode: 201 }); stream.write('one,'); stream.end('two');`);

/** https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_apigateway.ResponseTransferMode.html */
test('a stack of CDK streams', async () => {
  process.env.CDK_VALIDATION = 'false';
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Streams', {
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
  });
  const fn = new LambdaFunction(stack, 'Fn', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(CODE),
  });
  const api = new RestApi(stack, 'Api', { cloudWatchRole: false });
  api.root.addMethod(
    'GET',
    new LambdaIntegration(fn, {
      responseTransferMode: ResponseTransferMode.STREAM,
      timeout: Duration.minutes(15),
    }),
  );
  new CfnOutput(stack, 'Url', { value: api.restApiId });
  const client = bed.cloud.client(CloudFormationClient);
  const stacks = new Stacks(client);
  await stacks.create('streams', app.synth().getStackByName('Streams').template, {
    Capabilities: ['CAPABILITY_IAM'],
  });
  await waitUntilStackCreateComplete(
    { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
    { StackName: 'streams' },
  );
  const { Outputs = [] } = await stacks.describe('streams');
  const id = Outputs.find(({ OutputKey }) => OutputKey === 'Url')?.OutputValue;
  const response = await fetch(`${bed.cloud.endpoint}/restapis/${id}/prod/_user_request_/`);
  expect([response.status, await response.text()]).toEqual([201, 'one,two']);
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html */
test('a definition streams, and is exported as one that does', async () => {
  const functionArn = await bed.newFunction('defined', CODE);
  const { type, uri, integrationHttpMethod } = streamOf(functionArn);
  const integration = {
    type: type?.toLowerCase(),
    uri,
    httpMethod: integrationHttpMethod,
    responseTransferMode: 'STREAM',
    timeoutInMillis: 60_000,
  };
  const definition = {
    openapi: '3.0.1',
    info: { title: 'streams', version: '1' },
    paths: { '/': { get: { 'x-amazon-apigateway-integration': integration } } },
  };
  const api = bed.cloud.client(APIGatewayClient);
  const { id } = await api.send(new ImportRestApiCommand({ body: Buffer.from(JSON.stringify(definition)) }));
  await api.send(new CreateDeploymentCommand({ restApiId: id, stageName: 'prod' }));
  const response = await fetch(`${bed.cloud.endpoint}/restapis/${id}/prod/_user_request_/`);
  expect([response.status, await response.text()]).toEqual([201, 'one,two']);
  const { body } = await api.send(
    new GetExportCommand({
      restApiId: id,
      stageName: 'prod',
      exportType: 'oas30',
      parameters: { extensions: 'integrations' },
    }),
  );
  const exported = JSON.parse(Buffer.from(body ?? '').toString());
  expect(exported.paths['/'].get['x-amazon-apigateway-integration']).toMatchObject(integration);
});
