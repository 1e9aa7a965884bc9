import {
  GetApisCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { Bed, TestApi } from './support';

const ref = (name: string) => ({ Ref: name });
const att = (name: string, attribute: string) => ({ 'Fn::GetAtt': [name, attribute] });
const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });
const executeApi = (rest: unknown[]) =>
  join(
    'arn:',
    ref('AWS::Partition'),
    ':execute-api:',
    ref('AWS::Region'),
    ':',
    ref('AWS::AccountId'),
    ':',
    ref('Api'),
    ...rest,
  );

const lambda = (code: string) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { ZipFile: code },
    Handler: 'index.handler',
    Role: att('Role', 'Arn'),
    Runtime: 'nodejs20.x',
  },
});

const permission = (name: string, ...source: unknown[]) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: att(name, 'Arn'),
    Principal: 'apigateway.amazonaws.com',
    SourceArn: executeApi(source),
  },
});

const route = (RouteKey: string, more: object, integration = 'Fn') => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: { ApiId: ref('Api'), RouteKey, Target: join('integrations/', ref(integration)), ...more },
});

interface Options {
  cors?: object;
  mapping?: object;
  stage?: object;
  more?: object;
}

/** What CDK's HttpApi, its Lambda and URL integrations, authorizers and an HttpStage come to. */
function template({ cors, mapping, stage, more }: Options = {}): string {
  return JSON.stringify({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
            ],
          },
        },
      },
      Handler: lambda('exports.handler = async (event) => event;'),
      Guard: lambda(
        'exports.handler = async (event) => ({ isAuthorized: event.headers.authorization === "me", context: { who: "me" } });',
      ),
      Api: {
        Type: 'AWS::ApiGatewayV2::Api',
        Properties: {
          Name: 'Api',
          ProtocolType: 'HTTP',
          ...(cors && { CorsConfiguration: cors }),
          Tags: { team: 'a' },
        },
      },
      DefaultStage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: ref('Api'), AutoDeploy: true, StageName: '$default' },
      },
      Fn: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: ref('Api'),
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: att('Handler', 'Arn'),
          PayloadFormatVersion: '2.0',
          ...mapping,
        },
      },
      OpenPermission: permission('Handler', '/*/*/open/{id}'),
      Open: route('GET /open/{id}', { AuthorizationType: 'NONE' }),
      Jwt: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: {
          ApiId: ref('Api'),
          AuthorizerType: 'JWT',
          IdentitySource: ['$request.header.Authorization'],
          JwtConfiguration: { Audience: ['a'], Issuer: 'https://issuer.example' },
          Name: 'Jwt',
        },
      },
      JwtRoute: route('GET /jwt', {
        AuthorizationScopes: ['read'],
        AuthorizationType: 'JWT',
        AuthorizerId: ref('Jwt'),
      }),
      Guarded: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: {
          ApiId: ref('Api'),
          AuthorizerPayloadFormatVersion: '2.0',
          AuthorizerResultTtlInSeconds: 300,
          AuthorizerType: 'REQUEST',
          AuthorizerUri: join(
            'arn:',
            ref('AWS::Partition'),
            ':apigateway:',
            ref('AWS::Region'),
            ':lambda:path/2015-03-31/functions/',
            att('Guard', 'Arn'),
            '/invocations',
          ),
          EnableSimpleResponses: true,
          IdentitySource: ['$request.header.Authorization'],
          Name: 'Guarded',
        },
      },
      GuardPermission: permission('Guard', '/authorizers/', ref('Guarded')),
      GuardedPermission: permission('Handler', '/*/*/guarded'),
      GuardedRoute: route('ANY /guarded', { AuthorizationType: 'CUSTOM', AuthorizerId: ref('Guarded') }),
      IamRoute: route('GET /iam', { AuthorizationType: 'AWS_IAM' }),
      Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/http/access' } },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: {
          AccessLogSettings: {
            DestinationArn: att('Log', 'Arn'),
            Format: '$context.httpMethod $context.status $context.requestId',
          },
          ApiId: ref('Api'),
          AutoDeploy: true,
          DefaultRouteSettings: { ThrottlingBurstLimit: 5, ThrottlingRateLimit: 10 },
          StageName: 'dev',
          ...stage,
        },
      },
      ...more,
    },
    Outputs: {
      Id: { Value: ref('Api') },
      Endpoint: { Value: att('Api', 'ApiEndpoint') },
      Arn: { Value: att('Api', 'ExecuteApiArn') },
    },
  });
}

let bed: Bed;
let cloudformation: CloudFormationClient;
beforeAll(async () => {
  bed = await Bed.start();
  cloudformation = bed.cloud.client(CloudFormationClient);
});
afterAll(() => bed.stop());

