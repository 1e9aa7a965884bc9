import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudFrontClient, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { startCloud, type TestCloud } from '../../src/testing';

/** What CDK's LambdaRestApi with CORS, and a Distribution with an S3 and an API origin, come to. */
function template(options: { message: string; deployment: string; extra?: Record<string, unknown> }) {
  const ref = (name: string) => ({ Ref: name });
  const att = (name: string, attribute: string) => ({ 'Fn::GetAtt': [name, attribute] });
  const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });
  const proxy = {
    IntegrationHttpMethod: 'POST',
    Type: 'AWS_PROXY',
    Uri: join(
      'arn:',
      ref('AWS::Partition'),
      ':apigateway:',
      ref('AWS::Region'),
      ':lambda:path/2015-03-31/functions/',
      att('Handler', 'Arn'),
      '/invocations',
    ),
  };
  const corsHeaders = {
    'method.response.header.Access-Control-Allow-Headers': "'Content-Type'",
    'method.response.header.Access-Control-Allow-Origin': "'*'",
    'method.response.header.Access-Control-Allow-Methods': "'OPTIONS,GET'",
  };
  return {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Action: 'sts:AssumeRole',
                Effect: 'Allow',
                Principal: { Service: ['lambda.amazonaws.com', 'apigateway.amazonaws.com'] },
              },
            ],
          },
        },
      },
      Handler: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: {
            ZipFile: `exports.handler = async (event) => ({ statusCode: 200, headers: { 'x-path': event.path }, body: '${options.message}' });`,
          },
          Handler: 'index.handler',
          Role: att('Role', 'Arn'),
          Runtime: 'nodejs20.x',
        },
      },
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'stacked', ...options.extra } },
      Account: {
        Type: 'AWS::ApiGateway::Account',
        Properties: { CloudWatchRoleArn: att('Role', 'Arn') },
        DependsOn: ['Api'],
      },
      Proxy: {
        Type: 'AWS::ApiGateway::Resource',
        Properties: { ParentId: att('Api', 'RootResourceId'), PathPart: '{proxy+}', RestApiId: ref('Api') },
      },
      ProxyAny: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          AuthorizationType: 'NONE',
          HttpMethod: 'ANY',
          Integration: proxy,
          ResourceId: ref('Proxy'),
          RestApiId: ref('Api'),
        },
      },
      ProxyOptions: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          ApiKeyRequired: false,
          AuthorizationType: 'NONE',
          HttpMethod: 'OPTIONS',
          Integration: {
            IntegrationResponses: [{ ResponseParameters: corsHeaders, StatusCode: '204' }],
            RequestTemplates: { 'application/json': '{ statusCode: 204 }' },
            Type: 'MOCK',
          },
          MethodResponses: [
            {
              ResponseParameters: Object.fromEntries(Object.keys(corsHeaders).map((name) => [name, true])),
              StatusCode: '204',
            },
          ],
          ResourceId: ref('Proxy'),
          RestApiId: ref('Api'),
        },
      },
      [options.deployment]: {
        Type: 'AWS::ApiGateway::Deployment',
        Properties: { Description: 'made by CDK', RestApiId: ref('Api') },
        DependsOn: ['Proxy', 'ProxyAny', 'ProxyOptions'],
      },
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: {
          DeploymentId: ref(options.deployment),
          RestApiId: ref('Api'),
          StageName: 'v1',
          TracingEnabled: true,
        },
        DependsOn: ['Account'],
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: att('Handler', 'Arn'),
          Principal: 'apigateway.amazonaws.com',
          SourceArn: join(
            'arn:',
            ref('AWS::Partition'),
            ':execute-api:',
            ref('AWS::Region'),
            ':',
            ref('AWS::AccountId'),
            ':',
            ref('Api'),
            '/',
            ref('Stage'),
            '/*/*',
          ),
        },
      },
      Bucket: { Type: 'AWS::S3::Bucket' },
      Control: {
        Type: 'AWS::CloudFront::OriginAccessControl',
        Properties: {
          OriginAccessControlConfig: {
            Name: 'stacked',
            OriginAccessControlOriginType: 's3',
            SigningBehavior: 'always',
            SigningProtocol: 'sigv4',
          },
        },
      },
      Distribution: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            CacheBehaviors: [
              {
                AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
                CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
                Compress: true,
                OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
                PathPattern: '/api/*',
                TargetOriginId: 'api',
                ViewerProtocolPolicy: 'redirect-to-https',
              },
            ],
            CustomErrorResponses: [
              { ErrorCachingMinTTL: 0, ErrorCode: 403, ResponseCode: 200, ResponsePagePath: '/index.html' },
            ],
            DefaultCacheBehavior: {
              CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
              Compress: true,
              TargetOriginId: 's3',
              ViewerProtocolPolicy: 'redirect-to-https',
            },
            DefaultRootObject: 'index.html',
            Enabled: true,
            HttpVersion: 'http2',
            IPV6Enabled: true,
            Origins: [
              {
                DomainName: att('Bucket', 'RegionalDomainName'),
                Id: 's3',
                OriginAccessControlId: att('Control', 'Id'),
                S3OriginConfig: { OriginAccessIdentity: '' },
              },
              {
                CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
                DomainName: join(ref('Api'), '.execute-api.', ref('AWS::Region'), '.amazonaws.com'),
                Id: 'api',
                OriginPath: join('/', ref('Stage')),
              },
            ],
            PriceClass: 'PriceClass_100',
          },
        },
      },
    },
    Outputs: { ApiId: { Value: ref('Api') }, DistributionId: { Value: ref('Distribution') } },
  };
}

