import fc from 'fast-check';
import { EdgeCache } from '../../src/edge/cache';
import { secondsToKeep } from '../../src/edge/freshness';
import { isInvalidated, matchesPattern } from '../../src/edge/patterns';
import { selectCookies, selectQuery } from '../../src/edge/selection';
import { HeaderList } from '../../src/execute-api/headers';

describe('path patterns', () => {
  test.each([
    ['*', '/anything/at/all', true],
    ['/api/*', '/api/', true],
    ['/api/*', '/api/a/b', true],
    ['api/*', '/api/a', true],
    ['/api/*', '/api', false],
    ['*.jpg', '/images/a.jpg', true],
    ['*.jpg', '/images/a.jpeg', false],
    ['/a?.jpg', '/ab.jpg', true],
    ['/a?.jpg', '/a.jpg', false],
    ['/images/*.gif', '/images/x/y.gif', true],
    ['/IMAGES/*', '/images/x', false],
    ['/a*b*c', '/aXbYc', true],
    ['/a*b*c', '/aXcYb', false],
    ['/a.c', '/abc', false],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(matchesPattern(pattern, path)).toBe(expected);
  });

  test('a pattern made of a path by putting wildcards in matches that path', () => {
    const char = fc.constantFrom('a', 'b', '/', '.', '-');
    fc.assert(
      fc.property(
        fc.array(char, { maxLength: 30 }),
        fc.array(fc.nat(2), { maxLength: 30 }),
        (chars, choices) => {
          const path = `/${chars.join('')}`;
          const pattern = `/${chars.map((one, at) => [one, '?', '*'][choices[at] ?? 0]).join('')}`;
          expect(matchesPattern(pattern, path)).toBe(true);
        },
      ),
    );
  });

  test('hostile patterns take no exponential time', () => {
    expect(matchesPattern(`/${'*a'.repeat(60)}b`, `/${'a'.repeat(5000)}`)).toBe(false);
  });

  test('invalidations', () => {
    expect(isInvalidated('/*', '/index.html')).toBe(true);
    expect(isInvalidated('/images/*', '/images/a.png?size=1')).toBe(true);
    expect(isInvalidated('/images/a', '/images/a')).toBe(true);
    expect(isInvalidated('/images/a', '/images/ab')).toBe(false);
  });
});

describe('what is kept and for how long', () => {
  const rules = {
    minTtl: 1,
    defaultTtl: 86_400,
    maxTtl: 31_536_000,
    gzip: true,
    brotli: true,
    headers: { behaviour: 'none' as const, names: [] },
    cookies: { behaviour: 'none' as const, names: [] },
    query: { behaviour: 'none' as const, names: [] },
  };
  const keep = (headers: Record<string, string>, changed = {}) => {
    const list = new HeaderList();
    for (const [name, value] of Object.entries(headers)) list.append(name, value);
    return secondsToKeep({ ...rules, ...changed }, list, 0);
  };

  test.each([
    [{}, 86_400],
    [{ 'cache-control': 'max-age=60' }, 60],
    [{ 'cache-control': 'max-age=60, s-maxage=5' }, 5],
    [{ 'cache-control': 'max-age=0' }, 1],
    [{ 'cache-control': 'no-store' }, 1],
    [{ expires: new Date(30_000).toUTCString() }, 30],
    [{ expires: 'nonsense' }, 1],
    [{ 'cache-control': 'max-age=99999999999' }, 31_536_000],
  ])('%j: %d seconds', (headers, expected) => {
    expect(keep(headers)).toBe(expected);
  });

  test('nothing is kept where the policy disables caching', () => {
    expect(keep({ 'cache-control': 'max-age=60' }, { minTtl: 0, defaultTtl: 0, maxTtl: 0 })).toBe(0);
    expect(keep({ 'cache-control': 'no-cache' }, { minTtl: 0 })).toBe(0);
  });

  test('the cache stays within its bytes and drops what was not used', () => {
    const cache = new EdgeCache(10_000);
    const entry = (path: string) => ({
      status: 200,
      headers: new HeaderList(),
      body: Buffer.alloc(2000),
      path,
      storedAt: 0,
      expiresAt: 1,
      headersOnly: false,
    });
    for (const key of ['a', 'b', 'c']) cache.put('E', key, entry(`/${key}`));
    cache.get('E', 'a');
    for (const key of ['d', 'e']) cache.put('E', key, entry(`/${key}`));
    expect(cache.bytes).toBeLessThanOrEqual(10_000);
    expect(cache.get('E', 'b')).toBeUndefined();
    expect(cache.get('E', 'a')).toBeDefined();
    cache.invalidate('E', (path) => path === '/a');
    expect(cache.get('E', 'a')).toBeUndefined();
    cache.invalidate('E');
    expect(cache.bytes).toBe(0);
  });
});

describe('selections', () => {
  test('cookies and query parameters', () => {
    const some = { behaviour: 'some' as const, names: ['a'] };
    const except = { behaviour: 'except' as const, names: ['a'] };
    expect(selectCookies('a=1; b=2', some)).toBe('a=1');
    expect(selectCookies('a=1; b=2', except)).toBe('b=2');
    expect(selectCookies(undefined, some)).toBeUndefined();
    expect(selectQuery('b=2&a=1&a=3', some)).toBe('a=1&a=3');
    expect(selectQuery('x%20=1', { behaviour: 'all', names: [] })).toBe('x%20=1');
  });
});
