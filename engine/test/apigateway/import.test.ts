import {
  APIGatewayClient,
  CreateRestApiCommand,
  GetAuthorizersCommand,
  GetDocumentationPartsCommand,
  GetGatewayResponseCommand,
  GetMethodCommand,
  GetModelsCommand,
  GetRequestValidatorsCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetRestApisCommand,
  ImportRestApiCommand,
  PutRestApiCommand,
  type PutRestApiCommandInput,
} from '@aws-sdk/client-api-gateway';
import { startCloud, type TestCloud } from '../../src/testing';
import { swaggerPets } from './definitions';

let cloud: TestCloud;
let api: APIGatewayClient;

beforeAll(async () => {
  cloud = await startCloud();
  api = cloud.client(APIGatewayClient);
});
afterAll(() => cloud.stop());

const bytes = (definition: unknown) => Buffer.from(JSON.stringify(definition));
const load = async (definition: unknown, parameters?: Record<string, string>) =>
  api.send(new ImportRestApiCommand({ body: bytes(definition), parameters }));
const put = async (
  restApiId: string | undefined,
  definition: unknown,
  more: Partial<PutRestApiCommandInput> = {},
) => api.send(new PutRestApiCommand({ restApiId, body: bytes(definition), ...more }));
const resourcesOf = async (restApiId: string | undefined) => {
  const { items = [] } = await api.send(new GetResourcesCommand({ restApiId, embed: ['methods'] }));
  return items;
};
const pathsOf = async (restApiId: string | undefined) =>
  (await resourcesOf(restApiId)).map(({ path }) => path);
const methodAt = async (restApiId: string | undefined, path: string, httpMethod: string) => {
  const resource = (await resourcesOf(restApiId)).find((one) => one.path === path);
  return api.send(new GetMethodCommand({ restApiId, resourceId: resource?.id, httpMethod }));
};

