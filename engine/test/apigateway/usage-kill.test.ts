import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  GetUsageCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { scratch, startEngine, tierkit } from '../cli/command';

const folder = scratch();
afterAll(async () => {
  await tierkit(['down', '--state', folder.path]);
  folder.remove();
}, 120_000);

function client(endpoint: string): APIGatewayClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new APIGatewayClient({ endpoint, region: 'us-east-1', credentials });
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html */
test('what a key used is known after the engine was killed', async () => {
  const first = await startEngine(folder.path);
  const api = client(first.endpoint);
  const { id: restApiId, rootResourceId: resourceId } = await api.send(
    new CreateRestApiCommand({ name: 'killed' }),
  );
  const where = { restApiId, resourceId, httpMethod: 'GET' };
  const answer = { ...where, statusCode: '200' };
  await api.send(new PutMethodCommand({ ...where, authorizationType: 'NONE', apiKeyRequired: true }));
  await api.send(new PutMethodResponseCommand(answer));
  await api.send(
    new PutIntegrationCommand({
      ...where,
      type: 'MOCK',
      requestTemplates: { 'application/json': '{"statusCode":200}' },
    }),
  );
  await api.send(new PutIntegrationResponseCommand(answer));
  await api.send(new CreateDeploymentCommand({ restApiId, stageName: 'prod' }));
  const { id: usagePlanId } = await api.send(
    new CreateUsagePlanCommand({
      name: 'plan',
      apiStages: [{ apiId: restApiId, stage: 'prod' }],
      quota: { limit: 30, period: 'MONTH' },
    }),
  );
  const { id: keyId, value = '' } = await api.send(new CreateApiKeyCommand({ enabled: true }));
  await api.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));

  const ask = async (endpoint: string) =>
    (
      await fetch(`${endpoint}/restapis/${restApiId}/prod/_user_request_/`, {
        headers: { 'x-api-key': value },
      })
    ).status;
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(first.endpoint)));
  expect(answers).toEqual(answers.map(() => 200));
  process.kill(first.pid, 'SIGKILL');
  api.destroy();

  const second = await startEngine(folder.path);
  const again = client(second.endpoint);
  const today = new Date().toISOString().slice(0, 10);
  const days = { startDate: `${today.slice(0, 7)}-01`, endDate: today };
  const { items } = await again.send(new GetUsageCommand({ usagePlanId, ...days }));
  expect(items?.[keyId ?? '']?.at(-1)).toEqual([20, 10]);
  const more: number[] = [];
  for (let i = 0; i < 12; i++) more.push(await ask(second.endpoint));
  expect(more).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
  again.destroy();
}, 120_000);
