import { httpHandler } from '../../shared/http/handler';
import { apiEvent, context, jsonOf } from '../../testing/events';
import { listTickets } from './handler';

const last = { id: 't1', heldBy: 'ada@example.com', boughtAt: '2030-01-01T00:00:00.000Z' };

function setUp(next?: Record<string, unknown>) {
  const heldBy = jest.fn(async () => ({ tickets: [], next }));
  const handler = httpHandler(listTickets(() => ({ heldBy })));
  const get = (query: Record<string, string>) => handler(apiEvent({ queryStringParameters: query }), context);
  return { heldBy, get };
}

test('asks for the first 25 tickets of the address', async () => {
  const { heldBy, get } = setUp();
  expect(jsonOf(await get({ email: 'ADA@example.com' }))).toEqual({ tickets: [] });
  expect(heldBy).toHaveBeenCalledWith('ada@example.com', 25, undefined);
});

test('goes on where the last page ended', async () => {
  const { heldBy, get } = setUp(last);
  const { next } = jsonOf(await get({ email: 'ada@example.com', limit: '1' }));
  await get({ email: 'ada@example.com', limit: '1', next: String(next) });
  expect(heldBy).toHaveBeenLastCalledWith('ada@example.com', 1, last);
});

test('gives nobody’s cursor to somebody else', async () => {
  const { get } = setUp(last);
  const { next } = jsonOf(await get({ email: 'ada@example.com' }));
  const answer = await get({ email: 'eve@example.com', next: String(next) });
  expect(answer.statusCode).toBe(400);
});

test.each([
  [{}, 'email'],
  [{ email: 'nobody' }, 'email'],
  [{ email: 'a@b.io', limit: '0' }, 'limit'],
  [{ email: 'a@b.io', limit: '101' }, 'limit'],
  [{ email: 'a@b.io', limit: '1e1' }, 'limit'],
  [{ email: 'a@b.io', next: 'abc' }, 'next'],
])('refuses %j', async (query: Record<string, string>, at) => {
  const answer = await setUp().get(query);
  expect(answer.statusCode).toBe(400);
  expect(jsonOf(answer).errors).toEqual([{ at, message: expect.any(String) }]);
});
