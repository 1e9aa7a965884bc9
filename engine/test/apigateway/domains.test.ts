import { request } from 'node:http';
import {
  type APIGatewayClient,
  CreateBasePathMappingCommand,
  CreateDomainNameCommand,
  DeleteBasePathMappingCommand,
  DeleteDomainNameCommand,
  DeleteRestApiCommand,
  DeleteStageCommand,
  GetBasePathMappingsCommand,
  GetDomainNameCommand,
  UpdateBasePathMappingCommand,
  UpdateDomainNameCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, CreateApiMappingCommand } from '@aws-sdk/client-apigatewayv2';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { Bed, type TestApi } from './support';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
const certificate = 'arn:aws:acm:us-east-1:000000000000:certificate/12345678-1234-1234-1234-123456789012';
let bed: Bed;
let api: APIGatewayClient;
let shop: TestApi;

beforeAll(async () => {
  bed = await Bed.start();
  api = bed.api;
  shop = await bed.newApi();
  const arn = await bed.newFunction(
    'echo',
    'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });',
  );
  await shop.method('GET', '/pets', {
    type: 'AWS_PROXY',
    integrationHttpMethod: 'POST',
    uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
  });
  await shop.deploy('prod');
});
afterAll(() => bed.stop());

const create = (domainName: string) =>
  api.send(
    new CreateDomainNameCommand({
      domainName,
      regionalCertificateArn: certificate,
      endpointConfiguration: { types: ['REGIONAL'] },
    }),
  );
const map = (domainName: string, basePath?: string, more: object = {}) =>
  api.send(
    new CreateBasePathMappingCommand({ domainName, basePath, restApiId: shop.id, stage: 'prod', ...more }),
  );

/** What comes back for this Host. */
const ask = (host: string, path: string) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(bed.cloud.endpoint);
    request({ hostname, port, path, headers: { host } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    })
      .on('error', reject)
      .end();
  });

test('a domain leads to a stage by its base paths', async () => {
  const name = 'pets.example.com';
  expect(await create(name)).toMatchObject({
    domainName: name,
    regionalCertificateArn: certificate,
    regionalDomainName: expect.stringMatching(/^d-\w+\.execute-api\.us-east-1\.amazonaws\.com$/),
    regionalHostedZoneId: 'Z1UJRXOUMOOFQ8',
    domainNameStatus: 'AVAILABLE',
    endpointConfiguration: { types: ['REGIONAL'] },
    securityPolicy: 'TLS_1_2',
  });
  expect(await map(name, 'v1')).toMatchObject({ basePath: 'v1', restApiId: shop.id, stage: 'prod' });
  expect((await ask(name, '/pets')).status).toBe(403);
  const event = JSON.parse((await ask(name, '/v1/pets?a=1')).text);
  expect(event).toMatchObject({
    path: '/v1/pets',
    resource: '/pets',
    queryStringParameters: { a: '1' },
    requestContext: {
      domainName: name,
      domainPrefix: 'pets',
      path: '/v1/pets',
      resourcePath: '/pets',
      stage: 'prod',
    },
  });
  expect((await ask(`${name}.localhost`, '/v1/pets')).status).toBe(200);

  expect((await map(name)).basePath).toBe('(none)');
  expect(JSON.parse((await ask(name, '/pets')).text)).toMatchObject({ path: '/pets' });
  await api.send(
    new UpdateBasePathMappingCommand({
      domainName: name,
      basePath: 'v1',
      patchOperations: [{ op: 'replace', path: '/basePath', value: 'v2' }],
    }),
  );
  expect((await ask(name, '/v2/pets')).status).toBe(200);
  const { items = [] } = await api.send(new GetBasePathMappingsCommand({ domainName: name }));
  expect(items.map(({ basePath }) => basePath).sort()).toEqual(['(none)', 'v2']);
  await api.send(new DeleteBasePathMappingCommand({ domainName: name, basePath: '(none)' }));
  expect((await ask(name, '/pets')).status).toBe(403);
});

