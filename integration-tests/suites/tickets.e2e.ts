import { randomUUID } from 'node:crypto';
import { type BoughtTicket, buyer, call, eventually, post } from '../support/api';
import { closeDocuments, putShow, seatsLeft } from '../support/shows';

afterAll(closeDocuments);

const give = (id: string) => call(`/api/tickets/${id}`, { method: 'DELETE' });

interface Page {
  tickets: BoughtTicket[];
  next?: string;
}

describe('tickets', () => {
  test('are bought, listed and returned', async () => {
    const show = await putShow({ seats: 5, priceCents: 1250 });
    const guest = buyer();
    const bought = await post({ showId: show.id, seats: 2, buyer: guest });
    expect(bought.status).toBe(201);
    expect(bought.body.ticket).toMatchObject({
      showId: show.id,
      seats: 2,
      priceCents: 2500,
      buyerEmail: guest.email,
      status: 'bought',
    });
    expect(await seatsLeft(show.id)).toBe(3);

    const { ticket } = bought.body;
    await eventually(async () => {
      const { body } = await call<Page>(`/api/tickets?email=${guest.email}`);
      expect(body).toEqual({ tickets: [ticket] });
    });

    expect((await give(ticket.id)).status).toBe(204);
    expect((await give(ticket.id)).status).toBe(204);
    expect(await seatsLeft(show.id)).toBe(5);
    await eventually(async () => {
      const { body } = await call<Page>(`/api/tickets?email=${guest.email}`);
      expect(body).toEqual({ tickets: [] });
    });
  });

  test('are bought once, however often the request is repeated', async () => {
    const show = await putShow({ seats: 2 });
    const key = randomUUID();
    const order = { showId: show.id, seats: 2, buyer: buyer() };
    const first = await post(order, key);
    const again = await Promise.all([post(order, key), post(order, key)]);
    expect(first.status).toBe(201);
    for (const { status, body } of again) {
      expect(status).toBe(200);
      expect(body).toEqual(first.body);
    }
    expect(await seatsLeft(show.id)).toBe(0);
  });

  test('are not bought under a key that bought something else', async () => {
    const show = await putShow();
    const key = randomUUID();
    const order = { showId: show.id, seats: 1, buyer: buyer() };
    await post(order, key);
    const { status, body } = await post<Record<string, unknown>>({ ...order, seats: 2 }, key);
    expect(status).toBe(422);
    expect(body.type).toBe('urn:theatre:problem:idempotency-key-reused');
    expect(await seatsLeft(show.id)).toBe(9);
  });

  test('run out', async () => {
    const show = await putShow({ seats: 1 });
    const { status, headers, body } = await post<Record<string, unknown>>({
      showId: show.id,
      seats: 2,
      buyer: buyer(),
    });
    expect(status).toBe(409);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({ type: 'urn:theatre:problem:sold-out', requestId: expect.any(String) });
    expect(await seatsLeft(show.id)).toBe(1);
  });

  test('come in pages', async () => {
    const show = await putShow({ seats: 10 });
    const guest = buyer();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      ids.unshift((await post({ showId: show.id, seats: 1, buyer: guest })).body.ticket.id);
    }
    await eventually(async () => {
      const first = (await call<Page>(`/api/tickets?email=${guest.email}&limit=2`)).body;
      const second = (await call<Page>(`/api/tickets?email=${guest.email}&limit=2&next=${first.next}`)).body;
      expect([...first.tickets, ...second.tickets].map(({ id }) => id)).toEqual(ids);
      expect(second.next).toBeUndefined();
    });
  });
});

const order = { showId: 'twelfth-night', seats: 1, buyer: { name: 'Ada', email: 'ada@example.com' } };