const mock = {
  type: 'mock',
  requestTemplates: { 'application/json': '{"statusCode": 200}' },
  responses: { default: { statusCode: '200' } },
};
const operation = (more: object = {}) => ({
  responses: { 200: { description: 'ok' } },
  'x-amazon-apigateway-integration': mock,
  ...more,
});
const oas30 = (more: object) => ({
  openapi: '3.0.1',
  info: { title: 'api', version: '1' },
  paths: {},
  ...more,
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
describe('a Swagger 2 definition', () => {
  let id: string | undefined;
  beforeAll(async () => {
    const made = await load(swaggerPets);
    id = made.id;
    expect(made).toMatchObject({
      name: 'PetStore',
      version: '1.0',
      description: 'pets',
      apiKeySource: 'HEADER',
      endpointConfiguration: { types: ['EDGE'], ipAddressType: 'ipv4' },
    });
    expect(made.warnings).toBeUndefined();
    expect(made.tags).toBeUndefined();
  });

  test('becomes resources, models and nothing else', async () => {
    expect(await pathsOf(id)).toEqual(['/', '/pets', '/pets/{petId}']);
    const { items = [] } = await api.send(new GetModelsCommand({ restApiId: id }));
    expect(items.map(({ name }) => name)).toEqual(['Empty', 'NewPet', 'Pet', 'Pets']);
    expect(JSON.parse(items.find(({ name }) => name === 'Pets')?.schema ?? '')).toEqual({
      type: 'array',
      items: { $ref: `https://apigateway.amazonaws.com/restapis/${id}/models/Pet` },
    });
    expect(items[0]?.schema).toBe('{\n  "type" : "object"\n}');
  });

  test('becomes methods with their integrations', async () => {
    const method = await methodAt(id, '/pets', 'GET');
    expect(method).toMatchObject({
      apiKeyRequired: false,
      authorizationType: 'CUSTOM',
      requestParameters: { 'method.request.querystring.type': false },
      methodResponses: {
        200: {
          responseModels: { 'application/json': 'Pets' },
          responseParameters: { 'method.response.header.Access-Control-Allow-Origin': false },
        },
      },
      methodIntegration: {
        type: 'HTTP',
        connectionType: 'INTERNET',
        uri: 'http://petstore.example.com/pets',
        passthroughBehavior: 'WHEN_NO_MATCH',
        integrationResponses: {
          200: { responseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" } },
        },
      },
    });
    expect(await methodAt(id, '/pets', 'POST')).toMatchObject({
      operationName: 'CreatePet',
      authorizationType: 'NONE',
      apiKeyRequired: true,
      requestModels: { 'application/json': 'NewPet' },
    });
  });

  test('becomes authorizers', async () => {
    const { items } = await api.send(new GetAuthorizersCommand({ restApiId: id }));
    expect(items).toEqual([
      expect.objectContaining({
        name: 'door',
        type: 'TOKEN',
        authType: 'oauth2',
        identitySource: 'method.request.header.Authorization',
        identityValidationExpression: '^x-[a-z]+',
        authorizerResultTtlInSeconds: 60,
      }),
    ]);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html
test.each([
  ['ignore', '/test'],
  ['prepend', '/base-url/part/test'],
  ['split', '/part/test'],
])('basepath=%s puts the paths at %s', async (basepath, path) => {
  const definition = oas30({
    servers: [{ url: 'https://api.example.com/{root}/part', variables: { root: { default: 'base-url' } } }],
    paths: { '/test': { get: operation() } },
  });
  const { id } = await load(definition, { basepath });
  expect((await pathsOf(id)).at(-1)).toBe(path);
  const swagger = {
    swagger: '2.0',
    info: { title: 'x' },
    basePath: '/base-url/part',
    paths: definition.paths,
  };
  expect(
    (
      await pathsOf((await load({ ...swagger, paths: { '/test': { get: operation() } } }, { basepath })).id)
    ).at(-1),
  ).toBe(path);
});

describe('OpenAPI 3', () => {
  test('extensions of the whole API', async () => {
    const { id } = await load(
      oas30({
        paths: { '/a': { 'x-amazon-apigateway-any-method': operation() } },
        'x-amazon-apigateway-request-validators': {
          all: { validateRequestBody: true, validateRequestParameters: true },
        },
        'x-amazon-apigateway-request-validator': 'all',
        'x-amazon-apigateway-gateway-responses': {
          DEFAULT_4XX: { statusCode: 418, responseTemplates: { 'application/json': '{}' } },
        },
        'x-amazon-apigateway-binary-media-types': ['image/png'],
        'x-amazon-apigateway-minimum-compression-size': 1000,
        'x-amazon-apigateway-api-key-source': 'AUTHORIZER',
        'x-amazon-apigateway-endpoint-configuration': { disableExecuteApiEndpoint: true },
        'x-amazon-apigateway-documentation': {
          documentationParts: [
            { location: { type: 'METHOD', path: '/a' }, properties: { summary: 'all of it' } },
          ],
        },
      }),
      { endpointConfigurationTypes: 'REGIONAL' },
    );
    expect(await api.send(new GetRestApiCommand({ restApiId: id }))).toMatchObject({
      binaryMediaTypes: ['image/png'],
      minimumCompressionSize: 1000,
      apiKeySource: 'AUTHORIZER',
      disableExecuteApiEndpoint: true,
      endpointConfiguration: { types: ['REGIONAL'] },
    });
    const { items } = await api.send(new GetRequestValidatorsCommand({ restApiId: id }));
    expect(items).toEqual([expect.objectContaining({ name: 'all', validateRequestBody: true })]);
    expect((await methodAt(id, '/a', 'ANY')).requestValidatorId).toBe(items?.[0]?.id);
    expect(
      await api.send(new GetGatewayResponseCommand({ restApiId: id, responseType: 'DEFAULT_4XX' })),
    ).toMatchObject({
      statusCode: '418',
      responseTemplates: { 'application/json': '{}' },
      defaultResponse: false,
    });
    const parts = await api.send(new GetDocumentationPartsCommand({ restApiId: id, type: 'METHOD' }));
    expect(parts.items).toEqual([
      expect.objectContaining({
        location: { type: 'METHOD', path: '/a' },
        properties: '{"summary":"all of it"}',
      }),
    ]);
  });

  test('bodies by media type, shared parameters and schemas on the spot', async () => {
    const { id } = await load(
      oas30({
        paths: {
          '/things/{id}': {
            parameters: [{ $ref: '#/components/parameters/Id' }],
            put: operation({
              requestBody: {
                content: {
                  'application/json': { schema: { $ref: '#/components/schemas/Thing' } },
                  'text/json': { schema: { type: 'object', required: ['a'] } },
                },
              },
              parameters: [{ name: 'x-trace', in: 'header', required: true, schema: { type: 'string' } }],
            }),
          },
        },
        components: {
          parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } } },
          schemas: {
            Thing: { type: 'object', properties: { other: { $ref: '#/components/schemas/Thing' } } },
          },
        },
      }),
    );
    const method = await methodAt(id, '/things/{id}', 'PUT');
    expect(method.requestParameters).toEqual({
      'method.request.path.id': true,
      'method.request.header.x-trace': true,
    });
    expect(method.requestModels).toEqual({
      'application/json': 'Thing',
      'text/json': expect.stringMatching(/^MODEL[0-9a-f]{6}$/),
    });
  });

  test('YAML', async () => {
    const body = Buffer.from(
      'openapi: 3.0.1\ninfo:\n  title: from yaml\n  version: 2024-01-01\npaths:\n  /y:\n    get:\n      responses:\n        200:\n          description: ok\n      x-amazon-apigateway-integration:\n        type: MOCK\n',
    );
    const made = await api.send(new ImportRestApiCommand({ body }));
    expect(made).toMatchObject({ name: 'from yaml', version: '2024-01-01' });
    expect(await methodAt(made.id, '/y', 'GET')).toMatchObject({ methodIntegration: { type: 'MOCK' } });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-update.html
describe('PutRestApi', () => {
  const first = oas30({
    paths: { '/a': { get: operation() }, '/b': { get: operation() } },
    'x-amazon-apigateway-binary-media-types': ['image/heif'],
  });
  const second = oas30({
    info: { title: 'second', version: '2' },
    paths: { '/a': { post: operation() }, '/c': { get: operation() } },
    'x-amazon-apigateway-binary-media-types': ['image/png'],
  });

  test('merges', async () => {
    const { id, rootResourceId } = await load(first);
    expect(await put(id, second)).toMatchObject({
      id,
      rootResourceId,
      name: 'second',
      version: '2',
      tags: {},
      binaryMediaTypes: ['image/heif', 'image/png'],
    });
    expect(await pathsOf(id)).toEqual(['/', '/a', '/b', '/c']);
    const a = (await resourcesOf(id)).find(({ path }) => path === '/a');
    expect(Object.keys(a?.resourceMethods ?? {})).toEqual(['GET', 'POST']);
  });

  test('overwrites, and paths that stay keep their ids', async () => {
    const { id, rootResourceId } = await load(first);
    const before = await resourcesOf(id);
    const after = await put(id, second, { mode: 'overwrite' });
    expect(after).toMatchObject({ rootResourceId, binaryMediaTypes: ['image/png'] });
    expect(await pathsOf(id)).toEqual(['/', '/a', '/c']);
    const a = (await resourcesOf(id)).find(({ path }) => path === '/a');
    expect(a?.id).toBe(before.find(({ path }) => path === '/a')?.id);
    expect(Object.keys(a?.resourceMethods ?? {})).toEqual(['POST']);
  });

  test('a definition with errors changes nothing', async () => {
    const { id } = await load(first);
    const broken = oas30({
      info: { title: 'broken', version: '1' },
      paths: {
        '/a': {
          get: {
            responses: {},
            'x-amazon-apigateway-integration': { type: 'http', httpMethod: 'GET', uri: 'x' },
          },
        },
        '/a/{one}': {},
        '/a/{two}': {},
      },
      components: { schemas: { not_alphanumeric: { type: 'object' } } },
    });
    await expect(put(id, broken, { mode: 'overwrite' })).rejects.toMatchObject({
      name: 'BadRequestException',
      message: [
        'Errors found during import:',
        "Unable to create model for 'not_alphanumeric': Model name must be alphanumeric: not_alphanumeric",
        "Unable to put integration on 'GET' for resource at path '/a': Invalid HTTP endpoint specified for URI",
        "Unable to create resource at path '/a/{two}': A sibling ({one}) of this resource already has a variable path part -- only one is allowed",
      ].join('\n\t'),
    });
    expect(await pathsOf(id)).toEqual(['/', '/a', '/b']);
    expect(await api.send(new GetRestApiCommand({ restApiId: id }))).toMatchObject({ name: 'api' });
  });

  test('of an API that is not there', async () => {
    await expect(put('nowhere', first)).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Invalid API identifier specified 000000000000:nowhere',
    });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-errors-warnings.html
describe('warnings', () => {
  const dubious = oas30({
    paths: {
      '/a': {
        get: operation({
          responses: {
            200: {
              description: 'ok',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/Nope' } } },
            },
          },
          'x-amazon-apigateway-integration': {
            ...mock,
            requestParameters: { 'integration.request.header.nothing': true },
          },
        }),
      },
    },
    components: { securitySchemes: { basic: { type: 'http', scheme: 'basic' } } },
  });
  const warnings = [
    "Unsupported security definition type 'http' for 'basic'. Ignoring.",
    "Reference to model 'Nope' not found. Ignoring.",
    "Invalid format for 'requestParameters'. Expected type string for property 'integration.request.header.nothing' of resource '/a' and method 'GET' but got 'true'",
  ];

  test('are told with the API', async () => {
    expect((await load(dubious)).warnings).toEqual(warnings);
  });

  test('refuse it where the caller says so', async () => {
    const count = async () => (await api.send(new GetRestApisCommand({ limit: 500 }))).items?.length;
    const before = await count();
    await expect(
      api.send(new ImportRestApiCommand({ body: bytes(dubious), failOnWarnings: true })),
    ).rejects.toMatchObject({
      name: 'BadRequestException',
      message: `Warnings found during import:\n\t${warnings.join('\n\t')}`,
    });
    expect(await count()).toBe(before);
  });

  test('what is no definition at all', async () => {
    for (const body of ['{"a": 1}', 'just text', '{"openapi": "3.1.0"}', 'a: [1']) {
      await expect(api.send(new ImportRestApiCommand({ body: Buffer.from(body) }))).rejects.toMatchObject({
        name: 'BadRequestException',
        message: 'Invalid OpenAPI input.',
      });
    }
  });
});

test('what begins by hand can go on by definition', async () => {
  const { id } = await api.send(new CreateRestApiCommand({ name: 'by hand' }));
  await put(id, oas30({ paths: { '/': { get: operation() } } }));
  const { items = [] } = await api.send(new GetModelsCommand({ restApiId: id }));
  expect(items.map(({ name }) => name)).toEqual(['Empty', 'Error']);
  expect((await methodAt(id, '/', 'GET')).methodIntegration?.type).toBe('MOCK');
});
