import {
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  ResetAuthorizersCacheCommand,
} from '@aws-sdk/client-apigatewayv2';
import { ManualClock } from '../../src/kernel';
import { Bed, proxyTo, type TestApi } from './support';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
let bed: Bed;
let clock: ManualClock;
let echo: string;
beforeAll(async () => {
  clock = new ManualClock(Date.now());
  bed = await Bed.start({ clock });
  echo = await bed.echo('behind');
});
afterAll(() => bed.stop());

interface Guarded {
  api: TestApi;
  authorizer: string;
}

let made = 0;

/** An API whose routes are guarded by a function with this body, which knows `event` and a counter `n`. */
async function guarded(
  body: string,
  input: Partial<CreateAuthorizerCommandInput> = {},
  permit = true,
): Promise<Guarded> {
  const name = `guard${++made}`;
  const code = `let n = 0; exports.handler = async (event) => { n++; ${body} };`;
  const arn = await bed.newFunction(name, code, permit);
  const api = await bed.newApi();
  const { AuthorizerId = '' } = await bed.v2.send(
    new CreateAuthorizerCommand({
      ApiId: api.id,
      Name: name,
      AuthorizerType: 'REQUEST',
      AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerResultTtlInSeconds: 0,
      ...input,
    }),
  );
  const route = { AuthorizationType: 'CUSTOM' as const, AuthorizerId };
  const { IntegrationId = '' } = await api.integration(proxyTo(echo));
  await api.route('GET /pets/{id}', IntegrationId, route);
  await api.route('GET /other', IntegrationId, route);
  await api.stage();
  return { api, authorizer: AuthorizerId };
}

const WHO = { headers: { Authorization: 'me' } };

test('simple answers, and what they say of the caller', async () => {
  const { api } = await guarded(
    `return { isAuthorized: event.identitySource[0] === 'me', context: { n: 1, yes: true, who: 'me', list: [1] } };`,
  );
  const event = await api.event('/pets/1', WHO);
  expect(event.requestContext).toMatchObject({
    authorizer: { lambda: { n: 1, yes: true, who: 'me', list: [1] } },
  });
  expect(await api.ask('/pets/1', { headers: { Authorization: 'you' } })).toMatchObject({
    status: 403,
    text: '{"message":"Forbidden"}',
  });
  expect(await api.ask('/pets/1')).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
});

test('what it is asked in format 2.0', async () => {
  const { api } = await guarded('return { isAuthorized: true, context: { asked: event } };', {
    IdentitySource: ['$request.header.Authorization', '$request.querystring.key', '$context.stage'],
  });
  const { requestContext } = await api.event('/pets/1?key=k', WHO);
  expect(requestContext).toMatchObject({
    authorizer: {
      lambda: {
        asked: {
          version: '2.0',
          type: 'REQUEST',
          routeArn: `arn:aws:execute-api:us-east-1:000000000000:${api.id}/$default/GET/pets/1`,
          identitySource: ['me', 'k', '$default'],
          routeKey: 'GET /pets/{id}',
          rawPath: '/pets/1',
          pathParameters: { id: '1' },
          requestContext: { http: { method: 'GET' } },
        },
      },
    },
  });
  expect((await api.ask('/pets/1', WHO)).status).toBe(401);
});

test('format 1.0 asks as REST APIs do, and is answered with a policy', async () => {
  const policy = (resource: string) => `({
    principalId: 'user', context: { colour: 'blue', seen: event.methodArn + ' ' + event.identitySource + ' ' + event.type },
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: ${resource} }] },
  })`;
  const { api } = await guarded(`return ${policy("event.methodArn.replace(/\\/1$/, '/*')")};`, {
    AuthorizerPayloadFormatVersion: '1.0',
    EnableSimpleResponses: false,
  });
  const arn = `arn:aws:execute-api:us-east-1:000000000000:${api.id}/$default/GET/pets/1`;
  const { requestContext } = await api.event('/pets/1', WHO);
  expect(requestContext).toMatchObject({
    authorizer: { lambda: { colour: 'blue', seen: `${arn} me REQUEST` } },
  });

  const { api: shut } = await guarded(`return ${policy("'arn:aws:execute-api:*:*:*/*/POST/*'")};`, {
    AuthorizerPayloadFormatVersion: '1.0',
    EnableSimpleResponses: false,
  });
  expect(await shut.ask('/pets/1', WHO)).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
});

test('answers are remembered by identity, for as long as the authorizer says', async () => {
  const { api } = await guarded('return { isAuthorized: true, context: { n } };', {
    AuthorizerResultTtlInSeconds: 60,
  });
  const count = async (who = 'me', path = '/pets/1') => {
    const { requestContext } = await api.event(path, { headers: { Authorization: who } });
    return (requestContext as { authorizer: { lambda: { n: number } } }).authorizer.lambda.n;
  };
  expect(await count()).toBe(1);
  expect(await count('me', '/other')).toBe(1);
  expect(await count('you')).toBe(2);
  clock.advance(59_000);
  expect(await count()).toBe(1);
  clock.advance(1_000);
  expect(await count()).toBe(3);
  await bed.v2.send(new ResetAuthorizersCacheCommand({ ApiId: api.id, StageName: '$default' }));
  expect(await count()).toBe(4);
});

test('a remembered policy is held against each request', async () => {
  const { api } = await guarded(
    `return { principalId: 'u', policyDocument: { Version: '2012-10-17', Statement: [
      { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.routeArn }] } };`,
    { EnableSimpleResponses: false, AuthorizerResultTtlInSeconds: 60 },
  );
  expect((await api.ask('/pets/1', WHO)).status).toBe(200);
  expect((await api.ask('/other', WHO)).status).toBe(403);
});

test.each([
  ['throws', 'throw new Error("secret");', 500, 'Internal Server Error'],
  ['throws "Unauthorized"', 'throw new Error("Unauthorized");', 401, 'Unauthorized'],
  ['says nothing', 'return {};', 500, 'Internal Server Error'],
  ['says nonsense', 'return { isAuthorized: "yes" };', 500, 'Internal Server Error'],
])('a function that %s', async (_what, body, status, message) => {
  const { api } = await guarded(body);
  expect(await api.ask('/pets/1', WHO)).toMatchObject({ status, text: JSON.stringify({ message }) });
});

test('the function’s policy must let the authorizer in', async () => {
  const { api, authorizer } = await guarded('return { isAuthorized: true };', {}, false);
  expect((await api.ask('/pets/1', WHO)).status).toBe(500);
  await bed.permit(
    `guard${made}`,
    `arn:aws:execute-api:us-east-1:000000000000:${api.id}/authorizers/${authorizer}`,
  );
  expect((await api.ask('/pets/1', WHO)).status).toBe(200);
});

test.each<[string, Partial<CreateAuthorizerCommandInput>]>([
  ['no payload format', { AuthorizerPayloadFormatVersion: undefined }],
  ['simple answers in format 1.0', { AuthorizerPayloadFormatVersion: '1.0', EnableSimpleResponses: true }],
  ['a memory without identity', { IdentitySource: [], AuthorizerResultTtlInSeconds: 60 }],
  ['an identity of nowhere', { IdentitySource: ['method.request.header.x'] }],
  ['no function', { AuthorizerUri: 'https://x' }],
])('%s is refused', async (_what, input) => {
  await expect(guarded('', input)).rejects.toMatchObject({ name: 'BadRequestException' });
});
