import {
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  DeleteAuthorizerCommand,
  FlushStageAuthorizersCacheCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  GetMethodCommand,
  type PatchOperation,
  PutMethodCommand,
  TestInvokeAuthorizerCommand,
  UpdateAuthorizerCommand,
  UpdateMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { BY_TOKEN, guardedApi, newAuthorizer, said, uriOf } from './authorizers-support';
import { Bed, proxyTo, type TestApi } from './support';

let bed: Bed;
let api: TestApi;
let uri: string;

beforeAll(async () => {
  bed = await Bed.start();
  api = await bed.newApi();
  uri = uriOf(await bed.newFunction('door', BY_TOKEN));
});
afterAll(() => bed.stop());

async function refusal(sent: Promise<unknown>): Promise<{ name: string; message: string } | undefined> {
  try {
    await sent;
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { name: error.name, message: error.message };
  }
}

const bad = (message: string) => ({ name: 'BadRequestException', message });

// https://docs.aws.amazon.com/cli/latest/reference/apigateway/create-authorizer.html#examples
test('an authorizer is shown as it was made', async () => {
  const token = await newAuthorizer(api, {
    name: 'token',
    authorizerUri: uri,
    authorizerResultTtlInSeconds: 60,
  });
  const { $metadata, ...shown } = await bed.api.send(
    new GetAuthorizerCommand({ restApiId: api.id, authorizerId: token.id }),
  );
  expect(shown).toEqual({
    id: expect.stringMatching(/^[a-z0-9]{6}$/),
    name: 'token',
    type: 'TOKEN',
    authType: 'custom',
    authorizerUri: uri,
    authorizerResultTtlInSeconds: 60,
    identitySource: 'method.request.header.Authorization',
  });
  const providerARNs = ['arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_abc'];
  const pool = await newAuthorizer(api, { name: 'pool', type: 'COGNITO_USER_POOLS', providerARNs });
  expect(pool).toMatchObject({ type: 'COGNITO_USER_POOLS', authType: 'cognito_user_pools', providerARNs });
  expect(pool).not.toHaveProperty('authorizerResultTtlInSeconds');
  const { items = [] } = await bed.api.send(new GetAuthorizersCommand({ restApiId: api.id }));
  expect(items.map(({ name }) => name).sort()).toEqual(['pool', 'token']);
});

test('what is not there', async () => {
  const restApiId = 'nothere';
  const message = 'Unable to complete operation due to concurrent modification. Please try again later.';
  const input = { name: 'x', type: 'TOKEN' as const };
  expect(await refusal(bed.api.send(new CreateAuthorizerCommand({ restApiId, ...input })))).toEqual({
    name: 'ConflictException',
    message,
  });
  expect(await refusal(bed.api.send(new GetAuthorizersCommand({ restApiId })))).toEqual({
    name: 'NotFoundException',
    message: 'Invalid API identifier specified 000000000000:nothere',
  });
  const where = { restApiId: api.id, authorizerId: 'nobody' };
  for (const sent of [
    bed.api.send(new GetAuthorizerCommand(where)),
    bed.api.send(new UpdateAuthorizerCommand(where)),
    bed.api.send(new DeleteAuthorizerCommand(where)),
    bed.api.send(new TestInvokeAuthorizerCommand(where)),
  ])
    expect(await refusal(sent)).toEqual({
      name: 'NotFoundException',
      message: 'Invalid Authorizer identifier specified',
    });
  expect(
    await refusal(
      bed.api.send(new FlushStageAuthorizersCacheCommand({ restApiId: api.id, stageName: 'nostage' })),
    ),
  ).toEqual({ name: 'NotFoundException', message: 'Invalid stage identifier specified' });
});

test.each<[string, Partial<CreateAuthorizerCommandInput>, string]>([
  [
    'an URI that leads nowhere',
    { authorizerUri: 'arn:aws:lambda:us-east-1:000000000000:function:door' },
    'Invalid Authorizer URI: arn:aws:lambda:us-east-1:000000000000:function:door. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.',
  ],
  [
    'a token that is not in a header',
    { identitySource: 'method.request.querystring.key' },
    "Invalid token source expression: method.request.querystring.key. The source must be a method request header, matching 'method.request.header.[a-zA-Z0-9._-]+'.",
  ],
  [
    'nothing to remember a request by',
    { type: 'REQUEST', identitySource: undefined },
    'Identity source must be set if authorizer caching is enabled (TTL is greater than 0)',
  ],
  [
    'a path as an identity source',
    { type: 'REQUEST', identitySource: 'method.request.path.id' },
    'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: method.request.path.id]',
  ],
  [
    'more than an hour',
    { authorizerResultTtlInSeconds: 3601 },
    'Invalid authorizer result TTL. Must be between 0 and 3600 seconds',
  ],
  ['no name', { name: '' }, 'Authorizer name cannot be blank'],
  ['a role that is none', { authorizerCredentials: 'role' }, 'Invalid ARN specified in the request'],
])('refuses %s', async (_what, input, message) => {
  expect(await refusal(newAuthorizer(api, { name: 'refused', authorizerUri: uri, ...input }))).toEqual(
    bad(message),
  );
});

test('names are an authorizer’s own, and there are ten at most', async () => {
  const crowded = await bed.newApi();
  for (let i = 0; i < 10; i++) await newAuthorizer(crowded, { name: `door${i}`, authorizerUri: uri });
  expect(await refusal(newAuthorizer(crowded, { name: 'door3', authorizerUri: uri }))).toEqual(
    bad('Authorizer name must be unique. Authorizer door3 already exists in this RestApi.'),
  );
  expect((await refusal(newAuthorizer(crowded, { name: 'one more', authorizerUri: uri })))?.name).toBe(
    'LimitExceededException',
  );
});

// https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateAuthorizer-Patch
test('patches', async () => {
  const { id } = await newAuthorizer(api, { name: 'patched', authorizerUri: uri });
  const update = (...patchOperations: PatchOperation[]) =>
    bed.api.send(new UpdateAuthorizerCommand({ restApiId: api.id, authorizerId: id, patchOperations }));
  expect(
    await update(
      { op: 'replace', path: '/name', value: 'renamed' },
      { op: 'replace', path: '/authorizerResultTtlInSeconds', value: '0' },
      { op: 'replace', path: '/identitySource', value: 'method.request.header.X-Token' },
      { op: 'replace', path: '/identityValidationExpression', value: '[a-z]+' },
    ),
  ).toMatchObject({
    name: 'renamed',
    authorizerResultTtlInSeconds: 0,
    identitySource: 'method.request.header.X-Token',
    identityValidationExpression: '[a-z]+',
  });
  expect(await refusal(update({ op: 'add', path: '/name', value: 'x' }))).toEqual(
    bad('Invalid patch operation specified. Must be one of: [replace]'),
  );
  expect(await refusal(update({ op: 'replace', path: '/id', value: 'x' }))).toEqual(
    bad('Invalid patch path /id'),
  );
  expect((await refusal(update({ op: 'replace', path: '/authorizerUri', value: 'x' })))?.message).toContain(
    'Invalid Authorizer URI: x.',
  );
});

describe('methods', () => {
  const invalid = bad(
    'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
  );

  test('name an authorizer of their kind', async () => {
    const guarded = await bed.newApi();
    const { id } = await newAuthorizer(guarded, { authorizerUri: uri });
    const where = { restApiId: guarded.id, resourceId: await guarded.resource('/'), httpMethod: 'GET' };
    const put = (authorizationType: string, authorizerId?: string) =>
      bed.api.send(new PutMethodCommand({ ...where, authorizationType, authorizerId }));
    expect(await refusal(put('CUSTOM'))).toEqual(invalid);
    expect(await refusal(put('CUSTOM', 'nobody'))).toEqual(invalid);
    expect(await refusal(put('COGNITO_USER_POOLS', id))).toEqual(invalid);
    expect(await refusal(put('WHATEVER'))).toEqual(
      bad(
        'Invalid authorization type specified. Must be one of: [NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS]',
      ),
    );
    expect(await put('CUSTOM', id)).toMatchObject({ authorizationType: 'CUSTOM', authorizerId: id });
    const update = (...patchOperations: PatchOperation[]) =>
      bed.api.send(new UpdateMethodCommand({ ...where, patchOperations }));
    const replace = (path: string, value: string): PatchOperation => ({ op: 'replace', path, value });
    expect(await refusal(update(replace('/authorizerId', 'nobody')))).toEqual(invalid);
    expect(await update(replace('/authorizationType', 'AWS_IAM'))).not.toHaveProperty('authorizerId');
    expect(await refusal(update(replace('/authorizationType', 'CUSTOM')))).toEqual(invalid);
    await update(replace('/authorizationType', 'CUSTOM'), replace('/authorizerId', id));
    expect(await bed.api.send(new GetMethodCommand(where))).toMatchObject({
      authorizationType: 'CUSTOM',
      authorizerId: id,
    });
  });

  test('keep their authorizer from being deleted', async () => {
    const guarded = await bed.newApi();
    const { id } = await newAuthorizer(guarded, { authorizerUri: uri });
    const where = await guarded.method(
      'GET',
      '/test',
      proxyTo('arn:aws:lambda:us-east-1:000000000000:function:door'),
      {
        authorizationType: 'CUSTOM',
        authorizerId: id,
      },
    );
    const remove = () =>
      bed.api.send(new DeleteAuthorizerCommand({ restApiId: guarded.id, authorizerId: id }));
    expect(await refusal(remove())).toEqual({
      name: 'ConflictException',
      message: "Cannot delete authorizer 'door', is referenced in method: GET//test",
    });
    const patchOperations = [{ op: 'replace' as const, path: '/authorizationType', value: 'NONE' }];
    await bed.api.send(new UpdateMethodCommand({ ...where, patchOperations }));
    expect((await remove()).$metadata.httpStatusCode).toBe(202);
  });
});

test('a deployment keeps its authorizers as they were', async () => {
  const echo = await bed.newFunction(
    'echo',
    'exports.handler = async () => ({ statusCode: 200, body: "ok" });',
  );
  const { api: guarded, authorizer } = await guardedApi(
    bed,
    { authorizerUri: uri, authorizerResultTtlInSeconds: 0 },
    { echo },
  );
  const ask = (name: string) => said(guarded.fetch('/a', { headers: { [name]: 'friend' } }));
  await bed.api.send(
    new UpdateAuthorizerCommand({
      restApiId: guarded.id,
      authorizerId: authorizer.id,
      patchOperations: [{ op: 'replace', path: '/identitySource', value: 'method.request.header.X-Token' }],
    }),
  );
  expect([(await ask('Authorization')).status, (await ask('X-Token')).status]).toEqual([200, 401]);
  await guarded.deploy();
  expect([(await ask('Authorization')).status, (await ask('X-Token')).status]).toEqual([401, 200]);
});

describe('TestInvokeAuthorizer', () => {
  // https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeAuthorizer.html#apigw-TestInvokeAuthorizer-request-additionalContext
  test('takes variables of the context for those that identity sources name', async () => {
    const { id } = await newAuthorizer(api, {
      name: 'by context',
      type: 'REQUEST',
      authorizerUri: uri,
      identitySource: 'context.identity.sourceIp, context.httpMethod',
    });
    const logOf = async (additionalContext?: Record<string, string>) => {
      const { clientStatus, log } = await bed.api.send(
        new TestInvokeAuthorizerCommand({ restApiId: api.id, authorizerId: id, additionalContext }),
      );
      expect(clientStatus).toBe(0);
      return log ?? '';
    };
    expect(await logOf({ 'identity.sourceIp': '198.51.100.7', httpMethod: 'PATCHED' })).toContain(
      'Incoming identity: {context.identity.sourceIp=******.100.7, context.httpMethod=*ATCHED}',
    );
    expect(await logOf()).toContain('context.httpMethod=GET}');
  });

  // https://docs.aws.amazon.com/cli/latest/reference/apigateway/test-invoke-authorizer.html
  test('tells what an authorizer says', async () => {
    const { id } = await newAuthorizer(api, { name: 'tested', authorizerUri: uri });
    const invoke = (Authorization?: string) =>
      bed.api.send(
        new TestInvokeAuthorizerCommand({
          restApiId: api.id,
          authorizerId: id,
          headers: Authorization === undefined ? {} : { Authorization },
        }),
      );
    const good = await invoke('this-method');
    expect(good).toMatchObject({
      clientStatus: 0,
      principalId: 'user|this-method',
      latency: expect.any(Number),
    });
    expect(JSON.parse(good.policy ?? '').Statement[0].Resource).toBe(
      `arn:aws:execute-api:us-east-1:000000000000:${api.id}/ESTestInvoke-stage/GET/`,
    );
    const lines = [
      `Starting authorizer: ${id} for request: `,
      'Incoming identity: *****method',
      // A caller's token is not for the log.
      'Authorizer result body before parsing: {"principalId":"user|***********"',
      'Using valid authorizer policy for principal: **********method',
      'Successfully completed authorizer execution',
    ];
    for (const line of lines) expect(good.log).toContain(line);
    expect(await invoke()).toMatchObject({
      clientStatus: 401,
      log: expect.stringMatching(/Unauthorized request: [\w-]+\n.* : Unauthorized\n$/),
    });
    expect(await invoke('broken')).toMatchObject({
      clientStatus: 500,
      log: expect.stringMatching(
        /Execution failed due to configuration error: Invalid JSON in response: Unrecognized field "errorType" , not marked as ignorable\n.* : AuthorizerConfigurationException\n$/,
      ),
    });
  });
});

describe('authorizerCredentials', () => {
  const newRole = async (RoleName: string, Service: string, Resource: string): Promise<string> => {
    const iam = bed.cloud.client(IAMClient);
    const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }];
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );
    const allow = [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource }];
    await iam.send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName: 'invoke',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: allow }),
      }),
    );
    return Role?.Arn ?? '';
  };

  test('the function is called as the role, which must trust API Gateway', async () => {
    const closed = await bed.newFunction('closed', BY_TOKEN, false);
    const trusting = await newRole('trusting', 'apigateway.amazonaws.com', closed);
    const other = await newRole('other', 'lambda.amazonaws.com', closed);
    const test = async (name: string, authorizerCredentials?: string) => {
      const { id } = await newAuthorizer(api, { name, authorizerUri: uriOf(closed), authorizerCredentials });
      return bed.api.send(
        new TestInvokeAuthorizerCommand({
          restApiId: api.id,
          authorizerId: id,
          headers: { Authorization: 'friend' },
        }),
      );
    };
    expect(await test('with a role', trusting)).toMatchObject({ clientStatus: 0 });
    expect(await test('with another', other)).toMatchObject({
      clientStatus: 500,
      log: expect.stringContaining(
        `API Gateway does not have permission to assume the provided role ${other}`,
      ),
    });
    expect(await test('without')).toMatchObject({
      clientStatus: 500,
      log: expect.stringContaining('Invalid permissions on Lambda function'),
    });
  });
});
