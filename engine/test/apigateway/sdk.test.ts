import {
  CreateRestApiCommand,
  GetMethodCommand,
  GetModelsCommand,
  GetModelTemplateCommand,
  GetResourcesCommand,
  GetSdkCommand,
  GetSdkTypesCommand,
  ImportRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { strFromU8, unzipSync } from 'fflate';
import { swaggerPets } from './definitions';
import { Bed, TestApi } from './support';

let bed: Bed;
let restApiId: string;

beforeAll(async () => {
  bed = await Bed.start();
  const echo = await bed.newFunction(
    'echo',
    'exports.handler = async (event) => ({ statusCode: event.path === "/pets" ? 200 : 404, body: JSON.stringify(event) });',
  );
  const toEcho = {
    type: 'aws_proxy',
    httpMethod: 'POST',
    uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${echo}/invocations`,
  };
  const { '/pets': pets, '/pets/{petId}': pet } = swaggerPets.paths;
  const definition = {
    ...swaggerPets,
    paths: {
      '/pets': {
        get: { ...pets.get, security: undefined, 'x-amazon-apigateway-integration': toEcho },
        post: { ...pets.post, security: undefined, 'x-amazon-apigateway-integration': toEcho },
      },
      '/pets/{petId}': { get: { ...pet.get, 'x-amazon-apigateway-integration': toEcho } },
    },
    securityDefinitions: {},
  };
  const body = Buffer.from(JSON.stringify(definition));
  const made = await bed.api.send(new ImportRestApiCommand({ body }));
  restApiId = made.id!;
  await new TestApi(bed, restApiId, made.rootResourceId!).deploy('prod');
});
afterAll(() => bed.stop());

interface Client {
  [name: string]: (
    params?: object,
    body?: unknown,
    more?: object,
  ) => Promise<{ status: number; data: { queryStringParameters: object; body: string } }>;
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-generate-sdk-javascript.html
test('a client of the API works, and has the types of its models', async () => {
  const { items } = await bed.api.send(new GetSdkTypesCommand({}));
  expect(items?.map(({ id }) => id)).toEqual(['javascript']);
  const sdk = await bed.api.send(new GetSdkCommand({ restApiId, stageName: 'prod', sdkType: 'javascript' }));
  expect(sdk.contentDisposition).toMatch(/^attachment; filename="javascript_[\d-]+\.zip"$/);
  const files = unzipSync(sdk.body ?? new Uint8Array());
  const code = strFromU8(files['apiGateway-js-sdk/apigClient.js'] ?? new Uint8Array());
  const module: { exports: { newClient?: (config: object) => Client } } = { exports: {} };
  new Function('module', code)(module);
  const client = module.exports.newClient!({
    invokeUrl: `${bed.cloud.endpoint}/_aws/execute-api/${restApiId}/prod`,
  });
  expect(Object.keys(client)).toEqual(expect.arrayContaining(['petsGet', 'petsPost', 'petsPetIdGet']));
  const { status, data } = await client.petsGet!({ type: 'cat' }, undefined, { queryParams: { more: '1' } });
  expect(status).toBe(200);
  expect(data.queryStringParameters).toEqual({ type: 'cat', more: '1' });
  expect((await client.petsPost!({}, { type: 'dog' })).data.body).toBe('{"type":"dog"}');
  await expect(client.petsPetIdGet!({ petId: 'a/b' })).rejects.toMatchObject({
    response: { status: 404, data: { path: '/pets/a%2Fb' } },
  });
  await expect(client.petsPetIdGet!({})).rejects.toThrow('Missing the path parameter petId');

  const types = strFromU8(files['apiGateway-js-sdk/apigClient.d.ts'] ?? new Uint8Array());
  expect(types).toContain('export type Pets = (Pet)[];');
  expect(types).toContain(
    'export type NewPet = { "type": "dog" | "cat"; "price"?: number; [name: string]: unknown };',
  );
  expect(types).toContain(
    '"petsPetIdGet"(params: { "petId": string }, body?: unknown, additionalParams?: AdditionalParams): Promise<Answer<Pet>>;',
  );
  await expect(
    bed.api.send(new GetSdkCommand({ restApiId, stageName: 'prod', sdkType: 'ruby' })),
  ).rejects.toMatchObject({ name: 'NotImplemented' });
});

test('a template to begin a mapping with', async () => {
  const { value } = await bed.api.send(new GetModelTemplateCommand({ restApiId, modelName: 'Pet' }));
  expect(value).toBe(
    '#set($inputRoot = $input.path(\'$\'))\n{\n  "id" : 42,\n  "type" : "foo",\n  "price" : 3.149\n}',
  );
});

// https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html
test('an API cloned from another', async () => {
  const { id } = await bed.api.send(new CreateRestApiCommand({ name: 'clone', cloneFrom: restApiId }));
  const shape = async (of: string | undefined) => {
    const { items = [] } = await bed.api.send(new GetResourcesCommand({ restApiId: of }));
    return items.map(({ path, resourceMethods }) => [path, Object.keys(resourceMethods ?? {})]);
  };
  expect(await shape(id)).toEqual(await shape(restApiId));
  const { items = [] } = await bed.api.send(new GetResourcesCommand({ restApiId: id }));
  const pets = items.find(({ path }) => path === '/pets');
  const method = await bed.api.send(
    new GetMethodCommand({ restApiId: id, resourceId: pets?.id, httpMethod: 'GET' }),
  );
  expect(method.methodIntegration?.cacheNamespace).toBe(pets?.id);
  const models = await bed.api.send(new GetModelsCommand({ restApiId: id }));
  expect(models.items?.find(({ name }) => name === 'Pets')?.schema).toContain(`/restapis/${id}/models/Pet`);
  await expect(
    bed.api.send(new CreateRestApiCommand({ name: 'x', cloneFrom: 'nowhere' })),
  ).rejects.toMatchObject({ name: 'NotFoundException' });
});
