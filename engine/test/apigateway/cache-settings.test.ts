import {
  CreateDeploymentCommand,
  CreateStageCommand,
  FlushStageCacheCommand,
  GetIntegrationCommand,
  GetStageCommand,
  PutIntegrationCommand,
  UpdateIntegrationCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { Stacks } from '../cloudformation/helpers';
import { answering, set, update } from './cache-support';
import { Bed, type TestApi } from './support';

/** https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html */
let bed: Bed;
let api: TestApi;

beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed.stop());
beforeEach(async () => {
  api = await bed.newApi();
  await answering(api, '/id', '$context.requestId');
});

const stage = (stageName = 'prod', restApiId = api.id) =>
  bed.api.send(new GetStageCommand({ restApiId, stageName }));
const message = (sent: Promise<unknown>) =>
  sent.then(
    () => 'was accepted',
    (error: Error) => `${error.name}: ${error.message}`,
  );

test('a stage’s cache is made, changed and taken away', async () => {
  await api.deploy();
  expect(await stage()).toMatchObject({ cacheClusterEnabled: false, cacheClusterStatus: 'NOT_AVAILABLE' });
  expect(await stage()).not.toHaveProperty('cacheClusterSize');
  await update(api, set('/cacheClusterEnabled', 'true'));
  expect(await stage()).toMatchObject({
    cacheClusterEnabled: true,
    cacheClusterSize: '0.5',
    cacheClusterStatus: 'AVAILABLE',
  });
  await update(api, set('/cacheClusterSize', '28.4'));
  expect(await stage()).toMatchObject({ cacheClusterSize: '28.4', cacheClusterStatus: 'AVAILABLE' });
  expect(await message(update(api, set('/cacheClusterSize', '2')))).toMatch(/^BadRequestException: /);
  // A deployment says nothing of it.
  await api.deploy();
  expect(await stage()).toMatchObject({ cacheClusterEnabled: true, cacheClusterSize: '28.4' });
  await update(api, set('/cacheClusterEnabled', 'false'));
  expect(await stage()).toMatchObject({ cacheClusterEnabled: false, cacheClusterStatus: 'NOT_AVAILABLE' });
});

test('stages and deployments begin with a cache', async () => {
  const { id: deploymentId } = await bed.api.send(
    new CreateDeploymentCommand({
      restApiId: api.id,
      stageName: 'one',
      cacheClusterEnabled: true,
      cacheClusterSize: '1.6',
    }),
  );
  const made = await bed.api.send(
    new CreateStageCommand({ restApiId: api.id, stageName: 'two', deploymentId, cacheClusterEnabled: true }),
  );
  expect(made).toMatchObject({ cacheClusterSize: '0.5', cacheClusterStatus: 'AVAILABLE' });
  expect(await stage('one')).toMatchObject({ cacheClusterSize: '1.6', cacheClusterStatus: 'AVAILABLE' });
});

test('settings of methods', async () => {
  await api.deploy();
  const { methodSettings } = await update(
    api,
    set('/*/*/caching/enabled', 'true'),
    set('/~1id/GET/caching/ttlInSeconds', '3600'),
    set('/~1id/GET/caching/dataEncrypted', 'true'),
    set('/~1id/GET/caching/requireAuthorizationForCacheControl', 'false'),
    set('/~1id/POST/caching/unauthorizedCacheControlHeaderStrategy', 'FAIL_WITH_403'),
  );
  expect(methodSettings).toMatchObject({
    '*/*': { cachingEnabled: true, cacheTtlInSeconds: 300, requireAuthorizationForCacheControl: true },
    'id/GET': {
      cachingEnabled: true,
      cacheTtlInSeconds: 3600,
      cacheDataEncrypted: true,
      requireAuthorizationForCacheControl: false,
      unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
    },
    'id/POST': { cachingEnabled: false, unauthorizedCacheControlHeaderStrategy: 'FAIL_WITH_403' },
  });
  for (const value of ['3601', '-1', '1.5', 'many'])
    expect(await message(update(api, set('/*/*/caching/ttlInSeconds', value)))).toBe(
      `BadRequestException: Invalid method setting value: ${value}`,
    );
});

test('a cache that is not there is not flushed', async () => {
  await api.deploy();
  const flush = (stageName: string) =>
    bed.api.send(new FlushStageCacheCommand({ restApiId: api.id, stageName }));
  expect(await message(flush('prod'))).toMatch(/^BadRequestException: /);
  expect(await message(flush('nope'))).toBe('NotFoundException: Invalid stage identifier specified');
  await update(api, set('/cacheClusterEnabled', 'true'));
  expect((await flush('prod')).$metadata.httpStatusCode).toBe(202);
});

