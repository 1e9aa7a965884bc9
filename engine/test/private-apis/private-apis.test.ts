import { UpdateRestApiCommand } from '@aws-sdk/client-api-gateway';
import {
  AuthorizeSecurityGroupIngressCommand,
  DeleteVpcEndpointsCommand,
  DescribeVpcEndpointsCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { proxyTo, type TestApi } from '../apigateway/support';
import { allow, type Network, PrivateBed, urlOf } from './bed';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html

const SHOWS_IDENTITY = `
exports.handler = async ({ requestContext: { identity, domainName } }) => ({
  statusCode: 200,
  body: JSON.stringify({ vpce: identity.vpceId, vpc: identity.vpcId, domainName }),
});`;

const FORBIDDEN = { status: 403, body: '{"message":"Forbidden"}' };

let beds: PrivateBed;
let network: Network;
let elsewhere: Network;
let api: TestApi;
let open: TestApi;
let shows: string;

beforeAll(async () => {
  beds = await PrivateBed.start();
  network = await beds.network('10.1.0.0/24');
  elsewhere = await beds.network('10.2.0.0/24');
  shows = await beds.bed.newFunction('shows', SHOWS_IDENTITY);
  api = await newApi({ endpointConfiguration: { types: ['PRIVATE'] }, policy: JSON.stringify(allow()) });
  open = await newApi({ endpointConfiguration: { types: ['REGIONAL'] } });
  await beds.caller('inside', network);
  await beds.caller('elsewhere', elsewhere);
  await beds.caller('outside');
}, 60_000);
afterAll(() => beds.stop());

async function newApi(input: Parameters<PrivateBed['bed']['newApi']>[0]): Promise<TestApi> {
  const made = await beds.bed.newApi(input);
  await made.method('GET', '/', proxyTo(shows));
  await made.deploy();
  return made;
}

const remove = (...ids: (string | undefined)[]) =>
  beds.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: ids.map((id) => id ?? '') }));

describe('an endpoint with private DNS', () => {
  let id = '';
  beforeAll(async () => {
    ({ VpcEndpointId: id = '' } = await beds.endpoint(network));
  });
  afterAll(() => remove(id));

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
  test('tells its names, and those that it takes over', async () => {
    const asked = new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] });
    const { VpcEndpoints } = await beds.ec2.send(asked);
    const regional = expect.stringMatching(`^${id}-\\w+\\.execute-api\\.us-east-1\\.vpce\\.amazonaws\\.com$`);
    const zonal = expect.stringMatching(
      `^${id}-\\w+-us-east-1\\w\\.execute-api\\.us-east-1\\.vpce\\.amazonaws\\.com$`,
    );
    const taken = ['execute-api.us-east-1.amazonaws.com', '*.execute-api.us-east-1.amazonaws.com'];
    const names = VpcEndpoints?.[0]?.DnsEntries?.map(({ DnsName }) => DnsName);
    expect(names).toEqual([regional, zonal, ...taken]);
  });

  test('takes functions of its VPC to private APIs by their own names', async () => {
    const got = await beds.send('inside', { url: urlOf(api) });
    expect(got.status).toBe(200);
    const domainName = `${api.id}.execute-api.us-east-1.amazonaws.com`;
    expect(JSON.parse(got.body ?? '')).toEqual({ vpce: id, vpc: network.vpc, domainName });
  });

  test('and nobody else', async () => {
    expect(await beds.send('elsewhere', { url: urlOf(api) })).toMatchObject(FORBIDDEN);
    expect(await beds.send('outside', { url: urlOf(api) })).toMatchObject(FORBIDDEN);
    const response = await api.fetch('/');
    expect([response.status, await response.text()]).toEqual([FORBIDDEN.status, FORBIDDEN.body]);
    expect(response.headers.get('x-amzn-errortype')).toBe('ForbiddenException');
  });

  // https://repost.aws/knowledge-center/api-gateway-vpc-connections
  test('takes nobody to public APIs any more', async () => {
    expect(await beds.send('inside', { url: urlOf(open) })).toMatchObject(FORBIDDEN);
    expect((await beds.send('outside', { url: urlOf(open) })).status).toBe(200);
  });

  test('does not know another stage', async () => {
    const url = `https://${api.id}.execute-api.us-east-1.amazonaws.com/other/`;
    expect(await beds.send('inside', { url })).toMatchObject(FORBIDDEN);
  });
});

