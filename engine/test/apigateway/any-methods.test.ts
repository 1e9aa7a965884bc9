import {
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { ManualClock } from '../../src/kernel';
import { mocked, set } from './seen-support';
import { Bed, type TestApi } from './support';

// Stages and usage plans know a method ANY as the methods it stands for.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
let bed: Bed;

beforeAll(async () => {
  bed = await Bed.start({ clock: new ManualClock(Date.UTC(2026, 6, 15, 12)) });
});
afterAll(() => bed.stop());

async function anyApi(name = 'any'): Promise<TestApi> {
  const api = await bed.newApi({ name });
  await mocked(api, '/pets', 'ANY');
  await api.deploy();
  return api;
}

const statuses = async (api: TestApi, methods: string[], headers: Record<string, string> = {}) => {
  const all: number[] = [];
  for (const method of methods) all.push((await api.fetch('/pets', { method, headers })).status);
  return all;
};

test('a stage’s limit of one of them', async () => {
  const api = await anyApi();
  await set(api, { '/~1pets/GET/throttling/burstLimit': '1', '/~1pets/GET/throttling/rateLimit': '1' });
  expect(await statuses(api, ['GET', 'GET', 'POST', 'POST'])).toEqual([200, 429, 200, 200]);
});

test('a stage’s limit of ANY is that of all of them together', async () => {
  const api = await anyApi();
  await set(api, { '/~1pets/ANY/throttling/burstLimit': '2', '/~1pets/ANY/throttling/rateLimit': '1' });
  expect(await statuses(api, ['GET', 'POST', 'PUT'])).toEqual([200, 200, 429]);
});

test('a stage’s limit of all methods is each method’s', async () => {
  const api = await anyApi();
  await set(api, { '/*/*/throttling/burstLimit': '1', '/*/*/throttling/rateLimit': '1' });
  expect(await statuses(api, ['GET', 'POST', 'GET', 'POST'])).toEqual([200, 200, 429, 429]);
});

test('a plan’s limit of one of them', async () => {
  const api = await bed.newApi();
  await mocked(api, '/pets', 'ANY', '200', { apiKeyRequired: true });
  await api.deploy();
  const { id: usagePlanId } = await bed.api.send(
    new CreateUsagePlanCommand({
      name: 'plan',
      apiStages: [
        { apiId: api.id, stage: 'prod', throttle: { '/pets/GET': { burstLimit: 1, rateLimit: 1 } } },
      ],
    }),
  );
  const { id: keyId, value = '' } = await bed.api.send(new CreateApiKeyCommand({ enabled: true }));
  await bed.api.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  expect(await statuses(api, ['GET', 'GET', 'POST', 'POST'], { 'x-api-key': value })).toEqual([
    200, 429, 200, 200,
  ]);
});

test('metrics name the method that was called', async () => {
  const api = await anyApi('counted');
  await set(api, { '/~1pets/GET/metrics/enabled': 'true' });
  expect(await statuses(api, ['GET', 'POST'])).toEqual([200, 200]);
  const { Metrics = [] } = await bed.cloud.client(CloudWatchClient).send(
    new ListMetricsCommand({
      Namespace: 'AWS/ApiGateway',
      MetricName: 'Count',
      Dimensions: [{ Name: 'ApiName', Value: 'counted' }, { Name: 'Method' }],
    }),
  );
  const methods = Metrics.map(({ Dimensions }) => Dimensions?.find(({ Name }) => Name === 'Method')?.Value);
  expect(methods).toEqual(['GET']);
});