/** https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html */
test('keys are parameters that are declared', async () => {
  const where = await api.method(
    'GET',
    '/keys/{id}',
    { type: 'MOCK' },
    { requestParameters: { 'method.request.path.id': true, 'method.request.querystring.a': false } },
  );
  const { cacheNamespace } = await bed.api.send(new GetIntegrationCommand(where));
  expect(cacheNamespace).toBe(where.resourceId);
  const put = (...cacheKeyParameters: string[]) =>
    bed.api.send(new PutIntegrationCommand({ ...where, type: 'MOCK', cacheKeyParameters }));
  expect(await message(put('method.request.querystring.b'))).toBe(
    'BadRequestException: Invalid cache key parameter specified',
  );
  expect(await message(put('integration.request.header.b'))).toMatch(
    /Invalid cache key parameter specified$/,
  );
  expect((await put('method.request.path.id')).cacheKeyParameters).toEqual(['method.request.path.id']);
  const patched = await bed.api.send(
    new UpdateIntegrationCommand({
      ...where,
      patchOperations: [
        { op: 'add', path: '/cacheKeyParameters/method.request.querystring.a' },
        { op: 'remove', path: '/cacheKeyParameters/method.request.path.id' },
        { op: 'replace', path: '/cacheNamespace', value: 'mine' },
      ],
    }),
  );
  expect(patched).toMatchObject({
    cacheKeyParameters: ['method.request.querystring.a'],
    cacheNamespace: 'mine',
  });
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-stage.html */
test('in templates', async () => {
  const cloudFormation = bed.cloud.client(CloudFormationClient);
  const stacks = new Stacks(cloudFormation);
  const RestApiId = { Ref: 'Api' };
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-methodsetting.html#cfn-apigateway-stage-methodsetting-resourcepath
  const OTHERS = [{ ResourcePath: '/~1shows~1{id}', HttpMethod: 'POST', CacheTtlInSeconds: 7 }];
  const template = (CacheClusterSize: string, others: object[] = OTHERS) => ({
    Resources: {
      Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'cached' } },
      Method: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          RestApiId,
          ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
          HttpMethod: 'GET',
          AuthorizationType: 'NONE',
          RequestParameters: { 'method.request.querystring.a': false },
          MethodResponses: [{ StatusCode: '200' }],
          Integration: {
            Type: 'MOCK',
            CacheKeyParameters: ['method.request.querystring.a'],
            CacheNamespace: 'mine',
            RequestTemplates: { 'application/json': '{"statusCode":200}' },
            IntegrationResponses: [
              { StatusCode: '200', ResponseTemplates: { 'application/json': '$context.requestId' } },
            ],
          },
        },
      },
      Deployment: {
        Type: 'AWS::ApiGateway::Deployment',
        DependsOn: 'Method',
        Properties: {
          RestApiId,
          StageName: 'first',
          StageDescription: {
            CacheClusterEnabled: true,
            CacheClusterSize: '6.1',
            CachingEnabled: true,
            CacheTtlInSeconds: 60,
            MethodSettings: [{ ResourcePath: '/', HttpMethod: 'GET', CacheDataEncrypted: true }],
          },
        },
      },
      Stage: {
        Type: 'AWS::ApiGateway::Stage',
        Properties: {
          RestApiId,
          DeploymentId: { Ref: 'Deployment' },
          StageName: 'prod',
          CacheClusterEnabled: true,
          CacheClusterSize,
          MethodSettings: [
            {
              ResourcePath: '/*',
              HttpMethod: '*',
              CachingEnabled: true,
              CacheTtlInSeconds: 30,
              CacheDataEncrypted: true,
            },
            ...others,
          ],
        },
      },
    },
  });
  await stacks.create('cached', template('0.5'));
  const { StackResources = [] } = await cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName: 'cached', LogicalResourceId: 'Api' }),
  );
  const id = StackResources[0]?.PhysicalResourceId ?? '';
  expect(await stage('first', id)).toMatchObject({
    cacheClusterSize: '6.1',
    methodSettings: {
      '*/*': { cachingEnabled: true, cacheTtlInSeconds: 60, cacheDataEncrypted: false },
      '/GET': { cachingEnabled: true, cacheTtlInSeconds: 60, cacheDataEncrypted: true },
    },
  });
  expect(await stage('prod', id)).toMatchObject({
    cacheClusterEnabled: true,
    cacheClusterSize: '0.5',
    methodSettings: {
      '*/*': { cachingEnabled: true, cacheTtlInSeconds: 30, cacheDataEncrypted: true },
      'shows/{id}/POST': { cacheTtlInSeconds: 7 },
    },
  });
  const ask = async (query: string) =>
    (await fetch(`${bed.cloud.endpoint}/restapis/${id}/prod/_user_request_/?${query}`)).text();
  const first = await ask('a=1&b=1');
  expect(await ask('a=1&b=2')).toBe(first);
  expect(await ask('a=2')).not.toBe(first);
  await stacks.update('cached', template('1.6'));
  expect(await stage('prod', id)).toMatchObject({
    cacheClusterSize: '1.6',
    methodSettings: { 'shows/{id}/POST': { cacheTtlInSeconds: 7 } },
  });
  // What the template does not say any more is as if it had never been said.
  const shows = { ResourcePath: '/~1shows~1{id}', HttpMethod: 'POST' };
  await stacks.update('cached', template('1.6', [{ ...shows, MetricsEnabled: true }]));
  expect((await stage('prod', id)).methodSettings?.['shows/{id}/POST']).toMatchObject({
    cacheTtlInSeconds: 30,
    metricsEnabled: true,
  });
  await stacks.update('cached', template('1.6', []));
  expect(Object.keys((await stage('prod', id)).methodSettings ?? {})).toEqual(['*/*']);
});