describe("an endpoint's own names", () => {
  let id = '';
  let name = '';
  beforeAll(async () => {
    const made = await beds.endpoint(network, { PrivateDnsEnabled: false });
    id = made.VpcEndpointId ?? '';
    name = made.DnsEntries?.[0]?.DnsName ?? '';
  });
  afterAll(() => remove(id));

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
  test('lead to the API that the Host header names', async () => {
    expect(name).toMatch(new RegExp(`^${id}-[a-z0-9]+\\.execute-api\\.us-east-1\\.vpce\\.amazonaws\\.com$`));
    const Host = `${api.id}.execute-api.us-east-1.amazonaws.com`;
    const got = await beds.send('inside', { url: `https://${name}/prod/`, headers: { Host } });
    expect(got).toMatchObject({ status: 200, body: expect.stringContaining(id) });
  });

  test('or to the one that x-apigw-api-id names', async () => {
    const headers = { 'x-apigw-api-id': api.id };
    const got = await beds.send('inside', { url: `https://${name}/prod/`, headers });
    expect(JSON.parse(got.body ?? '')).toEqual({ vpce: id, vpc: network.vpc, domainName: name });
    expect(await beds.send('inside', { url: `https://${name}/prod/` })).toMatchObject(FORBIDDEN);
    const unknown = { 'x-apigw-api-id': open.id };
    expect(await beds.send('inside', { url: `https://${name}/prod/`, headers: unknown })).toMatchObject(
      FORBIDDEN,
    );
  });

  test('are names of addresses that nobody outside the VPC gets to', async () => {
    const sent = { url: `https://${name}/prod/`, headers: { 'x-apigw-api-id': api.id } };
    expect(await beds.send('elsewhere', sent)).toEqual({ error: 'ETIMEDOUT' });
    expect(await beds.send('outside', sent)).toEqual({ error: 'ETIMEDOUT' });
  });

  test('leave public names to public APIs', async () => {
    expect(await beds.send('inside', { url: urlOf(api) })).toMatchObject(FORBIDDEN);
    expect((await beds.send('inside', { url: urlOf(open) })).status).toBe(200);
  });

  test('include one for each API that is associated with the endpoint', async () => {
    const url = urlOf(api, '/', `${api.id}-${id}`);
    expect(await beds.send('inside', { url })).toMatchObject(FORBIDDEN);
    const associate = (op: 'add' | 'remove') =>
      beds.bed.api.send(
        new UpdateRestApiCommand({
          restApiId: api.id,
          patchOperations: [{ op, path: '/endpointConfiguration/vpcEndpointIds', value: id }],
        }),
      );
    await associate('add');
    expect(await beds.send('inside', { url })).toMatchObject({
      status: 200,
      body: expect.stringContaining(id),
    });
    expect(await beds.send('outside', { url })).toEqual({ error: 'ETIMEDOUT' });
    await associate('remove');
    expect(await beds.send('inside', { url })).toMatchObject(FORBIDDEN);
  });
});

test('security groups decide who connects to an endpoint', async () => {
  const { VpcEndpointId: id } = await beds.endpoint(network, { SecurityGroupIds: [network.closed] });
  expect(await beds.send('inside', { url: urlOf(api) })).toEqual({ error: 'ETIMEDOUT' });
  const letIn = {
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    UserIdGroupPairs: [{ GroupId: network.closed }],
  };
  const asked = { GroupId: network.closed, IpPermissions: [letIn] };
  await beds.ec2.send(new AuthorizeSecurityGroupIngressCommand(asked));
  expect((await beds.send('inside', { url: urlOf(api) })).status).toBe(200);
  const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await beds.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: network.closed, IpPermissions }));
  expect(await beds.send('inside', { url: urlOf(api) })).toEqual({ error: 'ETIMEDOUT' });
  await remove(id);
});
