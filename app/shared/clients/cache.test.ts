import { FakeCacheServer, fakeCache } from '../../testing/fakes';
import { Cache, valkey } from './cache';

test('rests after a failure, then tries again', async () => {
  let now = 0;
  const { cache, server } = fakeCache(new FakeCacheServer(), () => now);
  await cache.set('a', 1, 30);
  server.down = true;
  expect(await cache.get('a')).toBeUndefined();
  server.down = false;
  expect(await cache.get('a')).toBeUndefined();
  expect(server.calls).toBe(2);
  now = 5_000;
  expect(await cache.get('a')).toBe(1);
});

test('a server that refuses connections costs little, and nothing the second time', async () => {
  // Port 9 of loopback: nobody listens there.
  const nowhere = { get: jest.fn(async () => ({ host: '127.0.0.1', port: 9 })), forget: jest.fn() };
  const cache = new Cache(valkey(nowhere));
  const load = jest.fn(async () => 'from the table');
  for (const _ of [1, 2]) {
    expect(await cache.through('k', 30, load)).toEqual({ value: 'from the table', cache: 'miss' });
  }
  expect(load).toHaveBeenCalledTimes(2);
  expect(nowhere.get).toHaveBeenCalledTimes(1);
  // The next time it may be somewhere else.
  expect(nowhere.forget).toHaveBeenCalledTimes(1);
});