// https://docs.aws.amazon.com/apigateway/latest/api/API_CreateBasePathMapping.html: "Specify '(none)' if you want callers
// to explicitly specify the stage name after any base path name."
test.each([undefined, '(none)'])('callers name the stage where a mapping has none (%s)', async (stage) => {
  const name = `staged-${stage === undefined ? 1 : 2}.example.com`;
  await create(name);
  const made = await map(name, 'v1', { stage });
  expect(made).toMatchObject({ basePath: 'v1', restApiId: shop.id });
  expect(made.stage).toBeUndefined();
  const { status, text } = await ask(name, '/v1/prod/pets?a=1');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    path: '/v1/pets',
    queryStringParameters: { a: '1' },
    requestContext: { path: '/v1/prod/pets', stage: 'prod', resourcePath: '/pets' },
  });
  for (const path of ['/v1/pets', '/v1/other/pets', '/v1', '/v1?a=1', '/prod/pets'])
    expect((await ask(name, path)).status).toBe(403);

  await map(name, undefined, { stage });
  expect(JSON.parse((await ask(name, '/prod/pets')).text)).toMatchObject({ path: '/pets' });
  const update = (basePath: string, value: string) =>
    api.send(
      new UpdateBasePathMappingCommand({
        domainName: name,
        basePath,
        patchOperations: [{ op: 'replace', path: '/stage', value }],
      }),
    );
  expect((await update('v1', 'prod')).stage).toBe('prod');
  expect((await ask(name, '/v1/pets')).status).toBe(200);
  expect((await update('v1', '(none)')).stage).toBeUndefined();
  expect((await ask(name, '/v1/prod/pets')).status).toBe(200);
  await expect(update('v1', 'nothing')).rejects.toMatchObject({
    message: 'Invalid stage identifier specified',
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
test('paths of several levels are for the other version of the API', async () => {
  const name = 'levels.example.com';
  await create(name);
  await expect(map(name, 'a/b')).rejects.toMatchObject({
    name: 'BadRequestException',
    message: expect.stringContaining("API Gateway V1 doesn't support the slash character (/)"),
  });
  await bed.cloud
    .client(ApiGatewayV2Client)
    .send(
      new CreateApiMappingCommand({ DomainName: name, ApiId: shop.id, Stage: 'prod', ApiMappingKey: 'a/b' }),
    );
  expect(JSON.parse((await ask(name, '/a/b/pets')).text)).toMatchObject({ path: '/a/b/pets' });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
test('an API without its default endpoint is reached by its domain only', async () => {
  const name = 'only.example.com';
  await create(name);
  await map(name);
  const value = (disabled: string) =>
    api.send(
      new UpdateRestApiCommand({
        restApiId: shop.id,
        patchOperations: [{ op: 'replace', path: '/disableExecuteApiEndpoint', value: disabled }],
      }),
    );
  await value('true');
  await shop.deploy('prod');
  expect((await ask(`${shop.id}.execute-api.us-east-1.amazonaws.com`, '/prod/pets')).status).toBe(403);
  expect((await ask(name, '/pets')).status).toBe(200);
  await value('false');
  await shop.deploy('prod');
});

test('what cannot be', async () => {
  const name = 'no.example.com';
  await expect(map(name)).rejects.toMatchObject({
    name: 'NotFoundException',
    message: 'Invalid domain name identifier specified',
  });
  await create(name);
  await map(name);
  await expect(map(name)).rejects.toMatchObject({
    name: 'ConflictException',
    message: 'Base path already exists for this domain name',
  });
  await expect(
    api.send(new DeleteStageCommand({ restApiId: shop.id, stageName: 'prod' })),
  ).rejects.toMatchObject({ name: 'BadRequestException' });
  await expect(api.send(new DeleteRestApiCommand({ restApiId: shop.id }))).rejects.toMatchObject({
    message:
      'Please remove all base path mappings related to the API in your account before deleting this API.',
  });
  await expect(map(name, 'x', { stage: 'nope' })).rejects.toMatchObject({
    message: 'Invalid stage identifier specified',
  });
  await expect(map(name, 'x', { restApiId: 'nope' })).rejects.toMatchObject({
    message: 'Invalid REST API identifier specified',
  });
  await expect(create(name)).rejects.toMatchObject({
    message: 'The domain name you provided already exists.',
  });
  await api.send(new DeleteDomainNameCommand({ domainName: name }));
  await expect(api.send(new GetDomainNameCommand({ domainName: name }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-edge-optimized-custom-domain-name.html
test('an edge-optimized domain is behind a distribution, and leads to REST APIs alike', async () => {
  const domainName = 'edge.example.com';
  const make = (input: object) => api.send(new CreateDomainNameCommand({ domainName, ...input }));
  const refused = { name: 'BadRequestException' };
  await expect(make({})).rejects.toMatchObject({
    ...refused,
    message: 'A certificate was not provided for the endpoint type EDGE.',
  });
  await expect(make({ regionalCertificateArn: certificate })).rejects.toMatchObject(refused);
  const elsewhere = certificate.replace('us-east-1', 'eu-west-1');
  await expect(make({ certificateArn: elsewhere })).rejects.toMatchObject(refused);
  const mutualTlsAuthentication = { truststoreUri: 's3://trust/store.pem' };
  await expect(make({ certificateArn: certificate, mutualTlsAuthentication })).rejects.toMatchObject(refused);
  const made = await make({ certificateArn: certificate, certificateName: 'one' });
  expect(made).toMatchObject({
    certificateArn: certificate,
    certificateName: 'one',
    distributionDomainName: expect.stringMatching(/^d[a-z0-9]{13}\.cloudfront\.net$/),
    distributionHostedZoneId: 'Z2FDTNDATAQYW2',
    endpointConfiguration: { types: ['EDGE'] },
  });
  expect(made.certificateUploadDate).toBeInstanceOf(Date);
  expect(made.regionalDomainName).toBeUndefined();
  await map(domainName);
  expect(await ask(domainName, '/pets')).toMatchObject({ status: 200 });
  const update = (path: string, value: string) =>
    api.send(new UpdateDomainNameCommand({ domainName, patchOperations: [{ op: 'replace', path, value }] }));
  const updated = await update('/certificateName', 'two');
  expect(updated).toMatchObject({
    certificateName: 'two',
    distributionDomainName: made.distributionDomainName,
  });
  await expect(update('/endpointConfiguration/types/EDGE', 'REGIONAL')).rejects.toMatchObject({
    name: 'NotImplemented',
  });
  await api.send(new DeleteDomainNameCommand({ domainName }));
});

test('a stack brings a domain and its mapping', async () => {
  const stacks = bed.cloud.client(CloudFormationClient);
  const Resources = {
    Domain: {
      Type: 'AWS::ApiGateway::DomainName',
      Properties: {
        DomainName: 'stack.example.com',
        RegionalCertificateArn: certificate,
        EndpointConfiguration: { Types: ['REGIONAL'] },
      },
    },
    Mapping: {
      Type: 'AWS::ApiGateway::BasePathMapping',
      Properties: { DomainName: { Ref: 'Domain' }, RestApiId: shop.id, Stage: 'prod', BasePath: 's' },
    },
  };
  const Outputs = { Target: { Value: { 'Fn::GetAtt': ['Domain', 'RegionalDomainName'] } } };
  const StackName = 'domains';
  await stacks.send(
    new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources, Outputs }) }),
  );
  await waitUntilStackCreateComplete(
    { client: stacks, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
    { StackName },
  );
  const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks?.[0]?.Outputs?.[0]?.OutputValue).toMatch(/^d-/);
  expect((await ask('stack.example.com', '/s/pets')).status).toBe(200);
});
