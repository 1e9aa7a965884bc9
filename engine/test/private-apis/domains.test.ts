import { get } from 'node:http';
import {
  CreateBasePathMappingCommand,
  CreateDomainNameAccessAssociationCommand,
  CreateDomainNameCommand,
  DeleteBasePathMappingCommand,
  DeleteDomainNameAccessAssociationCommand,
  DeleteDomainNameCommand,
  DeleteRestApiCommand,
  type DomainName,
  GetBasePathMappingCommand,
  GetBasePathMappingsCommand,
  GetDomainNameAccessAssociationsCommand,
  GetDomainNameCommand,
  GetDomainNamesCommand,
  GetTagsCommand,
  RejectDomainNameAccessAssociationCommand,
  TagResourceCommand,
  UpdateBasePathMappingCommand,
  UpdateDomainNameCommand,
} from '@aws-sdk/client-api-gateway';
import { proxyTo, type TestApi } from '../apigateway/support';
import { ACCOUNT } from '../identity/callers';
import { allow, type Network, PrivateBed } from './bed';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html

const NAME = 'private.example.com';
const certificateArn = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/0a1b2c3d-0000-1111-2222-333344445555`;
const SAYS = `
exports.handler = async ({ path, requestContext }) => ({
  statusCode: 200,
  body: [requestContext.domainName, path, requestContext.identity.vpceId].join(' '),
});`;

let beds: PrivateBed;
let network: Network;
let api: TestApi;
let id = '';
let host = '';
let domain: DomainName;

beforeAll(async () => {
  beds = await PrivateBed.start();
  network = await beds.network('10.6.0.0/24');
  const endpoint = await beds.endpoint(network);
  id = endpoint.VpcEndpointId ?? '';
  host = endpoint.DnsEntries?.[0]?.DnsName ?? '';
  const input = { endpointConfiguration: { types: ['PRIVATE' as const] }, policy: JSON.stringify(allow()) };
  api = await beds.bed.newApi(input);
  await api.method('GET', '/', proxyTo(await beds.bed.newFunction('says', SAYS)));
  await api.deploy();
  await beds.caller('inside', network);
  domain = await create({ policy: JSON.stringify(allow()) });
}, 60_000);
afterAll(() => beds.stop());

type Create = Partial<CreateDomainNameCommand['input']>;

const create = (input: Create = {}) =>
  beds.bed.api.send(
    new CreateDomainNameCommand({
      domainName: NAME,
      certificateArn,
      endpointConfiguration: { types: ['PRIVATE'] },
      ...input,
    }),
  );

const where = () => ({ domainName: NAME, domainNameId: domain.domainNameId });

const map = (basePath?: string, restApiId = api.id) =>
  beds.bed.api.send(new CreateBasePathMappingCommand({ ...where(), basePath, restApiId, stage: 'prod' }));

const associate = (domainNameArn = domain.domainNameArn, accessAssociationSource = id) =>
  beds.bed.api.send(
    new CreateDomainNameAccessAssociationCommand({
      domainNameArn,
      accessAssociationSource,
      accessAssociationSourceType: 'VPCE',
    }),
  );

const associations = async () =>
  (await beds.bed.api.send(new GetDomainNameAccessAssociationsCommand({}))).items ?? [];

/** As curl does it: connects to the endpoint by its name, and asks for the domain. */
const call = (path: string, Host = NAME) =>
  beds.send('inside', { url: `https://${host}${path}`, headers: { Host }, servername: host });

const statusOutside = (path: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const options = { headers: { Host: NAME } };
    get(`${beds.bed.cloud.endpoint}${path}`, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });

