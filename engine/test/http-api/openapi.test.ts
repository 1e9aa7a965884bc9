import * as v2 from '@aws-sdk/client-apigatewayv2';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { Bed, TestApi } from './support';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
let bed: Bed;
let send: v2.ApiGatewayV2Client['send'];
let echo: string;
beforeAll(async () => {
  bed = await Bed.start();
  send = bed.v2.send.bind(bed.v2);
  echo = await bed.echo('defined');
});
afterAll(() => bed.stop());

const definition = (more: object = {}, extra: object = {}) => ({
  openapi: '3.0.1',
  info: { title: 'shop', version: '2', description: 'd' },
  servers: [{ url: 'https://example.com/{base}', variables: { base: { default: 'v1/shop' } } }],
  tags: [{ name: 'team', 'x-amazon-apigateway-tag-value': 'a' }],
  paths: {
    '/pets/{id}': {
      get: {
        operationId: 'pet',
        responses: {},
        'x-amazon-apigateway-integration': { $ref: '#/components/x-amazon-apigateway-integrations/echo' },
      },
    },
    '/mine': {
      'x-amazon-apigateway-any-method': {
        security: [{ jwt: ['read'] }],
        'x-amazon-apigateway-integration': { $ref: '#/components/x-amazon-apigateway-integrations/echo' },
      },
    },
    '/$default': {
      'x-amazon-apigateway-any-method': {
        'x-amazon-apigateway-auth': { type: 'AWS_IAM' },
        'x-amazon-apigateway-integration': { $ref: '#/components/x-amazon-apigateway-integrations/echo' },
      },
    },
    ...more,
  },
  components: {
    'x-amazon-apigateway-integrations': {
      echo: {
        type: 'aws_proxy',
        httpMethod: 'POST',
        uri: echo,
        payloadFormatVersion: '2.0',
        requestParameters: { 'append:header.x-mapped': '$context.stage' },
      },
    },
    securitySchemes: {
      jwt: {
        type: 'oauth2',
        'x-amazon-apigateway-authorizer': {
          type: 'jwt',
          identitySource: '$request.header.Authorization',
          jwtConfiguration: { issuer: 'https://issuer.example', audience: ['a'] },
        },
      },
    },
  },
  'x-amazon-apigateway-cors': {
    allowOrigins: ['https://www.example.com'],
    allowMethods: ['GET'],
    maxAge: 60,
  },
  ...extra,
});

const importing = (body: object, more: object = {}) =>
  send(new v2.ImportApiCommand({ Body: JSON.stringify(body), ...more }));
const keysOf = async (ApiId: string | undefined) =>
  ((await send(new v2.GetRoutesCommand({ ApiId }))).Items ?? []).map((route) => route.RouteKey).sort();

test('a definition becomes an API that works', async () => {
  const made = await importing(definition());
  expect(made).toMatchObject({
    Name: 'shop',
    Version: '2',
    Description: 'd',
    Tags: { team: 'a' },
    CorsConfiguration: { AllowOrigins: ['https://www.example.com'], AllowMethods: ['GET'], MaxAge: 60 },
  });
  const api = new TestApi(bed, made.ApiId ?? '');
  await api.stage();
  expect(await api.event('/pets/1')).toMatchObject({
    routeKey: 'GET /pets/{id}',
    headers: { 'x-mapped': '$default' },
  });
  expect((await api.ask('/mine')).status).toBe(401);
  expect((await api.ask('/else')).status).toBe(403);
  const { Items } = await send(new v2.GetRoutesCommand({ ApiId: api.id }));
  expect(Items?.find((route) => route.RouteKey === 'ANY /mine')).toMatchObject({
    AuthorizationType: 'JWT',
    AuthorizationScopes: ['read'],
  });
});

test('the base path is left out, put before, or split', async () => {
  const get = async (Basepath: string) =>
    (await keysOf((await importing(definition(), { Basepath })).ApiId)).find((key) => key?.startsWith('GET'));
  expect(await get('ignore')).toBe('GET /pets/{id}');
  expect(await get('prepend')).toBe('GET /v1/shop/pets/{id}');
  expect(await get('split')).toBe('GET /shop/pets/{id}');
});

