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
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { strFromU8, unzipSync } from 'fflate';
import { swaggerPets } from './definitions';
import { Bed, TestApi } from './support';

let bed: Bed;
let restApiId: string;
/** Of a function that answers with its event. */
let uri: string;

beforeAll(async () => {
  bed = await Bed.start();
  const echo = await bed.newFunction(
    'echo',
    'exports.handler = async (event) => ({ statusCode: event.path.startsWith("/pets/") ? 404 : 200, body: JSON.stringify(event) });',
  );
  uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${echo}/invocations`;
  const toEcho = { type: 'aws_proxy', httpMethod: 'POST', uri };
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

/** The SDK of an API's stage, and its client at the address that this engine has for the stage. */
async function sdkOf(id: string) {
  const sdk = await bed.api.send(
    new GetSdkCommand({ restApiId: id, stageName: 'prod', sdkType: 'javascript' }),
  );
  const files = unzipSync(sdk.body ?? new Uint8Array());
  const code = strFromU8(files['apiGateway-js-sdk/apigClient.js'] ?? new Uint8Array());
  const module: { exports: { newClient?: (config: object) => Client } } = { exports: {} };
  new Function('module', code)(module);
  const invokeUrl = `${bed.cloud.endpoint}/_aws/execute-api/${id}/prod`;
  return { sdk, files, newClient: (config: object) => module.exports.newClient!({ invokeUrl, ...config }) };
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-generate-sdk-javascript.html
test('a client of the API works, and has the types of its models', async () => {
  const { items } = await bed.api.send(new GetSdkTypesCommand({}));
  expect(items?.map(({ id }) => id)).toEqual(['javascript']);
  const { sdk, files, newClient } = await sdkOf(restApiId);
  expect(sdk.contentDisposition).toMatch(/^attachment; filename="javascript_[\d-]+\.zip"$/);
  const client = newClient({});
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

// "If the API method is AWS_IAM-authorized: apigClientFactory.newClient({ accessKey, secretKey, sessionToken, region })"
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-generate-sdk-javascript.html
test('with keys it signs', async () => {
  const api = await bed.newApi();
  await api.method(
    'POST',
    '/signed/{name}',
    { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri },
    {
      authorizationType: 'AWS_IAM',
      requestParameters: { 'method.request.querystring.a': false, 'method.request.querystring.a-b': false },
    },
  );
  await api.deploy();
  const { newClient } = await sdkOf(api.id);
  const ask = (config: object) =>
    newClient(config).signedNamePost!({ name: "it's (1*2)/ü", a: 'x y+z&=', 'a-b': '~' }, { über: 1 })
      .then(({ status, data }) => [status, data.queryStringParameters, data.body])
      .catch((error: { response: { status: number; headers: Record<string, string> } }) => [
        error.response.status,
        error.response.headers['x-amzn-errortype'],
      ]);
  const served = [200, { a: 'x y+z&=', 'a-b': '~' }, '{"über":1}'];
  expect(await ask({ accessKey: 'test', secretKey: 'test' })).toEqual(served);
  expect(await ask({})).toEqual([403, 'MissingAuthenticationTokenException']);
  expect(await ask({ accessKey: 'test', secretKey: 'other' })).toEqual([403, 'InvalidSignatureException']);
  expect(() => newClient({ accessKey: 'test' })).toThrow('secretKey');

  const iam = bed.cloud.client(IAMClient);
  const sts = bed.cloud.client(STSClient);
  const everybody = { Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' };
  const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'visitor', AssumeRolePolicyDocument: document(everybody) }),
  );
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'visit' }),
  );
  const session = {
    accessKey: Credentials?.AccessKeyId,
    secretKey: Credentials?.SecretAccessKey,
    sessionToken: Credentials?.SessionToken,
  };
  expect(await ask(session)).toEqual([403, 'AccessDeniedException']);
  const grant = {
    Effect: 'Allow',
    Action: 'execute-api:Invoke',
    Resource: `arn:aws:execute-api:*:*:${api.id}/prod/POST/*`,
  };
  await iam.send(
    new PutRolePolicyCommand({ RoleName: 'visitor', PolicyName: 'visit', PolicyDocument: document(grant) }),
  );
  expect(await ask(session)).toEqual(served);
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