test('a private domain is known by its name and its id', async () => {
  const { domainNameId = '' } = domain;
  expect(domain).toMatchObject({
    domainName: NAME,
    domainNameArn: `arn:aws:apigateway:us-east-1:${ACCOUNT}:/domainnames/${NAME}+${domainNameId}`,
    certificateArn,
    endpointConfiguration: { types: ['PRIVATE'], ipAddressType: 'dualstack' },
    domainNameStatus: 'AVAILABLE',
    securityPolicy: 'TLS_1_2',
  });
  expect(await beds.bed.api.send(new GetDomainNameCommand(where()))).toMatchObject({ domainNameId });
  const byName = beds.bed.api.send(new GetDomainNameCommand({ domainName: NAME }));
  await expect(byName).rejects.toMatchObject({ name: 'NotFoundException' });
  const second = await create();
  expect(second.domainNameId).not.toBe(domainNameId);
  const { items } = await beds.bed.api.send(new GetDomainNamesCommand({}));
  expect(items?.map((one) => one.domainNameId).sort()).toEqual([domainNameId, second.domainNameId].sort());
  const DENIES = { Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke' };
  expect(JSON.parse(second.policy ?? '')).toMatchObject({ Statement: [DENIES] });
  await beds.bed.api.send(
    new DeleteDomainNameCommand({ domainName: NAME, domainNameId: second.domainNameId }),
  );
});

test.each([
  ['no certificate', { certificateArn: undefined }, 400],
  ['a certificate of another kind', { regionalCertificateArn: certificateArn }, 400],
  ['a policy that is none', { policy: '{"Statement":1}' }, 400],
  ['a name that is none', { domainName: 'private' }, 400],
  ['another TLS policy', { securityPolicy: 'TLS_1_0' }, 501],
] satisfies [string, Create, number][])('%s is refused', async (_what, input, httpStatusCode) => {
  await expect(create(input)).rejects.toMatchObject({ $metadata: { httpStatusCode } });
});

test('it leads to private APIs, from endpoints that are associated, where its policy lets them', async () => {
  await map('shop');
  expect((await call('/shop/')).status).toBe(403);
  const made = await associate();
  expect(made).toMatchObject({
    domainNameArn: domain.domainNameArn,
    accessAssociationSource: id,
    accessAssociationSourceType: 'VPCE',
    domainNameAccessAssociationArn: `arn:aws:apigateway:us-east-1:${ACCOUNT}:/domainnameaccessassociations/domainname/${NAME}+${domain.domainNameId}/vpcesource/${id}`,
  });
  expect(await call('/shop/')).toMatchObject({ status: 200, body: `${NAME} /shop/ ${id}` });
  const FORBIDDEN = { status: 403, body: '{"message":"Forbidden"}' };
  expect(await call('/other/')).toMatchObject(FORBIDDEN);
  expect(await call('/shop/', 'other.example.com')).toMatchObject(FORBIDDEN);
  // Outside it is nobody's name.
  expect(await statusOutside('/shop/')).toBe(404);
  const decides = (policy: object) =>
    beds.bed.api.send(
      new UpdateDomainNameCommand({
        ...where(),
        patchOperations: [{ op: 'replace', path: '/policy', value: JSON.stringify(policy) }],
      }),
    );
  await decides(allow({ StringEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } }));
  const refused = await call('/shop/');
  expect(refused.status).toBe(403);
  expect(JSON.parse(refused.body ?? '').Message).toBe(
    'User: anonymous is not authorized to perform: execute-api:Invoke on resource: ' +
      `arn:aws:execute-api:us-east-1:********${ACCOUNT.slice(8)}:/domainnames/${NAME}+${domain.domainNameId}/shop/ ` +
      'because no resource-based policy allows the execute-api:Invoke action',
  );
  await decides(allow({ StringEquals: { 'aws:SourceVpce': id } }));
  expect((await call('/shop/')).status).toBe(200);
});

test('mappings are read, changed and removed', async () => {
  const path = { ...where(), basePath: 'shop' };
  const read = () => beds.bed.api.send(new GetBasePathMappingCommand(path));
  expect(await read()).toMatchObject({ basePath: 'shop', restApiId: api.id, stage: 'prod' });
  await expect(map('shop')).rejects.toMatchObject({ name: 'ConflictException' });
  const open = await beds.bed.newApi({ endpointConfiguration: { types: ['REGIONAL'] } });
  await expect(map('open', open.id)).rejects.toMatchObject({ name: 'BadRequestException' });
  await expect(map('a/b')).rejects.toMatchObject({ name: 'BadRequestException' });
  const removed = beds.bed.api.send(new DeleteRestApiCommand({ restApiId: api.id }));
  await expect(removed).rejects.toMatchObject({ name: 'BadRequestException' });
  const patchOperations = [{ op: 'replace' as const, path: '/basePath', value: '(none)' }];
  await beds.bed.api.send(new UpdateBasePathMappingCommand({ ...path, patchOperations }));
  await expect(read()).rejects.toMatchObject({ name: 'NotFoundException' });
  const { items } = await beds.bed.api.send(new GetBasePathMappingsCommand(where()));
  expect(items).toEqual([{ basePath: '(none)', restApiId: api.id, stage: 'prod' }]);
  expect(await call('/')).toMatchObject({ status: 200, body: `${NAME} / ${id}` });
  const unstaged = [{ op: 'replace' as const, path: '/stage', value: '(none)' }];
  const none = { ...where(), basePath: '(none)' };
  await beds.bed.api.send(new UpdateBasePathMappingCommand({ ...none, patchOperations: unstaged }));
  expect((await call('/prod/')).status).toBe(200);
  await beds.bed.api.send(new DeleteBasePathMappingCommand(none));
  expect((await call('/')).status).toBe(403);
});

test('associations are tagged, rejected and removed', async () => {
  const [first] = await associations();
  const arn = first?.domainNameAccessAssociationArn ?? '';
  await beds.bed.api.send(new TagResourceCommand({ resourceArn: arn, tags: { team: 'blue' } }));
  const { tags } = await beds.bed.api.send(new GetTagsCommand({ resourceArn: arn }));
  expect(tags).toEqual({ team: 'blue' });
  await expect(associate()).rejects.toMatchObject({ name: 'ConflictException' });
  await expect(associate(domain.domainNameArn, 'vpce-0123456789abcdef0')).rejects.toMatchObject({
    name: 'BadRequestException',
  });
  const inUse = beds.bed.api.send(new DeleteDomainNameCommand(where()));
  await expect(inUse).rejects.toMatchObject({ name: 'BadRequestException' });
  const both = { domainNameAccessAssociationArn: arn, domainNameArn: domain.domainNameArn };
  await beds.bed.api.send(new RejectDomainNameAccessAssociationCommand(both));
  expect(await associations()).toEqual([]);
  await associate();
  expect((await associations()).length).toBe(1);
  const domainNameAccessAssociationArn = arn;
  const remove = () =>
    beds.bed.api.send(new DeleteDomainNameAccessAssociationCommand({ domainNameAccessAssociationArn }));
  await remove();
  await expect(remove()).rejects.toMatchObject({ name: 'NotFoundException' });
  await beds.bed.api.send(new DeleteDomainNameCommand(where()));
  const gone = beds.bed.api.send(new GetDomainNameCommand(where()));
  await expect(gone).rejects.toMatchObject({ name: 'NotFoundException' });
});