test('importing again puts one definition in the place of another', async () => {
  const { ApiId = '' } = await importing(definition());
  const { paths: _paths, ...rest } = definition();
  const Body = JSON.stringify({ ...rest, paths: { '/new': { get: { responses: {} } } } });
  await send(new v2.ReimportApiCommand({ ApiId, Body }));
  expect(await keysOf(ApiId)).toEqual(['GET /new']);
  expect((await send(new v2.GetIntegrationsCommand({ ApiId }))).Items).toEqual([]);
});

test('what is wrong with a definition leaves nothing behind', async () => {
  const before = (await send(new v2.GetApisCommand({}))).Items?.length;
  const broken = [
    importing({ swagger: '2.0', info: { title: 'x' } }),
    importing({ openapi: '3.0.1', info: {} }),
    send(new v2.ImportApiCommand({ Body: '{"openapi": ' })),
    importing(
      definition({
        '/bad': {
          get: {
            'x-amazon-apigateway-integration': { type: 'mock', payloadFormatVersion: '1.0', uri: echo },
          },
        },
      }),
    ),
    importing(definition({ '/{a}/{a}': { get: {} } })),
    importing(definition({ '/x': { get: { security: [{ nobody: [] }] } } })),
    importing(definition({ '/x': { get: { 'x-amazon-apigateway-integration': { $ref: '#/nowhere' } } } })),
    importing(definition({}, { 'x-amazon-apigateway-policy': {} }), { FailOnWarnings: true }),
  ];
  for (const one of broken) await expect(one).rejects.toMatchObject({ name: 'BadRequestException' });
  expect((await send(new v2.GetApisCommand({}))).Items?.length).toBe(before);
  const { Warnings } = await importing(definition({}, { 'x-amazon-apigateway-policy': {} }));
  expect(Warnings).toEqual([expect.stringContaining('x-amazon-apigateway-policy')]);
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-export.html
test('what is exported can be imported', async () => {
  const { ApiId } = await importing(definition());
  const exported = async (OutputType: string, more: object = {}) => {
    const out = await send(new v2.ExportApiCommand({ ApiId, Specification: 'OAS30', OutputType, ...more }));
    return Buffer.from(out.body ?? []).toString();
  };
  const json = JSON.parse(await exported('JSON'));
  expect(json).toMatchObject({
    openapi: '3.0.1',
    info: { title: 'shop', version: '2' },
    paths: {
      '/pets/{id}': {
        get: {
          responses: { default: { description: 'Default response for GET /pets/{id}' } },
          'x-amazon-apigateway-integration': { type: 'aws_proxy', uri: echo, payloadFormatVersion: '2.0' },
        },
      },
    },
    'x-amazon-apigateway-importexport-version': '1.0',
  });
  expect(await exported('JSON', { IncludeExtensions: false })).not.toContain(
    'x-amazon-apigateway-integration',
  );
  for (const Body of [JSON.stringify(json), await exported('YAML')]) {
    const again = await send(new v2.ImportApiCommand({ Body }));
    expect(await keysOf(again.ApiId)).toEqual(await keysOf(ApiId));
    expect(again.CorsConfiguration).toEqual(
      json['x-amazon-apigateway-cors'] && (await send(new v2.GetApiCommand({ ApiId }))).CorsConfiguration,
    );
  }
});

test('a template’s Body', async () => {
  const stacks = bed.cloud.client(CloudFormationClient);
  const TemplateBody = JSON.stringify({
    Resources: {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Body: definition(), Name: 'named' } },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
      },
    },
    Outputs: { Id: { Value: { Ref: 'Api' } } },
  });
  await stacks.send(new CreateStackCommand({ StackName: 'body', TemplateBody }));
  const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName: 'body' }));
  expect(Stacks?.[0]?.StackStatus).toBe('CREATE_COMPLETE');
  const api = new TestApi(bed, Stacks?.[0]?.Outputs?.[0]?.OutputValue ?? '');
  expect(await api.event('/pets/2')).toMatchObject({ pathParameters: { id: '2' } });
  expect((await send(new v2.GetApiCommand({ ApiId: api.id }))).Name).toBe('named');
});
