import { APIGatewayClient, GetRestApiCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { App, CfnOutput, DefaultStackSynthesizer, Duration, Fn, Stack } from 'aws-cdk-lib';
import {
  CfnBasePathMappingV2,
  CfnDomainNameAccessAssociation,
  CfnDomainNameV2,
  EndpointType,
  LambdaIntegration,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import {
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type IVpcEndpoint,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { startCloud, type TestCloud } from '../../src/testing';

/**
 * A private API as CDK's users write it, called from a function in its VPC.
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_apigateway-readme.html#private-apis
 */
let cloud: TestCloud;
let formation: CloudFormationClient;
const StackName = 'private';
const Capabilities = ['CAPABILITY_IAM' as const];

beforeAll(async () => {
  cloud = await startCloud();
  formation = cloud.client(CloudFormationClient);
}, 30_000);
afterAll(() => cloud.stop());

const FORBIDDEN = '{"message":"Forbidden"}';

const SAYS = `exports.handler = async ({ requestContext: { identity } }) => ({ statusCode: 200, body: identity.vpceId });`;
const CALLS = `
const https = require('node:https');
exports.handler = async ({ at, domain }) => {
  if (domain) {
    const options = { headers: { Host: domain }, servername: at };
    return new Promise((done, fail) => {
      const get = https.get('https://' + at + '/v1/', options, (response) => {
        let body = '';
        response.on('data', (chunk) => { body += chunk; });
        response.on('end', () => done({ status: response.statusCode, body }));
      });
      get.on('error', fail);
    });
  }
  const response = await fetch(process.env.URL);
  return { status: response.status, body: await response.text() };
};`;

function template(type: EndpointType): string {
  process.env.CDK_VALIDATION = 'false';
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Private', {
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
  });
  const vpc = new Vpc(stack, 'Vpc', {
    ipAddresses: IpAddresses.cidr('10.8.0.0/16'),
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    subnetConfiguration: [{ name: 'inside', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
  });
  const endpoint = vpc.addInterfaceEndpoint('Door', { service: InterfaceVpcEndpointAwsService.APIGATEWAY });
  const isPrivate = type === EndpointType.PRIVATE;
  const api = new RestApi(stack, 'Api', {
    cloudWatchRole: false,
    endpointConfiguration: { types: [type], ...(isPrivate ? { vpcEndpoints: [endpoint] } : {}) },
    policy: onlyBy(isPrivate ? endpoint : undefined),
  });
  const fn = (name: string, code: string, more: object = {}) =>
    new LambdaFunction(stack, name, {
      runtime: Runtime.NODEJS_20_X,
      handler: 'index.handler',
      code: Code.fromInline(code),
      timeout: Duration.seconds(20),
      ...more,
    });
  api.root.addMethod('GET', new LambdaIntegration(fn('Says', SAYS)));
  const environment = { URL: `https://${api.restApiId}.execute-api.us-east-1.amazonaws.com/prod/` };
  const within = { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } };
  const inside = fn('Inside', CALLS, { environment, ...within });
  const outside = fn('Outside', CALLS, { environment });
  if (isPrivate) addDomain(stack, api, endpoint);
  new CfnOutput(stack, 'DoorName', {
    value: Fn.select(1, Fn.split(':', Fn.select(0, endpoint.vpcEndpointDnsEntries))),
  });
  new CfnOutput(stack, 'ApiId', { value: api.restApiId });
  new CfnOutput(stack, 'EndpointId', { value: endpoint.vpcEndpointId });
  new CfnOutput(stack, 'InsideName', { value: inside.functionName });
  new CfnOutput(stack, 'OutsideName', { value: outside.functionName });
  return JSON.stringify(app.synth().getStackByName(stack.stackName).template);
}

const DOMAIN = 'private.example.com';

/** What CDK has no constructs for yet. */
function addDomain(stack: Stack, api: RestApi, endpoint: IVpcEndpoint): void {
  const domain = new CfnDomainNameV2(stack, 'Domain', {
    domainName: DOMAIN,
    certificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/0a1b2c3d-0000-1111-2222-333344445555',
    endpointConfiguration: { types: ['PRIVATE'] },
    policy: onlyBy(endpoint),
    securityPolicy: 'TLS_1_2',
  });
  new CfnBasePathMappingV2(stack, 'Mapping', {
    domainNameArn: domain.attrDomainNameArn,
    restApiId: api.restApiId,
    stage: api.deploymentStage.stageName,
    basePath: 'v1',
  });
  new CfnDomainNameAccessAssociation(stack, 'Association', {
    domainNameArn: domain.ref,
    accessAssociationSource: endpoint.vpcEndpointId,
    accessAssociationSourceType: 'VPCE',
  });
}

function onlyBy(endpoint: IVpcEndpoint | undefined): PolicyDocument {
  const actions = ['execute-api:Invoke'];
  const resources = ['execute-api:/*'];
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions,
        resources,
        ...(endpoint ? { conditions: { StringEquals: { 'aws:SourceVpce': endpoint.vpcEndpointId } } } : {}),
      }),
    ],
  });
}

