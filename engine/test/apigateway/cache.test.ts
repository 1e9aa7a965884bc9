import {
  CreateDeploymentCommand,
  FlushStageCacheCommand,
  UpdateIntegrationCommand,
} from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { ManualClock } from '../../src/kernel';
import { answering, deployCached, Endpoint, passOn, set, text, update } from './cache-support';
import { Bed, type TestApi } from './support';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html */
const clock = new ManualClock(Date.now());
let bed: Bed;
let endpoint: Endpoint;

beforeAll(async () => {
  bed = await Bed.start({ clock });
  endpoint = await Endpoint.start();
});
afterAll(async () => {
  await bed.stop();
  endpoint.close();
});

const flush = (api: TestApi) =>
  bed.api.send(new FlushStageCacheCommand({ restApiId: api.id, stageName: 'prod' }));

/** What the endpoint was asked meanwhile. */
async function calls(work: () => Promise<unknown>): Promise<number> {
  const before = endpoint.calls;
  await work();
  return endpoint.calls - before;
}

describe('what is served from the cache', () => {
  const request = fc.record({
    kind: fc.constant('get' as const),
    id: fc.constantFrom('1', '2'),
    tags: fc.array(fc.constantFrom('a', 'b', ''), { maxLength: 2 }),
    language: fc.option(fc.constantFrom('de', 'en'), { nil: undefined }),
    other: fc.constantFrom('x', 'y'),
  });
  const event = fc.oneof(
    { weight: 12, arbitrary: request },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('change' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 40 }) }),
    },
    { weight: 1, arbitrary: fc.constantFrom({ kind: 'flush' as const }, { kind: 'deploy' as const }) },
  );

  test('is what the integration answered to a request with the same key, for as long as it may be', async () => {
    const api = await bed.newApi();
    const keys = ['path.id', 'querystring.tag', 'header.Accept-Language'];
    await passOn(api, endpoint, '/shows/{id}', { keys });
    await deployCached(api, set('/*/*/caching/ttlInSeconds', '60'));
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
        await flush(api);
        const known = new Map<string, { version: number; until: number; answer: string }>();
        for (const one of events) {
          if (one.kind === 'change') endpoint.version += 1;
          else if (one.kind === 'pass') clock.advance(one.seconds * 1000);
          else if (one.kind === 'flush' || one.kind === 'deploy') {
            await (one.kind === 'flush' ? flush(api) : api.deploy());
            known.clear();
          } else {
            const query = [...one.tags.map((tag) => `tag=${tag}`), `other=${one.other}`].join('&');
            const headers: Record<string, string> = { 'X-Other': one.other };
            if (one.language) headers['Accept-Language'] = one.language;
            const key = JSON.stringify([one.id, one.tags, one.language]);
            const before = endpoint.calls;
            const answer = await api.raw(`/shows/${one.id}?${query}`, { headers });
            const body = answer.body.toString();
            const kept = known.get(key);
            if (kept && kept.until > clock.millis()) {
              expect(body).toBe(kept.answer);
              expect(endpoint.calls).toBe(before);
              expect(answer.headers['x-version']).toBe(String(kept.version));
            } else {
              expect(body).toBe(`${endpoint.version} /shows/${one.id}?${query}`);
              expect(endpoint.calls).toBe(before + 1);
              known.set(key, { version: endpoint.version, until: clock.millis() + 60_000, answer: body });
            }
            // No header tells where it came from.
            expect(answer.headers).not.toHaveProperty('x-cache');
            expect(answer.status).toBe(200);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  test('has the trace of the request that it answers', async () => {
    const api = await bed.newApi();
    await passOn(api, endpoint, '/traced');
    await deployCached(api);
    const trace = async () => (await api.raw('/traced')).headers['x-amzn-trace-id'];
    const first = await trace();
    expect(first).toMatch(/^Root=1-/);
    expect(await calls(async () => expect(await trace()).not.toBe(first))).toBe(0);
  });

  test('is one response for all requests, where no parameter is a key', async () => {
    const api = await bed.newApi();
    await passOn(api, endpoint, '/shows/{proxy+}');
    await deployCached(api);
    const first = await text(api, '/shows/1?a=1');
    expect(first).toContain('/shows/1?a=1');
    expect(await text(api, '/shows/2/seats?a=2')).toBe(first);
  });

  test('tells parameters of the integration apart, by what they are mapped from', async () => {
    const api = await bed.newApi();
    const where = await passOn(api, endpoint, '/mapped', { keys: ['querystring.a'] });
    const patch = (op: 'add' | 'remove', path: string, value?: string) => ({ op, path, value });
    const stageKey = 'integration.request.header.X-Kind';
    await bed.api.send(
      new UpdateIntegrationCommand({
        ...where,
        patchOperations: [
          patch('add', `/requestParameters/${stageKey}`, 'method.request.querystring.a'),
          patch('remove', '/cacheKeyParameters/method.request.querystring.a'),
          patch('add', `/cacheKeyParameters/${stageKey}`),
        ],
      }),
    );
    await deployCached(api);
    const first = await text(api, '/mapped?a=1');
    expect(await text(api, '/mapped?a=2')).not.toBe(first);
    expect(await text(api, '/mapped?a=1&b=9')).toBe(first);
  });

  test('is shared by methods of the same namespace', async () => {
    const api = await bed.newApi();
    await passOn(api, endpoint, '/one', { namespace: 'both' });
    await passOn(api, endpoint, '/two', { namespace: 'both' });
    await passOn(api, endpoint, '/three');
    await deployCached(api);
    const first = await text(api, '/one');
    expect(await text(api, '/two')).toBe(first);
    expect(await text(api, '/three')).toMatch(/ \/three$/);
  });
});

describe('is cached', () => {
  test('for 300 seconds where nothing else is said, and not at all for 0', async () => {
    const api = await bed.newApi();
    await passOn(api, endpoint, '/');
    await deployCached(api);
    expect(await calls(() => text(api, '/'))).toBe(1);
    clock.advance(299_999);
    expect(await calls(() => text(api, '/'))).toBe(0);
    clock.advance(1);
    expect(await calls(() => text(api, '/'))).toBe(1);
    await update(api, set('/*/*/caching/ttlInSeconds', '0'));
    expect(await calls(() => text(api, '/'))).toBe(1);
  });

  test('what GET methods answer; that of others where their own settings say so', async () => {
    const api = await bed.newApi();
    for (const httpMethod of ['GET', 'POST', 'PUT']) await passOn(api, endpoint, '/one', { httpMethod });
    await passOn(api, endpoint, '/any', { httpMethod: 'ANY' });
    // A setting of another kind does not enable the cache for a method that is no GET.
    await deployCached(
      api,
      set('/~1one/POST/caching/enabled', 'true'),
      set('/~1one/PUT/throttling/burstLimit', '10'),
    );
    const twice = (method: string, path: string) =>
      calls(async () => {
        await text(api, path, { method });
        await text(api, path, { method });
      });
    expect(await twice('GET', '/one')).toBe(1);
    expect(await twice('POST', '/one')).toBe(1);
    expect(await twice('PUT', '/one')).toBe(2);
    expect(await twice('GET', '/any')).toBe(1);
    expect(await twice('POST', '/any')).toBe(2);
    await update(api, set('/~1one/GET/caching/enabled', 'false'), set('/~1any/POST/caching/enabled', 'true'));
    expect(await twice('GET', '/one')).toBe(2);
    expect(await twice('POST', '/any')).toBe(1);
  });

  // https://stackoverflow.com/questions/45883323: what the endpoint answers is cached, whatever it is.
  test('what the endpoint answers, but no error of the gateway', async () => {
    const api = await bed.newApi();
    await passOn(api, endpoint, '/status/404');
    const where = await passOn(api, endpoint, '/gone');
    await bed.api.send(
      new UpdateIntegrationCommand({ ...where, patchOperations: [set('/uri', 'http://127.0.0.1:9')] }),
    );
    await deployCached(api);
    const first = await api.fetch('/status/404');
    expect(first.status).toBe(404);
    expect(await calls(async () => expect((await api.fetch('/status/404')).status).toBe(404))).toBe(0);

    expect((await api.fetch('/gone')).status).toBeGreaterThanOrEqual(500);
    // The cache was empty, and is.
    await bed.api.send(
      new UpdateIntegrationCommand({ ...where, patchOperations: [set('/uri', `${endpoint.url}/gone`)] }),
    );
    await api.deploy();
    expect((await api.fetch('/gone')).status).toBe(200);
  });

  test('up to 1048576 bytes', async () => {
    const api = await bed.newApi();
    await passOn(api, endpoint, '/bytes/1048576');
    await passOn(api, endpoint, '/bytes/1048577');
    await deployCached(api);
    const twice = (path: string) =>
      calls(async () => {
        await text(api, path);
        expect((await text(api, path)).length).toBe(Number(path.slice('/bytes/'.length)));
      });
    expect(await twice('/bytes/1048576')).toBe(1);
    expect(await twice('/bytes/1048577')).toBe(2);
  });

  test('in the stage that has a cache, and while it has', async () => {
    const api = await bed.newApi();
    await answering(api, '/id', '$context.requestId');
    await deployCached(api);
    await bed.api.send(new CreateDeploymentCommand({ restApiId: api.id, stageName: 'plain' }));
    const plain = async () => (await fetch(api.url('/id', 'plain'))).text();
    expect(await plain()).not.toBe(await plain());
    const kept = await text(api, '/id');
    expect(await text(api, '/id')).toBe(kept);
    await update(api, set('/cacheClusterSize', '1.6'));
    const again = await text(api, '/id');
    expect(again).not.toBe(kept);
    await update(api, set('/cacheClusterEnabled', 'false'));
    expect(await text(api, '/id')).not.toBe(again);
    await update(api, set('/cacheClusterEnabled', 'true'));
    expect(await text(api, '/id')).not.toBe(again);
  });
});

test('a response that was asked for before the cache was flushed is not kept', async () => {
  const api = await bed.newApi();
  await passOn(api, endpoint, '/held');
  await deployCached(api);
  const held = new Promise<() => void>((resolve) => {
    endpoint.holds = resolve;
  });
  const old = text(api, '/held');
  const answer = await held;
  endpoint.holds = (now) => now();
  await flush(api);
  endpoint.version += 1;
  const fresh = await text(api, '/held');
  answer();
  expect(await old).not.toBe(fresh);
  expect(await calls(async () => expect(await text(api, '/held')).toBe(fresh))).toBe(0);
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html */
describe('a canary', () => {
  async function withCanary(useStageCache: boolean): Promise<TestApi> {
    const api = await bed.newApi();
    await answering(api, '/id', '$context.requestId');
    await deployCached(api);
    await bed.api.send(
      new CreateDeploymentCommand({
        restApiId: api.id,
        stageName: 'prod',
        canarySettings: { percentTraffic: 0, useStageCache },
      }),
    );
    return api;
  }
  const percent = (api: TestApi, value: string) => update(api, set('/canarySettings/percentTraffic', value));

  test('has a cache of its own', async () => {
    const api = await withCanary(false);
    const ofStage = await text(api, '/id');
    await percent(api, '100');
    const ofCanary = await text(api, '/id');
    expect(ofCanary).not.toBe(ofStage);
    expect(await text(api, '/id')).toBe(ofCanary);
    await percent(api, '0');
    expect(await text(api, '/id')).toBe(ofStage);
    await flush(api);
    await percent(api, '100');
    expect(await text(api, '/id')).not.toBe(ofCanary);
  });

  test('uses the stage’s where it is told to', async () => {
    const api = await withCanary(true);
    const ofStage = await text(api, '/id');
    await percent(api, '100');
    expect(await text(api, '/id')).toBe(ofStage);
  });
});
