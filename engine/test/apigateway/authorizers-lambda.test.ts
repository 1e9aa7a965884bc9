import {
  FlushStageAuthorizersCacheCommand,
  ImportRestApiCommand,
  PutGatewayResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ManualClock } from '../../src/kernel';
import { BY_TOKEN, ECHO, guardedApi, said, uriOf } from './authorizers-support';
import { Bed, TestApi } from './support';

/**
 * Lambda authorizers through deployed APIs.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
let bed: Bed;
let clock: ManualClock;
let echo: string;
let door: string;

beforeAll(async () => {
  clock = new ManualClock(Date.now());
  bed = await Bed.start({ clock });
  [echo, door] = await Promise.all([bed.newFunction('echo', ECHO), bed.newFunction('door', BY_TOKEN)]);
});
afterAll(() => bed.stop());

const asking = (Authorization: string): RequestInit => ({ headers: { Authorization } });

describe('TOKEN', () => {
  const token = async (more: object = {}) =>
    (
      await guardedApi(
        bed,
        { authorizerUri: uriOf(door), authorizerResultTtlInSeconds: 0, ...more },
        { echo },
      )
    ).api;

  test('lets in whom its policy allows, and tells those behind what it knows', async () => {
    const api = await token();
    const response = await api.fetch('/a', asking('friend'));
    expect(response.status).toBe(200);
    const { requestContext } = await response.json();
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html: all are strings
    expect(requestContext.authorizer).toEqual({
      principalId: 'user|friend',
      asked: expect.stringMatching(/^\d+$/),
      token: 'friend',
      vip: 'true',
      integrationLatency: expect.any(Number),
    });
  });

  test('gets the token and the ARN of the method', async () => {
    const api = await token();
    const { requestContext } = await (await api.fetch('/items/7', asking('event'))).json();
    expect(JSON.parse(requestContext.authorizer.event)).toEqual({
      type: 'TOKEN',
      methodArn: `arn:aws:execute-api:us-east-1:000000000000:${api.id}/prod/GET/items/7`,
      authorizationToken: 'event',
    });
  });

  test('says nothing without a token, and is not asked', async () => {
    const api = await token();
    const missing = { status: 401, type: 'UnauthorizedException', text: '{"message":"Unauthorized"}' };
    expect(await said(api.fetch('/a'))).toEqual(missing);
    expect(await said(api.fetch('/a', asking('')))).toEqual(missing);
  });

  test('is asked about tokens that its expression fits', async () => {
    const api = await token({ identityValidationExpression: 'tok-[a-z]+' });
    expect((await said(api.fetch('/a', asking('tok-abc')))).status).toBe(200);
    for (const wrong of ['tok-1', 'a tok-abc', 'tok-abc-def'])
      expect((await said(api.fetch('/a', asking(wrong)))).status).toBe(401);
  });

  test.each([
    ['deny', 'with an explicit deny in an identity-based policy'],
    ['elsewhere', 'because no identity-based policy allows the execute-api:Invoke action'],
  ])('refuses what its policy does not allow: %s', async (given, why) => {
    expect(await said((await token()).fetch('/a', asking(given)))).toEqual({
      status: 403,
      type: 'AccessDeniedException',
      text: `{"Message":"User is not authorized to access this resource ${why}"}`,
    });
  });

  test('an error that says Unauthorized is an answer', async () => {
    expect(await said((await token()).fetch('/a', asking('unauthorized')))).toEqual({
      status: 401,
      type: 'UnauthorizedException',
      text: '{"message":"Unauthorized"}',
    });
  });

  test.each(['broken', 'nested', 'no-policy', 'bad-policy', 'no-principal', 'too-much'])(
    'answers that make no sense tell the caller nothing: %s',
    async (given) => {
      expect(await said((await token()).fetch('/a', asking(given)))).toEqual({
        status: 500,
        type: 'AuthorizerConfigurationException',
        text: '{"message":null}',
      });
    },
  );

  test('a function that API Gateway may not call', async () => {
    const closed = await bed.newFunction('closed', BY_TOKEN, false);
    const api = await token({ authorizerUri: uriOf(closed) });
    const refused = { status: 500, type: 'AuthorizerConfigurationException', text: '{"message":null}' };
    expect(await said(api.fetch('/a', asking('friend')))).toEqual(refused);
    await bed.permit('closed', `arn:aws:execute-api:us-east-1:000000000000:${api.id}/authorizers/*`);
    expect((await said(api.fetch('/a', asking('friend')))).status).toBe(200);
  });
});

test('an authorizer that never answers', async () => {
  const silent = await bed.newFunction(
    'silent',
    'exports.handler = () => new Promise(() => setInterval(() => {}, 60_000));',
  );
  await bed.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'silent', Timeout: 60 }));
  const { api } = await guardedApi(bed, { authorizerUri: uriOf(silent) }, { echo });
  const asked = new Promise<void>((resolve) => {
    const stop = bed.cloud.cloud.events.subscribe((event) => {
      if (event.type !== 'log' || !event.message.startsWith('START') || !event.group.endsWith('silent'))
        return;
      stop();
      resolve();
    });
  });
  const answer = said(api.fetch('/a', asking('friend')));
  await asked;
  clock.advance(29_000);
  expect(await answer).toEqual({
    status: 500,
    type: 'AuthorizerFailureException',
    text: '{"message":null}',
  });
});

describe('REQUEST', () => {
  const request = async (more: object = {}) =>
    (
      await guardedApi(
        bed,
        {
          type: 'REQUEST',
          authorizerUri: uriOf(door),
          identitySource: 'method.request.header.token, method.request.querystring.q',
          authorizerResultTtlInSeconds: 0,
          ...more,
        },
        { echo },
      )
    ).api;
  const tokened = (token: string): RequestInit => ({ headers: { token } });

  test('needs every identity source', async () => {
    const api = await request();
    expect((await said(api.fetch('/a?q=1', tokened('friend')))).status).toBe(200);
    for (const [path, token] of [
      ['/a', 'friend'],
      ['/a?q=', 'friend'],
      ['/a?q=1', ''],
    ] as const) {
      expect(await said(api.fetch(path, tokened(token)))).toEqual({
        status: 401,
        type: 'UnauthorizedException',
        text: '{"message":"Unauthorized"}',
      });
    }
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
  test('gets the request without its body', async () => {
    const api = await request();
    const answer = await api.fetch('/items/7?q=1&q=2', tokened('event'));
    const { requestContext } = await answer.json();
    const event = JSON.parse(requestContext.authorizer.event);
    expect(event).toMatchObject({
      type: 'REQUEST',
      methodArn: `arn:aws:execute-api:us-east-1:000000000000:${api.id}/prod/GET/items/7`,
      resource: '/items/{id}',
      path: '/items/7',
      httpMethod: 'GET',
      queryStringParameters: { q: '2' },
      multiValueQueryStringParameters: { q: ['1', '2'] },
      pathParameters: { id: '7' },
      stageVariables: {},
      requestContext: {
        accountId: '000000000000',
        apiId: api.id,
        resourcePath: '/items/{id}',
        stage: 'prod',
        requestId: requestContext.requestId,
        identity: { sourceIp: '127.0.0.1', userArn: null },
      },
    });
    expect(event.headers.token).toBe('event');
    expect(Object.keys(event)).not.toEqual(expect.arrayContaining(['body']));
    expect(event).not.toHaveProperty('isBase64Encoded');
  });

  test('may do without identity sources where nothing is remembered', async () => {
    const api = await request({ identitySource: undefined });
    expect((await said(api.fetch('/a', tokened('friend')))).status).toBe(200);
    expect((await said(api.fetch('/a', tokened('deny')))).status).toBe(403);
  });
});

describe('what was said is remembered', () => {
  const remembered = (more: object = {}) =>
    guardedApi(bed, { authorizerUri: uriOf(door), ...more }, { echo });
  const count = async (answer: Promise<Response>): Promise<number> =>
    Number((await (await answer).json()).requestContext.authorizer.asked);

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
  test('for 300 seconds where nothing else is said, by the token, for all methods of the stage', async () => {
    const { api } = await remembered();
    const first = await count(api.fetch('/a', asking('t1')));
    expect(await count(api.fetch('/a', asking('t1')))).toBe(first);
    expect(await count(api.fetch('/b', asking('t1')))).toBe(first);
    expect(await count(api.fetch('/a', asking('t2')))).toBe(first + 1);
    clock.advance(299_000);
    expect(await count(api.fetch('/a', asking('t1')))).toBe(first);
    // Functions that nobody asks for so long end.
    expect(await count(api.fetch('/a', asking('t3')))).toBe(first + 2);
    clock.advance(1_000);
    expect(await count(api.fetch('/a', asking('t1')))).toBe(first + 3);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
  test('for 300 seconds where a definition does not say how long', async () => {
    const mock = {
      type: 'aws_proxy',
      httpMethod: 'POST',
      uri: uriOf(echo),
    };
    const definition = {
      openapi: '3.0.1',
      info: { title: 'imported', version: '1' },
      paths: {
        '/a': { get: { security: [{ door: [] }], 'x-amazon-apigateway-integration': mock } },
      },
      components: {
        securitySchemes: {
          door: {
            type: 'apiKey',
            name: 'Authorization',
            in: 'header',
            'x-amazon-apigateway-authtype': 'custom',
            'x-amazon-apigateway-authorizer': { type: 'token', authorizerUri: uriOf(door) },
          },
        },
      },
    };
    const { id = '', rootResourceId = '' } = await bed.api.send(
      new ImportRestApiCommand({ body: Buffer.from(JSON.stringify(definition)) }),
    );
    const api = new TestApi(bed, id, rootResourceId);
    await api.deploy();
    const first = await count(api.fetch('/a', asking('t1')));
    clock.advance(299_000);
    expect(await count(api.fetch('/a', asking('t1')))).toBe(first);
    expect(await count(api.fetch('/a', asking('t2')))).toBe(first + 1);
    clock.advance(1_000);
    expect(await count(api.fetch('/a', asking('t1')))).toBe(first + 2);
  });

  test('for as long as the authorizer says, and not in another stage', async () => {
    const { api } = await remembered({ authorizerResultTtlInSeconds: 10 });
    await api.deploy('other');
    const first = await count(api.fetch('/a', asking('t1')));
    expect(await count(fetch(api.url('/a', 'other'), asking('t1')))).toBe(first + 1);
    clock.advance(10_000);
    expect(await count(api.fetch('/a', asking('t1')))).toBe(first + 2);
  });

  test('until it is flushed', async () => {
    const { api } = await remembered();
    const first = await count(api.fetch('/a', asking('t1')));
    await bed.api.send(new FlushStageAuthorizersCacheCommand({ restApiId: api.id, stageName: 'prod' }));
    expect(await count(api.fetch('/a', asking('t1')))).toBe(first + 1);
  });

  // https://repost.aws/knowledge-center/api-gateway-lambda-authorization-errors
  test('and held against every method anew', async () => {
    const { api } = await remembered();
    expect((await said(api.fetch('/a', asking('this-method')))).status).toBe(200);
    expect((await said(api.fetch('/b', asking('this-method')))).text).toContain('User is not authorized');
  });

  test('but no failure is', async () => {
    const { api } = await remembered({ authorizerResultTtlInSeconds: 3600 });
    const first = await count(api.fetch('/a', asking('ok')));
    await said(api.fetch('/a', asking('unauthorized')));
    await said(api.fetch('/a', asking('unauthorized')));
    expect(await count(api.fetch('/a', asking('other')))).toBe(first + 3);
  });

  test('by all identity sources', async () => {
    const { api } = await remembered({
      type: 'REQUEST',
      identitySource: 'method.request.header.token,context.httpMethod',
    });
    const tokened = (token: string): RequestInit => ({ headers: { token } });
    const first = await count(api.fetch('/a', tokened('x')));
    expect(await count(api.fetch('/b', tokened('x')))).toBe(first);
    expect(await count(api.fetch('/a', tokened('y')))).toBe(first + 1);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
test.each([
  ['UNAUTHORIZED', undefined, 418],
  ['ACCESS_DENIED', 'deny', 419],
  ['AUTHORIZER_CONFIGURATION_ERROR', 'broken', 420],
] as const)('gateway response %s', async (responseType, given, status) => {
  const { api } = await guardedApi(bed, { authorizerUri: uriOf(door) }, { echo });
  await bed.api.send(
    new PutGatewayResponseCommand({
      restApiId: api.id,
      responseType,
      statusCode: String(status),
      responseParameters: { 'gatewayresponse.header.x-who': 'context.authorizer.principalId' },
      responseTemplates: {
        'application/json': '{"type":"$context.error.responseType","told":$context.error.messageString}',
      },
    }),
  );
  await api.deploy();
  const response = await api.fetch('/a', given === undefined ? {} : asking(given));
  expect(response.status).toBe(status);
  expect(response.headers.get('x-who')).toBe(given === 'deny' ? 'user|deny' : null);
  expect(await response.json()).toEqual({
    type: responseType,
    told: given === 'broken' ? null : expect.any(String),
  });
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html#apigateway-authorization-flow-lambda */
describe('with a policy of the API', () => {
  const statement = (Effect: 'Allow' | 'Deny', aws: string = '127.0.0.0/8') => ({
    Effect,
    Principal: '*',
    Action: 'execute-api:Invoke',
    Resource: 'execute-api:/*',
    Condition: { IpAddress: { 'aws:SourceIp': aws } },
  });
  const policed = (own: object) =>
    guardedApi(
      bed,
      { authorizerUri: uriOf(door), authorizerResultTtlInSeconds: 0 },
      { echo, api: { policy: JSON.stringify({ Version: '2012-10-17', Statement: [own] }) } },
    );

  test.each([
    ['friend', 'Allow', '127.0.0.0/8', 200],
    ['friend', 'Allow', '10.0.0.0/8', 200],
    ['friend', 'Deny', '127.0.0.0/8', 403],
    ['elsewhere', 'Allow', '127.0.0.0/8', 200],
    ['elsewhere', 'Allow', '10.0.0.0/8', 403],
    ['deny', 'Allow', '127.0.0.0/8', 403],
  ] as const)('authorizer: %s, policy: %s of %s', async (given, effect, from, status) => {
    const { api } = await policed(statement(effect, from));
    expect((await said(api.fetch('/a', asking(given)))).status).toBe(status);
  });

  test('whom the policy denies the authorizer is not asked about', async () => {
    const { api } = await policed(statement('Deny'));
    expect((await said(api.fetch('/a', asking('broken')))).text).toContain(
      'User: anonymous is not authorized to perform: execute-api:Invoke',
    );
  });
});
