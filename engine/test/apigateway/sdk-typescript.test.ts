import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { GetSdkCommand, ImportRestApiCommand } from '@aws-sdk/client-api-gateway';
import { unzipSync } from 'fflate';
import { Bed, TestApi } from './support';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-generate-sdk-javascript.html
const run = promisify(execFile);
const TSC = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
let bed: Bed;
let folder: string;

beforeAll(async () => {
  bed = await Bed.start();
  folder = mkdtempSync(join(tmpdir(), 'sdk-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await bed.stop();
});

async function sdkOf(paths: object, schemas: object = {}) {
  const echo = await bed.newFunction(
    `echo${Object.keys(paths).length}`,
    'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify({ id: 7, kind: "dog", name: event.path, of: event }) });',
  );
  const integration = {
    type: 'aws_proxy',
    httpMethod: 'POST',
    uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${echo}/invocations`,
  };
  const withIntegrations = Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([verb, method]) => [
          verb,
          { ...(method as object), 'x-amazon-apigateway-integration': integration },
        ]),
      ),
    ]),
  );
  const definition = {
    openapi: '3.0.1',
    info: { title: 'typed', version: '1' },
    paths: withIntegrations,
    components: { schemas },
  };
  const { id = '', rootResourceId = '' } = await bed.api.send(
    new ImportRestApiCommand({ body: Buffer.from(JSON.stringify(definition)) }),
  );
  await new TestApi(bed, id, rootResourceId).deploy('prod');
  const sdk = await bed.api.send(
    new GetSdkCommand({ restApiId: id, stageName: 'prod', sdkType: 'javascript' }),
  );
  return { id, files: unzipSync(sdk.body ?? new Uint8Array()) };
}

const of = (name: string) => ({
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});
const path = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } });
const query = (name: string, required: boolean) => ({
  name,
  in: 'query',
  required,
  schema: { type: 'string' },
});

const PATHS = {
  '/pets': {
    get: { parameters: [query('kind', false)], responses: { 200: of('Pets') } },
    post: { requestBody: of('NewPet'), responses: { 200: of('Pet') } },
  },
  '/pets/{petId}': { get: { parameters: [path('petId')], responses: { 200: of('Pet') } } },
  '/search': { get: { parameters: [query('q', true)], responses: { 200: of('Client') } } },
  '/1st-of/{all+}': { get: { parameters: [path('all')], responses: { 200: of('Pet') } } },
  '/a-b': { get: { responses: { 200: of('string') } } },
  '/a/b': { get: { responses: { 200: of('2nd') } } },
};

const SCHEMAS = {
  NewPet: {
    type: 'object',
    required: ['kind'],
    properties: { kind: { type: 'string', enum: ['cat', 'dog'] }, age: { type: 'integer' } },
    additionalProperties: false,
  },
  Pet: {
    type: 'object',
    required: ['id', 'kind'],
    properties: {
      id: { type: 'integer' },
      kind: { type: 'string', enum: ['cat', 'dog'] },
      'pet-name': { type: 'string' },
      parent: { $ref: '#/components/schemas/Pet' },
    },
  },
  Pets: { type: 'array', items: { $ref: '#/components/schemas/Pet' } },
  // Names that the declarations, or TypeScript, have something else for.
  Client: { type: 'object', required: ['id'], properties: { id: { type: 'number' } } },
  string: { type: 'object', required: ['id'], properties: { id: { type: 'number' } } },
  '2nd': { type: 'object', required: ['id'], properties: { id: { type: 'number' } } },
};

/** Each line below an expectation has to be an error, as the compiler refuses an expectation that nothing meets. */
const PROGRAM = (invokeUrl: string) => `
import { type Client, newClient, type NewPet, type Pet } from './apigClient';

const client: Client = newClient({ invokeUrl: ${JSON.stringify(invokeUrl)} });

export async function all(): Promise<unknown[]> {
  const pet: Pet = (await client.petsPetIdGet({ petId: 'a b' })).data;
  const kind: 'cat' | 'dog' = pet.kind;
  const parent: number | undefined = pet.parent?.id;
  const made: NewPet = { kind: 'cat', age: 3 };
  const posted = await client.petsPost({}, made, { headers: { 'x-more': '1' } });
  await client.petsGet();
  await client.petsGet({ kind: 'cat' });
  const found: number = (await client.searchGet({ q: 'x' })).data.id;
  const first = await client['1stOfAllGet']({ all: 'x/y' });
  const other: number = (await client.aBGet()).data.id + (await client.aBGet2()).data.id;
  return [pet['name'], kind, parent, posted.status, found, first.data['name'], other];
}

export async function wrong(): Promise<void> {
  // @ts-expect-error a path parameter is needed
  await client.petsPetIdGet();
  // @ts-expect-error and has to be text
  await client.petsPetIdGet({ petId: 7 });
  // @ts-expect-error a parameter that the method does not know
  await client.petsGet({ sort: 'up' });
  // @ts-expect-error a query parameter that is required
  await client.searchGet({});
  // @ts-expect-error a body that the model refuses
  await client.petsPost({}, { kind: 'fish' });
  // @ts-expect-error a body that lacks something
  await client.petsPost({}, { age: 3 });
  // @ts-expect-error a body that has something more
  await client.petsPost({}, { kind: 'cat', wings: 2 });
  // @ts-expect-error an answer is what its model says
  const id: string = (await client.petsPetIdGet({ petId: '1' })).data.id;
  // @ts-expect-error a list of pets is no pet
  const pet: Pet = (await client.petsGet()).data;
  // @ts-expect-error a method that the API does not have
  await client.petsDelete();
  console.log(id, pet);
}
`;

test('the client works in a strict TypeScript program, which may not use it wrongly', async () => {
  const { id, files } = await sdkOf(PATHS, SCHEMAS);
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const at = join(folder, 'apiGateway-js-sdk');
  writeFileSync(join(at, 'package.json'), '{"type":"commonjs"}');
  const invokeUrl = `${bed.cloud.endpoint}/_aws/execute-api/${id}/prod`;
  writeFileSync(join(at, 'program.ts'), PROGRAM(invokeUrl));
  const options = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--types', ''];
  const emit = ['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom', '--noEmitOnError'];
  const compiled = await run(process.execPath, [TSC, ...options, ...emit, 'program.ts'], { cwd: at }).catch(
    (error: { stdout: string }) => error,
  );
  expect(compiled.stdout).toBe('');
  const script = "require('./program').all().then((told) => console.log(JSON.stringify(told)))";
  const { stdout } = await run(process.execPath, ['-e', script], { cwd: at });
  expect(JSON.parse(stdout)).toEqual(['/pets/a%20b', 'dog', null, 200, 7, '/1st-of/x/y', 14]);
}, 60_000);

// "If your API only has ANY methods defined, the generated SDK package will not contain an apigClient.js file."
test('methods ANY are for others to define', async () => {
  const { files } = await sdkOf({ '/any': { 'x-amazon-apigateway-any-method': {} } });
  expect(Object.keys(files)).toEqual(['apiGateway-js-sdk/README.md']);
});
