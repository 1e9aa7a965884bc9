import { GetAuthorizersCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { App, CfnOutput, DefaultStackSynthesizer, Duration, Stack } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  type IAuthorizer,
  IdentitySource,
  LambdaIntegration,
  type MethodOptions,
  MockIntegration,
  RequestAuthorizer,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { BY_TOKEN, ECHO, said } from './authorizers-support';
import { signedFetch } from './signed';
import { Bed } from './support';

/**
 * The constructs of CDK for authorizers, deployed as they are synthesised.
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_apigateway-readme.html#authorizers
 */
let bed: Bed;
let formation: CloudFormationClient;
let prefix: string;
let apiId: string;
const StackName = 'guarded';

beforeAll(async () => {
  bed = await Bed.start();
  formation = bed.cloud.client(CloudFormationClient);
  await formation.send(new CreateStackCommand({ StackName, TemplateBody: template(300), Capabilities }));
  await done('CREATE_COMPLETE');
  const stack = await describe();
  apiId = stack?.Outputs?.find(({ OutputKey }) => OutputKey === 'ApiId')?.OutputValue ?? '';
  prefix = `${bed.cloud.endpoint}/restapis/${apiId}/prod/_user_request_`;
}, 60_000);
afterAll(() => bed.stop());

const Capabilities = ['CAPABILITY_IAM' as const];

function template(seconds: number): string {
  // What CDK itself says of a template is not what is tested here, and takes its time.
  process.env.CDK_VALIDATION = 'false';
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Guarded', {
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
  });
  const fn = (name: string, code: string) =>
    new LambdaFunction(stack, name, {
      runtime: Runtime.NODEJS_20_X,
      handler: 'index.handler',
      code: Code.fromInline(code),
    });
  const door = fn('Door', BY_TOKEN);
  const api = new RestApi(stack, 'Api', { cloudWatchRole: false });
  new CfnOutput(stack, 'ApiId', { value: api.restApiId });
  const echo = new LambdaIntegration(fn('Echo', ECHO));
  const add = (name: string, options: MethodOptions) =>
    api.root.addResource(name).addMethod('GET', echo, options);
  const by = (authorizer: IAuthorizer): MethodOptions => ({ authorizer });
  const resultsCacheTtl = Duration.seconds(seconds);
  add(
    'token',
    by(new TokenAuthorizer(stack, 'Token', { handler: door, validationRegex: '[a-z]+', resultsCacheTtl })),
  );
  add(
    'request',
    by(
      new RequestAuthorizer(stack, 'Request', {
        handler: door,
        identitySources: [IdentitySource.header('token'), IdentitySource.queryString('q')],
      }),
    ),
  );
  const assumeRole = new Role(stack, 'Caller', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
  });
  add('role', by(new TokenAuthorizer(stack, 'ByRole', { handler: door, assumeRole })));
  const arn = 'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_abcDEF';
  const pool = UserPool.fromUserPoolArn(stack, 'Pool', arn);
  add('pool', {
    authorizer: new CognitoUserPoolsAuthorizer(stack, 'Users', { cognitoUserPools: [pool] }),
    authorizationScopes: ['shop/read'],
  });
  add('iam', { authorizationType: AuthorizationType.IAM });
  api.root.addMethod('GET', new MockIntegration());
  return JSON.stringify(app.synth().getStackByName('Guarded').template);
}

async function describe() {
  const { Stacks = [] } = await formation.send(new DescribeStacksCommand({ StackName }));
  return Stacks[0];
}

async function done(status: string): Promise<void> {
  const wait = async (): Promise<string | undefined> => {
    const status = (await describe())?.StackStatus;
    return status?.endsWith('_IN_PROGRESS') ? wait() : status;
  };
  if ((await wait()) === status) return;
  const { StackEvents = [] } = await formation.send(new DescribeStackEventsCommand({ StackName }));
  throw new Error(
    StackEvents.map((event) => event.ResourceStatusReason)
      .filter(Boolean)
      .join('\n'),
  );
}

const ask = (path: string, headers: Record<string, string> = {}) =>
  said(fetch(`${prefix}${path}`, { headers }));

test('TokenAuthorizer', async () => {
  expect((await ask('/token', { Authorization: 'friend' })).status).toBe(200);
  expect((await ask('/token', { Authorization: '1' })).status).toBe(401);
  expect((await ask('/token', { Authorization: 'deny' })).status).toBe(403);
});

test('RequestAuthorizer', async () => {
  expect((await ask('/request?q=1', { token: 'friend' })).status).toBe(200);
  expect((await ask('/request', { token: 'friend' })).status).toBe(401);
});

test('an authorizer with a role', async () => {
  expect((await ask('/role', { Authorization: 'friend' })).status).toBe(200);
});

test('CognitoUserPoolsAuthorizer: without the pool’s keys nobody comes in', async () => {
  expect((await ask('/pool')).status).toBe(401);
  expect((await ask('/pool', { Authorization: 'e30.e30.e30' })).status).toBe(401);
});

test('IAM', async () => {
  expect((await ask('/iam')).text).toBe('{"message":"Missing Authentication Token"}');
  const root = { credentials: { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: '' } };
  expect((await signedFetch(`${prefix}/iam`, root)).status).toBe(200);
});

test('an update, and the end of it', async () => {
  const ttls = async () => {
    const { items = [] } = await bed.api.send(new GetAuthorizersCommand({ restApiId: apiId }));
    return items.map(({ name, authorizerResultTtlInSeconds }) => [
      name?.replace(/^Guarded(\D+?)[0-9A-F]{8}$/, '$1'),
      authorizerResultTtlInSeconds,
    ]);
  };
  expect(Object.fromEntries(await ttls())).toEqual({
    Token: 300,
    Request: 300,
    ByRole: 300,
    Users: undefined,
  });
  await formation.send(new UpdateStackCommand({ StackName, TemplateBody: template(7), Capabilities }));
  await done('UPDATE_COMPLETE');
  expect(Object.fromEntries(await ttls())).toMatchObject({ Token: 7, Request: 300 });
  await formation.send(new DeleteStackCommand({ StackName }));
  await expect(done('DELETE_COMPLETE')).rejects.toThrow('does not exist');
}, 60_000);
