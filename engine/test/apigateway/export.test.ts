import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateDocumentationVersionCommand,
  GetAuthorizersCommand,
  GetExportCommand,
  GetModelsCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  ImportRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { yamlParse } from 'yaml-cfn';
import { startCloud, type TestCloud } from '../../src/testing';
import { swaggerPets } from './definitions';

let cloud: TestCloud;
let api: APIGatewayClient;

beforeAll(async () => {
  cloud = await startCloud();
  api = cloud.client(APIGatewayClient);
});
afterAll(() => cloud.stop());

async function deployed(definition: unknown): Promise<string> {
  const body = Buffer.from(typeof definition === 'string' ? definition : JSON.stringify(definition));
  const { id: restApiId = '', warnings } = await api.send(new ImportRestApiCommand({ body }));
  expect(warnings).toBeUndefined();
  await api.send(new CreateDeploymentCommand({ restApiId, stageName: 'prod' }));
  return restApiId;
}

async function exported(restApiId: string, exportType = 'oas30', extensions?: string, accepts?: string) {
  const parameters = extensions ? { extensions } : undefined;
  const out = await api.send(
    new GetExportCommand({ restApiId, stageName: 'prod', exportType, parameters, accepts }),
  );
  return { ...out, text: Buffer.from(out.body ?? '').toString('utf8') };
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-export-api.html
describe('an exported API', () => {
  let id: string;
  beforeAll(async () => {
    id = await deployed(swaggerPets);
  });

  test('as OpenAPI 3', async () => {
    const { contentType, contentDisposition, text } = await exported(id);
    expect(contentType).toBe('application/octet-stream');
    expect(contentDisposition).toBe('attachment; filename="oas30_1.0.json"');
    const document = JSON.parse(text);
    expect(document).toMatchObject({
      openapi: '3.0.1',
      info: { title: 'PetStore', description: 'pets', version: '1.0' },
      servers: [
        {
          url: `https://${id}.execute-api.us-east-1.amazonaws.com/{basePath}`,
          variables: { basePath: { default: 'prod' } },
        },
      ],
    });
    expect(document.paths['/']).toEqual({
      get: {
        responses: {
          200: {
            description: '200 response',
            headers: { 'Content-Type': { schema: { type: 'string' } } },
            content: {},
          },
        },
      },
    });
    expect(document.paths['/pets'].post).toEqual({
      operationId: 'CreatePet',
      requestBody: {
        content: { 'application/json': { schema: { $ref: '#/components/schemas/NewPet' } } },
        required: true,
      },
      responses: {
        200: {
          description: '200 response',
          headers: { 'Access-Control-Allow-Origin': { schema: { type: 'string' } } },
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } },
        },
      },
      security: [{ api_key: [] }],
    });
    // Only what is in use is told.
    expect(Object.keys(document.components.schemas).sort()).toEqual(['NewPet', 'Pet', 'Pets']);
    expect(document.components.securitySchemes.api_key).toEqual({
      type: 'apiKey',
      name: 'x-api-key',
      in: 'header',
    });
    expect(text).not.toContain('x-amazon-apigateway');
  });

  test('with its integrations and authorizers', async () => {
    const document = JSON.parse((await exported(id, 'oas30', 'integrations,authorizers')).text);
    expect(document.paths['/pets'].get['x-amazon-apigateway-integration']).toEqual({
      type: 'http',
      httpMethod: 'GET',
      uri: 'http://petstore.example.com/pets',
      responses: {
        default: {
          statusCode: '200',
          responseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" },
        },
      },
      requestParameters: { 'integration.request.querystring.type': 'method.request.querystring.type' },
      passthroughBehavior: 'when_no_match',
    });
    expect(document.components.securitySchemes.door).toEqual(swaggerPets.securityDefinitions.door);
  });

  test('as Swagger 2, in YAML', async () => {
    const { contentDisposition, text } = await exported(id, 'swagger', undefined, 'application/yaml');
    expect(contentDisposition).toBe('attachment; filename="swagger_1.0.yaml"');
    const document = yamlParse(text);
    expect(document).toMatchObject({
      swagger: '2.0',
      host: `${id}.execute-api.us-east-1.amazonaws.com`,
      basePath: '/prod',
      schemes: ['https'],
    });
    expect(document.paths['/pets'].post).toMatchObject({
      consumes: ['application/json'],
      produces: ['application/json'],
      parameters: [{ in: 'body', name: 'NewPet', required: true, schema: { $ref: '#/definitions/NewPet' } }],
    });
  });

  test('with the documentation that its stage publishes', async () => {
    const restApiId = await deployed(swaggerPets);
    await api.send(
      new CreateDocumentationVersionCommand({ restApiId, documentationVersion: 'v1', stageName: 'prod' }),
    );
    const document = JSON.parse((await exported(restApiId, 'oas30', 'documentation')).text);
    expect(document['x-amazon-apigateway-documentation']).toMatchObject({ version: 'v1' });
    expect(document['x-amazon-apigateway-documentation'].documentationParts).toContainEqual({
      location: { type: 'API' },
      properties: { info: { description: 'pets' } },
    });
  });

  test('of a stage that is not there', async () => {
    await expect(
      api.send(new GetExportCommand({ restApiId: id, stageName: 'nope', exportType: 'oas30' })),
    ).rejects.toMatchObject({ name: 'NotFoundException', message: 'Invalid stage identifier specified' });
  });
});

