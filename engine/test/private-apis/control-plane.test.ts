import {
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetExportCommand,
  GetRestApiCommand,
  ImportRestApiCommand,
  TestInvokeMethodCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { allow, type Network, PrivateBed } from './bed';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html

let beds: PrivateBed;
let network: Network;
let id = '';
let other = '';

beforeAll(async () => {
  beds = await PrivateBed.start();
  network = await beds.network('10.3.0.0/24');
  id = (await beds.endpoint(network)).VpcEndpointId ?? '';
  const elsewhere = { ServiceName: 'com.amazonaws.us-east-1.sqs' };
  other = (await beds.endpoint(network, elsewhere)).VpcEndpointId ?? '';
}, 30_000);
afterAll(() => beds.stop());

const TYPE = '/endpointConfiguration/types/';
const ENDPOINTS = '/endpointConfiguration/vpcEndpointIds';

type Operation = readonly [op: 'add' | 'remove' | 'replace', path: string, value: string];

async function patched(restApiId: string, ...operations: Operation[]) {
  const patchOperations = operations.map(([op, path, value]) => ({ op, path, value }));
  const updated = await beds.bed.api.send(new UpdateRestApiCommand({ restApiId, patchOperations }));
  return updated.endpointConfiguration;
}

const create = (endpointConfiguration: CreateRestApiCommand['input']['endpointConfiguration']) =>
  beds.bed.api.send(new CreateRestApiCommand({ name: 'private', endpointConfiguration }));

const refused = (message: string) => ({ name: 'BadRequestException', message });

test('a private API is reached by both kinds of addresses, and knows its endpoints', async () => {
  const made = await create({ types: ['PRIVATE'], vpcEndpointIds: [id] });
  const endpointConfiguration = { types: ['PRIVATE'], ipAddressType: 'dualstack', vpcEndpointIds: [id] };
  expect(made.endpointConfiguration).toEqual(endpointConfiguration);
  const read = await beds.bed.api.send(new GetRestApiCommand({ restApiId: made.id }));
  expect(read.endpointConfiguration).toEqual(endpointConfiguration);
});

test('what does not fit is refused', async () => {
  const ONLY = refused('VPCEndpoints can only be specified with PRIVATE apis.');
  await expect(create({ types: ['REGIONAL'], vpcEndpointIds: [id] })).rejects.toMatchObject(ONLY);
  await expect(create({ types: ['PRIVATE'], ipAddressType: 'ipv4' })).rejects.toMatchObject(
    refused('Only dualstack ipAddressType is supported for Private APIs.'),
  );
  for (const wrong of [other, 'vpce-0123456789abcdef0', network.vpc]) {
    const asked = create({ types: ['PRIVATE'], vpcEndpointIds: [wrong] });
    await expect(asked).rejects.toMatchObject(refused(`Invalid VPC endpoint identifier specified: ${wrong}`));
  }
  await expect(create({ types: ['EDGE', 'PRIVATE'] })).rejects.toMatchObject(
    refused('Cannot create an api with multiple Endpoint Types.'),
  );
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-api-migration.html
test('types change as far as AWS lets them', async () => {
  const { id: api = '' } = await create({ types: ['EDGE'] });
  const notPrivate = patched(api, ['add', ENDPOINTS, id]);
  await expect(notPrivate).rejects.toMatchObject(
    refused('VPCEndpoints can only be specified with PRIVATE apis.'),
  );
  const both = await patched(api, ['replace', `${TYPE}EDGE`, 'PRIVATE'], ['add', ENDPOINTS, id]);
  expect(both).toEqual({ types: ['PRIVATE'], ipAddressType: 'dualstack', vpcEndpointIds: [id] });
  await expect(patched(api, ['replace', `${TYPE}PRIVATE`, 'EDGE'])).rejects.toMatchObject({
    name: 'BadRequestException',
  });
  await expect(patched(api, ['replace', `${TYPE}PRIVATE`, 'REGIONAL'])).rejects.toMatchObject(
    refused('VPCEndpoints can only be specified with PRIVATE apis.'),
  );
  const ipv4 = patched(api, ['replace', '/endpointConfiguration/ipAddressType', 'ipv4']);
  await expect(ipv4).rejects.toMatchObject(
    refused('Only dualstack ipAddressType is supported for Private APIs.'),
  );
  const back = await patched(api, ['remove', ENDPOINTS, id], ['replace', `${TYPE}PRIVATE`, 'REGIONAL']);
  expect(back).toEqual({ types: ['REGIONAL'], ipAddressType: 'dualstack' });
  await expect(patched(api, ['replace', `${TYPE}REGIONAL`, 'LOCAL'])).rejects.toMatchObject(
    refused('Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE'),
  );
});

test('endpoints are added and removed one by one', async () => {
  const { id: api = '' } = await create({ types: ['PRIVATE'] });
  const elsewhere = await beds.network('10.4.0.0/24');
  const { VpcEndpointId: second = '' } = await beds.endpoint(elsewhere);
  expect(await patched(api, ['add', ENDPOINTS, id], ['add', ENDPOINTS, second])).toMatchObject({
    vpcEndpointIds: [id, second],
  });
  expect(await patched(api, ['remove', ENDPOINTS, id])).toMatchObject({ vpcEndpointIds: [second] });
  await expect(patched(api, ['add', ENDPOINTS, other])).rejects.toMatchObject(
    refused(`Invalid VPC endpoint identifier specified: ${other}`),
  );
  await expect(patched(api, ['replace', ENDPOINTS, id])).rejects.toMatchObject({
    name: 'BadRequestException',
  });
});

test('a private API is not deployed without a policy, and tested all the same', async () => {
  const api = await beds.bed.newApi({ endpointConfiguration: { types: ['PRIVATE'] } });
  const where = await api.method('GET', '/', {
    type: 'MOCK',
    requestTemplates: { 'application/json': '{"statusCode":200}' },
  });
  const deploy = () =>
    beds.bed.api.send(new CreateDeploymentCommand({ restApiId: api.id, stageName: 'prod' }));
  await expect(deploy()).rejects.toMatchObject(
    refused("Private REST API doesn't have a resource policy attached to it"),
  );
  const tested = await beds.bed.api.send(new TestInvokeMethodCommand(where));
  // A MOCK without a response is a configuration error: the path was gone to its end.
  expect(tested.status).toBe(500);
  await beds.policy(api, allow());
  expect((await deploy()).id).toBeDefined();
});

test('definitions bring endpoints and policy along, and tell of them', async () => {
  const definition = {
    openapi: '3.0.1',
    info: { title: 'private', version: '1' },
    servers: [{ url: '/', 'x-amazon-apigateway-endpoint-configuration': { vpcEndpointIds: [id] } }],
    paths: { '/': { get: { 'x-amazon-apigateway-integration': { type: 'mock' } } } },
    'x-amazon-apigateway-policy': allow(),
  };
  const body = Buffer.from(JSON.stringify(definition));
  const asEdge = beds.bed.api.send(new ImportRestApiCommand({ body }));
  await expect(asEdge).rejects.toMatchObject(
    refused('VPCEndpoints can only be specified with PRIVATE apis.'),
  );
  const parameters = { endpointConfigurationTypes: 'PRIVATE' };
  const { endpointConfiguration, id: restApiId } = await beds.bed.api.send(
    new ImportRestApiCommand({ body, parameters }),
  );
  expect(endpointConfiguration).toMatchObject({ types: ['PRIVATE'], vpcEndpointIds: [id] });
  const stageName = 'prod';
  await beds.bed.api.send(new CreateDeploymentCommand({ restApiId, stageName }));
  const exported = await beds.bed.api.send(
    new GetExportCommand({
      restApiId,
      stageName,
      exportType: 'oas30',
      parameters: { extensions: 'apigateway' },
    }),
  );
  expect(JSON.parse(Buffer.from(exported.body ?? []).toString())).toMatchObject({
    'x-amazon-apigateway-endpoint-configuration': { vpcEndpointIds: [id] },
    'x-amazon-apigateway-policy': { Version: '2012-10-17' },
  });
});

test('what is not built is refused by name', async () => {
  const asked = { name: 'private', endpointConfiguration: { types: ['PRIVATE' as const] } };
  for (const more of [{ securityPolicy: 'TLS_1_2' as const }, { endpointAccessMode: 'BASIC' as const }]) {
    const made = beds.bed.api.send(new CreateRestApiCommand({ ...asked, ...more }));
    await expect(made).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
  }
});
