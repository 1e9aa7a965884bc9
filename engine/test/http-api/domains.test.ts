import * as v2 from '@aws-sdk/client-apigatewayv2';
import { Bed, proxyTo, type TestApi } from './support';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html
let bed: Bed;
let api: TestApi;
let send: v2.ApiGatewayV2Client['send'];
const CertificateArn = 'arn:aws:acm:us-east-1:000000000000:certificate/12345678-1234-1234-1234-123456789012';

beforeAll(async () => {
  bed = await Bed.start();
  send = bed.v2.send.bind(bed.v2);
  api = await bed.newApi();
  await api.route('$default', proxyTo(await bed.echo('two')));
  await api.route('GET /one', proxyTo(await bed.echo('one'), '1.0'));
  await api.stage('prod');
});
afterAll(() => bed.stop());

const create = (DomainName: string, more: object = {}) =>
  send(
    new v2.CreateDomainNameCommand({ DomainName, DomainNameConfigurations: [{ CertificateArn, ...more }] }),
  );
const map = (DomainName: string, ApiMappingKey?: string, Stage = 'prod', ApiId = api.id) =>
  send(new v2.CreateApiMappingCommand({ DomainName, ApiId, Stage, ApiMappingKey }));
const at = (Host: string, path: string) => api.ask(path, { headers: { Host } });

test('a domain and its defaults', async () => {
  const made = await create('api.example.com');
  expect(made).toMatchObject({
    ApiMappingSelectionExpression: '$request.basepath',
    DomainName: 'api.example.com',
    DomainNameArn: 'arn:aws:apigateway:us-east-1::/domainnames/api.example.com',
    DomainNameConfigurations: [
      {
        ApiGatewayDomainName: expect.stringMatching(
          /^d-[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$/,
        ),
        CertificateArn,
        DomainNameStatus: 'AVAILABLE',
        EndpointType: 'REGIONAL',
        HostedZoneId: 'Z1UJRXOUMOOFQ8',
        SecurityPolicy: 'TLS_1_2',
      },
    ],
  });
  await expect(create('api.example.com')).rejects.toMatchObject({
    message: 'The domain name you provided already exists.',
  });
  await expect(create('no_domain')).rejects.toMatchObject({ name: 'BadRequestException' });
  await expect(create('b.example.com', { EndpointType: 'EDGE' })).rejects.toMatchObject({
    name: 'BadRequestException',
  });
});

test('the longest mapping takes a request, and is no part of its path', async () => {
  const name = 'shop.example.com';
  await create(name);
  expect(await at(name, '/orders')).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
  await map(name, 'v1/orders');
  const { ApiMappingId } = await map(name, 'v1');
  const event = JSON.parse((await at(name, '/v1/orders/12?a=b')).text);
  expect(event).toMatchObject({
    rawPath: '/12',
    requestContext: { domainName: name, domainPrefix: 'shop', stage: 'prod', http: { path: '/12' } },
  });
  expect(JSON.parse((await at(name, '/v1/ordersx')).text)).toMatchObject({ rawPath: '/ordersx' });
  expect(JSON.parse((await at(name, '/v1/one')).text)).toMatchObject({ version: '1.0', path: '/v1/one' });
  expect((await at(name, '/v2')).status).toBe(403);
  await expect(map(name, 'v1')).rejects.toMatchObject({ name: 'ConflictException' });
  await expect(map(name, 'v9', 'nothing')).rejects.toMatchObject({
    message: 'Invalid stage identifier specified',
  });
  await send(
    new v2.UpdateApiMappingCommand({ DomainName: name, ApiMappingId, ApiId: api.id, ApiMappingKey: '' }),
  );
  expect(JSON.parse((await at(name, '/any')).text)).toMatchObject({ rawPath: '/any' });
  for (const removal of [
    new v2.DeleteStageCommand({ ApiId: api.id, StageName: 'prod' }),
    new v2.DeleteApiCommand({ ApiId: api.id }),
  ]) {
    await expect(send(removal as v2.DeleteApiCommand)).rejects.toMatchObject({
      name: 'BadRequestException',
      message: expect.stringContaining(name),
    });
  }
  const { Items } = await send(new v2.GetApiMappingsCommand({ DomainName: name }));
  expect(Items?.map((one) => one.ApiMappingKey).sort()).toEqual(['', 'v1/orders']);
  await send(new v2.DeleteDomainNameCommand({ DomainName: name }));
  await expect(send(new v2.GetApiMappingsCommand({ DomainName: name }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});

test('a closed endpoint is reached by its domain; a star stands for one label', async () => {
  await create('*.closed.example.com');
  await map('*.closed.example.com');
  await send(new v2.UpdateApiCommand({ ApiId: api.id, DisableExecuteApiEndpoint: true }));
  expect((await api.ask('/prod/x')).status).toBe(403);
  expect(JSON.parse((await at('a.closed.example.com', '/x')).text)).toMatchObject({
    requestContext: { domainName: 'a.closed.example.com' },
  });
  await send(new v2.UpdateApiCommand({ ApiId: api.id, DisableExecuteApiEndpoint: false }));
});

test('other names than domains are the engine’s own', async () => {
  expect((await at('engine.internal', '/')).text).toContain('AccessDenied');
});