describe('import(export(api)) is the same API', () => {
  /** All of an API that a definition can say, ids by what they stand for. */
  async function whole(restApiId: string): Promise<string> {
    const [resources, models, authorizers, settings] = await Promise.all([
      api.send(new GetResourcesCommand({ restApiId, embed: ['methods'], limit: 500 })),
      api.send(new GetModelsCommand({ restApiId, limit: 500 })),
      api.send(new GetAuthorizersCommand({ restApiId })),
      api.send(new GetRestApiCommand({ restApiId })),
    ]);
    const names = new Map<string, string>([[restApiId, 'THE-API']]);
    for (const { id = '', path = '' } of resources.items ?? []) names.set(id, `resource:${path}`);
    for (const { id = '', name = '' } of authorizers.items ?? []) names.set(id, `authorizer:${name}`);
    const shape = {
      resources: resources.items?.map(({ path, resourceMethods }) => ({ path, resourceMethods })),
      models: models.items?.map(({ name, schema }) => ({ name, schema: JSON.parse(schema ?? '{}') })),
      authorizers: authorizers.items,
      settings: { ...settings, id: 0, createdDate: 0, rootResourceId: 0, $metadata: 0 },
    };
    let text = JSON.stringify(shape, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
    for (const [id, name] of names) text = text.replaceAll(id, name);
    return text;
  }

  const name = fc.stringMatching(/^[A-Z][a-z]{2,5}$/);
  const mock = fc.record({
    template: fc.string({ maxLength: 20 }),
    passthroughBehavior: fc.constantFrom('when_no_match', 'never', 'when_no_templates'),
    pattern: fc.constantFrom('default', '4\\d{2}'),
    header: fc.boolean(),
  });
  const operation = (models: readonly string[]) =>
    fc
      .record({
        mock,
        operationId: fc.option(name, { nil: undefined }),
        query: fc.option(fc.boolean(), { nil: undefined }),
        body: fc.option(fc.constantFrom(...models), { nil: undefined }),
        answer: fc.option(fc.constantFrom(...models), { nil: undefined }),
        key: fc.boolean(),
      })
      .map(({ mock: { template, passthroughBehavior, pattern, header }, ...given }) => ({
        operationId: given.operationId,
        parameters:
          given.query === undefined
            ? undefined
            : [{ name: 'q', in: 'query', required: given.query, schema: { type: 'string' } }],
        requestBody: given.body && {
          content: { 'application/json': { schema: { $ref: `#/components/schemas/${given.body}` } } },
        },
        security: given.key ? [{ api_key: [] }] : undefined,
        responses: {
          200: {
            description: 'ok',
            headers: header ? { 'X-One': { schema: { type: 'string' } } } : undefined,
            content: given.answer && {
              'application/json': { schema: { $ref: `#/components/schemas/${given.answer}` } },
            },
          },
        },
        'x-amazon-apigateway-integration': {
          type: 'mock',
          passthroughBehavior,
          requestTemplates: { 'application/json': '{"statusCode": 200}' },
          responses: {
            [pattern]: {
              statusCode: '200',
              responseTemplates: { 'text/plain': template },
              responseParameters: header ? { 'method.response.header.X-One': "'1'" } : undefined,
            },
          },
        },
      }));

  const definition = fc
    .uniqueArray(name, { minLength: 2, maxLength: 4 })
    .chain((models) =>
      fc.record({
        models: fc.constant(models),
        paths: fc.dictionary(
          fc.stringMatching(/^(\/[a-z]{1,4}){1,3}(\/\{id\})?$/),
          fc.dictionary(fc.constantFrom('get', 'post', 'x-amazon-apigateway-any-method'), operation(models), {
            minKeys: 1,
          }),
          { minKeys: 1, maxKeys: 4 },
        ),
        binary: fc.boolean(),
        description: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
      }),
    )
    .map(({ models, paths, binary, description }) => ({
      openapi: '3.0.1',
      info: { title: 'any', version: '1', description },
      paths: {
        ...paths,
        // In use, each of them.
        '/all': {
          get: {
            responses: Object.fromEntries(
              models.map((model, index) => [
                String(200 + index),
                {
                  description: 'ok',
                  content: { 'application/json': { schema: { $ref: `#/components/schemas/${model}` } } },
                },
              ]),
            ),
            'x-amazon-apigateway-integration': { type: 'mock' },
          },
        },
      },
      components: {
        schemas: Object.fromEntries(
          models.map((model, index) => [
            model,
            {
              type: 'object',
              properties: { next: { $ref: `#/components/schemas/${models[(index + 1) % models.length]}` } },
            },
          ]),
        ),
        securitySchemes: { api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' } },
      },
      ...(binary ? { 'x-amazon-apigateway-binary-media-types': ['image/png'] } : {}),
    }));

  test.each([
    ['oas30', 'application/json'],
    ['oas30', 'application/yaml'],
    ['swagger', 'application/json'],
  ])('%s as %s', async (exportType, accepts) => {
    await fc.assert(
      fc.asyncProperty(definition, async (given) => {
        const first = await deployed(given);
        const second = await deployed((await exported(first, exportType, 'apigateway', accepts)).text);
        expect(await whole(second)).toBe(await whole(first));
      }),
      { numRuns: 5 },
    );
  });

  test('the shop of pets', async () => {
    const { Empty: _unused, ...definitions } = swaggerPets.definitions;
    const first = await deployed({ ...swaggerPets, definitions });
    for (const exportType of ['oas30', 'swagger']) {
      const second = await deployed((await exported(first, exportType, 'apigateway')).text);
      expect(await whole(second)).toBe(await whole(first));
    }
  });
});
