import type { Ticket } from '../../shared/domain';
import { httpHandler } from '../../shared/http/handler';
import { Problem } from '../../shared/http/problem';
import { apiEvent, context } from '../../testing/events';
import { returnTicket } from './handler';

const id = 'a'.repeat(32);
const forget = jest.fn(async () => undefined);
const giveBack = jest.fn(async (asked: string) => {
  if (asked !== id) throw Problem.notFound(`ticket "${asked}"`);
  return { id, showId: 'hamlet', seats: 1 } as Ticket;
});
const handler = httpHandler(returnTicket(() => ({ giveBack }), forget));
const remove = (ticket: string) => handler(apiEvent({ pathParameters: { id: ticket } }), context);

test('gives the seats back and has nothing to say', async () => {
  const answer = await remove(id);
  expect([answer.statusCode, answer.body]).toEqual([204, '']);
  expect(answer.headers).not.toHaveProperty('content-type');
  expect(forget).toHaveBeenCalledWith('hamlet');
});

test('knows which tickets there are, and what a number looks like', async () => {
  expect((await remove('b'.repeat(32))).statusCode).toBe(404);
  expect((await remove('../shows')).statusCode).toBe(400);
});
