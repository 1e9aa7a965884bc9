import type { Ticket } from '../../shared/domain';
import { httpHandler } from '../../shared/http/handler';
import { apiEvent, context, jsonOf } from '../../testing/events';
import { show } from '../../testing/fakes';
import { buyTicket } from './handler';

const order = { showId: 'hamlet', seats: 2, buyer: { name: ' Ada ', email: 'Ada@Example.com' } };
const ticket = { id: 't1', showId: 'hamlet', seats: 2 } as Ticket;

function setUp(repeated = false) {
  const buy = jest.fn(async () => ({ ticket, repeated }));
  const forget = jest.fn(async () => undefined);
  const get = async (id: string) => (id === show.id ? show : undefined);
  const handler = httpHandler(
    buyTicket(
      () => ({ get }),
      () => ({ buy }),
      forget,
    ),
  );
  const post = (body: unknown, headers: Record<string, string> = { 'idempotency-KEY': 'key-12345' }) =>
    handler(apiEvent({ httpMethod: 'POST', headers, body: JSON.stringify(body) }), context);
  return { buy, forget, post };
}

test('sells, and drops what the cache knows of the show', async () => {
  const { buy, forget, post } = setUp();
  const answer = await post(order);
  expect([answer.statusCode, jsonOf(answer)]).toEqual([201, { ticket }]);
  const cleaned = { ...order, buyer: { name: 'Ada', email: 'ada@example.com' } };
  expect(buy).toHaveBeenCalledWith(show, cleaned, 'key-12345');
  expect(forget).toHaveBeenCalledWith('hamlet');
});

test('answers a repeat with 200', async () => {
  const { forget, post } = setUp(true);
  expect((await post(order)).statusCode).toBe(200);
  expect(forget).not.toHaveBeenCalled();
});

test.each([
  ['without a key', order, {}, 'Idempotency-Key'],
  ['with a key too short', order, { 'Idempotency-Key': 'short' }, 'Idempotency-Key'],
  ['for nobody', { ...order, buyer: { name: '', email: 'a@b.io' } }, undefined, '/buyer/name'],
  ['for nine', { ...order, seats: 9 }, undefined, '/seats'],
])('refuses to sell %s', async (_, body, headers, at) => {
  const { buy, post } = setUp();
  const answer = await post(body, headers);
  expect(answer.statusCode).toBe(400);
  expect(answer.headers?.['content-type']).toBe('application/problem+json');
  expect(jsonOf(answer).errors).toEqual([{ at, message: expect.any(String) }]);
  expect(buy).not.toHaveBeenCalled();
});

test('knows no other shows', async () => {
  expect((await setUp().post({ ...order, showId: 'cats' })).statusCode).toBe(404);
});