async function done(status: string): Promise<Record<string, string>> {
  const { Stacks } = await formation.send(new DescribeStacksCommand({ StackName }));
  const [stack] = Stacks ?? [];
  if (stack?.StackStatus?.endsWith('_IN_PROGRESS')) return done(status);
  if (stack?.StackStatus !== status) {
    const { StackEvents } = await formation.send(new DescribeStackEventsCommand({ StackName }));
    const failed = StackEvents?.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('FAILED'));
    throw new Error(JSON.stringify(failed?.map((one) => [one.LogicalResourceId, one.ResourceStatusReason])));
  }
  const outputs = stack.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

async function invoke(FunctionName: string | undefined, event: object = {}) {
  const Payload = Buffer.from(JSON.stringify(event));
  const answer = await cloud.client(LambdaClient).send(new InvokeCommand({ FunctionName, Payload }));
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString());
}

const typesOf = async (restApiId: string | undefined) =>
  (await cloud.client(APIGatewayClient).send(new GetRestApiCommand({ restApiId }))).endpointConfiguration;

test('is deployed with its VPC, and becomes a public one', async () => {
  const asked = (type: EndpointType) => ({ StackName, TemplateBody: template(type), Capabilities });
  await formation.send(new CreateStackCommand(asked(EndpointType.PRIVATE)));
  const { ApiId, DoorName, EndpointId, InsideName, OutsideName } = await done('CREATE_COMPLETE');
  const configuration = { types: ['PRIVATE'], ipAddressType: 'dualstack', vpcEndpointIds: [EndpointId] };
  expect(await typesOf(ApiId)).toEqual(configuration);
  expect(await invoke(InsideName)).toEqual({ status: 200, body: EndpointId });
  expect(await invoke(OutsideName)).toEqual({ status: 403, body: FORBIDDEN });
  const byDomain = { at: DoorName, domain: DOMAIN };
  expect(await invoke(InsideName, byDomain)).toEqual({ status: 200, body: EndpointId });
  await formation.send(new UpdateStackCommand(asked(EndpointType.REGIONAL)));
  await done('UPDATE_COMPLETE');
  expect(await typesOf(ApiId)).toEqual({ types: ['REGIONAL'], ipAddressType: 'ipv4' });
  expect((await invoke(InsideName, byDomain)).status).toBe(403);
  // Deployed anew, it leaves the VPC's endpoint for the public one.
  expect(await invoke(InsideName)).toEqual({ status: 403, body: FORBIDDEN });
  expect(await invoke(OutsideName)).toEqual({ status: 200, body: '' });
  await formation.send(new UpdateStackCommand(asked(EndpointType.PRIVATE)));
  await done('UPDATE_COMPLETE');
  expect(await typesOf(ApiId)).toEqual(configuration);
  expect(await invoke(InsideName)).toEqual({ status: 200, body: EndpointId });
  await formation.send(new DeleteStackCommand({ StackName }));
  await expect(done('DELETE_COMPLETE')).rejects.toThrow('does not exist');
}, 60_000);