/** The stack's status, with its failures where it went wrong: DescribeStacks answers once nothing moves any more. */
async function ended(): Promise<string> {
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'http' }));
  const status = Stacks?.[0]?.StackStatus ?? '';
  if (/^(CREATE|UPDATE)_COMPLETE$/.test(status)) return status;
  const { StackEvents = [] } = await cloudformation.send(
    new DescribeStackEventsCommand({ StackName: 'http' }),
  );
  const failed = StackEvents.filter((event) => event.ResourceStatus?.endsWith('_FAILED'));
  return [status, ...failed.map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`)].join(
    '\n',
  );
}

const Capabilities = ['CAPABILITY_IAM' as const];
const update = async (options: Options) => {
  await cloudformation.send(
    new UpdateStackCommand({ StackName: 'http', TemplateBody: template(options), Capabilities }),
  );
  return ended();
};

test('a stack as CDK makes it works, changes and goes', async () => {
  const SITE = 'https://www.example.com';
  const cors = {
    AllowHeaders: ['authorization'],
    AllowMethods: ['GET'],
    AllowOrigins: [SITE],
    MaxAge: 86400,
  };
  await cloudformation.send(
    new CreateStackCommand({ StackName: 'http', TemplateBody: template({ cors }), Capabilities }),
  );
  expect(await ended()).toBe('CREATE_COMPLETE');
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'http' }));
  const outputs = Object.fromEntries(
    (Stacks?.[0]?.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue]),
  );
  const api = new TestApi(bed, outputs.Id ?? '');
  expect(outputs).toEqual({
    Id: api.id,
    Endpoint: `https://${api.id}.execute-api.us-east-1.amazonaws.com`,
    Arn: `arn:aws:execute-api:us-east-1:000000000000:${api.id}`,
  });

  expect(await api.event('/open/7')).toMatchObject({ pathParameters: { id: '7' } });
  expect(await api.event('/dev/open/7')).toMatchObject({ rawPath: '/dev/open/7' });
  const preflight = { method: 'OPTIONS', headers: { origin: SITE, 'access-control-request-method': 'GET' } };
  expect((await api.ask('/open/7', preflight)).headers).toMatchObject({ 'access-control-max-age': '86400' });
  expect((await api.ask('/jwt', { headers: { authorization: 'x' } })).status).toBe(401);
  expect((await api.ask('/iam')).status).toBe(403);
  const who = { method: 'POST', headers: { authorization: 'me' } };
  expect(await api.event('/guarded', who)).toMatchObject({
    requestContext: { authorizer: { lambda: { who: 'me' } } },
  });
  expect((await api.ask('/guarded', { headers: { authorization: 'you' } })).status).toBe(403);

  const mapping = { RequestParameters: { 'append:header.x-stage': '$context.stage' } };
  const stage = { DefaultRouteSettings: { ThrottlingBurstLimit: 0, ThrottlingRateLimit: 0 } };
  expect(await update({ mapping, stage })).toBe('UPDATE_COMPLETE');
  expect(await api.event('/open/7')).toMatchObject({ headers: { 'x-stage': '$default' } });
  expect((await api.ask('/open/7', preflight)).status).toBe(404);
  expect((await api.ask('/dev/open/7')).status).toBe(429);
  expect(await update({ stage: { AccessLogSettings: undefined } })).toBe('UPDATE_COMPLETE');
  const { Items } = await bed.v2.send(new GetIntegrationsCommand({ ApiId: api.id }));
  expect(Items?.map((one) => one.RequestParameters)).toEqual([{}]);
  const { AccessLogSettings } = await bed.v2.send(new GetStageCommand({ ApiId: api.id, StageName: 'dev' }));
  expect(AccessLogSettings).toBeUndefined();
  const { Items: routes } = await bed.v2.send(new GetRoutesCommand({ ApiId: api.id }));
  expect(routes?.map((one) => one.RouteKey).sort()).toEqual([
    'ANY /guarded',
    'GET /iam',
    'GET /jwt',
    'GET /open/{id}',
  ]);

  await cloudformation.send(new DeleteStackCommand({ StackName: 'http' }));
  await ended().catch(() => 'gone');
  expect((await bed.v2.send(new GetApisCommand({}))).Items).toEqual([]);
});

test('what is not there yet fails the stack by its name', async () => {
  const sqs = {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: ref('Api'),
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'SQS-SendMessage',
      PayloadFormatVersion: '1.0',
    },
  };
  await cloudformation.send(
    new CreateStackCommand({
      StackName: 'http',
      TemplateBody: template({ more: { Sqs: sqs } }),
      Capabilities,
    }),
  );
  expect(await ended()).toMatch(/^ROLLBACK_COMPLETE[\s\S]*Sqs: .*IntegrationSubtype SQS-SendMessage/);
});
