import {
  CreateApiKeyCommand,
  CreateModelCommand,
  DeleteApiKeyCommand,
  GetApiKeyCommand,
  GetModelCommand,
} from '@aws-sdk/client-api-gateway';
import { compileModel } from '../../src/execute-api/models';
import { Bed } from './support';

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed.stop());

// https://docs.aws.amazon.com/apigateway/latest/api/API_GetModel.html#apigw-GetModel-request-flatten
test('a flattened model stands for itself', async () => {
  const { id: restApiId } = await bed.newApi();
  const reference = (name: string, pointer = '') => ({
    $ref: `https://apigateway.amazonaws.com/restapis/${restApiId}/models/${name}${pointer}`,
  });
  const create = (name: string, schema: object) =>
    bed.api.send(
      new CreateModelCommand({
        restApiId,
        name,
        contentType: 'application/json',
        schema: JSON.stringify(schema),
      }),
    );
  const get = async (modelName: string, flatten?: boolean) =>
    (await bed.api.send(new GetModelCommand({ restApiId, modelName, flatten }))).schema ?? '';
  await create('Leaf', {
    type: 'object',
    properties: { name: { $ref: '#/definitions/Short' } },
    required: ['name'],
    definitions: { Short: { type: 'string', maxLength: 3 } },
  });
  await create('Branch', {
    type: 'object',
    properties: { leaves: { type: 'array', items: reference('Leaf') }, branch: reference('Branch') },
    definitions: { Leaf: { type: 'integer' } },
  });
  await create('Tree', {
    type: 'object',
    properties: { trunk: reference('Branch'), short: reference('Leaf', '#/definitions/Short') },
  });
  expect(await get('Tree', false)).toContain(`/restapis/${restApiId}/models/Branch`);
  for (const name of ['Tree', 'Branch']) expect(await get(name, true)).not.toContain('restapis');
  expect(JSON.parse(await get('Branch', true)).properties).toEqual({
    leaves: { type: 'array', items: { $ref: '#/definitions/Leaf_' } },
    branch: { $ref: '#' },
  });

  // Alone it says of every value what it says among the others.
  const models = Object.fromEntries(
    await Promise.all(['Tree', 'Branch', 'Leaf'].map(async (name) => [name, await get(name)] as const)),
  );
  const [among, alone] = [
    compileModel('Tree', models),
    compileModel('Tree', { Tree: await get('Tree', true) }),
  ];
  const branch = { leaves: [{ name: 'oak' }], branch: { leaves: [] } };
  expect(alone({ trunk: branch, short: 'abc' })).toBeUndefined();
  for (const wrong of [
    { short: 'abcd' },
    { trunk: { leaves: [{ name: 'beech' }] } },
    { trunk: { branch: { branch: { leaves: [{}] } } } },
  ]) {
    expect(among(wrong)).toHaveLength(1);
    expect(alone(wrong)).toEqual(among(wrong));
  }
});

// https://docs.aws.amazon.com/apigateway/latest/api/API_CreateApiKey.html#apigw-CreateApiKey-request-generateDistinctId
test('a key whose id is its value', async () => {
  const made = await bed.api.send(new CreateApiKeyCommand({ name: 'old', generateDistinctId: false }));
  expect(made.id).toBe(made.value);
  const apiKey = made.id;
  expect(await bed.api.send(new GetApiKeyCommand({ apiKey, includeValue: true }))).toMatchObject({
    name: 'old',
    value: made.id,
  });
  await bed.api.send(new DeleteApiKeyCommand({ apiKey }));
  await expect(bed.api.send(new GetApiKeyCommand({ apiKey }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
  const other = await bed.api.send(new CreateApiKeyCommand({ name: 'new', generateDistinctId: true }));
  expect(other.id).not.toBe(other.value);
});
