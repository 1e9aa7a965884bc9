import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateDocumentationPartCommand,
  CreateDocumentationVersionCommand,
  DeleteDocumentationPartCommand,
  DeleteDocumentationVersionCommand,
  GetDocumentationPartCommand,
  GetDocumentationPartsCommand,
  GetDocumentationVersionCommand,
  GetDocumentationVersionsCommand,
  GetStageCommand,
  ImportDocumentationPartsCommand,
  ImportRestApiCommand,
  UpdateDocumentationPartCommand,
  UpdateDocumentationVersionCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { startCloud, type TestCloud } from '../../src/testing';
import { swaggerPets } from './definitions';

let cloud: TestCloud;
let api: APIGatewayClient;
let restApiId: string;

beforeAll(async () => {
  cloud = await startCloud();
  api = cloud.client(APIGatewayClient);
});
afterAll(() => cloud.stop());
beforeEach(async () => {
  const body = Buffer.from(JSON.stringify(swaggerPets));
  const made = await api.send(new ImportRestApiCommand({ body, parameters: { ignore: 'documentation' } }));
  restApiId = made.id!;
});

const create = (location: { type: 'API' | 'METHOD' | 'QUERY_PARAMETER'; path?: string; name?: string }) =>
  api.send(new CreateDocumentationPartCommand({ restApiId, location, properties: '{"foo":"bar"}' }));

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-documenting-api.html
describe('parts', () => {
  test('from creation to deletion', async () => {
    const part = await create({ type: 'API' });
    expect(part).toMatchObject({ location: { type: 'API' }, properties: '{"foo":"bar"}' });
    await create({ type: 'METHOD', path: '/pets' });
    const where = { restApiId, documentationPartId: part.id };
    await api.send(
      new UpdateDocumentationPartCommand({
        ...where,
        patchOperations: [{ op: 'replace', path: '/properties', value: '{"a":1}' }],
      }),
    );
    expect(await api.send(new GetDocumentationPartCommand(where))).toMatchObject({ properties: '{"a":1}' });
    const found = await api.send(new GetDocumentationPartsCommand({ restApiId, path: '/pets' }));
    expect(found.items).toEqual([expect.objectContaining({ location: { type: 'METHOD', path: '/pets' } })]);
    await api.send(new DeleteDocumentationPartCommand(where));
    await expect(api.send(new DeleteDocumentationPartCommand(where))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Invalid Documentation part identifier specified',
    });
  });

  test('one place is told of once', async () => {
    await create({ type: 'METHOD', path: '/' });
    await expect(create({ type: 'METHOD' })).rejects.toMatchObject({ name: 'ConflictException' });
    await expect(create({ type: 'QUERY_PARAMETER', path: '/' })).rejects.toMatchObject({
      name: 'BadRequestException',
    });
    await expect(create({ type: 'API', path: '/' })).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  test('imported, merged and overwritten', async () => {
    const load = async (parts: object[], mode?: 'merge' | 'overwrite') =>
      api.send(
        new ImportDocumentationPartsCommand({
          restApiId,
          mode,
          body: Buffer.from(JSON.stringify({ documentationParts: parts })),
        }),
      );
    const { ids } = await load([{ location: { type: 'API' }, properties: { description: 'one' } }]);
    const again = await load([
      { location: { type: 'API' }, properties: { description: 'two' } },
      { location: { type: 'NONSENSE' }, properties: {} },
    ]);
    expect(again.ids).toEqual(ids);
    expect(again.warnings).toHaveLength(1);
    await load([{ location: { type: 'METHOD', path: '/pets' }, properties: { summary: 's' } }], 'overwrite');
    const { items } = await api.send(new GetDocumentationPartsCommand({ restApiId }));
    expect(items?.map(({ location }) => location?.type)).toEqual(['METHOD']);
  });

  test('of an API that is not there', async () => {
    await expect(api.send(new GetDocumentationPartsCommand({ restApiId: 'api_id' }))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Invalid API identifier specified 000000000000:api_id',
    });
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-documenting-api-quick-start-publish.html
test('versions are published on stages', async () => {
  await create({ type: 'API' });
  await api.send(new CreateDeploymentCommand({ restApiId, stageName: 'prod' }));
  const made = await api.send(
    new CreateDocumentationVersionCommand({ restApiId, documentationVersion: 'v1', stageName: 'prod' }),
  );
  expect(made).toMatchObject({ version: 'v1', createdDate: expect.any(Date) });
  expect(await api.send(new GetStageCommand({ restApiId, stageName: 'prod' }))).toMatchObject({
    documentationVersion: 'v1',
  });
  await expect(
    api.send(new DeleteDocumentationVersionCommand({ restApiId, documentationVersion: 'v1' })),
  ).rejects.toMatchObject({ name: 'ConflictException' });
  const patch = (value: string) =>
    api.send(
      new UpdateStageCommand({
        restApiId,
        stageName: 'prod',
        patchOperations: [{ op: 'replace', path: '/documentationVersion', value }],
      }),
    );
  await expect(patch('v0')).rejects.toMatchObject({ name: 'NotFoundException' });
  await patch('');
  await api.send(
    new UpdateDocumentationVersionCommand({
      restApiId,
      documentationVersion: 'v1',
      patchOperations: [{ op: 'replace', path: '/description', value: 'new' }],
    }),
  );
  expect(
    await api.send(new GetDocumentationVersionCommand({ restApiId, documentationVersion: 'v1' })),
  ).toMatchObject({ description: 'new', version: 'v1' });
  await api.send(new DeleteDocumentationVersionCommand({ restApiId, documentationVersion: 'v1' }));
  expect((await api.send(new GetDocumentationVersionsCommand({ restApiId }))).items).toEqual([]);
});
