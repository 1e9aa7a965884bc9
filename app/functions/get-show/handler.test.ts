import { httpHandler } from '../../shared/http/handler';
import { apiEvent, context, jsonOf } from '../../testing/events';
import { fakeCache, show } from '../../testing/fakes';
import { getShow } from './handler';

const { cache, server } = fakeCache();
const get = jest.fn(async (id: string) => (id === show.id ? show : undefined));
const handler = httpHandler(
  getShow(
    () => ({ get }),
    () => cache,
  ),
);
const ask = (id: string) => handler(apiEvent({ pathParameters: { id } }), context);

test('gives a show, from the cache the second time', async () => {
  const answers = [await ask('hamlet'), await ask('hamlet')];
  expect(answers.map(({ headers }) => headers?.['x-cache'])).toEqual(['miss', 'hit']);
  for (const answer of answers) expect(jsonOf(answer)).toEqual({ show });
});

test('does not remember that a show is not there', async () => {
  const answer = await ask('cats');
  expect(answer.statusCode).toBe(404);
  expect(jsonOf(answer)).toMatchObject({ title: 'Not found', requestId: 'request-1' });
  expect([...server.kept.keys()]).toEqual(['show:hamlet']);
});

test('refuses what cannot be the name of a show', async () => {
  expect((await ask('No Such Show')).statusCode).toBe(400);
});
