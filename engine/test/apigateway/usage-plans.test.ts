import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  type CreateUsagePlanCommandInput,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanCommand,
  DeleteUsagePlanKeyCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetTagsCommand,
  GetUsageCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  ImportApiKeysCommand,
  PutGatewayResponseCommand,
  PutIntegrationResponseCommand,
  PutMethodResponseCommand,
  UpdateApiKeyCommand,
  UpdateStageCommand,
  UpdateUsageCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  DeleteStackCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { ManualClock } from '../../src/kernel';
import { startCloud } from '../../src/testing';
import { Stacks } from '../cloudformation/helpers';
import { Bed, type TestApi } from './support';

/** A Wednesday. */
const clock = new ManualClock(Date.UTC(2026, 6, 15, 12));
const DAY = 86_400_000;
let bed: Bed;
let api: TestApi;

/** A method that answers 200. */
async function answering(
  to: TestApi,
  path: string,
  method: { apiKeyRequired?: boolean } = {},
): Promise<void> {
  const where = await to.method(
    'GET',
    path,
    { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode":200}' } },
    method,
  );
  await to.bed.api.send(new PutMethodResponseCommand({ ...where, statusCode: '200' }));
  await to.bed.api.send(new PutIntegrationResponseCommand({ ...where, statusCode: '200' }));
}

beforeAll(async () => {
  bed = await Bed.start({ clock });
  api = await bed.newApi();
  await answering(api, '/open');
  await answering(api, '/keyed', { apiKeyRequired: true });
  await answering(api, '/other', { apiKeyRequired: true });
  await api.deploy();
});
afterAll(() => bed.stop());

const send: Bed['api']['send'] = ((command: never) => bed.api.send(command)) as Bed['api']['send'];

async function plan(input: Partial<CreateUsagePlanCommandInput> = {}) {
  const apiStages = [{ apiId: api.id, stage: 'prod' }];
  return send(new CreateUsagePlanCommand({ name: 'plan', apiStages, ...input }));
}

/** A key in a plan, with the plan's id. */
async function client(input: Partial<CreateUsagePlanCommandInput> = {}) {
  const { id: usagePlanId } = await plan(input);
  const { id: keyId, value } = await send(new CreateApiKeyCommand({ name: 'client', enabled: true }));
  await send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  return { usagePlanId: usagePlanId ?? '', keyId: keyId ?? '', value: value ?? '' };
}

const call = async (value: string | undefined, path = '/keyed') => {
  const response = await api.fetch(path, { headers: value === undefined ? {} : { 'x-api-key': value } });
  return {
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    body: await response.text(),
  };
};
const statuses = async (times: number, value: string, path?: string) => {
  const seen: number[] = [];
  for (let left = times; left > 0; left -= 1) seen.push((await call(value, path)).status);
  return seen;
};

const FORBIDDEN = { status: 403, type: 'ForbiddenException', body: '{"message":"Forbidden"}' };

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-setup-api-key-with-console.html */
describe('a method that asks for an API key', () => {
  test('is answered for a key of a plan of its stage, and for nobody else', async () => {
    const { value, keyId, usagePlanId } = await client();
    expect((await call(value)).status).toBe(200);
    expect(await call(undefined)).toEqual(FORBIDDEN);
    expect(await call('')).toEqual(FORBIDDEN);
    expect(await call(`${value}x`)).toEqual(FORBIDDEN);
    expect((await call(undefined, '/open')).status).toBe(200);

    const loose = await send(new CreateApiKeyCommand({ enabled: true }));
    expect(await call(loose.value)).toEqual(FORBIDDEN);

    await send(
      new UpdateApiKeyCommand({
        apiKey: keyId,
        patchOperations: [{ op: 'replace', path: '/enabled', value: 'false' }],
      }),
    );
    expect(await call(value)).toEqual(FORBIDDEN);
    await send(
      new UpdateApiKeyCommand({
        apiKey: keyId,
        patchOperations: [{ op: 'replace', path: '/enabled', value: 'true' }],
      }),
    );
    expect((await call(value)).status).toBe(200);

    await send(new DeleteUsagePlanKeyCommand({ usagePlanId, keyId }));
    expect(await call(value)).toEqual(FORBIDDEN);
  });

  test('refuses a key whose plan is of another stage, or is gone', async () => {
    const { value, usagePlanId } = await client();
    const patchOperations = [{ op: 'remove' as const, path: '/apiStages', value: `${api.id}:prod` }];
    await send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
    expect(await call(value)).toEqual(FORBIDDEN);
    await send(new DeleteUsagePlanCommand({ usagePlanId }));
    expect(await call(value)).toEqual(FORBIDDEN);
  });

  test('refuses with the gateway response of INVALID_API_KEY', async () => {
    const own = await bed.newApi();
    await answering(own, '/keyed', { apiKeyRequired: true });
    await send(
      new PutGatewayResponseCommand({
        restApiId: own.id,
        responseType: 'INVALID_API_KEY',
        statusCode: '401',
        responseTemplates: { 'application/json': '{"why":"$context.error.responseType"}' },
      }),
    );
    await own.deploy();
    const response = await own.fetch('/keyed');
    expect([response.status, await response.json()]).toEqual([401, { why: 'INVALID_API_KEY' }]);
  });
});

const TOO_MANY = {
  status: 429,
  type: 'TooManyRequestsException',
  body: '{"message":"Too Many Requests"}',
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html */
describe('throttling', () => {
  test('a plan’s limit counts for each key by itself', async () => {
    const one = await client({ throttle: { burstLimit: 2, rateLimit: 1 } });
    const two = await client({ throttle: { burstLimit: 2, rateLimit: 1 } });
    expect(await statuses(3, one.value)).toEqual([200, 200, 429]);
    expect(await call(one.value, '/other')).toEqual(TOO_MANY);
    expect(await statuses(3, two.value)).toEqual([200, 200, 429]);
    clock.advance(1000);
    expect(await statuses(2, one.value)).toEqual([200, 429]);
  });

  test('a method’s own limit in the plan stands in the place of the plan’s', async () => {
    const { value } = await client({
      apiStages: [
        {
          apiId: api.id,
          stage: 'prod',
          throttle: { '/keyed/GET': { burstLimit: 1, rateLimit: 1 } },
        },
      ],
      throttle: { burstLimit: 3, rateLimit: 1 },
    });
    expect(await statuses(2, value)).toEqual([200, 429]);
    expect(await statuses(4, value, '/other')).toEqual([200, 200, 200, 429]);
  });

  test('the stage’s limits count for everybody: those of a method, else those of all methods', async () => {
    const set = (path: string, value: string) => ({ op: 'replace' as const, path, value });
    const { methodSettings } = await send(
      new UpdateStageCommand({
        restApiId: api.id,
        stageName: 'prod',
        patchOperations: [
          set('/*/*/throttling/burstLimit', '3'),
          set('/*/*/throttling/rateLimit', '1'),
          set('/~1open/GET/throttling/burstLimit', '1'),
        ],
      }),
    );
    expect(methodSettings?.['open/GET']).toMatchObject({ throttlingBurstLimit: 1, throttlingRateLimit: 1 });
    const { value } = await client();
    const { value: other } = await client();
    expect(await statuses(2, '', '/open')).toEqual([200, 429]);
    expect(await statuses(2, value)).toEqual([200, 200]);
    expect(await statuses(2, other)).toEqual([200, 429]);
    expect(await statuses(1, other, '/other')).toEqual([200]);
    await send(
      new UpdateStageCommand({
        restApiId: api.id,
        stageName: 'prod',
        patchOperations: [
          { op: 'remove', path: '/*/*' },
          { op: 'remove', path: '/~1open/GET' },
        ],
      }),
    );
    expect(await statuses(4, other)).toEqual([200, 200, 200, 200]);
  });
});

/** https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html */
describe('a quota', () => {
  const usage = async (usagePlanId: string, startDate: string, endDate = startDate) =>
    (await send(new GetUsageCommand({ usagePlanId, startDate, endDate }))).items;

  test('by day: is refused when used up, and begins again at midnight', async () => {
    const { keyId, usagePlanId, value } = await client({ quota: { limit: 2, period: 'DAY' } });
    expect(await statuses(2, value)).toEqual([200, 200]);
    expect(await call(value)).toEqual({
      status: 429,
      type: 'LimitExceededException',
      body: '{"message":"Limit Exceeded"}',
    });
    const today = new Date(clock.millis()).toISOString().slice(0, 10);
    expect(await usage(usagePlanId, today)).toEqual({ [keyId]: [[2, 0]] });
    clock.advance(DAY);
    expect(await statuses(1, value)).toEqual([200]);
    const tomorrow = new Date(clock.millis()).toISOString().slice(0, 10);
    expect(await usage(usagePlanId, today, tomorrow)).toEqual({
      [keyId]: [
        [2, 0],
        [1, 1],
      ],
    });
  });

  test('by week and month: ends with the calendar’s', async () => {
    const week = await client({ name: 'week', quota: { limit: 1, period: 'WEEK' } });
    const month = await client({ name: 'month', quota: { limit: 1, period: 'MONTH' } });
    expect(await statuses(2, week.value)).toEqual([200, 429]);
    expect(await statuses(2, month.value)).toEqual([200, 429]);
    const toSunday = (7 - clock.now().getUTCDay()) * DAY;
    clock.advance(toSunday - DAY);
    expect(await statuses(1, week.value)).toEqual([429]);
    clock.advance(DAY);
    expect(await statuses(1, week.value)).toEqual([200]);
    expect(await statuses(1, month.value)).toEqual([429]);
    clock.advance(20 * DAY);
    expect(await statuses(1, month.value)).toEqual([200]);
  });

  test('is less by its offset in the first period', async () => {
    const { value } = await client({ quota: { limit: 3, offset: 2, period: 'WEEK' } });
    expect(await statuses(2, value)).toEqual([200, 429]);
    clock.advance(7 * DAY);
    expect(await statuses(4, value)).toEqual([200, 200, 200, 429]);
  });

  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigateway-usageplan-quotasettings.html */
  test.each([
    ['DAY', 1, 'zero'],
    ['WEEK', 7, 'between 0 and 6 inclusive'],
    ['MONTH', 28, 'between 0 and 27 inclusive'],
  ] as const)('by %s has no offset of %d', async (period, offset, allowed) => {
    await expect(
      send(new CreateUsagePlanCommand({ name: 'p', quota: { limit: 100, offset, period } })),
    ).rejects.toThrow(`Usage Plan quota offset must be ${allowed} in the ${period} period`);
  });

  test('does not count what was throttled', async () => {
    const { keyId, usagePlanId, value } = await client({
      quota: { limit: 10, period: 'DAY' },
      throttle: { burstLimit: 1, rateLimit: 1 },
    });
    expect(await statuses(3, value)).toEqual([200, 429, 429]);
    const today = new Date(clock.millis()).toISOString().slice(0, 10);
    expect(await usage(usagePlanId, today)).toEqual({ [keyId]: [[1, 9]] });
  });

  test('can be extended for the current period', async () => {
    const { keyId, usagePlanId, value } = await client({ quota: { limit: 1, period: 'DAY' } });
    expect(await statuses(2, value)).toEqual([200, 429]);
    const { items } = await send(
      new UpdateUsageCommand({
        usagePlanId,
        keyId,
        patchOperations: [{ op: 'replace', path: '/remaining', value: '2' }],
      }),
    );
    expect(items).toEqual({ [keyId]: [[1, 2]] });
    expect(await statuses(3, value)).toEqual([200, 200, 429]);
    clock.advance(DAY);
    expect(await statuses(2, value)).toEqual([200, 429]);
  });
});

describe('API keys', () => {
  test('show their value to who asks for it', async () => {
    // Stages are named by CDK's `api.addApiKey()`; a key opens none of them without a plan.
    const stageKeys = [{ restApiId: api.id, stageName: 'prod' }];
    const made = await send(
      new CreateApiKeyCommand({ name: 'k', description: 'd', tags: { a: 'b' }, stageKeys }),
    );
    expect(made).toMatchObject({
      name: 'k',
      enabled: false,
      stageKeys: [`${api.id}/prod`],
      tags: { a: 'b' },
    });
    expect(made.value).toMatch(/^[A-Za-z0-9]{40}$/);
    const plain = await send(new GetApiKeyCommand({ apiKey: made.id }));
    expect(plain).not.toHaveProperty('value');
    expect((await send(new GetApiKeyCommand({ apiKey: made.id, includeValue: true }))).value).toBe(
      made.value,
    );
    const { items } = await send(new GetApiKeysCommand({ nameQuery: 'k', includeValues: true }));
    expect(items?.map(({ value }) => value)).toEqual([made.value]);
    const resourceArn = `arn:aws:apigateway:us-east-1::/apikeys/${made.id}`;
    expect((await send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ a: 'b' });
    await send(new DeleteApiKeyCommand({ apiKey: made.id }));
    await expect(send(new GetApiKeyCommand({ apiKey: made.id }))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Invalid API Key identifier specified',
    });
  });

  test('are refused as on AWS', async () => {
    const refused = async (input: object) =>
      send(new CreateApiKeyCommand(input)).then(
        () => 'made',
        (error: Error) => `${error.name}: ${error.message}`,
      );
    expect(await refused({ value: 'short' })).toBe(
      'BadRequestException: API Key value should be at least 20 characters',
    );
    expect(await refused({ description: 'x'.repeat(125_001) })).toBe(
      'BadRequestException: Invalid API Key description specified.',
    );
    const value = 'abcdefghijklmnopqrstuvwxyz';
    expect(await refused({ value })).toBe('made');
    expect(await refused({ value })).toBe('ConflictException: API Key already exists');
  });

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-key-file-format.html */
  test('are imported from a file', async () => {
    const { id: planId } = await plan();
    const body = Buffer.from(
      [
        'Name,key,description,Enabled,usageplanIds',
        `imported,apikey1234abcdefghij0123456789,"An, imported ""key""",TRUE,"${planId}, nope"`,
        'again,apikey1234abcdefghij0123456789,,FALSE,',
      ].join('\n'),
    );
    const { ids, warnings } = await send(new ImportApiKeysCommand({ format: 'csv', body }));
    expect(ids).toHaveLength(1);
    expect(warnings).toHaveLength(2);
    const key = await send(new GetApiKeyCommand({ apiKey: ids?.[0] }));
    expect(key).toMatchObject({ name: 'imported', enabled: true, description: 'An, imported "key"' });
    expect(await statuses(1, 'apikey1234abcdefghij0123456789')).toEqual([200]);
    await expect(
      send(new ImportApiKeysCommand({ format: 'csv', body, failOnWarnings: true })),
    ).rejects.toMatchObject({ name: 'ConflictException' });
  });
});

describe('usage plans', () => {
  test('are made, found, changed and deleted', async () => {
    const made = await plan({
      name: 'p',
      description: 'd',
      quota: { limit: 10, period: 'DAY' },
      throttle: { burstLimit: 1, rateLimit: 2 },
      tags: { a: 'b' },
    });
    expect(made).toMatchObject({
      apiStages: [{ apiId: api.id, stage: 'prod' }],
      quota: { limit: 10, offset: 0, period: 'DAY' },
      throttle: { burstLimit: 1, rateLimit: 2 },
    });
    const usagePlanId = made.id ?? '';
    const changed = await send(
      new UpdateUsagePlanCommand({
        usagePlanId,
        patchOperations: [
          { op: 'replace', path: '/name', value: 'q' },
          { op: 'replace', path: '/quota/limit', value: '20' },
          { op: 'remove', path: '/throttle' },
          {
            op: 'replace',
            path: `/apiStages/${api.id}:prod/throttle/~1keyed/GET/rateLimit`,
            value: '5.5',
          },
        ],
      }),
    );
    expect(changed).toMatchObject({
      name: 'q',
      quota: { limit: 20 },
      apiStages: [{ throttle: { '/keyed/GET': { rateLimit: 5.5, burstLimit: 0 } } }],
    });
    expect(changed).not.toHaveProperty('throttle');
    expect(await send(new GetUsagePlanCommand({ usagePlanId }))).toMatchObject({ name: 'q' });

    const { id: keyId } = await send(new CreateApiKeyCommand({ name: 'in q' }));
    await send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
    const { items: keys } = await send(new GetUsagePlanKeysCommand({ usagePlanId }));
    expect(keys).toEqual([{ id: keyId, name: 'in q', type: 'API_KEY' }]);
    const { items: plans } = await send(new GetUsagePlansCommand({ keyId }));
    expect(plans?.map(({ id }) => id)).toEqual([usagePlanId]);

    // The sentence: https://github.com/aws/aws-sdk-js/issues/3841
    await expect(send(new DeleteUsagePlanCommand({ usagePlanId }))).rejects.toMatchObject({
      name: 'BadRequestException',
      message: `Cannot delete Usage Plan ${usagePlanId} because there are API Stages associated with it, including ${api.id}:prod`,
    });
    const patchOperations = [{ op: 'remove' as const, path: '/apiStages', value: `${api.id}:prod` }];
    await send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
    await expect(send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }))).rejects.toMatchObject({
      message: 'Invalid API Stage specified',
    });
    await send(new DeleteUsagePlanCommand({ usagePlanId }));
    await expect(send(new GetUsagePlanCommand({ usagePlanId }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  test('are refused a stage that is not there, and a key that has a plan there already', async () => {
    await expect(plan({ apiStages: [{ apiId: api.id, stage: 'nope' }] })).rejects.toMatchObject({
      name: 'NotFoundException',
      message: `API Stage not found: ${api.id}:nope`,
    });
    const { keyId } = await client();
    const { id: usagePlanId } = await plan({ name: 'second' });
    await expect(
      send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' })),
    ).rejects.toMatchObject({ name: 'ConflictException' });
    // https://github.com/boto/boto3/issues/2629
    await expect(
      send(
        new UpdateUsagePlanCommand({
          usagePlanId,
          patchOperations: [{ op: 'remove', path: `/apiStages/${api.id}:prod` }],
        }),
      ),
    ).rejects.toMatchObject({
      message: `Invalid patch path  '/apiStages/${api.id}:prod' specified for op 'remove'. Must be one of: [/apiStages, /quota, /throttle, /productCode, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>, /apiStages/<apidId:stageName>/throttle]`,
    });
  });
});

test('a template has keys, plans and throttles', async () => {
  const stacks = new Stacks(bed.cloud.client(CloudFormationClient));
  const template = (limit: number) => ({
    Resources: {
      Key: {
        Type: 'AWS::ApiGateway::ApiKey',
        Properties: { Enabled: true, Value: 'stack-key-0123456789abcdef' },
      },
      Plan: {
        Type: 'AWS::ApiGateway::UsagePlan',
        Properties: {
          UsagePlanName: 'of the stack',
          ApiStages: [
            { ApiId: api.id, Stage: 'prod', Throttle: { '/other/GET': { BurstLimit: 1, RateLimit: 1 } } },
          ],
          Quota: { Limit: limit, Period: 'DAY' },
          Throttle: { BurstLimit: 100, RateLimit: 100 },
        },
      },
      PlanKey: {
        Type: 'AWS::ApiGateway::UsagePlanKey',
        Properties: { KeyId: { Ref: 'Key' }, KeyType: 'API_KEY', UsagePlanId: { Ref: 'Plan' } },
      },
    },
  });
  await stacks.create('usage', template(2));
  expect(await statuses(3, 'stack-key-0123456789abcdef')).toEqual([200, 200, 429]);
  await stacks.update('usage', template(5));
  expect(await statuses(2, 'stack-key-0123456789abcdef', '/other')).toEqual([200, 429]);
  await stacks.client.send(new DeleteStackCommand({ StackName: 'usage' }));
  await waitUntilStackDeleteComplete(
    { client: stacks.client, minDelay: 1, maxWaitTime: 20 },
    { StackName: 'usage' },
  );
  expect(await call('stack-key-0123456789abcdef')).toEqual(FORBIDDEN);
});

test('what was used survives a restart', async () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'tierkit-usage-'));
  const first = await Bed.start({ stateDirectory });
  const own = await first.newApi();
  await answering(own, '/keyed', { apiKeyRequired: true });
  await own.deploy();
  const apiStages = [{ apiId: own.id, stage: 'prod' }];
  const made = await first.api.send(
    new CreateUsagePlanCommand({ name: 'p', apiStages, quota: { limit: 2, period: 'MONTH' } }),
  );
  const { id: keyId, value = '' } = await first.api.send(new CreateApiKeyCommand({ enabled: true }));
  await first.api.send(new CreateUsagePlanKeyCommand({ usagePlanId: made.id, keyId, keyType: 'API_KEY' }));
  const headers = { 'x-api-key': value };
  const path = `/restapis/${own.id}/prod/_user_request_/keyed`;
  expect((await fetch(`${first.cloud.endpoint}${path}`, { headers })).status).toBe(200);
  await first.stop();
  const second = await startCloud({ stateDirectory });
  const again = async () => (await fetch(`${second.endpoint}${path}`, { headers })).status;
  expect([await again(), await again()]).toEqual([200, 429]);
  await second.stop();
  rmSync(stateDirectory, { recursive: true });
});
