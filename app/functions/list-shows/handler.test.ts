import { httpHandler } from '../../shared/http/handler';
import { apiEvent, context, jsonOf } from '../../testing/events';
import { FakeCacheServer, fakeCache, show } from '../../testing/fakes';
import { listShows } from './handler';

function setUp(server = new FakeCacheServer()) {
  const { cache } = fakeCache(server);
  const list = jest.fn(async () => [show]);
  return {
    list,
    get: () =>
      httpHandler(
        listShows(
          () => ({ list }),
          () => cache,
        ),
      )(apiEvent(), context),
  };
}

test('reads the table once and the cache from then on', async () => {
  const { list, get } = setUp();
  const answers = [await get(), await get()];
  expect(answers.map((answer) => answer.headers?.['x-cache'])).toEqual(['miss', 'hit']);
  for (const answer of answers) expect(jsonOf(answer)).toEqual({ shows: [show] });
  expect(list).toHaveBeenCalledTimes(1);
});

test('answers from the table while the cache is down', async () => {
  const server = new FakeCacheServer();
  server.down = true;
  const { list, get } = setUp(server);
  for (const answer of [await get(), await get()]) {
    expect([answer.statusCode, answer.headers?.['x-cache']]).toEqual([200, 'miss']);
  }
  expect(list).toHaveBeenCalledTimes(2);
  // One failure, and the cache is left in peace for a while.
  expect(server.calls).toBe(1);
});
