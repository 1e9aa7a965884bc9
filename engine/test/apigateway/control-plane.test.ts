import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateModelCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  DeleteDeploymentCommand,
  DeleteResourceCommand,
  DeleteRestApiCommand,
  GetAccountCommand,
  GetGatewayResponseCommand,
  GetGatewayResponsesCommand,
  GetIntegrationCommand,
  GetMethodCommand,
  GetModelsCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  GetStageCommand,
  GetTagsCommand,
  PutGatewayResponseCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateMethodCommand,
  UpdateResourceCommand,
  UpdateRestApiCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let client: APIGatewayClient;

beforeAll(async () => {
  cloud = await startCloud();
  client = cloud.client(APIGatewayClient);
});
afterAll(() => cloud.stop());

async function makeApi(name = 'shop') {
  const api = await client.send(new CreateRestApiCommand({ name }));
  return { restApiId: api.id!, rootId: api.rootResourceId! };
}

async function makeResource(restApiId: string, parentId: string, pathPart: string): Promise<string> {
  const resource = await client.send(new CreateResourceCommand({ restApiId, parentId, pathPart }));
  return resource.id!;
}

const error = async (sent: Promise<unknown>) => {
  try {
    await sent;
  } catch (caught) {
    const { name, message, $metadata } = caught as Error & { $metadata: { httpStatusCode: number } };
    return { name, message, status: $metadata.httpStatusCode };
  }
  throw new Error('was accepted');
};

