import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateStageCommand,
  GetApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { signedHeaders } from '../apigateway/signed';
import { as, document, refusal, type Sessions, trust } from '../identity/callers';
import { Bed, proxyTo, type TestApi } from './support';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
let bed: Bed;
let api: TestApi;

beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
  api = await bed.newApi();
  const { IntegrationId = '' } = await api.integration(proxyTo(await bed.echo('signed')));
  const AuthorizationType = 'AWS_IAM' as const;
  await api.route('ANY /pets/{id}', IntegrationId, { AuthorizationType });
  await api.route('GET /one', proxyTo(await bed.echo('signed1'), '1.0'), { AuthorizationType });
  await api.stage();
});
afterAll(() => bed.stop());

async function signed(
  path: string,
  sessions: Sessions,
  signing: { method?: string; body?: string; service?: string } = {},
) {
  const url = new URL(path, `https://${api.id}.execute-api.us-east-1.amazonaws.com`);
  const { service: _service, ...asked } = signing;
  return api.ask(path, { ...asked, headers: await signedHeaders(String(url), sessions, signing) });
}

const FORBIDDEN = { status: 403, text: '{"message":"Forbidden"}' };
const invoke = (path: string) => ({
  Action: 'execute-api:Invoke',
  Resource: `arn:aws:execute-api:us-east-1:000000000000:${api.id}/$default/${path}`.replace('$', '?'),
});

test('who may invoke the route comes in, and is told of', async () => {
  const caller = await as(bed.cloud, invoke('GET/pets/*'));
  const answer = await signed('/pets/1?a=b', caller);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text).requestContext.authorizer).toEqual({
    iam: {
      accessKey: caller.credentials.accessKeyId,
      accountId: '000000000000',
      callerId: expect.stringMatching(/^AROA\w+:session$/),
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: expect.stringMatching(/^arn:aws:sts::000000000000:assumed-role\/caller-\d+\/session$/),
      userId: expect.stringMatching(/^AROA\w+:session$/),
    },
  });
  expect(await signed('/pets/1', caller, { method: 'POST', body: 'x' })).toMatchObject(FORBIDDEN);
  expect(await signed('/one', caller)).toMatchObject(FORBIDDEN);
});

test('format 1.0 tells the caller as an identity', async () => {
  const answer = await signed('/one', await as(bed.cloud, invoke('GET/one')));
  expect(JSON.parse(answer.text).requestContext.identity).toMatchObject({
    accountId: '000000000000',
    userArn: expect.stringContaining(':assumed-role/'),
  });
});

test('nobody, and whoever did not sign this, stays out', async () => {
  expect(await api.ask('/pets/1')).toMatchObject(FORBIDDEN);
  expect(await api.ask('/pets/1', { headers: { authorization: 'Bearer x' } })).toMatchObject(FORBIDDEN);
  const caller = await as(bed.cloud, invoke('*'));
  expect((await signed('/pets/1', caller)).status).toBe(200);
  expect(await signed('/pets/1', caller, { service: 'apigateway' })).toMatchObject(FORBIDDEN);
  const secretAccessKey = 'not it';
  expect(await signed('/pets/1', { credentials: { ...caller.credentials, secretAccessKey } })).toMatchObject(
    FORBIDDEN,
  );
});

test('the control plane asks for API Gateway’s verbs on its paths', async () => {
  const client = async (...statements: object[]) =>
    bed.cloud.client(ApiGatewayV2Client, await as(bed.cloud, ...(statements as Record<string, unknown>[])));
  const arn = (path: string) => `arn:aws:apigateway:us-east-1::${path}`;
  const reader = await client({ Action: 'apigateway:GET', Resource: arn(`/apis/${api.id}`) });
  expect(await refusal(reader.send(new GetApiCommand({ ApiId: api.id })))).toBeUndefined();
  expect(await refusal(reader.send(new CreateStageCommand({ ApiId: api.id, StageName: 'x' })))).toContain(
    `not authorized to perform: apigateway:POST on resource: ${arn(`/apis/${api.id}/stages`)}`,
  );
  const maker = await client({ Action: 'apigateway:POST', Resource: arn('/apis') });
  const create = (input: object) =>
    refusal(maker.send(new CreateApiCommand({ Name: 'x', ProtocolType: 'HTTP', ...input })));
  expect(await create({})).toBeUndefined();
  expect(await create({ Tags: { a: 'b' } })).toContain(
    'apigateway:POST on resource: arn:aws:apigateway:us-east-1::/tags/',
  );
});

// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html
test('an integration’s role calls the function in the place of API Gateway', async () => {
  const iam = bed.cloud.client(IAMClient);
  const IntegrationUri = await bed.newFunction('kept', 'exports.handler = async () => "open";', false);
  const role = async (RoleName: string, Service: string, Action: string) => {
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust({ Principal: { Service } }) }),
    );
    const PolicyDocument = document({ Action, Resource: IntegrationUri });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
    return Role?.Arn;
  };
  const answer = async (path: string, CredentialsArn: string | undefined) => {
    await api.route(`GET ${path}`, { ...proxyTo(IntegrationUri), CredentialsArn });
    return api.ask(path);
  };
  const failed = { status: 500, text: '{"message":"Internal Server Error"}' };
  const gateway = 'apigateway.amazonaws.com';
  expect(await answer('/none', undefined)).toMatchObject(failed);
  const may = await role('may', gateway, 'lambda:InvokeFunction');
  expect(await answer('/may', may)).toMatchObject({ status: 200, text: 'open' });
  expect(await answer('/not', await role('not', gateway, 'lambda:GetFunction'))).toMatchObject(failed);
  const others = await role('others', 'ec2.amazonaws.com', 'lambda:InvokeFunction');
  expect(await answer('/others', others)).toMatchObject(failed);
});
