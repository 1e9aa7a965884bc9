import {
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  GetUsageCommand,
} from '@aws-sdk/client-api-gateway';
import { ManualClock } from '../../src/kernel';
import { BY_TOKEN, ECHO, guardedApi, said, uriOf } from './authorizers-support';
import { Bed, type TestApi } from './support';

/**
 * API keys that an authorizer gives.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
 */
const VALUE = 'a-key-of-twenty-letters-or-more';
let bed: Bed;
let api: TestApi;
let usagePlanId: string;

beforeAll(async () => {
  // Limits are counted by this clock: nothing comes back between two requests.
  bed = await Bed.start({ clock: new ManualClock(Date.now()) });
  const echo = await bed.newFunction('echo', ECHO);
  const door = await bed.newFunction('door', BY_TOKEN);
  const guarded = await guardedApi(
    bed,
    { authorizerUri: uriOf(door) },
    { echo, apiKeyRequired: true, api: { apiKeySource: 'AUTHORIZER' } },
  );
  api = guarded.api;
  const plan = await bed.api.send(
    new CreateUsagePlanCommand({
      name: 'plan',
      apiStages: [{ apiId: api.id, stage: 'prod' }],
      quota: { limit: 2, period: 'DAY' },
    }),
  );
  usagePlanId = plan.id ?? '';
  const key = await bed.api.send(new CreateApiKeyCommand({ name: 'key', value: VALUE, enabled: true }));
  await bed.api.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: key.id, keyType: 'API_KEY' }));
});
afterAll(() => bed.stop());

const ask = (Authorization: string, more: Record<string, string> = {}) =>
  api.fetch('/a', { headers: { Authorization, ...more } });

test('a key of the caller’s own does not count', async () => {
  expect(await said(ask('friend', { 'x-api-key': VALUE }))).toEqual({
    status: 403,
    type: 'ForbiddenException',
    text: '{"message":"Forbidden"}',
  });
  expect((await said(ask('key:unknown'))).status).toBe(403);
});

test('the authorizer’s does, from its memory too, and its quota holds', async () => {
  const first = await ask(`key:${VALUE}`);
  expect(first.status).toBe(200);
  const { requestContext } = await first.json();
  expect(requestContext.identity.apiKey).toBe(VALUE);
  // What counts is not told to those behind.
  expect(requestContext.authorizer).not.toHaveProperty('usageIdentifierKey');
  expect((await ask(`key:${VALUE}`)).status).toBe(200);
  expect(await said(ask(`key:${VALUE}`))).toEqual({
    status: 429,
    type: 'LimitExceededException',
    text: '{"message":"Limit Exceeded"}',
  });
  const today = requestContext.requestTimeEpoch;
  const date = new Date(today).toISOString().slice(0, 10);
  const usage = await bed.api.send(new GetUsageCommand({ usagePlanId, startDate: date, endDate: date }));
  expect(Object.values(usage.items ?? {})).toEqual([[[2, 0]]]);
});