let cloud: TestCloud;
let stacks: CloudFormationClient;

beforeAll(async () => {
  cloud = await startCloud();
  stacks = cloud.client(CloudFormationClient);
});
afterAll(() => cloud.stop());

/** DescribeStacks answers once nothing moves any more. */
async function settled(StackName: string) {
  const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName }));
  return Stacks![0]!;
}

async function reasons(StackName: string): Promise<string[]> {
  const { StackEvents } = await stacks.send(new DescribeStackEventsCommand({ StackName }));
  return StackEvents!.flatMap((event) =>
    event.ResourceStatus?.endsWith('_FAILED')
      ? [`${event.LogicalResourceId}: ${event.ResourceStatusReason}`]
      : [],
  );
}

test('a stack with an API and a site comes up, changes and goes', async () => {
  const StackName = 'shop';
  const body = (message: string, deployment: string) => JSON.stringify(template({ message, deployment }));
  const Capabilities = ['CAPABILITY_IAM' as const];
  await stacks.send(
    new CreateStackCommand({ StackName, Capabilities, TemplateBody: body('one', 'DeploymentA') }),
  );
  const created = await settled(StackName);
  expect([created.StackStatus, await reasons(StackName)]).toEqual(['CREATE_COMPLETE', []]);
  const output = (key: string) => created.Outputs!.find((one) => one.OutputKey === key)!.OutputValue!;
  const url = `${cloud.endpoint}/restapis/${output('ApiId')}/v1/_user_request_`;
  const direct = await fetch(`${url}/api/x`);
  expect([direct.status, await direct.text(), direct.headers.get('x-path')]).toEqual([200, 'one', '/api/x']);
  const preflight = await fetch(`${url}/api/x`, { method: 'OPTIONS' });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  const site = cloud.cloud.edge.urlOf(output('DistributionId'))!;
  const throughEdge = await fetch(`${site}/api/x?q=1`, { method: 'POST', body: '{}' });
  expect([throughEdge.status, await throughEdge.text()]).toEqual([200, 'one']);
  expect(throughEdge.headers.get('x-path')).toBe('/api/x');
  expect(throughEdge.headers.get('x-cache')).toBe('Miss from cloudfront');

  await stacks.send(
    new UpdateStackCommand({ StackName, Capabilities, TemplateBody: body('two', 'DeploymentB') }),
  );
  const updated = await settled(StackName);
  expect([updated.StackStatus, await reasons(StackName)]).toEqual(['UPDATE_COMPLETE', []]);
  expect(await (await fetch(`${url}/api/x`)).text()).toBe('two');

  await stacks.send(new DeleteStackCommand({ StackName: created.StackId }));
  expect((await settled(created.StackId!)).StackStatus).toBe('DELETE_COMPLETE');
  const apis = await cloud.client(APIGatewayClient).send(new GetRestApisCommand({}));
  const distributions = await cloud.client(CloudFrontClient).send(new ListDistributionsCommand({}));
  expect([apis.items, distributions.DistributionList?.Quantity]).toEqual([[], 0]);
});

test('a property that is not implemented fails the resource by name', async () => {
  const StackName = 'refused';
  const TemplateBody = JSON.stringify(
    template({ message: '', deployment: 'D', extra: { CloneFrom: 'another' } }),
  );
  await stacks
    .send(new CreateStackCommand({ StackName, Capabilities: ['CAPABILITY_IAM'], TemplateBody }))
    .catch(() => {});
  const stack = await settled(StackName);
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  expect((await reasons(StackName)).join()).toContain('CloneFrom');
});