/** What the model that API Gateway knows forbids, and what the function says of it. */
const forbidden: [what: string, body: unknown, at: string, message: unknown][] = [
  ['no body', '', '/', 'a JSON body is required'],
  ['no JSON', '{"showId":', '/', 'the body is not JSON'],
  ['no seats', { ...order, seats: 0 }, '/seats', expect.stringContaining('>=1')],
  ['too many seats', { ...order, seats: 9 }, '/seats', expect.stringContaining('<=8')],
  ['half a seat', { ...order, seats: 1.5 }, '/seats', expect.stringContaining('int')],
  ['a show that cannot be', { ...order, showId: 'CATS' }, '/showId', expect.stringContaining('lower-case')],
  ['something else', { ...order, discount: 100 }, '/', expect.stringContaining('discount')],
];

describe('tickets asked for wrongly', () => {
  test.each(forbidden)('%s', async (_, body) => {
    const { status } = await post<Record<string, unknown>>(body);
    expect(status).toBe(400);
  });

  test.each([
    [
      'no address',
      { ...order, buyer: { name: 'Ada', email: 'ada' } },
      '/buyer/email',
      'must be an e-mail address',
    ],
    ['no name', { ...order, buyer: { ...order.buyer, name: '  ' } }, '/buyer/name', 'must not be empty'],
  ])('%s: only the function knows', async (_, body, at, message) => {
    const answer = await post<Record<string, unknown>>(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ title: 'The request is not valid', requestId: expect.any(String) });
    expect(answer.body.errors).toEqual([{ at, message }]);
  });

  test.each([
    ['without an Idempotency-Key', {}, 'is required'],
    [
      'with an Idempotency-Key that is none',
      { 'idempotency-key': 'short' },
      'must be 8 to 128 visible ASCII characters',
    ],
  ])('%s', async (_, key, message) => {
    const headers = { 'content-type': 'application/json', ...key };
    const answer = await call('/api/tickets', { method: 'POST', headers, body: JSON.stringify(order) });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ at: 'Idempotency-Key', message }]);
  });

  test('for a show that is not on', async () => {
    expect((await post({ ...order, showId: 'cats' })).status).toBe(404);
  });

  test('with a cursor that is none, or somebody else’s', async () => {
    expect((await call('/api/tickets?email=ada@example.com&next=abc')).status).toBe(400);
    expect((await call('/api/tickets')).status).toBe(400);
  });

  test('a ticket that was never sold cannot be returned', async () => {
    expect((await give('0'.repeat(32))).status).toBe(404);
    expect((await give('nonsense')).status).toBe(400);
  });
});

describe('orders that are not said to be JSON, which API Gateway has no model for', () => {
  test.each(forbidden)('%s', async (_, body, at, message) => {
    const answer = await call('/api/tickets', {
      method: 'POST',
      headers: { 'content-type': 'text/plain', 'idempotency-key': randomUUID() },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      title: 'The request is not valid',
      requestId: expect.any(String),
      errors: [{ at, message }],
    });
  });
});

describe('a run on the box office', () => {
  test('200 buyers at once for 50 seats: exactly 50 are sold', async () => {
    const show = await putShow({ seats: 50 });
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const key = randomUUID();
        const order = { showId: show.id, seats: 1, buyer: buyer() };
        // What a browser would do: the same key again while the box office is busy, and ever more patiently.
        for (let attempt = 0; ; attempt++) {
          const { status } = await post(order, key);
          // A function that a loaded machine starved answers 502 or 504; what it sold, the key finds again.
          if (![429, 502, 503, 504].includes(status)) return status;
          const most = Math.min(12_000, 200 * 2 ** attempt);
          await new Promise((resolve) => setTimeout(resolve, most * (0.5 + Math.random() / 2)));
        }
      }),
    );
    const count = (wanted: number) => outcomes.filter((status) => status === wanted).length;
    // 200 instead of 201: sold by an attempt whose answer was "busy".
    expect(outcomes.filter((status) => ![200, 201, 409].includes(status))).toEqual([]);
    expect([count(201) + count(200), count(409)]).toEqual([50, 150]);
    expect(await seatsLeft(show.id)).toBe(0);
  }, 400_000);
});
