import { APIGatewayClient, GetStageCommand } from '@aws-sdk/client-api-gateway';
import { buyer, call, eventually, fresh, post } from '../support/api';
import { deployment, output } from '../support/deployment';
import { partnersKey } from '../support/partners';
import { closeDocuments, putShow } from '../support/shows';

afterAll(closeDocuments);

describe('leaflets', () => {
  test('come out of the bucket as they lie there, by no function’s hand', async () => {
    const index = await call<{ leaflets: { file: string }[] }>('/api/info/static');
    expect([index.status, index.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(index.body.leaflets.map(({ file }) => file)).toEqual(['before-you-come.txt', 'house-rules.txt']);
    for (const { file } of index.body.leaflets) {
      const leaflet = await call<string>(`/api/info/static/${file}`);
      expect([leaflet.status, leaflet.headers.get('content-type')]).toEqual([200, 'text/plain']);
      expect(leaflet.headers.get('cache-control')).toBe('max-age=300');
      expect(leaflet.headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/);
      expect(leaflet.body.length).toBeGreaterThan(100);
      // Functions say so.
      expect(leaflet.headers.get('x-request-id')).toBeNull();
    }
  });

  test.each([
    'nothing.txt',
    '..%2Findex.html',
    '%2e%2e%2Findex.html',
    'index.json%00',
    'index.json%3Facl',
    '%20',
  ])('there is none named %s', async (name) => {
    const { status, headers, body } = await call(`/api/info/static/${name}`);
    expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(body).toEqual({
      type: 'urn:theatre:problem:not-found',
      title: 'Not found',
      status: 404,
      detail: 'There is no such leaflet.',
      requestId: headers.get('x-amzn-requestid'),
    });
  });

  test('are on the site as well, and so is their absence', async () => {
    const site = deployment().siteUrl;
    expect((await call('/api/info/static/house-rules.txt', {}, site)).body).toContain('House rules');
    expect((await call('/api/info/static/nothing', {}, site)).status).toBe(404);
  });
});

describe('what the API has not', () => {
  test.each([
    ['GET', '/api/nothing'],
    ['PUT', '/api/shows'],
  ])('%s %s', async (method, path) => {
    expect((await call(path, { method })).status).toBe(404);
  });
});

describe('what API Gateway refuses by itself', () => {
  const order = { showId: 'twelfth-night', seats: 0, buyer: buyer() };

  test.each([
    ['a path', 404, 'Not found', () => call('/api/nothing')],
    ['a method', 404, 'Not found', () => call('/api/shows', { method: 'PUT' })],
    ['an order', 400, 'The request is not valid', () => post<Record<string, unknown>>(order)],
  ])('%s: reads like what functions refuse', async (_, status, title, ask) => {
    const { headers, body, ...answer } = await ask();
    expect([answer.status, headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    const requestId = headers.get('x-amzn-requestid');
    expect(body).toMatchObject({
      type: expect.stringMatching(/^urn:theatre:problem:/),
      title,
      status,
      requestId,
    });
    expect(headers.get('x-request-id')).toBe(requestId);
    expect(headers.get('access-control-allow-origin')).toBe(output('SiteUrl'));
  });
});

describe('the response cache', () => {
  const gateway = new APIGatewayClient(deployment().clientConfig);
  afterAll(() => gateway.destroy());

  // AWS takes some minutes to make it, and answers without it in the meantime.
  beforeAll(async () => {
    await eventually(async () => {
      const where = { restApiId: output('ApiId'), stageName: 'v1' };
      const { cacheClusterStatus } = await gateway.send(new GetStageCommand(where));
      expect(cacheClusterStatus).toBe('AVAILABLE');
    }, 300_000);
  }, 310_000);

  /** The function's own id of the request that it answered. */
  const answered = async (path: string, init?: RequestInit) => {
    const { status, headers } = await call(path, init);
    expect(status).toBe(200);
    return headers.get('x-request-id');
  };

  test('answers the same question once, for all who ask it', async () => {
    const { id } = await putShow();
    for (const path of [`/api/shows?${fresh()}`, `/api/shows/${id}`]) {
      const first = await answered(path);
      expect(await answered(path)).toBe(first);
      expect(await answered(`${path}${path.includes('?') ? '&' : '?'}anything=else`)).toBe(first);
    }
  });

  test('tells shows apart, and those who have changed something', async () => {
    const [one, other] = [await putShow(), await putShow()];
    const answers = await Promise.all([
      answered(`/api/shows/${one.id}`),
      answered(`/api/shows/${other.id}`),
      answered(`/api/shows/${one.id}?${fresh()}`),
      answered(`/api/shows/${one.id}?${fresh()}`),
    ]);
    expect(new Set(answers).size).toBe(4);
  });

  test('shows a buyer the seats that are left, and others a moment later', async () => {
    const show = await putShow({ seats: 5 });
    const left = async (query = '') => {
      const { body } = await call<{ show: { seatsLeft: number } }>(`/api/shows/${show.id}${query}`);
      return body.show.seatsLeft;
    };
    expect(await left()).toBe(5);
    const { body } = await post({ showId: show.id, seats: 2, buyer: buyer() });
    expect(await left(`?after=${body.ticket.id}`)).toBe(3);
    await eventually(async () => expect(await left()).toBe(3), 20_000);
  });

  test('is not emptied by strangers, who are told', async () => {
    const path = `/api/shows?${fresh()}`;
    const first = await answered(path);
    const again = await call(path, { headers: { 'cache-control': 'max-age=0' } });
    expect(again.headers.get('x-request-id')).toBe(first);
    expect(again.headers.get('warning')).toContain('the caller was unauthorized');
  });

  test.each(['/api/info', `/api/tickets?email=nobody@example.com`])('knows nothing of %s', async (path) => {
    expect(await answered(path)).not.toBe(await answered(path));
  });
});

describe('partners', () => {
  const ask = (key?: string) =>
    call('/api/partners/shows', { headers: key === undefined ? {} : { 'x-api-key': key } });

  test.each([
    ['without a key', undefined],
    ['with a key that is none', 'not-a-key-that-anybody-was-given'],
  ])('are not served %s', async (_, key) => {
    const { status, body } = await ask(key);
    expect([status, body]).toEqual([403, { message: 'Forbidden' }]);
  });

  test('are served with their key', async () => {
    const { status, body } = await ask(await partnersKey());
    expect([status, Object.keys(body)]).toEqual([200, ['shows']]);
  });

  test('are served so many requests a second and no more', async () => {
    const key = await partnersKey();
    const began = Date.now();
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask(key)));
    const seconds = (Date.now() - began) / 1000;
    const served = answers.filter(({ status }) => status === 200).length;
    const refused = answers.filter(({ status }) => status === 429);
    expect(served + refused.length).toBe(60);
    expect(served).toBeGreaterThan(0);
    // The burst, and what the rate adds while it lasts.
    expect(served).toBeLessThanOrEqual(Math.ceil(10 + 5 * seconds));
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers, body } of refused) {
      expect(headers.get('retry-after')).toBe('1');
      expect(body).toMatchObject({ title: 'Too many requests', requestId: headers.get('x-request-id') });
    }
    await eventually(async () => expect((await ask(key)).status).toBe(200));
  });
});
