import fc from 'fast-check';
import type { DeployedResource } from '../../src/execute-api/deployed';
import { compileRoutes, methodOf } from '../../src/execute-api/router';

const resource = (path: string, ...methods: string[]): DeployedResource => ({
  id: path,
  path,
  methods: Object.fromEntries(methods.map((httpMethod) => [httpMethod, { httpMethod }])),
});

describe('API Gateway routes', () => {
  const router = compileRoutes([
    resource('/', 'GET'),
    resource('/shows', 'GET', 'ANY'),
    resource('/shows/{id}', 'GET'),
    resource('/shows/latest', 'GET'),
    resource('/shows/{id}/seats', 'GET'),
    resource('/files/{proxy+}', 'ANY'),
    resource('/empty'),
    resource('/{proxy+}', 'ANY'),
  ]);
  const at = (path: string) => router.match(path)?.resource.path;

  test.each([
    ['/', '/'],
    ['', '/'],
    ['/shows', '/shows'],
    ['/shows/', '/shows'],
    ['/shows/7', '/shows/{id}'],
    ['/shows/latest', '/shows/latest'],
    ['/shows/7/seats', '/shows/{id}/seats'],
    ['/shows/latest/seats', '/shows/{id}/seats'],
    ['/shows/7/stage/door', '/{proxy+}'],
    ['/files', '/{proxy+}'],
    ['/files/a/b/c', '/files/{proxy+}'],
    ['/empty', '/{proxy+}'],
    ['/nothing/here', '/{proxy+}'],
  ])('%s goes to %s', (path, expected) => {
    expect(at(path)).toBe(expected);
  });

  test('path variables stay encoded, greedy ones hold all the rest', () => {
    expect(router.match('/shows/a%20b')?.pathParameters).toEqual({ id: 'a%20b' });
    expect(router.match('/files/x/y%2Fz')?.pathParameters).toEqual({ proxy: 'x/y%2Fz' });
    expect(router.match('/shows/7/stage/door')?.pathParameters).toEqual({ proxy: 'shows/7/stage/door' });
  });

  test('a method of its own goes before ANY; other methods of a resource do not fall through', () => {
    const shows = resource('/shows', 'GET', 'ANY');
    expect(methodOf(shows, 'GET')?.httpMethod).toBe('GET');
    expect(methodOf(shows, 'PUT')?.httpMethod).toBe('ANY');
    expect(methodOf(resource('/x', 'GET'), 'constructor')).toBeUndefined();
  });

  test('any path of literals reaches exactly its resource, with or without a greedy sibling', () => {
    const segment = fc.stringMatching(/^[a-z0-9._-]{1,8}$/);
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 20 }), (paths) => {
        const compiled = compileRoutes([
          ...paths.map((one) => resource(one, 'GET')),
          resource('/{proxy+}', 'GET'),
        ]);
        for (const one of paths) {
          expect(compiled.match(one)?.resource.path).toBe(one);
          const deeper = `${one}/not~there`;
          expect(compiled.match(deeper)?.resource.path).toBe('/{proxy+}');
        }
      }),
    );
  });

  test('hostile percent-encoding never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        router.match(`/${text}`);
        router.match(`/shows/%${text}`);
      }),
    );
  });
});