describe('REST APIs', () => {
  test('creation fills in what AWS fills in', async () => {
    const api = await client.send(new CreateRestApiCommand({ name: 'first', description: 'mine' }));
    expect(api.id).toMatch(/^[a-z0-9]{10}$/);
    expect(api).toMatchObject({
      apiKeySource: 'HEADER',
      description: 'mine',
      disableExecuteApiEndpoint: false,
      endpointConfiguration: { types: ['EDGE'], ipAddressType: 'ipv4' },
    });
    expect(api.$metadata.httpStatusCode).toBe(201);
    const listed = await client.send(new GetRestApisCommand({}));
    expect(listed.items?.map((item) => item.name)).toContain('first');
    const deleted = await client.send(new DeleteRestApiCommand({ restApiId: api.id }));
    expect(deleted.$metadata.httpStatusCode).toBe(202);
    expect(await error(client.send(new GetRestApiCommand({ restApiId: api.id })))).toEqual({
      name: 'NotFoundException',
      message: `Invalid API identifier specified 000000000000:${api.id}`,
      status: 404,
    });
  });

  test('patches', async () => {
    const { restApiId } = await makeApi();
    const patch = (op: 'add' | 'replace' | 'remove', path: string, value?: string) =>
      client.send(new UpdateRestApiCommand({ restApiId, patchOperations: [{ op, path, value }] }));
    expect((await patch('add', '/binaryMediaTypes/image~1png')).binaryMediaTypes).toEqual(['image/png']);
    expect((await patch('replace', '/minimumCompressionSize', '10')).minimumCompressionSize).toBe(10);
    expect(await error(patch('replace', '/minimumCompressionSize', '-1'))).toMatchObject({
      message: 'Invalid minimum compression size, must be between 0 and 10485760',
    });
    expect(await error(patch('add', '/minimumCompressionSize', '1'))).toMatchObject({
      message: 'Invalid patch operation specified. Must be one of: [replace]',
    });
    expect(await error(patch('add', '/binaryMediaTypes', 'x'))).toMatchObject({
      message: 'Invalid patch path /binaryMediaTypes',
    });
  });

  test('pages of APIs', async () => {
    for (const name of ['a', 'b', 'c']) await makeApi(name);
    const seen: string[] = [];
    let position: string | undefined;
    do {
      const page = await client.send(new GetRestApisCommand({ limit: 2, position }));
      expect(page.items!.length).toBeLessThanOrEqual(2);
      seen.push(...page.items!.map((item) => item.id!));
      position = page.position;
    } while (position);
    const all = await client.send(new GetRestApisCommand({ limit: 500 }));
    expect(seen).toEqual(all.items!.map((item) => item.id));
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('what is not there is refused by name', async () => {
    const strict = new CreateRestApiCommand({
      name: 'strict',
      securityPolicy: 'SecurityPolicy_TLS13_2025_EDGE',
    });
    expect(await error(client.send(strict))).toMatchObject({
      status: 501,
      message: expect.stringContaining('CreateRestApi securityPolicy'),
    });
  });
});

describe('resources', () => {
  test('a tree, moved and cut', async () => {
    const { restApiId, rootId } = await makeApi();
    const pets = await makeResource(restApiId, rootId, 'pets');
    const sub = await makeResource(restApiId, pets, 'sub');
    await makeResource(restApiId, sub, 'deep');
    const moved = await client.send(
      new UpdateResourceCommand({
        restApiId,
        resourceId: pets,
        patchOperations: [{ op: 'replace', path: '/pathPart', value: 'dogs' }],
      }),
    );
    expect(moved).toMatchObject({ id: pets, parentId: rootId, path: '/dogs', pathPart: 'dogs' });
    const listed = await client.send(new GetResourcesCommand({ restApiId }));
    expect(listed.items?.map((item) => item.path)).toEqual(['/', '/dogs', '/dogs/sub', '/dogs/sub/deep']);
    const cyclic = new UpdateResourceCommand({
      restApiId,
      resourceId: pets,
      patchOperations: [{ op: 'replace', path: '/parentId', value: sub }],
    });
    expect(await error(client.send(cyclic))).toMatchObject({ message: 'Resources cannot be cyclical.' });
    await client.send(new DeleteResourceCommand({ restApiId, resourceId: pets }));
    const left = await client.send(new GetResourcesCommand({ restApiId }));
    expect(left.items).toEqual([{ id: rootId, path: '/' }]);
  });

  test.each([
    ['a b', 'BadRequestException'],
    ['{x', 'BadRequestException'],
    ['{x}.html', 'BadRequestException'],
    ['a/b', 'BadRequestException'],
    ['pets', 'ConflictException'],
    ['{other}', 'BadRequestException'],
  ])('%j is refused', async (pathPart, name) => {
    const { restApiId, rootId } = await makeApi();
    await makeResource(restApiId, rootId, 'pets');
    await makeResource(restApiId, rootId, '{id}');
    expect(await error(makeResource(restApiId, rootId, pathPart))).toMatchObject({ name });
  });

  test('nothing stands below a greedy variable', async () => {
    const { restApiId, rootId } = await makeApi();
    const greedy = await makeResource(restApiId, rootId, '{proxy+}');
    expect(await error(makeResource(restApiId, greedy, 'x'))).toMatchObject({
      message: 'Cannot create a child of a resource with a greedy path variable: {proxy+}',
    });
  });
});

describe('methods and integrations', () => {
  let where: { restApiId: string; resourceId: string; httpMethod: string };
  beforeEach(async () => {
    const { restApiId, rootId } = await makeApi();
    where = { restApiId, resourceId: rootId, httpMethod: 'GET' };
    await client.send(new PutMethodCommand({ ...where, authorizationType: 'NONE' }));
  });

  test('a method as AWS shows it', async () => {
    await client.send(new PutIntegrationCommand({ ...where, type: 'MOCK' }));
    await client.send(new PutMethodResponseCommand({ ...where, statusCode: '200' }));
    await client.send(
      new PutIntegrationResponseCommand({ ...where, statusCode: '200', selectionPattern: '' }),
    );
    const { $metadata, ...method } = await client.send(new GetMethodCommand(where));
    expect(method).toEqual({
      apiKeyRequired: false,
      authorizationType: 'NONE',
      httpMethod: 'GET',
      methodIntegration: {
        cacheKeyParameters: [],
        cacheNamespace: where.resourceId,
        integrationResponses: { 200: { selectionPattern: '', statusCode: '200' } },
        passthroughBehavior: 'WHEN_NO_MATCH',
        timeoutInMillis: 29000,
        type: 'MOCK',
      },
      methodResponses: { 200: { statusCode: '200' } },
    });
  });

  test.each([
    [{ type: 'HTTP_PROXY' as const }, 'Enumeration value for HttpMethod must be non-empty'],
    [
      { type: 'HTTP_PROXY' as const, integrationHttpMethod: 'GET', uri: 'nothing' },
      'Invalid HTTP endpoint specified for URI',
    ],
    [
      { type: 'AWS_PROXY' as const, integrationHttpMethod: 'POST', uri: 'nothing' },
      'Invalid ARN specified in the request',
    ],
    [
      {
        type: 'AWS_PROXY' as const,
        integrationHttpMethod: 'POST',
        uri: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      },
      'AWS ARN for integration must contain path or action',
    ],
    [
      {
        type: 'AWS_PROXY' as const,
        integrationHttpMethod: 'POST',
        uri: 'arn:aws:apigateway:us-east-1:s3:path/b/k',
      },
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    ],
    [
      { type: 'MOCK' as const, requestParameters: { 'integration.request.path.x': 'method.request.path.x' } },
      'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.request.path.x]',
    ],
    [{ type: 'MOCK' as const, timeoutInMillis: 49 }, 'Timeout should be between 50 ms and 29000 ms'],
  ])('%j is refused', async (integration, message) => {
    expect(await error(client.send(new PutIntegrationCommand({ ...where, ...integration })))).toMatchObject({
      name: 'BadRequestException',
      message,
    });
  });

  test('errors of reads name what is missing', async () => {
    expect(await error(client.send(new GetIntegrationCommand(where)))).toMatchObject({
      message: 'Invalid Integration identifier specified',
    });
    expect(
      await error(client.send(new GetIntegrationCommand({ ...where, httpMethod: 'PUT' }))),
    ).toMatchObject({
      message: 'Invalid Method identifier specified',
    });
    expect(await error(client.send(new GetIntegrationCommand({ ...where, resourceId: 'x' })))).toMatchObject({
      message: 'Invalid Resource identifier specified',
    });
  });

  test('method patches', async () => {
    const patch = (op: 'add' | 'replace' | 'remove', path: string, value?: string) =>
      client.send(new UpdateMethodCommand({ ...where, patchOperations: [{ op, path, value }] }));
    expect((await patch('replace', '/apiKeyRequired', 'true')).apiKeyRequired).toBe(true);
    expect(
      (await patch('add', '/requestParameters/method.request.header.x', 'true')).requestParameters,
    ).toEqual({
      'method.request.header.x': true,
    });
    expect(await error(patch('add', '/apiKeyRequired', 'true'))).toMatchObject({
      message: 'Invalid patch operation specified. Must be one of: [replace]',
    });
    expect(await error(patch('replace', '/httpMethod', 'PUT'))).toMatchObject({
      message: 'Invalid patch path /httpMethod',
    });
    expect(await error(patch('replace', '/authorizationType', 'CUSTOM'))).toMatchObject({
      message: expect.stringContaining('requires a valid authorizer'),
    });
    expect(await patch('replace', '/authorizationType', 'AWS_IAM')).toMatchObject({
      authorizationType: 'AWS_IAM',
    });
  });
});

describe('deployments and stages', () => {
  test('an API without methods or integrations is not deployed', async () => {
    const { restApiId, rootId } = await makeApi();
    expect(await error(client.send(new CreateDeploymentCommand({ restApiId })))).toMatchObject({
      message: "The REST API doesn't contain any methods",
    });
    await client.send(
      new PutMethodCommand({ restApiId, resourceId: rootId, httpMethod: 'GET', authorizationType: 'NONE' }),
    );
    expect(await error(client.send(new CreateDeploymentCommand({ restApiId })))).toMatchObject({
      message: 'No integration defined for method',
    });
  });

  test('stages hold their deployment', async () => {
    const { restApiId, rootId } = await makeApi();
    const where = { restApiId, resourceId: rootId, httpMethod: 'GET' };
    await client.send(new PutMethodCommand({ ...where, authorizationType: 'NONE' }));
    await client.send(new PutIntegrationCommand({ ...where, type: 'MOCK' }));
    const deployment = await client.send(new CreateDeploymentCommand({ restApiId, stageName: 'dev' }));
    const deploymentId = deployment.id!;
    const { $metadata, createdDate, lastUpdatedDate, ...stage } = await client.send(
      new GetStageCommand({ restApiId, stageName: 'dev' }),
    );
    expect(stage).toEqual({
      cacheClusterEnabled: false,
      cacheClusterStatus: 'NOT_AVAILABLE',
      deploymentId,
      methodSettings: {},
      stageName: 'dev',
      tracingEnabled: false,
    });
    expect(await error(client.send(new DeleteDeploymentCommand({ restApiId, deploymentId })))).toMatchObject({
      message: 'Active stages pointing to this deployment must be moved or deleted',
    });
    const create = (input: { stageName: string; deploymentId: string }) =>
      client.send(new CreateStageCommand({ restApiId, ...input }));
    expect(await error(create({ stageName: 'dev', deploymentId }))).toMatchObject({
      name: 'ConflictException',
    });
    expect(await error(create({ stageName: 'x', deploymentId: 'nope' }))).toMatchObject({
      message: 'Deployment id does not exist',
    });
    const patch = (op: 'add' | 'replace' | 'remove', path: string, value?: string) =>
      client.send(
        new UpdateStageCommand({ restApiId, stageName: 'dev', patchOperations: [{ op, path, value }] }),
      );
    expect((await patch('replace', '/variables/color', 'red')).variables).toEqual({ color: 'red' });
    expect(await error(patch('replace', '/variables/color', 'a"b'))).toMatchObject({
      name: 'BadRequestException',
    });
    expect(await error(patch('remove', '/*/*'))).toMatchObject({
      message: 'Cannot remove method setting */* because there is no method setting for this method ',
    });
    expect(await error(patch('replace', '/*/*/throttling/burstLimit', 'x'))).toMatchObject({ status: 400 });
    expect(await error(patch('replace', '/*/*/logging/loglevel', 'INFO'))).toMatchObject({
      message: 'CloudWatch Logs role ARN must be set in account settings to enable logging',
    });
    expect(await error(patch('replace', '/nothing', '1'))).toMatchObject({
      message: expect.stringMatching(
        /^Invalid method setting path: \/nothing\. Must be one of: \[\/deploymentId/,
      ),
    });
    expect((await patch('replace', '/*/*/logging/loglevel', 'OFF')).methodSettings?.['*/*']).toMatchObject({
      loggingLevel: 'OFF',
      throttlingBurstLimit: 5000,
    });
  });
});

describe('models, gateway responses, account, tags', () => {
  test('models', async () => {
    const { restApiId } = await makeApi();
    const models = await client.send(new GetModelsCommand({ restApiId }));
    expect(models.items?.map((model) => model.name)).toEqual(['Empty', 'Error']);
    const create = (name: string, schema?: string) =>
      client.send(new CreateModelCommand({ restApiId, name, contentType: 'application/json', schema }));
    await create('Pet', '{"type":"object"}');
    expect(await error(create('Pet', '{"type":"object"}'))).toMatchObject({
      message: 'Model name already exists for this REST API',
    });
    expect(await error(create('No', ''))).toMatchObject({
      message: 'Model schema must have at least 1 property or array items defined',
    });
    expect(await error(create('Bad', '{"type":"nonsense"}'))).toMatchObject({ name: 'BadRequestException' });
  });

  test('a family response reaches the types that have none of their own', async () => {
    const { restApiId } = await makeApi();
    await client.send(
      new PutGatewayResponseCommand({ restApiId, responseType: 'DEFAULT_5XX', statusCode: '599' }),
    );
    const one = await client.send(
      new GetGatewayResponseCommand({ restApiId, responseType: 'AUTHORIZER_FAILURE' }),
    );
    expect(one).toMatchObject({ statusCode: '599', defaultResponse: true });
    const all = await client.send(new GetGatewayResponsesCommand({ restApiId }));
    expect(all.items).toHaveLength(21);
  });

  test('account and tags', async () => {
    const account = await client.send(new GetAccountCommand({}));
    expect(account).toMatchObject({ throttleSettings: { burstLimit: 5000, rateLimit: 10000 } });
    const { restApiId } = await makeApi();
    const resourceArn = `arn:aws:apigateway:us-east-1::/restapis/${restApiId}`;
    await client.send(new TagResourceCommand({ resourceArn, tags: { a: '1', b: '2' } }));
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
    expect((await client.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ b: '2' });
  });
});
