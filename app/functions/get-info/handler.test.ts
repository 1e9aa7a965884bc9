import type { Sql } from '../../shared/clients/postgres';
import { httpHandler } from '../../shared/http/handler';
import { apiEvent, context, jsonOf } from '../../testing/events';
import { getInfo } from './handler';

function sqlOf(answer: (text: string) => object[]): () => Sql {
  return () => ({
    query: async <Row extends object>(text: string) => ({ rows: answer(text) as Row[] }),
  });
}

test('tells of venues and notes', async () => {
  const sql = sqlOf((text) => (text.includes('venues') ? [{ id: 'lantern' }] : [{ showId: 'hamlet' }]));
  const answer = await httpHandler(getInfo(sql))(apiEvent(), context);
  expect([answer.statusCode, jsonOf(answer)]).toEqual([
    200,
    { venues: [{ id: 'lantern' }], notes: [{ showId: 'hamlet' }] },
  ]);
});

test('tells nothing of a database that is down', async () => {
  const error = new Error('connect ECONNREFUSED db.internal:5432 password=hunter2');
  const sql = sqlOf(() => {
    throw error;
  });
  const said = jest.spyOn(console, 'error').mockImplementation();
  const answer = await httpHandler(getInfo(sql))(apiEvent(), context);
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toMatch(/ECONNREFUSED|hunter2|\.ts|at /);
  expect(jsonOf(answer)).toMatchObject({ type: 'urn:theatre:problem:internal', requestId: 'request-1' });
  said.mockRestore();
});
