import { call } from '../support/api';
import { deployment, output } from '../support/deployment';

const site = (path: string, init?: RequestInit) => fetch(deployment().siteUrl + path, init);

describe('site', () => {
  test('serves the page, which is asked for again each time', async () => {
    const response = await site('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toContain('<title>Lantern Theatre Company</title>');
  });

  test('serves what the page names, to be kept for ever', async () => {
    const page = await (await site('/')).text();
    const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(assets).toHaveLength(2);
    for (const path of assets) {
      const response = await site(path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get('content-type')).toMatch(path.endsWith('.js') ? /javascript/ : /css/);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect((await response.text()).length).toBeGreaterThan(1000);
    }
  });

  test('serves the page for the paths the page makes up', async () => {
    const response = await site('/tickets');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<title>Lantern Theatre Company</title>');
  });

  test('hands /api on', async () => {
    const { status, headers, body } = await call<{ shows: unknown[] }>(
      '/api/shows',
      {},
      deployment().siteUrl,
    );
    expect(status).toBe(200);
    // CloudFront's own word takes the place of the API's.
    expect(headers.get('x-cache')).toMatch(/ from cloudfront$/);
    expect(body.shows.length).toBeGreaterThanOrEqual(12);
  });

  test('leaves the API’s refusals as they are', async () => {
    const { status, headers, body } = await call('/api/shows/no-such-show', {}, deployment().siteUrl);
    expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(body.title).toBe('Not found');
  });
});

describe('cors', () => {
  const elsewhere = { origin: 'https://example.com' };

  test.each([
    ['/api/shows', 'GET'],
    ['/api/tickets', 'GET,POST'],
    ['/api/tickets/1', 'DELETE'],
  ])('%s may be called from the site’s pages alone', async (path, methods) => {
    const response = await fetch(deployment().apiUrl + path, {
      method: 'OPTIONS',
      headers: { ...elsewhere, 'access-control-request-method': 'GET' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(output('SiteUrl'));
    expect(response.headers.get('access-control-allow-methods')).toBe(methods);
    expect(response.headers.get('access-control-allow-headers')).toBe('Content-Type,Idempotency-Key');
  });

  test.each(['/api/shows', '/api/info/static', '/api/info/static/nothing'])(
    'an answer to %s is for the site’s pages alone, too',
    async (path) => {
      const { headers } = await call(path, { headers: elsewhere });
      expect(headers.get('access-control-allow-origin')).toBe(output('SiteUrl'));
    },
  );

  test('pages may read the headers that are for them', async () => {
    const { headers } = await call('/api/shows', { headers: elsewhere });
    expect(headers.get('access-control-expose-headers')).toContain('x-cache');
  });

  test('partners call from servers: no page may', async () => {
    const response = await fetch(`${deployment().apiUrl}/api/partners/shows`, { method: 'OPTIONS' });
    expect([response.status, response.headers.get('access-control-allow-methods')]).toEqual([404, null]);
  });
});

describe('outputs', () => {
  test('say where everything is, in AWS’s words', () => {
    expect(output('SiteUrl')).toMatch(/^https:\/\/d[a-z0-9]+\.cloudfront\.net$/);
    expect(output('ApiUrl')).toMatch(
      /^https:\/\/[a-z0-9]{10}\.execute-api\.[a-z0-9-]+\.amazonaws\.com\/v1\/$/,
    );
    expect(output('DatabaseEndpoint')).toMatch(/\.rds\.amazonaws\.com$/);
    expect(output('CacheEndpoint')).toMatch(/\.cache\.amazonaws\.com$/);
    expect(output('DatabaseSecretArn')).toMatch(/^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:/);
  });
});
